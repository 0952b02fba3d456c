"""What is said lies over the page: it moves nothing, and does not cover what one types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.kit.floating import Floating
from app.ui.kit.notice import Notice


class Pane(QWidget):
    """A page with something under it, and a notice over it."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.page = QWidget()
        self.text = QPlainTextEdit("\n".join(["word"] * 60))
        self.below = QWidget()
        self.below.setFixedHeight(60)
        inner = QVBoxLayout(self.page)
        inner.addWidget(self.text)
        inner.addWidget(self.below)
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        self.notice = Notice(appearance)
        self.floating = Floating(self.notice, self.page)
        self.resize(600, 400)


@pytest.fixture
def pane(appearance: Appearance, qtbot: QtBot) -> Pane:
    made = Pane(appearance)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def place(pane: Pane, one: QWidget) -> QRect:
    return QRect(one.mapTo(pane, one.rect().topLeft()), one.size())


def test_nothing_moves_when_something_is_said(pane: Pane) -> None:
    before = pane.text.geometry()
    pane.notice.say("It is saved.", stays=True)
    assert pane.notice.isVisible()
    assert pane.text.geometry() == before
    assert place(pane, pane.page).contains(place(pane, pane.notice))


def test_what_stands_under_the_text_is_not_covered(pane: Pane) -> None:
    pane.floating.above = pane.text
    pane.notice.say("It is saved. " * 20, button="Undo", stays=True)
    assert not place(pane, pane.notice).intersects(place(pane, pane.below))
    pane.resize(420, 360)
    assert not place(pane, pane.notice).intersects(place(pane, pane.below))


@pytest.mark.parametrize("at", [QTextCursor.MoveOperation.Start, QTextCursor.MoveOperation.End])
def test_the_caret_is_not_covered(pane: Pane, at: QTextCursor.MoveOperation) -> None:
    pane.text.setFocus()
    pane.text.moveCursor(at)
    pane.notice.say("It is saved.", stays=True)
    caret = pane.text.cursorRect()
    corner = pane.text.viewport().mapTo(pane, caret.topLeft())
    assert not place(pane, pane.notice).intersects(QRect(corner, caret.size()))


def test_two_things_said_do_not_cover_each_other(pane: Pane) -> None:
    hint = QLabel("To correct, click into the text and type. " * 4)
    hint.setWordWrap(True)
    Floating(hint, pane.page, over=pane.text)
    pane.floating.above = pane.text
    pane.notice.say("It is saved.", stays=True)
    alone = place(pane, pane.notice)
    hint.show()
    assert not place(pane, pane.notice).intersects(place(pane, hint))
    assert place(pane, pane.notice).bottom() < place(pane, hint).top()

    # What is typed at the lower edge is covered by neither.
    pane.text.setFocus()
    pane.text.moveCursor(QTextCursor.MoveOperation.End)
    pane.notice.say("It is saved again.", stays=True)
    pane.resize(620, 420)
    assert not place(pane, pane.notice).intersects(place(pane, hint))
    pane.resize(600, 400)
    pane.page.setFocus()

    hint.hide()
    pane.notice.say("It is saved.", stays=True)
    assert place(pane, pane.notice) == alone
