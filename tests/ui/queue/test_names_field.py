"""Names are written with commas between, and stay with the options."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.options import ModelId, TranscriptionOptions
from app.ui.kit.appearance import Appearance
from app.ui.queue.options_panel import OptionsPanel


@pytest.fixture
def panel(qtbot: QtBot, appearance: Appearance) -> OptionsPanel:
    made = OptionsPanel(appearance)
    qtbot.addWidget(made)
    return made


def test_what_is_written_goes_into_the_options(panel: OptionsPanel) -> None:
    chosen: list[TranscriptionOptions] = []
    panel.options_changed.connect(chosen.append)
    field = panel.more.names
    QTest.keyClicks(field, "Thornton,  Mr Hale ; 123, Thornton")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen[-1].names == ("Thornton", "Mr Hale")
    assert field.text() == "Thornton, Mr Hale"
    field.clear()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen[-1].names == ()
    assert len(chosen) == 2


def test_names_that_are_given_are_shown_and_only_where_they_are_used(
    panel: OptionsPanel,
) -> None:
    panel.show_options(TranscriptionOptions(names=("Gutenberg", "Maintz")))
    assert panel.more.names.text() == "Gutenberg, Maintz"
    assert not panel.more.names.isHidden()
    panel.show_options(TranscriptionOptions(model=ModelId.PULSE))
    assert panel.more.names.isHidden()
