"""The page of a recording that is still recognised: read, heard, and whole in its place."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.job import Job, JobState, Progress, ProgressUnit
from app.core.options import ModelId, TranscriptionOptions
from app.core.paragraphs import group_spoken
from app.core.transcript import Transcript, Word
from app.jobs.job_progress import JobProgress
from app.store.audio_links import link_to
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.builders import words
from tests.support.fake_waves import FakeWaves, Heard, Upload
from tests.support.sounds import ffmpeg
from tests.support.waiting import until

LENGTH_MS = 11_000
SENTENCE = "So my fellow Americans ask what together we can do for the freedom of man. "
FIRST = words(SENTENCE * 40, each_ms=8)
SECOND = words(SENTENCE * 4, start_ms=FIRST[-1].end_ms, each_ms=8)
MORE = "You can edit the text once it is complete."


@dataclass
class Recognised:
    """Recognises a recording at the test's pace."""

    opened: Opened
    path: Path
    steps: list[asyncio.Event] = field(
        default_factory=lambda: [asyncio.Event(), asyncio.Event()]
    )

    async def run(self, progress: JobProgress) -> None:
        await progress.move(JobState.PREPARING)
        await progress.move(JobState.TRANSCRIBING)
        pipeline, library = self.opened.services.pipeline, self.opened.storage.library
        one = pipeline.growing.begin(progress.job.job_id, duration_ms=LENGTH_MS, language="en")
        one.append(FIRST)
        progress.count(Progress(4_400, LENGTH_MS, ProgressUnit.MILLISECONDS, 90_000))
        await self.steps[0].wait()
        one.append(SECOND)
        progress.count(Progress(8_800, LENGTH_MS, ProgressUnit.MILLISECONDS, 45_000))
        await self.steps[1].wait()
        await progress.move(JobState.SAVING)
        # The very last word reads otherwise: that is what a word list does.
        last = replace(SECOND[-1], text="mankind.")
        spoken: Sequence[Word] = [*FIRST, *SECOND[:-1], last]
        count = len(spoken)
        whole = Transcript(
            group_spoken(spoken, [None] * count, [""] * count),
            language="en",
            duration_ms=LENGTH_MS,
            model="on-device:base",
        )
        link = await asyncio.to_thread(link_to, self.path)
        done = await asyncio.to_thread(
            library.finish_job, progress.job, whole, link=link, now_ms=1
        )
        progress.finish(done)


async def begun(opened: Opened, path: Path) -> tuple[Job, Recognised, asyncio.Task[None]]:
    opened.services.queue.pause()
    (job,) = await opened.services.queue.add([path], TranscriptionOptions(language="en"))
    opened.queue.select(job.job_id)
    assert opened.window.page is Page.JOB
    work = Recognised(opened, path)
    running = asyncio.ensure_future(opened.services.queue.resume_with(job.job_id, work.run))
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    return job, work, running


