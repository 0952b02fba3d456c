from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.kit.sheet import Sheet
from app.ui.kit.tab_order import follow_layout, stops


class Window(QWidget):
    """Two panes; what stands below and behind was made before what stands above and before."""

    def __init__(self) -> None:
        super().__init__()
        last, third, fourth, second, first = (QPushButton() for _ in range(5))
        self.picker = QComboBox()
        self.picker.setEditable(True)
        self.floating = QLineEdit(self)
        self.wanted = [first, second, third, self.picker, fourth, last, self.floating]
        top, left, right = QHBoxLayout(), QWidget(), QWidget()
        for one in (first, second):
            top.addWidget(one)
        inner = QVBoxLayout(left)
        inner.addLayout(top)
        inner.addWidget(third)
        inner.addWidget(self.picker)
        beside = QVBoxLayout(right)
        beside.addWidget(fourth)
        beside.addWidget(last)
        panes = QSplitter()
        panes.addWidget(left)
        panes.addWidget(right)
        whole = QVBoxLayout(self)
        whole.addWidget(panes)
        for one in self.wanted:
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_tab_goes_the_way_one_reads_and_back(
    qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.setLayoutDirection(direction)
    follow_layout(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.wanted[0].setFocus()
    gone = [window.focusWidget()]
    for _ in window.wanted[1:]:
        press(Qt.Key.Key_Tab)
        gone.append(window.focusWidget())
    meant: list[QWidget | None] = [
        one.lineEdit() if one is window.picker else one for one in window.wanted
    ]
    assert gone in (window.wanted, meant)
    for one in gone[-2::-1]:
        press(Qt.Key.Key_Backtab)
        assert window.focusWidget() is one


def test_what_has_nothing_in_it_yet_is_passed_over(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addStretch()
    for empty in (QScrollArea(), QStackedWidget(), QSplitter()):
        empty.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(empty)
    button = QPushButton()
    column.addWidget(button)
    assert list(stops(window)) == [button]


def test_what_tab_does_not_come_to_has_no_place(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.wanted[1].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert list(stops(window)) == [one for one in window.wanted if one is not window.wanted[1]]


def test_what_comes_into_a_sheet_later_has_its_place_at_once(qtbot: QtBot) -> None:
    sheet = Sheet("Words")
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(sheet)
    close = sheet.add_button("Close")
    first, second = QLineEdit(), QLineEdit()
    sheet.body.addWidget(second)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    sheet.body.insertWidget(0, first)
    first.show()
    first.setFocus()
    for one in (second, close, first):
        press(Qt.Key.Key_Tab)
        assert sheet.focusWidget() is one
