from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from app.core.options import TranscriptionOptions
from app.core.transcript import Speaker, SpeakerId, TranscriptId
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.library import Library
from app.store.listing import Filter
from app.store.opening import open_database
from app.store.projects import Projects
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.inline_edit import InlineEdit
from app.ui.library.controller import LibraryController
from app.ui.library.view import LibraryView
from app.ui.queue.model import JobModel
from app.ui.stage import Page
from app.ui.tasks import Tasks
from tests.support.builders import transcript
from tests.support.furnished import FurnishedWindow
from tests.support.seen import choose, named, press, sentences, write


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened, _ = open_database(tmp_path / "wordlight.db")
    yield opened
    opened.close()


class Stage:
    """The page on a real library."""

    def __init__(self, appearance: Appearance, database: Database, qtbot) -> None:
        self.library = Library(database)
        self.projects = Projects(database)
        self.actions = Actions(appearance)
        self.window = FurnishedWindow(appearance, self.actions, JobModel())
        qtbot.addWidget(self.window, before_close_func=lambda one: one.close_for_good())
        self.errors: list[tuple[str, BaseException]] = []
        self.tasks = Tasks(lambda name, error: self.errors.append((name, error)))
        self.view = LibraryView(appearance)
        self.window.place(Page.LIBRARY, self.view)
        self.now_ms = 1_760_000_000_000
        self.controller = LibraryController(
            stage=self.window,
            actions=self.actions,
            view=self.view,
            library=self.library,
            projects=self.projects,
            tasks=self.tasks,
            now_ms=lambda: self.now_ms,
        )
        self.opened: list[tuple[str, object]] = []
        self.controller.recent_listed.connect(self.window.empty.show_recent)
        self.window.empty.recent_requested.connect(self.controller.open)
        self.controller.transcript_needed.connect(
            lambda *wanted: self.opened.append(tuple(wanted))
        )
        self.window.show()
        self.window.activateWindow()

    def add(self, name: str, text: str, **fields: object) -> TranscriptId:
        self.now_ms += 1000
        made = replace(transcript(("a", "so then"), ("b", text)), **fields)
        return self.library.add(
            made,
            name=name,
            options=TranscriptionOptions(),
            link=AudioLink(f"/recordings/{name}.wav", size_bytes=1000),
            now_ms=self.now_ms,
        )

    async def settle(self) -> None:
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running, return_exceptions=True)
            await asyncio.sleep(0)

    async def open(self) -> None:
        self.actions[ActionId.LIBRARY].trigger()
        await self.settle()

    async def type(self, text: str) -> None:
        write(self.view.search, text)
        await self.settle()

    async def choose(self, picker: str, text: str) -> None:
        choose(named(self.view, QComboBox, picker), text)
        await self.settle()

    def names(self) -> list[str]:
        model = self.view.model
        return [model.index(row).data() for row in range(model.rowCount())]

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.view.list, key)

    async def aclose(self) -> None:
        await self.tasks.aclose()
        assert self.errors == []


@pytest.fixture
def stage(appearance: Appearance, database: Database, qtbot) -> Stage:
    return Stage(appearance, database, qtbot)


