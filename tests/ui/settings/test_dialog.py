"""The settings are asked for as values of ``Settings``."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.preferences import ResumeMode, Settings
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import NumberField, Picker, Switch
from app.ui.settings.dialog import SettingsDialog


@pytest.fixture
def dialog(appearance: Appearance, qtbot: QtBot) -> SettingsDialog:
    settings = Settings(resume_mode=ResumeMode.AFTER_EDIT)
    made = SettingsDialog(appearance, Actions(appearance), settings)
    qtbot.addWidget(made)
    return made


def named(dialog: SettingsDialog, kind: type[Any], name: str) -> Any:
    (found,) = (one for one in dialog.findChildren(kind) if one.accessibleName() == name)
    return found


def test_doubtful_and_unheard_words_are_marked_by_choice(dialog: SettingsDialog) -> None:
    asked: list[dict[str, object]] = []
    dialog.change_requested.connect(asked.append)
    named(dialog, Switch, "Mark uncertain words").click()
    named(dialog, Switch, "Dim what you have not heard yet").click()
    assert asked == [{"marks_uncertain": True}, {"pales_unheard": True}]


def test_every_way_to_go_on_after_typing_can_be_chosen(dialog: SettingsDialog) -> None:
    asked: list[dict[str, object]] = []
    dialog.change_requested.connect(asked.append)
    picker = named(dialog, Picker, "After typing, resume")
    assert picker.currentText() == "After the edited words"
    for place in range(picker.count()):
        picker.setCurrentIndex(place)
        picker.activated.emit(place)
    assert {one["resume_mode"] for one in asked} == set(ResumeMode)
    named(dialog, NumberField, "Earlier by").setValue(3_000)
    assert asked[-1] == {"resume_earlier_ms": 3_000}
