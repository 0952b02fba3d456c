"""F6 goes round the panes that can be seen, and comes back to where one was in each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.guide.panes import PaneKeys
from app.ui.kit.appearance import Appearance

NAMES = ("queue", "options", "notice", "page", "player")


class Window(QWidget):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        self.panes: dict[str, QWidget] = {}
        self.buttons: dict[str, list[QPushButton]] = {}
        for name in NAMES:
            pane = self.panes[name] = QWidget()
            inner = QHBoxLayout(pane)
            self.buttons[name] = [QPushButton(f"{name} {number}") for number in (1, 2)]
            for button in self.buttons[name]:
                inner.addWidget(button)
            row.addWidget(pane)
        actions = Actions(appearance)
        actions.attach(self, self)
        self.actions_made = actions
        self.keys = PaneKeys(actions, **self.panes)

    def press(self, *, back: bool = False) -> str:
        modifier = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(QApplication.focusWidget() or self, Qt.Key.Key_F6, modifier)
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        return focused.text()


@pytest.fixture
def window(appearance: Appearance, qtbot: QtBot) -> Window:
    made = Window(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    return made


def test_it_goes_round_both_ways(window: Window) -> None:
    window.buttons["queue"][0].setFocus()
    assert [window.press() for _ in NAMES] == [f"{name} 1" for name in (*NAMES[1:], NAMES[0])]
    assert [window.press(back=True) for _ in NAMES] == [f"{name} 1" for name in reversed(NAMES)]


def test_each_pane_keeps_where_one_was(window: Window) -> None:
    window.buttons["queue"][1].setFocus()
    window.press()
    assert window.press(back=True) == "queue 2"
    window.press()
    window.buttons["queue"][1].setEnabled(False)
    assert window.press(back=True) == "queue 1"


def test_what_is_not_seen_or_has_no_control_is_passed(window: Window) -> None:
    window.panes["options"].hide()
    for button in window.buttons["notice"]:
        button.setEnabled(False)
    window.buttons["queue"][0].setFocus()
    assert window.press() == "page 1"