def test_the_page_comes_with_its_key_and_goes_with_escape(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.add("Old", "words")
        stage.add("New", "words")
        await stage.open()
        assert stage.window.page is Page.LIBRARY
        assert stage.names() == ["New", "Old"]
        assert stage.window.queue.library_button.isChecked()
        QTest.keyClick(stage.view.search, Qt.Key.Key_Escape)
        assert stage.window.page is Page.EMPTY
        assert not stage.window.queue.library_button.isChecked()
        await stage.aclose()

    run_async(flow())


def test_a_hit_opens_at_its_word(stage: Stage, run_async) -> None:
    async def flow() -> None:
        found = stage.add("Talk", "we asked the people nicely")
        stage.add("Other", "nothing of it")
        await stage.open()
        await stage.type("people")
        assert stage.names() == ["Talk", "Talk"]  # the transcript, and the place in it
        assert stage.view.model.row_at(0).hit is None
        row = stage.view.model.row_at(1)
        assert row.hit is not None
        assert row.place is not None
        assert (row.place.start_ms, row.place.speaker_number) == (2_500, 2)
        start, end = row.hit.marks[0]
        assert row.hit.snippet[start:end] == "people"
        stage.press(Qt.Key.Key_Return)
        await stage.settle()
        # two words of the first turn, then "we asked the"
        assert stage.opened == [(found, 5)]
        await stage.aclose()

    run_async(flow())


def test_names_are_found_too_and_nothing_says_what_to_do(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.add("Interview Ána", "words")
        await stage.open()
        await stage.type("interview")
        assert stage.names() == ["Interview Ána"]
        assert stage.view.model.row_at(0).hit is None
        await stage.type('"unclosed AND (')
        assert stage.names() == []
        assert "Nothing found" in sentences(stage.view)
        await stage.type("")
        assert stage.names() == ["Interview Ána"]
        await stage.aclose()

    run_async(flow())


def test_an_empty_library_says_what_to_do(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.open()
        assert "No transcripts yet" in sentences(stage.view)
        await stage.aclose()

    run_async(flow())


def test_the_list_can_be_sorted_and_narrowed(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.add("B", "words", language="de", model="pulse", duration_ms=5)
        stage.add("a", "words", language="en", model="pulse-pro", duration_ms=9)
        tagged = stage.add("C", "words", language="en", model="pulse", duration_ms=7)
        stage.library.set_tags(tagged, ["thesis"])
        await stage.open()
        for order, names in (("Name", ["a", "B", "C"]), ("Longest first", ["a", "C", "B"])):
            await stage.choose("Sort by", order)
            assert stage.names() == names
        await stage.choose("Model", "Pulse")
        assert stage.names() == ["C", "B"]
        await stage.choose("Language", "German")
        assert stage.names() == ["B"]
        await stage.aclose()

    run_async(flow())


def test_rename_and_tags_in_place(stage: Stage, run_async) -> None:
    async def flow() -> None:
        kept = stage.add("Talk", "words")
        await stage.open()
        renamed: list[tuple[str, str]] = []
        stage.controller.renamed.connect(lambda *one: renamed.append(tuple(one)))
        stage.press(Qt.Key.Key_F2)
        field = named(stage.view, InlineEdit, "Name")
        assert field.text() == "Talk"
        write(field, "A better name")
        await stage.settle()
        assert stage.names() == ["A better name"]
        assert renamed == [(kept, "A better name")]
        QTest.keyClick(stage.view.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        write(
            named(stage.view, InlineEdit, "Tags, separated by commas"),
            " thesis, Anna ,, thesis",
        )
        await stage.settle()
        assert stage.view.model.row_at(0).entry.tags == ("Anna", "thesis")
        await stage.aclose()

    run_async(flow())


def test_deleting_is_undone_by_one_click(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.add("Talk", "words")
        await stage.open()
        stage.press(Qt.Key.Key_Delete)
        await stage.settle()
        assert stage.names() == []
        assert stage.window.notice.text == "1 transcript is in the bin"
        stage.window.notice.button.click()
        await stage.settle()
        assert stage.names() == ["Talk"]
        await stage.aclose()

    run_async(flow())


def test_the_bin_restores_and_deletes_for_good_after_a_question(
    stage: Stage, run_async, tmp_path: Path
) -> None:
    async def flow() -> None:
        copy = tmp_path / "copy.wav"
        copy.write_bytes(b"x")
        ids = [stage.add(name, "words") for name in ("One", "Two")]
        stage.library.save_copy_path(ids[0], str(copy))
        stage.library.delete(ids, now_ms=stage.now_ms)
        await stage.open()
        press(stage.view, "Show the bin")
        await stage.settle()
        assert stage.names() == ["Two", "One"]
        stage.press(Qt.Key.Key_Return)  # not opened from there
        assert stage.opened == []
        stage.window.notice.button.click()  # Restore
        await stage.settle()
        assert stage.names() == ["One"]
        for answer in ("Keep", "Delete permanently"):
            stage.press(Qt.Key.Key_Home)
            stage.press(Qt.Key.Key_Delete)
            (sheet,) = [
                one for one in stage.window.findChildren(ChoiceSheet) if one.isVisible()
            ]
            sheet.buttons[{"Keep": "keep"}.get(answer, "purge")].click()
            await stage.settle()
            assert copy.exists() == (answer == "Keep")
        assert stage.library.entries(Filter(is_deleted=True)) == ()
        assert [one.name for one in stage.library.entries()] == ["Two"]
        await stage.aclose()

    run_async(flow())


def test_the_empty_page_offers_the_latest(stage: Stage, run_async) -> None:
    async def flow() -> None:
        for number in range(7):
            stage.add(f"Talk {number}", "words")
        stage.controller.refresh()
        await stage.settle()
        rows = [
            button
            for button in stage.window.empty.findChildren(QPushButton)
            if button.property("row") and button.isVisible()
        ]
        assert len(rows) == 5
        assert rows[0].accessibleName().startswith("Talk 6, ")
        rows[0].click()
        assert [name for name, _ in stage.opened] == [
            stage.library.entries(Filter())[0].transcript_id
        ]
        await stage.aclose()

    run_async(flow())


def test_speakers_are_named_in_their_row(stage: Stage, run_async) -> None:
    async def flow() -> None:
        named = (Speaker(SpeakerId("a"), "Anna"), Speaker(SpeakerId("b"), "Tom"))
        stage.add("Talk", "words", speakers=named)
        await stage.open()
        index = stage.view.model.index(0)
        assert "Anna, Tom" in index.data(Qt.ItemDataRole.AccessibleTextRole)
        assert stage.view.list.accessibleName() == "Library"
        assert stage.view.search.accessibleName() == "Search all transcripts"
        await stage.aclose()

    run_async(flow())
