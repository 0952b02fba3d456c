"""Editing where something is wrong: a library that cannot be written, words without times."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId, Word
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.library import Library
from app.store.opening import open_database
from app.store.paths import AppPaths
from app.ui.actions import ActionId
from app.ui.stage import Page
from app.ui.transcript.replace_sheet import ReplaceSheet
from tests.flow.conftest import Opened, OpenProgram
from tests.support.builders import transcript
from tests.support.seen import press
from tests.support.waiting import until

Trouble: TypeAlias = Callable[[Database], Iterator[None]]
TALK = transcript(("A", "we met Muller today"), ("B", "so we did"))
PASTED = "\n".join("and so on and on " * 20 for _ in range(100))


def full(database: Database) -> Iterator[None]:
    """Leave no room for another page of the library."""
    with database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    with database.writing() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")


def taken_away(database: Database) -> Iterator[None]:
    """Have the folder of the library elsewhere."""
    folder = database.path.parent
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    yield
    shutil.rmtree(folder, ignore_errors=True)  # what was made there anew
    elsewhere.rename(folder)


def read_only(database: Database) -> Iterator[None]:
    """Let nothing be written to the library."""
    with database.writing() as connection:
        connection.execute("PRAGMA query_only = ON")
    yield
    connection.execute("PRAGMA query_only = OFF")  # not even a transaction begins before


def put(library: Library, words: Transcript) -> TranscriptId:
    return library.add(
        words,
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.srt", size_bytes=1),
        now_ms=1,
    )


def fill_bin(home: Path) -> None:
    """Have something in the bin that goes for good at the end of what each start tidies up."""
    database, _ = open_database(AppPaths.below(home).database)
    library = Library(database)
    library.delete([put(library, TALK)], now_ms=1)
    database.close()


async def is_tidied_up(opened: Opened) -> None:
    await until(lambda: not opened.storage.database.read("SELECT 1 FROM transcripts"))


async def read(opened: Opened, words: Transcript) -> TranscriptId:
    """Have a transcript without a recording on the page."""
    transcript_id = put(opened.storage.library, words)
    opened.program.rooms.library.open(transcript_id)
    await until(lambda: opened.program.rooms.reading.stored is not None)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    opened.window.activateWindow()
    opened.view.text.setFocus()
    return transcript_id


async def is_saved(opened: Opened, transcript_id: TranscriptId) -> None:
    """Wait until all that stands on the page is kept, and nothing is said of it any more."""
    library = opened.storage.library
    await until(
        lambda: library.load(transcript_id).transcript == opened.transcript, timeout_s=20
    )
    await until(lambda: not opened.window.notice.text)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (full, "The disk is full"),
        (read_only, "may not write"),
        (taken_away, "was moved or deleted"),
    ],
)
def test_what_cannot_be_written_is_kept_in_memory_said_and_tried_again(
    open_program: OpenProgram, run_async, tmp_path: Path, trouble: Trouble, sentence: str
) -> None:
    fill_bin(tmp_path / "home")

    async def flow() -> None:
        async with open_program() as opened:
            await is_tidied_up(opened)
            transcript_id = await read(opened, TALK)
            notice, text = opened.window.notice, opened.view.text
            with contextmanager(trouble)(opened.storage.database):
                QTest.keyClicks(text, "first ")
                QGuiApplication.clipboard().setText(PASTED)
                opened.program.front.actions[ActionId.PASTE_TEXT].trigger()
                await until(lambda: sentence in notice.text)
                await until(lambda: not text.isReadOnly())
                QTest.keyClicks(text, " last")
                assert opened.transcript.text.startswith("first and so on")
                assert opened.storage.library.load(transcript_id).transcript == TALK
                opened.program.front.actions[ActionId.UNDO].trigger()
                opened.program.front.actions[ActionId.REDO].trigger()
                opened.window.close()
                await until(lambda: "The last changes are not saved" in notice.text)
                assert sentence in notice.text
                assert not opened.program.is_leaving
                press(notice, "Stay open")
            await is_saved(opened, transcript_id)
            assert " last" in opened.transcript.text

    run_async(flow(), timeout_s=50)


def test_closing_asks_again_about_what_is_typed_after_all_was_saved(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    fill_bin(tmp_path / "home")

    async def flow() -> None:
        async with open_program() as opened:
            await is_tidied_up(opened)
            transcript_id = await read(opened, TALK)
            notice, text = opened.window.notice, opened.view.text
            for typed in ("first ", "second "):
                with contextmanager(read_only)(opened.storage.database):
                    QTest.keyClicks(text, typed)
                    await until(lambda: "may not write" in notice.text)
                    opened.window.close()
                    await until(lambda: "The last changes are not saved" in notice.text)
                    assert not opened.program.is_leaving
                await is_saved(opened, transcript_id)

    run_async(flow(), timeout_s=50)


def test_what_is_typed_into_a_damaged_library_is_there_at_the_next_start(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    fill_bin(tmp_path / "home")

    async def flow() -> None:
        async with open_program() as opened:
            await is_tidied_up(opened)
            transcript_id = await read(opened, TALK)
            with opened.storage.database.writing() as connection:  # as a bad disk leaves it
                connection.execute("UPDATE passage_index_data SET block = x'ff'")
            QTest.keyClicks(opened.view.text, "first ")
            await until(lambda: "kept beside it" in opened.window.notice.text)
            written = opened.transcript
            assert opened.storage.library.load(transcript_id).transcript == TALK
        async with open_program() as opened:
            assert "was damaged" in opened.window.notice.text
            assert opened.storage.library.load(transcript_id).transcript == written

    run_async(flow(), timeout_s=50)


def test_a_title_that_could_not_be_kept_is_tried_again(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            transcript_id = await read(opened, TALK)
            notice = opened.window.notice
            with contextmanager(read_only)(opened.storage.database):
                opened.program.front.actions[ActionId.RENAME].trigger()
                field = opened.named(QLineEdit, "Name")
                field.setText("A talk in the park")
                QTest.keyClick(field, Qt.Key.Key_Return)
                await until(lambda: "may not write" in notice.text)
            press(notice, "Try again")
            await until(lambda: opened.title.text() == "A talk in the park")
            entry = opened.storage.library.entry(transcript_id)
            assert entry is not None
            assert entry.name == "A talk in the park"

    run_async(flow())


def test_a_replacement_that_empties_everything_is_one_step_back(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            transcript_id = await read(opened, TALK)
            opened.program.front.actions[ActionId.REPLACE].trigger()
            opened.named(QToolButton, "Regular expression").click()
            opened.named(QLineEdit, "Find in transcript").setText(".+")
            await until(lambda: len(opened.view.finder.hits) == 2)
            opened.named(QPushButton, "Replace all").click()
            await until(lambda: opened.window.findChildren(ReplaceSheet))
            opened.window.findChildren(ReplaceSheet)[0].replace_button.click()
            await until(lambda: opened.transcript.paragraphs == ())
            assert opened.view.text.toPlainText() == ""
            assert await opened.program.rooms.reading.save()
            assert opened.storage.library.load(transcript_id).transcript.paragraphs == ()
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == TALK
            assert opened.view.text.toPlainText() == TALK.text

    run_async(flow())


def timeless(words: Transcript) -> Transcript:
    """Give a transcript of which nobody knows when anything is said."""

    def plain(word: Word) -> Word:
        return replace(word, start_ms=0, end_ms=0, confidence=None)

    paragraphs = tuple(
        replace(one, words=tuple(map(plain, one.words)), start_ms=0, end_ms=0)
        for one in words.paragraphs
    )
    return replace(words, paragraphs=paragraphs, duration_ms=0)


def test_words_without_times_and_recording_are_edited_as_any(
    open_program: OpenProgram, run_async
) -> None:
    before = timeless(TALK)

    async def flow() -> None:
        async with open_program() as opened:
            transcript_id = await read(opened, before)
            text, actions = opened.view.text, opened.program.front.actions
            QTest.keyClick(text, Qt.Key.Key_End)
            QTest.keyClicks(text, " again")
            QTest.keyClick(text, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(text, Qt.Key.Key_Return)
            assert opened.transcript.text == "we met Muller today\nagain\nso we did"
            for action_id in (
                ActionId.PLAY_HERE,
                ActionId.CORRECT,
                ActionId.CHECK_WORDS,
                ActionId.RETIME,
                ActionId.END_LATER,
                ActionId.START_EARLIER,
                ActionId.APPROVE,
                ActionId.STRIKE,
                ActionId.BOOKMARK,
                ActionId.TURN_EARLIER,
                ActionId.NEXT_UNREVIEWED,
                ActionId.LOOP,
            ):
                actions[action_id].trigger()
            assert text.toPlainText() == opened.transcript.text
            assert await opened.program.rooms.reading.save()
            assert opened.storage.library.load(transcript_id).transcript == opened.transcript
            while opened.view.document.can_undo:
                actions[ActionId.UNDO].trigger()
            assert opened.transcript == before

    run_async(flow())
