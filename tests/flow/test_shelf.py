"""Around the library in the real window: duplicates, the way in and back, leaving."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.core import edits
from app.core.errors import Action
from app.core.job import Job, JobState
from app.core.options import ModelId
from app.core.preferences import Leaving, first_options
from app.core.transcript import TranscriptId
from app.store.audio_links import link_to
from app.ui.actions import ActionId
from app.ui.library.view import LibraryView
from app.ui.queue.sheets import LeaveSheet
from app.ui.queue.wording import RowAction, buttons
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.builders import transcript
from tests.support.fake_waves import FakeWaves, Fault
from tests.support.seen import press
from tests.support.waiting import until


def recording(tmp_path: Path, name: str = "talk.wav") -> Path:
    path = tmp_path / name
    path.write_bytes(b"not really sound " * 100)
    return path


def put_into_library(opened: Opened, path: Path, name: str = "Talk") -> TranscriptId:
    made = replace(transcript((None, "we asked the people")), model=ModelId.ON_DEVICE.value)
    return opened.storage.library.add(
        made, name=name, options=first_options(), link=link_to(path), now_ms=1
    )


async def asked_about(opened: Opened, path: Path) -> Job:
    opened.drop(path)
    await opened.at_rest(1)
    (job,) = opened.jobs
    assert job.failure is not None
    assert job.failure.action is Action.OPEN_OR_REPEAT
    await until(lambda: opened.window.page is Page.JOB)
    offered = [button.text for button in buttons(job)]
    assert offered == ["Open", "Transcribe again"]
    return job


def test_what_the_library_has_is_opened_instead(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    path = shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "talk.flac")

    async def flow() -> None:
        async with open_program() as opened:
            storage = put_into_library(opened, path)
            job = await asked_about(opened, path)
            opened.queue.row_action_requested.emit(job.job_id, RowAction.OPEN_TRANSCRIPT)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            assert opened.jobs == ()
            stored = opened.program.rooms.reading.stored
            assert stored is not None
            assert stored.entry.transcript_id == storage

    run_async(flow())


def test_or_it_is_done_again(open_program: OpenProgram, run_async, tmp_path: Path) -> None:
    path = recording(tmp_path)

    async def flow() -> None:
        async with open_program() as opened:
            put_into_library(opened, path)
            job = await asked_about(opened, path)
            opened.queue.row_action_requested.emit(job.job_id, RowAction.DO_AGAIN)
            await until(lambda: opened.jobs[0].is_repeat and opened.jobs[0].state.is_over)
            failure = opened.jobs[0].failure
            assert failure is not None  # it is no sound at all, but it was tried
            assert failure.action is not Action.OPEN_OR_REPEAT

    run_async(flow())


def test_a_hit_of_the_library_is_selected_on_the_page_and_back_leads_back(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = recording(tmp_path)

    async def flow() -> None:
        async with open_program() as opened:
            put_into_library(opened, path)
            path.unlink()  # no sound: the words alone
            opened.program.front.actions[ActionId.LIBRARY].trigger()
            assert opened.window.page is Page.LIBRARY
            view = opened.window.findChildren(LibraryView)[0]
            view.search.setText("people")
            # The transcript, and below it the place in it with its time.
            await until(lambda: view.model.rowCount() == 2 and view.model.row_at(1).place)
            QTest.keyClick(view.list, Qt.Key.Key_Return)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            await until(lambda: opened.view.text.textCursor().selectedText() == "people")
            # what is kept of the transcript does not turn the page
            opened.program.front.actions[ActionId.LIBRARY].trigger()
            transcript = opened.program.rooms.reading.current
            assert transcript is not None
            transcript.apply(edits.correct_words(opened.transcript, 0, 0, 1, "Other"))
            await opened.program.rooms.reading.save()
            assert opened.window.page is Page.LIBRARY
            view.left.emit()
            assert opened.window.page is Page.TRANSCRIPT

    run_async(flow())


def under_way() -> set[str]:
    """Give the names of what the program has under way."""
    return {task.get_name() for task in asyncio.all_tasks()}


async def read_and_leave(opened: Opened, known: TranscriptId) -> None:
    """Read a transcript some way down, and close the program there."""
    opened.program.rooms.library.open(known)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    await until(lambda: opened.storage.settings.settings.last_transcript == known)
    reading = opened.program.rooms.reading.current
    assert reading is not None
    reading.move(replace(reading.place, position_ms=1_500, scroll=0.5))


@pytest.mark.parametrize("hindrance", ["", "not wanted", "in the bin"])
def test_the_next_start_opens_what_was_read_last_where_one_was(
    open_program: OpenProgram, run_async, tmp_path: Path, hindrance: str
) -> None:
    path = recording(tmp_path)

    async def flow() -> None:
        async with open_program() as opened:
            put_into_library(opened, path, "Another")
            known = put_into_library(opened, path)
            path.unlink()
            await read_and_leave(opened, known)
        async with open_program() as again:
            if not hindrance:
                await until(lambda: again.window.page is Page.TRANSCRIPT)
                assert again.transcript.text == "we asked the people"
                reading = again.program.rooms.reading.current
                assert reading is not None
                assert reading.transcript_id == known
                assert reading.place.position_ms == 1_500
                return
            if hindrance == "not wanted":
                again.storage.settings.change(reopens_last=False)
            else:
                again.storage.library.delete([known], now_ms=5)
        async with open_program() as once_more:
            await until(lambda: "open the last transcript" not in under_way())
            assert "open a transcript" not in under_way()
            assert once_more.window.page is Page.EMPTY

    run_async(flow())


def test_a_transcript_is_renamed_where_its_name_stands(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = recording(tmp_path)

    async def flow() -> None:
        async with open_program() as opened:
            known = put_into_library(opened, path)
            path.unlink()  # no sound: the words alone
            opened.program.rooms.library.open(known)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            head = opened.program.front.head
            await until(lambda: head.title.text() == "Talk")
            opened.program.front.actions[ActionId.RENAME].trigger()
            (field,) = (one for one in head.findChildren(QLineEdit) if one.isVisible())
            assert field.text() == "Talk"
            field.setText("The talk of Tuesday")
            QTest.keyClick(field, Qt.Key.Key_Return)
            await until(lambda: head.title.text() == "The talk of Tuesday")
            entry = opened.storage.library.entry(known)
            assert entry is not None
            assert entry.name == "The talk of Tuesday"

    run_async(flow())


@pytest.fixture
def slow_waves(fake_waves: FakeWaves, monkeypatch: pytest.MonkeyPatch) -> FakeWaves:
    """The service, which has a key and answers only when it is told to go on."""
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    fake_waves.script(Fault(stalls="answer"))
    return fake_waves


async def at_work(opened: Opened, path: Path) -> None:
    await until(lambda: opened.options.options.model is ModelId.PULSE)
    opened.drop(path)
    await until(lambda: opened.jobs and opened.jobs[0].state is JobState.TRANSCRIBING)


def sheets(opened: Opened) -> list[LeaveSheet]:
    return [one for one in opened.window.findChildren(LeaveSheet) if one.isVisible()]


def test_closing_at_work_asks_once_and_can_be_thought_over(
    open_program: OpenProgram, run_async, slow_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "talk.flac")

    async def flow() -> None:
        async with open_program() as opened:
            await at_work(opened, path)
            opened.window.close()
            opened.window.close()
            (sheet,) = sheets(opened)
            sheet.reject()
            assert not opened.program.is_leaving
            opened.window.close()
            (sheet,) = sheets(opened)
            press(sheet, "Finish, then close")
            assert not opened.program.is_leaving
            assert "will close when the queue is done" in opened.window.notice.text
            press(opened.window.notice, "Stay open")
            slow_waves.go_on()
            await opened.services.queue.join()
            await asyncio.sleep(0)
            assert not opened.program.is_leaving
            assert opened.window.isVisible()

    run_async(flow())


def test_finish_closes_once_the_queue_is_through(
    open_program: OpenProgram, run_async, slow_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "talk.flac")

    async def flow() -> None:
        async with open_program() as opened:
            opened.storage.settings.change(leaving=Leaving.FINISH)
            await at_work(opened, path)
            opened.window.close()
            assert sheets(opened) == []
            assert not opened.program.is_leaving
            slow_waves.go_on()
            await until(lambda: opened.program.is_leaving)

    run_async(flow())


def test_continue_next_time_keeps_the_job_with_its_options(
    open_program: OpenProgram, run_async, slow_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "talk.flac")

    async def flow() -> None:
        async with open_program() as opened:
            opened.storage.settings.change(leaving=Leaving.CONTINUE_NEXT_TIME)
            await at_work(opened, path)
            options = opened.jobs[0].options
            opened.window.close()
            assert opened.program.is_leaving
        async with open_program() as again:
            (job,) = again.jobs
            assert job.options == options
            assert job.path == path

    run_async(flow())
