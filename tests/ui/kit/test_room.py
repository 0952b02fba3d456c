"""No window is larger than its screen, and what does not fit scrolls."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.room import Held, Scrolled, room_for
from app.ui.kit.sheet import Sheet
from app.ui.kit.tall import Tall
from tests.support.fit import settle


def shown(qtbot: QtBot, *, lines: int, width: int = 440) -> Sheet:
    sheet = Sheet("Much to say", width=width)
    qtbot.addWidget(sheet)
    for number in range(lines):
        sheet.add_text(f"Line {number} of many")
    sheet.add_button("Close")
    sheet.show()
    qtbot.waitExposed(sheet)
    return sheet


def scroll_bar(sheet: Sheet) -> QScrollBar:
    """Give what its contents are scrolled by, up and down."""
    (area,) = sheet.findChildren(QScrollArea)
    return area.verticalScrollBar()


def test_a_sheet_that_says_little_is_as_large_as_that(qtbot: QtBot) -> None:
    small, larger = shown(qtbot, lines=1), shown(qtbot, lines=5)
    assert small.height() < larger.height() < room_for(larger).height()
    qtbot.waitUntil(lambda: not scroll_bar(larger).isVisible())


def test_a_sheet_with_more_than_the_screen_holds_scrolls_and_keeps_its_buttons(
    qtbot: QtBot,
) -> None:
    sheet = shown(qtbot, lines=200, width=4_000)
    assert sheet.width() <= room_for(sheet).width()
    assert sheet.height() <= room_for(sheet).height()
    assert scroll_bar(sheet).isVisible()
    (button,) = sheet.findChildren(QPushButton)
    assert sheet.rect().contains(button.geometry())


def test_a_sheet_grows_with_what_comes_into_it(qtbot: QtBot) -> None:
    sheet = shown(qtbot, lines=3)
    before = sheet.height()
    sheet.add_text("One more, which is long enough to need several lines. " * 12)
    qtbot.waitUntil(lambda: sheet.height() > before + 40)
    qtbot.waitUntil(lambda: not scroll_bar(sheet).isVisible())


class JustBeingFramed(QMainWindow):
    """What Qt has told of a window on a busy X server: a frame with less than nothing in it."""

    @override
    def windowHandle(self) -> QWindow:
        window = super().windowHandle()

        class Told(QWindow):
            @override
            def frameMargins(self) -> QMargins:
                return QMargins(0, 0, -window.width(), -window.height())

        return Told()


def test_a_frame_that_is_not_known_yet_makes_no_room_larger_than_the_screen(
    qtbot: QtBot,
) -> None:
    window = JustBeingFramed()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    qtbot.waitExposed(window)
    assert window.windowHandle().frameMargins().right() == -400
    assert window.screen().availableGeometry().contains(room_for(window))


def test_a_window_larger_than_the_screen_comes_up_within_it(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QLabel("large"))
    window.setMinimumSize(5_000, 300)
    window.resize(6_000, 5_000)
    Held(window)
    window.show()
    qtbot.waitExposed(window)
    room = room_for(window).size()
    assert window.size().boundedTo(room) == window.size()


def test_a_scroll_bar_that_is_not_needed_any_more_goes(qtbot: QtBot) -> None:
    contents = Tall()
    column = QVBoxLayout(contents)
    column.setContentsMargins(0, 0, 0, 0)
    sentence = QLabel("A sentence of many words that wraps in as many lines as it must. " * 6)
    sentence.setWordWrap(True)
    column.addWidget(sentence)
    area = Scrolled(contents)
    qtbot.addWidget(area)
    area.resize(400, 40)
    area.show()
    qtbot.waitExposed(area)
    settle()
    assert area.verticalScrollBar().isVisible()
    area.resize(400, sentence.heightForWidth(400))
    settle()
    assert not area.verticalScrollBar().isVisible()
    assert sentence.width() == 400
