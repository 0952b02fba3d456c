"""Recognition on this computer that is interrupted goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap.services import Storage
from app.core.job import JobState
from app.core.options import TranscriptionOptions
from app.ondevice.chunks import Chunk
from app.store.paths import AppPaths
from tests.support.bench import opened
from tests.support.wer import word_error_rate


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_what_was_recognised_before_is_not_recognised_again(
    run_async, clips: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"

    async def flow() -> None:
        async with opened(home) as bench:
            (job,) = await bench.queue.add(
                [clips / "five-minutes.flac"], TranscriptionOptions(package="tiny.en")
            )
            store = bench.storage.jobs
            await bench.until(lambda: bool(store.steps.chunks(job.job_id, 0)), within_s=90)
        # Closed in the midst of it, and a mark left in what is kept.
        storage = Storage.open(AppPaths.below(home))
        chunk = Chunk.from_bytes(storage.jobs.steps.chunks(job.job_id, 0)[0])
        assert chunk is not None
        first, *others = chunk.words
        marked = replace(chunk, words=(("Wordlight", *first[1:]), *others))
        storage.jobs.steps.save_chunk(job.job_id, 0, 0, marked.to_bytes())
        storage.close()
        async with opened(home) as bench:
            done = await bench.done(job)
            assert done.state is JobState.DONE, bench.sentence(job)
            words = list(bench.transcript(job).words())
            assert words[0].text == "Wordlight"
            assert len(words) > len(chunk.words)
            said = (clips / "five-minutes.txt").read_text("utf-8")
            assert word_error_rate(said, bench.transcript(job).text) <= 0.12
            assert bench.storage.jobs.steps.chunks(job.job_id, 0) == []

    run_async(flow(), timeout_s=170)