def test_words_show_as_they_come_and_stay_where_they_are_when_all_is_there(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            _, work, running = await begun(opened, clips / "kennedy-1961.flac")
            reading, view, text = opened.program.rooms.reading, opened.view, opened.view.text
            head = opened.program.front.head
            assert head.title.text() == "kennedy-1961.flac"
            assert head.meta.text() == f"40 % done, about 2 min left. {MORE}"
            assert text.toPlainText().count("Americans") == 40
            assert reading.current is None

            # Nothing can be changed, and that is said.
            text.setFocus()
            before, first = text.toPlainText(), opened.transcript
            QTest.keyClick(text, Qt.Key.Key_X)
            assert opened.window.notice.text == MORE
            view.toggle_approved()
            view.note()
            view.bookmark()
            view.approve_requested.emit(0, True)
            view.assign_requested.emit(0, "speaker_0")
            view.rename_requested.emit("speaker_0", "Ann")
            assert text.toPlainText() == before
            assert opened.transcript is first

            # But read and heard.
            await until(lambda: opened.session.player.path is not None)
            view.select_word(300)
            bar = text.verticalScrollBar()
            place = bar.value(), text.textCursor().position(), text.textCursor().selectedText()
            assert bar.value() > 0
            opened.session.seek(2_000)
            path, document = opened.session.player.path, view.document

            work.steps[0].set()
            await until(lambda: text.toPlainText().count("Americans") == 44)
            await until(lambda: head.meta.text().startswith("80 % done, about 45 s left."))
            work.steps[1].set()
            await running
            await until(lambda: reading.current is not None)

            assert text.toPlainText().endswith("freedom of mankind.")
            assert view.document is document
            now = bar.value(), text.textCursor().position(), text.textCursor().selectedText()
            assert now == place
            assert opened.session.player.path == path
            assert opened.session.player.position_ms == pytest.approx(2_000, abs=50)
            stored = reading.stored
            assert stored is not None
            kept = opened.storage.library.load(stored.entry.transcript_id)
            assert kept.transcript == opened.transcript
            assert stored.place.position_ms == pytest.approx(2_000, abs=50)
            assert head.meta.text().startswith("0:11")
            QTest.keyClick(text, Qt.Key.Key_X)
            assert text.toPlainText() != before
            assert await reading.save()

    run_async(flow())


def test_a_job_that_comes_to_nothing_gives_its_own_page_back(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            queue = opened.services.queue
            job, work, running = await begun(opened, clips / "kennedy-1961.flac")
            await until(lambda: opened.session.player.path is not None)
            opened.session.player.play()

            await queue.cancel([job.job_id])
            await running

            assert opened.window.page is Page.JOB
            assert not opened.session.player.is_playing
            await queue.retry([job.job_id])
            running = asyncio.ensure_future(queue.resume_with(job.job_id, work.run))
            await until(lambda: opened.window.page is Page.TRANSCRIPT)

            await queue.remove([job.job_id])
            await running
            await until(lambda: opened.window.page is Page.EMPTY)

    run_async(flow())


def test_return_on_a_row_that_is_at_work_opens_what_there_is_of_it(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            _, work, running = await begun(opened, clips / "kennedy-1961.flac")
            opened.queue.library_button.click()
            await until(lambda: opened.window.page is Page.LIBRARY)
            opened.queue.list.setFocus()
            assert opened.window.page is Page.LIBRARY
            QTest.keyClick(opened.queue.list, Qt.Key.Key_Return)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            head = opened.program.front.head.meta.text()
            assert head == f"40 % done, about 2 min left. {MORE}"
            for step in work.steps:
                step.set()
            await running
            await until(lambda: opened.program.rooms.reading.current is not None)

    run_async(flow())


def test_whoever_reads_something_else_meanwhile_is_left_in_peace(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            job, work, running = await begun(opened, clips / "kennedy-1961.flac")
            opened.queue.library_button.click()
            await until(lambda: opened.window.page is Page.LIBRARY)
            work.steps[0].set()
            work.steps[1].set()
            await running
            assert opened.window.page is Page.LIBRARY

            opened.queue.select(job.job_id)
            await until(lambda: opened.program.rooms.reading.current is not None)
            assert opened.window.page is Page.TRANSCRIPT
            assert opened.transcript.text.endswith("freedom of mankind.")
            assert not opened.view.text.isReadOnly()

    run_async(flow())


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_parts_that_the_service_gives_back_are_read_while_others_are_awaited(
    open_program: OpenProgram,
    run_async,
    fake_waves: FakeWaves,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = tmp_path / "long.flac"
    noise = "anoisesrc=d=200:r=16000:a=0.1"
    ffmpeg("-f", "lavfi", "-i", noise, "-af", "apad=pad_dur=100", long)
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)

    def is_last(upload: Upload) -> bool:
        return upload.size < 1_000_000  # it is silent

    def answer(upload: Upload) -> list[Heard]:
        said = "last" if is_last(upload) else "word"
        return [
            Heard(f"{said}{second}", second + 0.1, second + 0.6)
            for second in range(int(upload.duration_s))
        ]

    fake_waves.answer, fake_waves.holds = answer, is_last

    async def flow() -> None:
        async with open_program() as opened:
            # There is a key, so the program begins with Pulse by itself, in its own time.
            await until(lambda: opened.options.options.model is ModelId.PULSE)
            opened.storage.settings.change(split_ms=120_000)
            opened.drop(long)
            head, text = opened.program.front.head, opened.view.text
            begun = re.compile(rf"^7\d % done\. {re.escape(MORE)}$")
            await until(lambda: begun.match(head.meta.text()) is not None, 60)
            assert opened.window.page is Page.TRANSCRIPT
            before = text.toPlainText()
            assert before.count("word") > 190
            assert "last" not in before
            await until(lambda: opened.session.player.path is not None)
            opened.session.seek(200_000)
            document = opened.view.document

            fake_waves.go_on()
            await until(lambda: opened.program.rooms.reading.current is not None, 30)
            assert opened.view.document is document
            assert text.toPlainText().startswith(before[:1_000])
            assert "last40" in text.toPlainText()
            assert opened.session.player.position_ms == pytest.approx(200_000, abs=50)

    run_async(flow(), timeout_s=100)
