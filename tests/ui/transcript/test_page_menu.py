"""What can be done with the page is offered wherever a person looks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.bootstrap.program_menu import in_menus
from app.core.document import Document
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.mnemonics import plain
from app.ui.stage import Page
from app.ui.transcript.page_actions import PageActions
from app.ui.transcript.page_menu import IN_BAR, IN_MENU
from app.ui.transcript.selection_bar import SelectionBar
from app.ui.transcript.view import TranscriptView

ANNA, BO = SpeakerId("a"), SpeakerId("b")
TALK = Transcript(
    tuple(
        Paragraph(
            tuple(
                Word(text, 1_000 * number + 100 * place, 1_000 * number + 100 * place + 90)
                for place, text in enumerate(line.split())
            ),
            who,
            1_000 * number,
            1_000 * number + 900,
            is_approved=number == 1,
        )
        for number, (who, line) in enumerate(
            ((ANNA, "one two three"), (BO, "four five six"), (None, ""))
        )
    ),
    (Speaker(ANNA, "Anna"), Speaker(BO, "Bo")),
)


class Middle:
    """A stage on which only the page of a transcript is ever seen."""

    page = Page.TRANSCRIPT


class Desk:
    def __init__(self, appearance: Appearance, view: TranscriptView) -> None:
        self.view = view
        self.text = view.text
        self.actions = Actions(appearance)
        self.made = PageActions(
            stage=Middle(),  # type: ignore[arg-type]
            appearance=appearance,
            actions=self.actions,
            view=view,
        )
        (self.bar,) = view.findChildren(SelectionBar)

    def put_caret(self, paragraph: int) -> None:
        cursor = self.text.textCursor()
        cursor.setPosition(self.text.document().findBlockByNumber(paragraph).position())
        self.text.setTextCursor(cursor)

    def middle(self, word: int) -> QPoint:
        return self.text.word_rects(word)[0].center().toPoint()

    def opened(self) -> dict[str, QAction]:
        """Give the entries of the menu that is open, those within others too; and close it."""
        menu = self.made.menu
        assert menu.isVisible()
        found = dict(entries(menu))
        menu.close()
        return found


def entries(menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for one in menu.actions():
        if isinstance(inner := one.menu(), QMenu):
            yield plain(one.text()), one
            yield from entries(inner)
        elif not one.isSeparator():
            yield plain(one.text()).partition("\t")[0], one


@pytest.fixture
def desk(appearance: Appearance, qtbot: QtBot) -> Desk:
    view = TranscriptView(appearance)
    qtbot.addWidget(view)
    view.resize(760, 520)
    view.show()
    view.show_document(Document(TALK))
    view.activateWindow()
    view.text.setFocus()
    qtbot.waitUntil(view.text.hasFocus)
    return Desk(appearance, view)


def by_pointer(desk: Desk) -> None:
    page, at = desk.text.viewport(), desk.middle(3)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, page.mapToGlobal(at))
    QGuiApplication.sendEvent(page, event)


def by_keyboard(desk: Desk) -> None:
    desk.put_caret(1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QGuiApplication.sendEvent(desk.text, event)


def by_action(desk: Desk) -> None:
    desk.put_caret(1)
    QTest.keyClick(desk.text, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)


@pytest.mark.parametrize("way", [by_pointer, by_keyboard, by_action])
def test_each_way_to_the_menu_opens_the_same_one_for_the_place_that_is_meant(
    desk: Desk, way: Callable[[Desk], None]
) -> None:
    way(desk)
    found = desk.opened()
    assert desk.text.caret_paragraph() == 1
    wanted = {
        desk.actions[action_id].text()
        for part in IN_MENU
        for group in part.groups
        for action_id in group
    }
    assert wanted <= set(found)
    assert found["Approve paragraph"].isChecked()
    assert found["Bo"].isChecked()
    assert not found["Anna"].isChecked()


def test_what_the_caret_rules_out_is_grey_and_its_key_works_where_it_is_possible(
    desk: Desk,
) -> None:
    desk.put_caret(2)
    desk.text.ask_for_menu()
    found = desk.opened()
    assert not found["Play from here"].isEnabled()
    assert not found["Copy"].isEnabled()
    desk.put_caret(0)
    asked: list[int] = []
    desk.view.play_requested.connect(asked.append)
    QTest.keyClick(desk.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == [5]


def test_a_menu_leaves_what_is_selected(desk: Desk) -> None:
    desk.text.select_word(3)
    by_pointer(desk)
    assert desk.opened()["Copy"].isEnabled()
    assert desk.text.selected_words() == range(3, 4)


def test_another_speaker_is_asked_for_through_the_menu(desk: Desk) -> None:
    asked: list[tuple[int, str]] = []
    desk.view.assign_requested.connect(lambda *one: asked.append(one))
    by_keyboard(desk)
    desk.opened()["Anna"].trigger()
    assert asked == [(1, ANNA)]


def select_by_pointer(desk: Desk) -> None:
    page = desk.text.viewport()
    QTest.mousePress(page, Qt.MouseButton.LeftButton, pos=desk.middle(1))
    QTest.mouseMove(page, desk.middle(2))
    QTest.mouseRelease(page, Qt.MouseButton.LeftButton, pos=desk.middle(2))


def select_by_keys(desk: Desk) -> None:
    desk.put_caret(0)
    for _ in range(3):
        QTest.keyClick(desk.text, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)


@pytest.mark.parametrize("select", [select_by_pointer, select_by_keys])
def test_the_bar_comes_with_a_selection_beside_it_and_goes_with_it(
    desk: Desk, qtbot: QtBot, select: Callable[[Desk], None]
) -> None:
    select(desk)
    qtbot.waitUntil(desk.bar.isVisible)
    place = desk.bar.geometry()
    page = desk.text.viewport().geometry()
    for word in desk.text.selected_words():
        rect = desk.text.word_rects(word)[0].toAlignedRect().translated(page.topLeft())
        assert not place.intersects(rect)
    assert desk.text.rect().contains(place)
    shown = [one.toolTip() for one in desk.bar.findChildren(QToolButton)]
    wanted = [desk.actions[action_id].toolTip() for group in IN_BAR for action_id in group]
    assert shown[:-1] == wanted  # the last has the menu
    assert desk.text.hasFocus()
    desk.put_caret(1)
    assert not desk.bar.isVisible()


def test_what_selects_by_itself_does_not_call_the_bar(desk: Desk) -> None:
    desk.text.select_word(1)
    select_by_pointer(desk)
    desk.put_caret(0)
    desk.text.select_word(2)
    assert not desk.bar.isVisible()
    assert not any(one.isActive() for one in desk.bar.findChildren(QTimer))


def test_every_action_is_in_a_menu() -> None:
    assert in_menus() == set(ActionId)
    assert all(one in in_menus() for group in IN_BAR for one in group)
