from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.focus_back import FocusBack


class Window(QWidget):
    """A window with a page, a button and what takes the focus for a while."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        qtbot.addWidget(self)
        self.button, self.page, self.taker = QPushButton("First"), QLineEdit(), QLineEdit()
        row = QHBoxLayout(self)
        for one in (self.button, self.page, self.taker):
            row.addWidget(one)
        self.show()
        self.activateWindow()
        qtbot.waitUntil(self.isActiveWindow)
        self.back = FocusBack()

    def take(self) -> None:
        self.taker.show()
        self.back.remember(self.taker)
        self.taker.setFocus()

    def leave(self) -> None:
        self.taker.hide()
        self.back.give(self.button)


def test_the_focus_comes_back_to_where_it_was(qtbot: QtBot) -> None:
    window = Window(qtbot)
    window.page.setFocus()
    window.take()
    window.take()  # asked for once more while it is there
    window.leave()
    assert window.focusWidget() is window.page


def test_it_comes_back_though_a_dialog_was_in_front_when_it_was_taken(qtbot: QtBot) -> None:
    window = Window(qtbot)
    window.page.setFocus()
    dialog = QDialog(window)
    field = QLineEdit(dialog)
    dialog.open()
    field.setFocus()
    qtbot.waitUntil(dialog.isActiveWindow)
    window.take()
    dialog.close()
    window.leave()
    assert window.focusWidget() is window.page


def test_what_is_gone_hidden_or_off_does_not_get_it(qtbot: QtBot) -> None:
    window = Window(qtbot)
    for spoil in (window.page.hide, lambda: window.page.setEnabled(False)):
        window.page.show()
        window.page.setEnabled(True)
        window.page.setFocus(Qt.FocusReason.OtherFocusReason)
        window.take()
        spoil()
        window.leave()
        assert window.focusWidget() is window.button
    window.take()
    passing = QLineEdit(window)
    passing.show()
    passing.setFocus()
    window.back.remember(window.taker)
    passing.setParent(None)
    passing.deleteLater()
    window.leave()
    assert window.focusWidget() is window.button
