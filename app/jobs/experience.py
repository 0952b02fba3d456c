"""How long things take here, learned from the jobs that were done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.job import Job, JobState
from app.core.options import ModelId

_WEIGHT = 0.3
"""How much the latest job counts against all before it."""


@dataclass(frozen=True, slots=True)
class Experience:
    """For each model, how many milliseconds of work a second of recording takes.

    Attributes:
        ms_per_second: By ``ModelId`` value; a model without an entry is not known yet.
    """

    ms_per_second: Mapping[str, float]

    def learned(self, model: ModelId, *, duration_ms: int, took_ms: int) -> Experience:
        """Give the experience that a finished job adds to."""
        if duration_ms < 1000 or took_ms <= 0:
            return self
        now = took_ms * 1000 / duration_ms
        before = self.ms_per_second.get(model.value, now)
        mixed = before + _WEIGHT * (now - before)
        return Experience({**self.ms_per_second, model.value: mixed})

    def expected_ms(self, model: ModelId, duration_ms: int | None) -> int | None:
        """Say how long recognising usually takes; ``None`` if nothing is known."""
        rate = self.ms_per_second.get(model.value)
        if rate is None or duration_ms is None:
            return None
        return round(rate * duration_ms / 1000)

    def time_left_ms(self, jobs: Iterable[Job], *, now_ms: int, limit: int) -> int | None:
        """Estimate how long the queue still takes; ``None`` if it cannot be told.

        Jobs whose length is not known yet count as long as the others on average.
        """
        if not self.ms_per_second:
            return None
        left: list[int] = []
        unknown = 0
        for job in jobs:
            if job.state is not JobState.WAITING and not job.state.is_running:
                continue
            expected = self.expected_ms(job.options.model, job.duration_ms)
            if expected is None:
                unknown += 1
            elif job.state is JobState.TRANSCRIBING:
                left.append(max(0, expected - (now_ms - job.since_ms)))
            else:
                left.append(expected)
        if not left:
            return None
        total = sum(left) + unknown * (sum(left) // len(left))
        return max(*left, total // max(1, limit))
