"""Closing the window at awkward moments."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from app.ui.library.view import LibraryView
from app.ui.queue.sheets import LeaveSheet
from app.ui.window import MainWindow
from tests.flow.conftest import OpenProgram
from tests.support.fake_waves import FakeWaves
from tests.support.waiting import until

_MANY = 1_000


def test_a_window_that_is_closed_while_its_rooms_are_being_made_ends_the_program(
    open_program: OpenProgram, run_async
) -> None:
    def half_made() -> list[MainWindow]:
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
        return [one for one in windows if one.findChildren(LibraryView)]

    def close_early() -> None:
        if half_made():
            look.stop()
            half_made()[0].close_requested.emit()

    look = QTimer()
    look.timeout.connect(close_early)

    async def flow() -> None:
        look.start(0)
        async with open_program() as opened:
            assert not look.isActive()
            assert opened.program.is_leaving

    run_async(flow())


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_closing_while_a_folder_is_being_added_and_worked_on_loses_no_job(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
):
    folder = tmp_path / "talks"
    folder.mkdir()
    talk = shutil.copy(clips / "lj001-0008.flac", tmp_path)
    for number in range(_MANY):
        os.link(talk, folder / f"{number:04d} \n “talk” 🎙.flac")
    added = 0

    async def closed_at_once() -> None:
        async with open_program() as opened:
            opened.drop(folder)

    async def closed_at_work() -> None:
        nonlocal added
        async with open_program() as opened:
            opened.drop(folder)  # once more: what was added before it was closed is there once
            await until(lambda: len(opened.jobs) == _MANY, 60)
            await until(lambda: any(job.state.is_running for job in opened.jobs))
            added = len(opened.jobs)

    async def opened_again() -> None:
        async with open_program() as opened:
            assert len(opened.jobs) == added
            assert not [one for one in opened.jobs if one.state is JobState.CANCELLED]

    run_async(closed_at_once(), timeout_s=60)
    run_async(closed_at_work(), timeout_s=90)
    run_async(opened_again(), timeout_s=60)


def test_a_restart_waits_for_what_the_service_has_in_hand_and_starts_nothing_more(
    open_program: OpenProgram,
    run_async,
    fake_waves: FakeWaves,
    clips: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    fake_waves.holds = lambda _upload: True

    async def flow() -> None:
        async with open_program() as opened:
            queue = opened.services.queue
            queue.limit = 1
            talks = [clips / "lj001-0008.flac", clips / "lj001-0002.flac"]
            await queue.add(talks, TranscriptionOptions(model=ModelId.PULSE))
            await until(lambda: len(fake_waves.transcriptions) == 1)
            opened.window.restart_requested.emit()
            await until(lambda: "will restart once" in opened.window.notice.text)
            assert not opened.program.is_leaving

            opened.window.close_requested.emit()  # somebody wants it closed instead,
            sheet = opened.window.findChildren(LeaveSheet)[0]
            sheet.answered.emit("stay")  # and then does not
            opened.window.restart_requested.emit()
            await until(lambda: "will restart once" in opened.window.notice.text)
            fake_waves.go_on()
            await until(lambda: opened.program.is_leaving)
            assert opened.program.is_restarting
            assert [one.state for one in opened.jobs] == [JobState.DONE, JobState.WAITING]

    run_async(flow(), timeout_s=60)
    assert len(fake_waves.transcriptions) == 1
