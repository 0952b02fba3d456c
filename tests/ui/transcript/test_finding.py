"""Finding and replacing as the bar asks for it, and what the page shows of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.core.finding import PatternError
from app.core.marks import TimesChange
from app.core.transcript import Speaker, SpeakerId, Transcript
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.tasks import Tasks
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.transcript.replacing import ReplacingController
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.heard import faults
from tests.support.page import OnStage, Opened
from tests.support.waiting import until

RunAsync = Callable[[Coroutine[Any, Any, Any]], Any]
TALK = transcript(("A", "Muller met Miller"), ("B", "so müller 😀 muller went, muller"))


class Room:
    """The page with its find bar and what does its replacing."""

    def __init__(self, appearance: Appearance, qtbot: QtBot, words: Transcript) -> None:
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(760, 520)
        self.opened = Opened(words)
        self.view.show_document(self.opened.document)
        self.actions = Actions(appearance)
        self.stage = OnStage()
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        ReplacingController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            view=self.view,
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            tasks=self.tasks,
        )
        self.view.show()
        qtbot.waitExposed(self.view)
        self.actions[ActionId.REPLACE].trigger()

    def part(self, kind: Any, name: str) -> Any:
        (found,) = [one for one in self.view.findChildren(kind) if one.accessibleName() == name]
        return found

    def find(self, text: str) -> None:
        self.part(QLineEdit, "Find in transcript").setText(text)

    def put(self, text: str) -> None:
        self.part(QLineEdit, "Replace with").setText(text)

    @property
    def count(self) -> str:
        return " ".join(
            one.text() for one in self.view.find_bar.findChildren(QLabel) if one.isVisible()
        ).strip()

    def press(self, text: str) -> None:
        (button,) = [one for one in self.view.findChildren(QPushButton) if one.text() == text]
        button.click()

    @property
    def text(self) -> str:
        assert self.view.text.toPlainText() == self.opened.document.transcript.text
        return self.view.text.toPlainText()


@pytest.fixture
def make(appearance: Appearance, qtbot: QtBot) -> Callable[[Transcript], Room]:
    rooms: list[Room] = []  # until the window is closed, which is after the test

    def make_one(words: Transcript) -> Room:
        rooms.append(Room(appearance, qtbot, words))
        return rooms[-1]

    return make_one


def test_each_switch_narrows_or_widens(make: Callable[[Transcript], Room]) -> None:
    room = make(TALK)
    room.find("muller")
    assert room.count == "1 of 3"
    room.part(QToolButton, "Ignore accents").click()
    assert room.count == "4 matches"
    room.part(QToolButton, "Match case").click()
    assert room.count == "3 matches"
    scope = room.part(QComboBox, "Where to search")
    scope.setCurrentIndex(1)
    scope.activated.emit(1)
    assert scope.currentText() == "Speaker 1 only"
    assert room.count == "No matches"


def test_marks_stand_where_qt_counts_behind_a_sign_of_two_units(
    make: Callable[[Transcript], Room],
) -> None:
    room = make(TALK)
    told: list[TimesChange] = []
    room.view.hits_changed.connect(told.append)
    room.find("muller")
    places = room.view.finder.hits.in_paragraph(1)
    text = TALK.paragraphs[1].text.encode("utf-16-le")
    assert [text[2 * at : 2 * at + 12].decode("utf-16-le") for at in places] == ["muller"] * 2
    assert told[-1].inserted == (0, 3_000, 4_000)


def test_only_in_what_was_selected(make: Callable[[Transcript], Room]) -> None:
    room = make(transcript(("A", "a b a b"), ("A", "a b a b"), ("A", "a b a b")))
    cursor = room.view.text.textCursor()
    cursor.setPosition(2)
    cursor.setPosition(17, cursor.MoveMode.KeepAnchor)
    room.view.text.setTextCursor(cursor)
    room.actions[ActionId.REPLACE].trigger()
    assert room.part(QComboBox, "Where to search").currentText() == "In the selection"
    room.find("a")
    assert room.count.endswith("4")


def test_one_after_the_other_is_replaced(
    make: Callable[[Transcript], Room], qtbot: QtBot
) -> None:
    room = make(TALK)
    room.find("muller")
    room.put("muller-muller")
    field = room.part(QLineEdit, "Replace with")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert room.text == "muller-muller met Miller\nso müller 😀 muller-muller went, muller"
    assert room.opened.document.history == ("Replace", "Replace")


def test_all_are_replaced_but_those_left_out_as_one_step(
    make: Callable[[Transcript], Room], run_async: RunAsync
) -> None:
    async def flow() -> None:
        room = make(TALK)
        room.find("muller")
        room.put("Müller")
        room.press("Replace all…")
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        assert (
            sheet.model.data(sheet.model.index(1))
            == "0:01  so müller 😀 muller → Müller went, muller"
        )
        assert (
            sheet.model.data(sheet.model.index(1), Qt.ItemDataRole.AccessibleTextRole)
            == "muller becomes Müller: 0:01  so müller 😀 muller went, muller"
        )
        sheet.model.setData(
            sheet.model.index(1), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole
        )
        assert text_of(sheet.replace_button) == "Replace 2"
        sheet.replace_button.click()
        await until(lambda: bool(room.stage.said))
        assert room.text == "Müller met Miller\nso müller 😀 muller went, Müller"
        assert room.opened.document.history == ("Replace all",)
        room.opened.undo()
        assert room.opened.document.transcript == TALK
        assert room.stage.said == ["2 replaced."]
        await room.tasks.aclose()
        assert not room.errors

    run_async(flow())


def test_what_is_listed_is_not_replaced_in_a_text_that_changed(
    make: Callable[[Transcript], Room], run_async: RunAsync
) -> None:
    async def flow() -> None:
        room = make(TALK)
        room.find("muller")
        room.press("Replace all…")
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        speakers = (Speaker(SpeakerId("A"), "Anna"), Speaker(SpeakerId("B")))
        from app.core.edits import rename_speaker

        room.opened.apply(rename_speaker(TALK, SpeakerId("A"), "Anna"))
        sheet.replace_button.click()
        assert room.opened.document.transcript.speakers == speakers
        assert room.opened.document.history == ("Rename speaker",)
        await room.tasks.aclose()

    run_async(flow())


def test_a_pattern_is_found_replaced_and_stopped(
    make: Callable[[Transcript], Room], run_async: RunAsync
) -> None:
    async def flow() -> None:
        room = make(transcript(("A", "a1 b22 " + "x" * 60 + "y")))
        room.part(QToolButton, "Regular expression").click()
        room.find(r"([a-z])(\d+)")
        await until(lambda: room.count == "1 of 2")
        room.put(r"\2\1")
        room.press("Replace")
        assert room.text.startswith("1a b22")
        room.find("(")
        assert "not a valid regular expression" in room.count
        room.find(r"(?:x|x)+$")
        await until(lambda: "takes too long" in room.count, timeout_s=10)
        await room.tasks.aclose()
        assert not room.errors

    run_async(flow())


def test_a_pattern_is_replaced_however_long_ago_it_was_found(
    make: Callable[[Transcript], Room], run_async: RunAsync
) -> None:
    async def flow() -> None:
        room = make(transcript(("A", "a1 b22 c3")))

        def is_limit_over() -> bool:
            search = room.view.finder.search
            assert search is not None
            try:
                search.find("a1")
            except PatternError:
                return True
            return False

        room.part(QToolButton, "Regular expression").click()
        room.find(r"([a-z])(\d+)")
        room.put(r"\2\1")
        await until(lambda: room.count == "1 of 3")
        for wanted in ("1a b22 c3", "1a 22b c3", "1a 22b 3c"):
            await until(is_limit_over)
            room.press("Replace")
            assert room.text == wanted
        await room.tasks.aclose()

    run_async(flow())


def test_more_than_one_turn_of_looking_finds_everything(
    make: Callable[[Transcript], Room], qtbot: QtBot
) -> None:
    room = make(transcript(*[("A", "e " * 400)] * 60))
    room.find("e")
    qtbot.waitUntil(lambda: not room.view.finder.is_looking)
    assert room.count == "1 of " + room.view.locale().toString(24_000)
    assert not room.view.finder.is_looking


def sheets() -> list[ReplaceSheet]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, ReplaceSheet)]


def test_how_much_is_found_is_heard_once_typing_rests_and_with_each_step(
    make: Callable[[Transcript], Room], qtbot: QtBot, announced: list[str]
) -> None:
    room = make(TALK)
    for text in ("m", "mu", "muller"):
        room.find(text)
    qtbot.waitUntil(lambda: announced == ["1 of 3"])
    field = room.part(QLineEdit, "Find in transcript")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: announced == ["1 of 3", "2 of 3"])
    room.find("nobody says this")
    qtbot.waitUntil(lambda: announced[2:] == ["No matches"])
    room.find("nor this")
    qtbot.waitUntil(lambda: announced[2:] == ["No matches", "No matches"])
    room.view.find_bar.show_problem("This is no pattern.")
    qtbot.waitUntil(lambda: announced[4:] == ["This is no pattern."])
    assert faults(room.view.find_bar) == []
