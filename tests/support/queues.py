"""A queue as its tests look at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.core.job import Failure, Job, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.jobs.queue import JobQueue

HERE = TranscriptionOptions()
PULSE = TranscriptionOptions(model=ModelId.PULSE)


@asynccontextmanager
async def opened(queue: JobQueue) -> AsyncIterator[JobQueue]:
    """Open a queue, and put it away in order."""
    await queue.open()
    try:
        yield queue
    finally:
        await queue.aclose()


async def until(queue: JobQueue, is_so: Callable[[], bool]) -> None:
    """Wait for a state that an event announces."""
    happened = asyncio.Event()
    unsubscribe = queue.subscribe(lambda _: happened.set() if is_so() else None)
    try:
        if not is_so():
            async with asyncio.timeout(10):
                await happened.wait()
    finally:
        unsubscribe()


def states(jobs: Sequence[Job]) -> list[str]:
    """Say of each job what it is called and where it stands."""
    return [f"{Path(job.source).name} {job.state}" for job in jobs]


def state_of(queue: JobQueue, job: Job) -> JobState:
    """Give where a job stands now."""
    now = queue.job(job.job_id)
    assert now is not None
    return now.state


def failure_of(queue: JobQueue) -> Failure:
    """Give why the first job needs attention."""
    failure = queue.jobs[0].failure
    assert failure is not None
    return failure
