"""Replacing in the whole library, as it is asked for in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core.document import Document
from app.core.edits import correct_words
from app.core.errors import StorageError
from app.core.finding import FoundText, PatternError, Query
from app.core.messages import message
from app.core.replacing import Hit
from app.core.transcript import Transcript, TranscriptId
from app.jobs.library_replacing import FoundIn
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.library.replace_sheet import LibraryReplaceSheet
from app.ui.library.replacing import LibraryReplacingController
from app.ui.tasks import Tasks
from tests.support.builders import after, transcript
from tests.support.page import OnStage, Opened
from tests.support.seen import named, sentences
from tests.support.waiting import until

TALK = transcript(("A", "we met Muller"))


class OnPage(Opened):
    """What is on the page."""

    transcript_id = TranscriptId("b")

    def __init__(self, words: Transcript) -> None:
        super().__init__(words)
        self.kept: list[str] = []

    async def save_version(self, reason: str) -> None:
        self.kept.append(reason)


class Replacing:
    """A library of three, one of them read-only."""

    def __init__(self) -> None:
        self.replaced: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.damaged = ""
        self.looked: list[tuple[str, Transcript | None]] = []

    def transcripts(self) -> tuple[tuple[TranscriptId, str], ...]:
        return tuple((TranscriptId(one), one.upper()) for one in "abc")

    def find(
        self, transcript_id: TranscriptId, name: str, query: Query, new: str, now: Any
    ) -> FoundIn | None:
        self.looked.append((transcript_id, now))
        if transcript_id in self.damaged:
            raise StorageError(message("This transcript is damaged and cannot be opened."))
        if query.text == "(":
            raise PatternError(message("This is not a valid regular expression."))
        hit = Hit(0, FoundText(7, 13, new))
        return FoundIn(transcript_id, name, TALK, (hit,))

    def replace(self, transcript_id: TranscriptId, _query: Query, _new: str) -> int:
        if transcript_id == "c":
            raise StorageError(message("The library cannot be written to."))
        self.meanwhile()
        self.replaced.append(transcript_id)
        return 1


class Room:
    """What replaces, with a page beside it."""

    def __init__(self, appearance: Appearance) -> None:
        self.opened = OnPage(TALK)
        self.unsaved = OnPage(TALK)
        self.unsaved.transcript_id = TranscriptId("left")
        self.replacing = Replacing()
        self.stage = OnStage()
        self.actions = Actions(appearance)
        self.tasks = Tasks(lambda _name, error: pytest.fail(str(error)))
        self.controller = LibraryReplacingController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            replacing=self.replacing,  # type: ignore[arg-type]
            opened=self.at_work,  # type: ignore[arg-type]
            tasks=self.tasks,
        )

    def at_work(self, transcript_id: TranscriptId) -> OnPage | None:
        found = (self.opened, self.unsaved)
        return next((one for one in found if one.transcript_id == transcript_id), None)

    def ask(self, old: str, new: str) -> LibraryReplaceSheet:
        self.actions[ActionId.REPLACE_IN_LIBRARY].trigger()
        (sheet,) = [
            one
            for one in QApplication.topLevelWidgets()
            if isinstance(one, LibraryReplaceSheet) and one.isVisible()
        ]
        named(sheet, QLineEdit, "Find in all transcripts").setText(old)
        named(sheet, QLineEdit, "Replace with").setText(new)
        sheet.look_button.click()
        return sheet


@pytest.fixture
def in_room(appearance: Appearance, qtbot: QtBot, run_async: Any) -> Callable[..., None]:
    def go(act: Callable[[Room], Any]) -> None:
        async def flow() -> None:
            room = Room(appearance)
            await act(room)
            await room.tasks.aclose()

        run_async(flow())

    return go


def test_chosen_transcripts_are_changed_the_open_one_on_the_page(
    in_room, announced: list[str]
) -> None:
    async def act(room: Room) -> None:
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)
        await until(lambda: announced == ["Replace in 3 transcripts"])  # not each that is read
        assert dict(room.replacing.looked)["b"] is room.opened.document.transcript
        assert dict(room.replacing.looked)["a"] is None
        last = sheet.model.index(2)
        assert "[Muller → Müller]" in str(sheet.model.data(last))
        heard = str(sheet.model.data(last, Qt.ItemDataRole.AccessibleTextRole))
        assert "Muller becomes Müller: " in heard
        assert not set("→[]") & set(heard)
        sheet.model.setData(last, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
        assert text_of(sheet.replace_button) == "Replace in 2 transcripts"
        sheet.replace_button.click()
        await until(lambda: not room.controller.is_at_work)
        assert room.stage.said[-1].startswith("2 matches replaced in 2 transcripts.")
        assert room.replacing.replaced == ["a"]
        assert room.opened.document.transcript.text == "we met Müller"
        assert room.opened.document.history == ("Replace in all transcripts",)
        assert room.opened.kept == ["Replace in all transcripts"]

    in_room(act)


def test_what_cannot_be_written_is_said_and_the_others_are_done(in_room) -> None:
    async def act(room: Room) -> None:
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)
        sheet.replace_button.click()
        await until(lambda: not room.controller.is_at_work)
        assert room.stage.said[-1] == (
            "1 transcript could not be changed. C: The library cannot be written to."
        )
        assert room.replacing.replaced == ["a"]

    in_room(act)


def test_another_word_makes_the_list_void_and_a_bad_pattern_is_said(
    in_room, announced: list[str]
) -> None:
    async def act(room: Room) -> None:
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)
        field = named(sheet, QLineEdit, "Find in all transcripts")
        field.setText("Miller")
        assert sheet.model.rowCount() == 0
        assert sheet.replace_button.is_refused
        field.setText("(")
        sheet.look_button.click()
        await until(lambda: "not a valid regular expression" in " ".join(sentences(sheet)))
        assert announced[-1] in sentences(sheet)
        sheet.reject()

    in_room(act)


def test_what_could_not_be_saved_yet_is_changed_as_it_is_now_and_not_as_stored(in_room) -> None:
    async def act(room: Room) -> None:
        room.unsaved.transcript_id = TranscriptId("a")
        room.unsaved.apply(correct_words(TALK, 0, 0, 1, "they"))
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)
        assert dict(room.replacing.looked)["a"] is room.unsaved.document.transcript
        sheet.model.setData(
            sheet.model.index(2), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole
        )
        sheet.replace_button.click()
        await until(lambda: not room.controller.is_at_work)
        assert room.unsaved.document.transcript.text == "they met Müller"
        assert room.replacing.replaced == []

    in_room(act)


class Restless(OnPage):
    """Words that somebody goes on changing whenever they are looked at."""

    def __init__(self, words: Transcript) -> None:
        self.count = 0
        super().__init__(words)

    @property
    @override
    def document(self) -> Document:
        self.count += 1
        return Document(after(TALK, correct_words(TALK, 0, 0, 1, f"we{self.count}")))

    @document.setter
    def document(self, _document: Document) -> None:
        pass


def test_a_transcript_that_never_rests_is_named_and_not_passed_over(in_room) -> None:
    async def act(room: Room) -> None:
        room.opened = Restless(TALK)
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)
        for row in (0, 2):
            index = sheet.model.index(row)
            sheet.model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
        sheet.replace_button.click()
        await until(lambda: room.stage.said)
        (said,) = room.stage.said
        assert said.startswith("1 transcript could not be changed. B: ")
        assert said.endswith("The text has changed in the meantime. Check the list again.")

    in_room(act)


def test_how_far_it_is_is_said_and_it_can_be_stopped_between_two(in_room) -> None:
    async def act(room: Room) -> None:
        sheet = room.ask("Muller", "Müller")
        await until(lambda: sheet.model.rowCount() == 3)

        def stop() -> None:
            room.stage.answers[0]()

        room.replacing.meanwhile = stop
        sheet.replace_button.click()
        await until(lambda: room.controller.is_at_work or room.replacing.replaced)
        await room.controller.finish()
        assert room.stage.said[0] == "Replacing in transcript 1 of 3…"
        assert room.replacing.replaced == ["a"]
        assert room.opened.document.transcript is TALK
        assert not room.stage.notices[0].is_shown
        assert room.stage.said[1:] == [
            "1 match replaced in 1 transcript. 2 transcripts are as they were."
        ]

    in_room(act)


def test_what_is_damaged_is_counted_and_the_others_are_looked_through(in_room) -> None:
    async def act(room: Room) -> None:
        room.replacing.damaged = "b"
        sheet = room.ask("Muller", "Müller")
        told = "1 transcript is damaged and could not be searched."
        await until(lambda: any(told in one for one in sentences(sheet)))
        assert sheet.model.rowCount() == 2
        sheet.reject()

    in_room(act)
