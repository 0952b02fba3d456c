"""The panel of the side, made in steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.options import ModelId, TranscriptionOptions
from app.ui.kit.appearance import Appearance
from app.ui.queue.options_panel import OptionsPanel


def seen_in(panel: OptionsPanel) -> Sequence[tuple[str, str, str, bool]]:
    """Give what is in it in the order in which it was put there, with its words."""
    found: list[tuple[str, str, str, bool]] = []
    for one in panel.findChildren(QWidget):
        text = ""
        if isinstance(one, QAbstractButton | QLabel):
            text = one.text()
        elif isinstance(one, QComboBox):
            text = one.currentText()
        shown = one.isVisibleTo(panel)
        found.append((type(one).__name__, one.accessibleName(), text, shown))
    return found


def test_made_step_by_step_it_is_what_it_is_made_at_once(
    appearance: Appearance, qtbot: QtBot
) -> None:
    whole, gradual = OptionsPanel(appearance), OptionsPanel(appearance, is_gradual=True)
    for one in (whole, gradual):
        qtbot.addWidget(one)
    assert not gradual.findChildren(QWidget)
    assert sum(1 for _ in gradual.fill()) > 4

    options = TranscriptionOptions(model=ModelId.ON_DEVICE, diarize=True)
    for one in (whole, gradual):
        one.show_options(options)

    assert seen_in(gradual) == seen_in(whole)
    assert gradual.options == whole.options
    assert gradual.sizeHint() == whole.sizeHint()
