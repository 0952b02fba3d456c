"""What stands over the page: the name, and buttons that do what the actions do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.transcript.head import TranscriptHead
from tests.support.seen import press


@pytest.fixture
def actions(appearance: Appearance) -> Actions:
    return Actions(appearance)


@pytest.fixture
def head(appearance: Appearance, actions: Actions, qtbot: QtBot) -> TranscriptHead:
    made = TranscriptHead(appearance, actions)
    qtbot.addWidget(made)
    made.resize(900, 90)
    made.show()
    return made


@pytest.mark.parametrize(
    ("name", "action_id"),
    [
        ("Copy", ActionId.COPY_ALL),
        ("Export", ActionId.EXPORT),
        ("Find", ActionId.FIND),
        ("Undo", ActionId.UNDO),
        ("Redo", ActionId.REDO),
    ],
)
def test_each_button_does_what_its_action_does(
    head: TranscriptHead, actions: Actions, name: str, action_id: ActionId
) -> None:
    done: list[ActionId] = []
    actions[action_id].setEnabled(True)
    actions[action_id].triggered.connect(lambda: done.append(action_id))
    press(head, name)
    assert done == [action_id]


def test_there_is_nothing_to_press_while_there_is_nothing_to_take_back(
    head: TranscriptHead, actions: Actions
) -> None:
    actions[ActionId.UNDO].setEnabled(False)
    (undo,) = (
        one for one in head.findChildren(QAbstractButton) if one.accessibleName() == "Undo"
    )
    assert not undo.isEnabled()
    actions[ActionId.UNDO].setEnabled(True)
    assert undo.isEnabled()


def test_the_title_is_said_whole_where_there_is_no_room(head: TranscriptHead) -> None:
    name = "A talk about everything, and then some more of it, recorded in Berlin " * 4
    head.show_title(name, "1:02 · saved")
    assert head.title.text() == name
    assert head.meta.text() == "1:02 · saved"
    assert head.title.toolTip() == name
    assert head.minimumSizeHint().width() < 900


def test_the_last_button_has_the_menu_of_the_page(head: TranscriptHead) -> None:
    menu = QMenu(head)
    head.set_menu(menu)
    menu.addAction("Bookmark")
    head.findChildren(QToolButton)[-1].click()
    assert menu.isVisible()
    menu.close()


def test_a_click_on_the_name_lets_it_be_typed_over_and_a_drag_does_not(
    head: TranscriptHead, qtbot: QtBot
) -> None:
    head.show_title("Interview", "0:10")
    asked: list[str] = []
    head.rename_requested.connect(asked.append)
    at = head.title.rect().center()
    QTest.mousePress(head.title, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(head.title, at)
    QTest.mouseMove(head.title, at + QPoint(60, 0))
    QTest.mouseRelease(head.title, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    assert not [one for one in head.findChildren(QLineEdit) if one.isVisible()]
    QTest.mouseClick(head.title, Qt.MouseButton.LeftButton, pos=at)
    (field,) = (one for one in head.findChildren(QLineEdit) if one.isVisible())
    assert field.text() == "Interview"
    assert field.font().pixelSize() == head.title.font().pixelSize()
    field.setText("Interview with Anna")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert asked == ["Interview with Anna"]
