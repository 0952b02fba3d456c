"""How far the upload of a job's parts is, and what it waits for, as one row shows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from app.core.job import JobState, Progress, ProgressUnit
from app.jobs.job_progress import JobProgress

if TYPE_CHECKING:
    from app.waves.retry_policy import Wait


class UploadProgress:
    """Counts the bytes of all parts of one job; once all are sent, what came back of them.

    Args:
        progress: The job's row.
        sizes: Bytes of each part.
        lengths_ms: How much sound each part has.
        done: Places of the parts that are not sent, since their replies are kept.
        expected_ms: How long the service usually takes, if past jobs tell.
    """

    def __init__(
        self,
        progress: JobProgress,
        sizes: Sequence[int],
        lengths_ms: Sequence[int],
        done: Collection[int],
        expected_ms: int | None,
    ) -> None:
        self._progress = progress
        self._lengths_ms = lengths_ms
        self._back = set(done)
        self._expected_ms = expected_ms
        self._total = [0 if place in done else size for place, size in enumerate(sizes)]
        self._sent = [0] * len(sizes)
        self._waits: dict[int, Wait] = {}

    def count(self, place: int, sent: int) -> None:
        """Note how much of a part is sent; from 0 again with another try."""
        self._sent[place] = sent
        if sum(self._sent) >= sum(self._total):
            if self._progress.job.state is not JobState.TRANSCRIBING:
                self._progress.enter(JobState.TRANSCRIBING, expected_ms=self._expected_ms)
                self._count_back()
            return
        if self._progress.job.state is not JobState.UPLOADING:
            self._progress.enter(JobState.UPLOADING)
        self._progress.count(Progress(sum(self._sent), sum(self._total), ProgressUnit.BYTES))

    def take_back(self, place: int) -> None:
        """Note that a part came back with its words."""
        self._back.add(place)
        if self._progress.job.state is JobState.TRANSCRIBING:
            self._count_back()

    def _count_back(self) -> None:
        """Count the sound whose words are here, while some are and some are not."""
        if 0 < len(self._back) < len(self._lengths_ms):
            done_ms = sum(self._lengths_ms[place] for place in self._back)
            total_ms = sum(self._lengths_ms)
            self._progress.count(Progress(done_ms, total_ms, ProgressUnit.MILLISECONDS))

    def wait(self, place: int, wait: Wait | None) -> None:
        """Show the longest of the waits of all parts; skipping ends them all."""
        if wait is None:
            self._waits.pop(place, None)
        else:
            self._waits[place] = wait
        if not self._waits:
            self._progress.wait(None, None, _nothing)
            return
        longest = max(self._waits.values(), key=lambda one: one.until_ms)
        self._progress.wait(longest.until_ms, longest.reason, self._skip)

    def _skip(self) -> None:
        for wait in tuple(self._waits.values()):
            wait.skip()


def show_wait(progress: JobProgress, wait: Wait | None) -> None:
    """Show a wait before another try, which a person may skip; ``None`` ends it."""
    if wait is None:
        progress.wait(None, None, _nothing)
    else:
        progress.wait(wait.until_ms, wait.reason, wait.skip)


def _nothing() -> None:
    pass
