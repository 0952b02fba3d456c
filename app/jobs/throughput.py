"""How long things take here, learned from the jobs that were done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.job import Job, JobState
from app.core.options import ModelId
from app.store.settings import SettingsStore

_WEIGHT = 0.3
"""How much the latest job counts against all before it."""
_TELLING_SHARE = 0.1
"""From this share on, how fast a job has been says more than others before it."""
_LONGER = 10
"""A job that takes longer than usual is said to need this part of it still."""


@dataclass(frozen=True, slots=True)
class ThroughputHistory:
    """For each model, how many milliseconds of work a second of recording takes.

    Attributes:
        ms_per_second: By ``ModelId`` value; a model without an entry is not known yet.
    """

    ms_per_second: Mapping[str, float]

    def learned(self, model: ModelId, *, duration_ms: int, took_ms: int) -> ThroughputHistory:
        """Give the history that a finished job adds to."""
        if duration_ms < 1000 or took_ms <= 0:
            return self
        now = took_ms * 1000 / duration_ms
        before = self.ms_per_second.get(model.value, now)
        mixed = before + _WEIGHT * (now - before)
        return ThroughputHistory({**self.ms_per_second, model.value: mixed})

    def expected_ms(self, model: ModelId, duration_ms: int | None) -> int | None:
        """Say how long recognising usually takes; ``None`` if nothing is known."""
        rate = self.ms_per_second.get(model.value)
        if rate is None or duration_ms is None:
            return None
        return round(rate * duration_ms / 1000)

    def time_left_ms(self, jobs: Iterable[Job], *, now_ms: int, limit: int) -> int | None:
        """Estimate how long the queue still takes; ``None`` if it cannot be told.

        Jobs whose length is not known yet count as long as all others took on average,
        those that are done among them. One that takes longer than it should is never
        said to be over.
        """
        if not self.ms_per_second:
            return None
        left: list[int] = []
        whole: list[int] = []
        unknown = 0
        for job in jobs:
            expected = self.expected_ms(job.options.model, job.duration_ms)
            if expected is not None:
                whole.append(expected)
            if job.state is not JobState.WAITING and not job.state.is_running:
                continue
            if expected is None:
                unknown += 1
            elif job.state is JobState.TRANSCRIBING:
                left.append(_left_ms(job, expected, now_ms))
            else:
                left.append(expected)
        if not whole:
            return None
        total = sum(left) + unknown * (sum(whole) // len(whole))
        return max(0, *left, total // max(1, limit))


def _left_ms(job: Job, expected_ms: int, now_ms: int) -> int:
    """Say how long a job at work still takes: by what is done, else by what is usual."""
    if job.progress is not None and job.progress.left_ms is not None:
        return job.progress.left_ms
    so_far = max(0, now_ms - job.since_ms)
    done = 0.0 if job.progress is None else job.progress.fraction
    if done >= _TELLING_SHARE:
        return round(so_far * (1 - done) / done)
    return max(expected_ms // _LONGER, expected_ms - so_far)


class Throughput:
    """The history as it is kept among the settings."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    @property
    def history(self) -> ThroughputHistory:
        """What is known now."""
        return ThroughputHistory(dict(self._settings.settings.experience))

    def expected_ms(self, model: ModelId, duration_ms: int | None) -> int | None:
        """Say how long recognising usually takes; ``None`` if nothing is known."""
        return self.history.expected_ms(model, duration_ms)

    async def learn(self, model: ModelId, *, duration_ms: int, took_ms: int) -> None:
        """Add a finished job to the history, and keep it.

        Raises:
            StorageError: It could not be kept.
        """
        after = self.history.learned(model, duration_ms=duration_ms, took_ms=took_ms)
        await asyncio.to_thread(
            self._settings.change, experience=tuple(after.ms_per_second.items())
        )
