from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.tips import follow_tip, show_tip


def told(widget: QWidget) -> str:
    """Give what a widget is described by, as assistive technology gets it."""
    seen = QAccessible.queryAccessibleInterface(widget)
    assert seen is not None
    return seen.text(QAccessible.Text.Description)


@pytest.mark.parametrize(
    ("name", "tip", "wanted"),
    [
        ("Find", "Find (Ctrl+F)", "Ctrl+F"),
        ("Speed", "Speed (the pitch does not change)", "the pitch does not change"),
        ("More", "More", "More"),  # a screen reader says once what is said twice alike
        ("Close the history", "Close (Esc)", "Close (Esc)"),
        ("Play", "This transcript has no recording.", "This transcript has no recording."),
        ("", "Find (Ctrl+F)", "Find (Ctrl+F)"),
    ],
)
def test_a_tip_is_told_without_the_name(qtbot: QtBot, name: str, tip: str, wanted: str) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setAccessibleName(name)
    show_tip(button, tip)
    assert button.toolTip() == tip
    assert told(button) == wanted


def test_other_keys_are_shown_and_told_at_once(appearance: Appearance, qtbot: QtBot) -> None:
    actions = Actions(appearance)
    button = QToolButton()
    qtbot.addWidget(button)
    button.setAccessibleName("Find")
    follow_tip(button, actions[ActionId.FIND])
    assert (button.toolTip(), told(button)) == ("Find (Ctrl+F)", "Ctrl+F")
    actions.rebind({ActionId.FIND: ["F9"]})
    assert (button.toolTip(), told(button)) == ("Find (F9)", "F9")
    actions.rebind({ActionId.FIND: []})
    assert (button.toolTip(), told(button)) == ("Find", "Find")


def test_a_button_that_is_gone_is_left_alone(appearance: Appearance, qtbot: QtBot) -> None:
    actions = Actions(appearance)
    button = QToolButton()
    follow_tip(button, actions[ActionId.FIND])
    with qtbot.waitSignal(button.destroyed):
        button.deleteLater()
    actions.rebind({ActionId.FIND: ["F9"]})
