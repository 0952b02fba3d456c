"""Closing the window at awkward moments."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.core.job import JobState
from tests.flow.conftest import OpenProgram
from tests.support.waiting import until

_MANY = 1_000


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
            before = len(opened.jobs)
            opened.drop(folder)
            await until(lambda: len(opened.jobs) == before + _MANY, 60)
            await until(lambda: any(job.state.is_running for job in opened.jobs))
            added = len(opened.jobs)

    async def opened_again() -> None:
        async with open_program() as opened:
            assert len(opened.jobs) == added
            assert not [one for one in opened.jobs if one.state is JobState.CANCELLED]

    run_async(closed_at_once(), timeout_s=60)
    run_async(closed_at_work(), timeout_s=90)
    run_async(opened_again(), timeout_s=60)
