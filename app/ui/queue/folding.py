"""Which rows of the queue fold away: those that are done, once there are many of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.core.job import Job, JobId, JobState

_MANY = 6
_LATEST = 3
"""So many stay in sight, those that were done last: somebody may be waiting for one."""


def foldable(jobs: Sequence[Job]) -> list[Job]:
    """Give the done rows that may fold away; none where there are but a few.

    A row that lacks its speakers stays: there is something to do about it.
    """
    done = [job for job in jobs if job.state is JobState.DONE and not job.awaits_voices]
    if len(done) < _MANY:
        return []
    return sorted(done, key=lambda job: (job.since_ms, job.position))[:-_LATEST]


def hidden(done: Sequence[Job], kept: Collection[JobId]) -> set[JobId]:
    """Give the rows that are out of sight while done ones are folded away.

    Args:
        done: What ``foldable`` gives.
        kept: What is selected, or shown in the middle, and stays in sight.
    """
    return {job.job_id for job in done}.difference(kept)
