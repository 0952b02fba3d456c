"""The keyboard in the real window: what is being typed in place, and where one types next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core import edits
from app.core.errors import StorageError
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, TranscriptId, Word
from app.store.audio_links import AudioLink
from app.store.listing import Filter
from app.ui.actions import ActionId
from app.ui.export.dialog import ExportDialog
from app.ui.kit.inline_edit import InlineEdit
from app.ui.library.view import LibraryView
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until

ANNA = SpeakerId("a")
TALK = Transcript(
    (Paragraph((Word("wrong", 0, 400), Word("words", 400, 900)), ANNA, 0, 900),),
    (Speaker(ANNA, "Anna"),),
    duration_ms=1_000,
)


def put_into_library(opened: Opened, name: str) -> TranscriptId:
    return opened.storage.library.add(
        TALK,
        name=name,
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.wav", size_bytes=5),
        now_ms=1,
    )


async def read(opened: Opened, name: str = "First") -> TranscriptId:
    """Have a transcript on the page."""
    read_one = put_into_library(opened, name)
    opened.program.rooms.library.open(read_one)
    await until(
        lambda: (
            (stored := opened.program.rooms.reading.stored) is not None
            and stored.entry.transcript_id == read_one
        )
    )
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    return read_one


async def library(opened: Opened) -> LibraryView:
    """Have the library on the page, at its first row."""
    opened.program.front.actions[ActionId.LIBRARY].trigger()
    view = opened.window.findChildren(LibraryView)[0]
    await until(lambda: view.model.rowCount() > 0)
    view.list.setFocus()
    return view


def type_into_editor(opened: Opened, text: str) -> InlineEdit:
    (editor,) = [one for one in opened.window.findChildren(InlineEdit) if one.isVisible()]
    editor.clear()
    QTest.keyClicks(editor, text)
    return editor


def words(transcript: Transcript) -> list[str]:
    return [word.text for word in transcript.words()]


@pytest.mark.parametrize("action_id", [ActionId.NOTE, ActionId.RENAME_SPEAKER])
def test_closing_keeps_what_is_being_typed_on_the_page(
    open_program: OpenProgram, run_async, action_id: ActionId
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened)
            opened.program.front.actions[action_id].trigger()
            type_into_editor(opened, "right")
            opened.window.close()
            await until(lambda: opened.program.is_leaving)
        async with open_program() as opened:
            stored = opened.storage.library.load(read_one).transcript
            assert {
                ActionId.NOTE: stored.paragraphs[0].note,
                ActionId.RENAME_SPEAKER: stored.speakers[0].name,
            }[action_id] == "right"

    run_async(flow())


@pytest.mark.parametrize("leave", [lambda one: one.window.close(), lambda _: None])
@pytest.mark.parametrize("is_tags", [True, False])
def test_leaving_keeps_what_is_being_typed_in_the_library(
    open_program: OpenProgram, run_async, leave: Callable[[Opened], object], is_tags: bool
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            put_into_library(opened, "First")
            view = await library(opened)
            if is_tags:
                QTest.keyClick(view.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
            else:
                QTest.keyClick(view.list, Qt.Key.Key_F2)
            type_into_editor(opened, "mine")
            leave(opened)
        async with open_program() as opened:
            (entry,) = opened.storage.library.entries(Filter())
            assert (entry.tags == ("mine",)) if is_tags else (entry.name == "mine")

    run_async(flow())


def test_another_transcript_does_not_take_what_is_being_typed_away(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened)
            other = put_into_library(opened, "Second")
            opened.program.front.actions[ActionId.CORRECT].trigger()
            QTest.keyClicks(opened.view.text, "right")
            opened.program.rooms.library.open(other)
            await until(
                lambda: (
                    (stored := opened.program.rooms.reading.stored) is not None
                    and stored.entry.transcript_id == other
                )
            )
            assert words(opened.storage.library.load(read_one).transcript) == ["right", "words"]
            assert words(opened.transcript) == ["wrong", "words"]

    run_async(flow())


def test_a_transcript_opened_by_keyboard_has_the_keyboard(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            put_into_library(opened, "First")
            opened.window.activateWindow()
            view = await library(opened)
            QTest.keyClick(view.list, Qt.Key.Key_Return)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            assert opened.view.text.hasFocus()
            await library(opened)
            view.left.emit()
            assert opened.view.text.hasFocus()

    run_async(flow())


@pytest.mark.parametrize("is_searching", [True, False])
def test_the_key_that_exports_takes_the_selected_rows_of_the_library(
    open_program: OpenProgram, run_async, is_searching: bool
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            both = {put_into_library(opened, name) for name in ("First", "Second")}
            opened.window.activateWindow()
            view = await library(opened)
            view.list.selectAll()
            asked: list[list[TranscriptId]] = []
            view.export_requested.connect(asked.append)
            QTest.keyClick(
                view.search if is_searching else view.list,
                Qt.Key.Key_E,
                Qt.KeyboardModifier.ControlModifier,
            )
            assert [set(ids) for ids in asked] == [both]
            assert opened.window.notice.isHidden()
            await until(
                lambda: any(one.isVisible() for one in opened.window.findChildren(ExportDialog))
            )
            opened.window.findChildren(ExportDialog)[0].close()

    run_async(flow())


def fails(*_args: object, **_keywords: object) -> None:
    raise StorageError(message("The disk is full."))


def test_with_a_full_disk_leaving_asks_once_and_nothing_is_lost_by_staying(
    open_program: OpenProgram, run_async, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened)
            other = put_into_library(opened, "Second")
            with monkeypatch.context() as patch:
                patch.setattr(opened.storage.library, "save", fails)
                opened.program.front.actions[ActionId.CORRECT].trigger()
                QTest.keyClicks(opened.view.text, "right")
                await until(lambda: opened.window.notice.text == "The disk is full.")
                opened.program.rooms.library.open(other)
                await until(lambda: words(opened.transcript) == ["wrong", "words"])
                opened.window.close()
                await until(
                    lambda: "The last changes are not saved." in opened.window.notice.text
                )
                assert not opened.program.is_leaving
                opened.program.rooms.library.open(read_one)
                await until(lambda: words(opened.transcript) == ["right", "words"])
            opened.window.close()
            await until(lambda: opened.program.is_leaving)
        async with open_program() as opened:
            assert words(opened.storage.library.load(read_one).transcript) == ["right", "words"]

    run_async(flow())


def test_one_types_in_the_page_and_it_is_kept(open_program: OpenProgram, run_async) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened)
            opened.window.activateWindow()
            text = opened.view.text
            assert text.hasFocus()
            QTest.keyClick(text, Qt.Key.Key_End)
            QTest.keyClicks(text, " and more")
            assert words(opened.transcript) == ["wrong", "words", "and", "more"]
            QTest.keyClick(text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert opened.transcript == TALK
            opened.program.front.actions[ActionId.REDO].trigger()
            assert words(opened.transcript)[2:] == ["and", "more"]
            await until(
                lambda: (
                    words(opened.storage.library.load(read_one).transcript)[2:]
                    == ["and", "more"]
                )
            )

    run_async(flow())


def test_a_hundred_thousand_words_are_pasted_in_pieces_as_one_step(
    open_program: OpenProgram, run_async
) -> None:
    pasted = "\n".join("and so on and on " * 20 for _ in range(1_000))

    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened)
            text, steps = opened.view.text, list[int]()
            opened.view.document.subscribe(
                lambda change: steps.append(
                    sum(len(one.words) for splice in change.splices for one in splice.inserted)
                )
            )
            QTest.keyClick(text, Qt.Key.Key_End)
            QGuiApplication.clipboard().setText(pasted)
            QTest.keyClick(text, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            assert text.isReadOnly()
            await until(lambda: not text.isReadOnly())
            assert len(words(opened.transcript)) == 2 + 100_000 - 1  # "wordsand"
            assert max(steps) < 5_000
            assert len(steps) > 20
            assert text.toPlainText() == "\n".join(
                one.text for one in opened.transcript.paragraphs
            )
            starts = [word.start_ms for word in opened.transcript.words()]
            assert starts == sorted(starts)
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == TALK
            assert text.toPlainText() == "wrong words"
            opened.program.front.actions[ActionId.REDO].trigger()
            QTest.keyClicks(text, "!")
            await until(
                lambda: len(words(opened.storage.library.load(read_one).transcript)) > 100_000
            )

    run_async(flow(), timeout_s=50)


def test_what_is_pasted_stays_whole_where_one_turns_to_another_and_pastes_there(
    open_program: OpenProgram, run_async
) -> None:
    pasted = "\n".join("and so on and on " * 20 for _ in range(600))

    async def flow() -> None:
        async with open_program() as opened:
            text, library = opened.view.text, opened.storage.library
            known: list[TranscriptId] = []
            for _ in range(2):
                known.append(await read(opened))
                QTest.keyClick(text, Qt.Key.Key_End)
                QGuiApplication.clipboard().setText(pasted)
                QTest.keyClick(text, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
                assert text.isReadOnly()
            await until(
                lambda: (
                    [len(words(library.load(one).transcript)) for one in known]
                    == [2 + 60_000 - 1] * 2
                ),
                40,
            )

    run_async(flow(), timeout_s=50)


def test_what_another_window_changed_meanwhile_is_kept_and_said(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            transcript_id = await read(opened)
            theirs = edits.correct_words(TALK, 0, 0, 1, "theirs")
            assert theirs is not None
            opened.storage.library.save(transcript_id, theirs.applied_to(TALK), now_ms=2)
            opened.view.put_caret(0)
            QTest.keyClicks(opened.view.text, "not ")
            await opened.program.rooms.reading.save()
            assert "changed in another window" in opened.window.notice.text
            opened.window.notice.dismiss()
            QTest.keyClicks(opened.view.text, "so ")
            await opened.program.rooms.reading.save()
            assert opened.window.notice.text == ""
            library = opened.storage.library
            kept = [
                library.version(transcript_id, one.taken_ms)
                for one in library.version_list(transcript_id)
            ]
            assert "theirs words" in [one.text for one in kept]

    run_async(flow())
