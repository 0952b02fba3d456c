from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.core.job import Job, JobId, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.jobs.job_progress import JobProgress


class Shown:
    """A job that is shown and kept, and an event for what is shown next."""

    def __init__(self) -> None:
        self.job: Job | None = Job(JobId("j"), "talk.wav", TranscriptionOptions(), created_ms=1)
        self.shown: list[Job] = []
        self.storage: list[JobState] = []
        self._happened = asyncio.Event()
        self.progress = JobProgress(lambda: self.job, self._commit, self._show, lambda: 5_000)

    def counted(self) -> list[int]:
        return [one.progress.done for one in self.shown if one.progress is not None]

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                self._happened.clear()
                await self._happened.wait()

    async def _commit(self, job: Job) -> None:
        self.storage.append(job.state)
        self._show(job)

    def _show(self, job: Job) -> None:
        self.job = job
        self.shown.append(job)
        self._happened.set()


def so_far(done: int) -> Progress:
    return Progress(done, 100, ProgressUnit.BYTES)


async def test_a_step_is_kept_and_one_entered_is_only_shown() -> None:
    it = Shown()

    await it.progress.move(JobState.PREPARING, duration_ms=9)
    it.progress.enter(JobState.TRANSCRIBING)
    it.progress.show(note=message("Nearly."))

    assert it.storage == [JobState.PREPARING]
    assert [one.state for one in it.shown] == [
        JobState.PREPARING,
        JobState.TRANSCRIBING,
        JobState.TRANSCRIBING,
    ]
    assert it.shown[0].duration_ms == 9


async def test_counting_is_shown_at_a_bounded_rate_and_ends_with_the_last_count() -> None:
    it = Shown()
    await it.progress.move(JobState.PREPARING)

    for done in range(100):
        it.progress.count(so_far(done))
    assert it.counted() == [0]
    await it.until(lambda: it.counted() == [0, 99])

    it.progress.close()


async def test_a_count_of_the_step_before_is_not_shown_in_the_next() -> None:
    it = Shown()
    await it.progress.move(JobState.PREPARING)
    it.progress.count(so_far(1))
    it.progress.count(so_far(2))

    await it.progress.move(JobState.TRANSCRIBING)
    it.progress.count(so_far(7))
    it.progress.count(so_far(8))
    await it.until(lambda: 8 in it.counted())

    assert it.counted() == [1, 7, 8]
    it.progress.close()


async def test_a_wait_may_be_skipped_until_it_is_over() -> None:
    it = Shown()
    await it.progress.move(JobState.PREPARING)
    skipped: list[str] = []

    it.progress.wait(9_000, message("Waiting."), lambda: skipped.append("first"))
    assert it.shown[-1].wait_until_ms == 9_000
    it.progress.skip_wait()
    it.progress.wait(None, None, lambda: skipped.append("never"))
    it.progress.skip_wait()

    assert skipped == ["first"]
    assert it.shown[-1].wait_until_ms is None


@pytest.mark.parametrize("how", ["removed", "cancelled"])
async def test_the_work_of_a_job_nobody_wants_any_more_ends_at_its_next_step(how: str) -> None:
    it = Shown()
    await it.progress.move(JobState.PREPARING)
    assert it.job is not None
    it.job = None if how == "removed" else it.job.moved(JobState.CANCELLED, now_ms=1)
    before = len(it.shown)

    with pytest.raises(asyncio.CancelledError):
        await it.progress.move(JobState.TRANSCRIBING)
    it.progress.count(so_far(3))

    assert it.storage == [JobState.PREPARING]
    assert len(it.shown) == before
