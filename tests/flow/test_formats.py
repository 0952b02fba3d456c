"""Whatever people have: dropped on the window, heard, and written out as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.job import JobState
from app.core.options import TranscriptionOptions
from app.export.formats import FORMATS as WRITERS
from app.jobs.documents import document_of
from tests.flow.conftest import OpenProgram
from tests.support.recordings import FORMATS, Make, make

__all__ = ["make"]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_all_fifteen_formats_come_in_at_the_window_and_go_out_as_text(
    open_program: OpenProgram, run_async, make: Make, clips: Path
) -> None:
    clip = clips / "lj001-0002.flac"
    talks = [
        make(f"talk-{suffix}.{suffix}", *arguments, source=clip)
        for suffix, arguments in FORMATS.items()
    ]
    assert len(talks) == 15

    async def flow() -> None:
        async with open_program() as opened:
            opened.options.show_options(TranscriptionOptions())
            opened.drop(*talks)
            await opened.at_rest(len(talks))
            states = {job.title: job.state for job in opened.jobs}
            assert set(states.values()) == {JobState.DONE}, states
            for job in opened.jobs:
                assert job.transcript_id is not None
                stored = opened.storage.library.load(job.transcript_id)
                text = WRITERS["txt"].write(document_of(stored)).decode("utf-8")
                assert "comparatively modern" in text, job.title

    run_async(flow(), timeout_s=220)
