"""A queue that was paused stays so over a restart, and the window says so."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.core.job import Job, JobId, JobState
from app.core.options import TranscriptionOptions
from tests.flow.conftest import OpenProgram
from tests.support.waiting import until


def test_a_paused_queue_is_paused_after_a_restart_and_resumes_where_it_says_so(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    recording = Path(shutil.copy(clips / "kennedy-1961.flac", tmp_path))

    async def flow() -> None:
        async with open_program() as opened:
            opened.queue.pause_toggled.emit(True)
            await until(lambda: opened.storage.settings.settings.is_queue_paused)
            waiting = Job(JobId("a"), str(recording), TranscriptionOptions(), created_ms=1)
            opened.storage.jobs.insert([waiting])
        async with open_program() as opened:
            queue, notice = opened.services.queue, opened.window.notice
            await until(lambda: notice.text == "The queue is still paused.")
            assert queue.is_paused
            assert not queue.is_working
            job = queue.job(JobId("a"))
            assert job is not None
            assert job.state is JobState.WAITING
            resume = next(
                one for one in notice.findChildren(QPushButton) if one.text() == "Resume"
            )
            QTest.mouseClick(resume, Qt.MouseButton.LeftButton)
            await until(lambda: queue.is_working)
            await until(lambda: notice.text == "")
            await until(lambda: not opened.storage.settings.settings.is_queue_paused)
            await queue.cancel([JobId("a")])

    run_async(flow())
