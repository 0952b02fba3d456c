"""How the work of one job tells how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from app.core.job import Job, JobState, Progress
from app.core.messages import Message

PROGRESS_INTERVAL_S = 0.1
"""Counted progress is shown at most this often."""


class JobProgress:
    """The steps of one job, from the work to the queue.

    Args:
        current: Gives the job as it stands; ``None`` once it left the list.
        commit: Keeps a step and shows it.
        show: Shows a step without keeping it.
        now_ms: The clock, milliseconds since 1970.
    """

    def __init__(
        self,
        current: Callable[[], Job | None],
        commit: Callable[[Job], Awaitable[None]],
        show: Callable[[Job], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._current = current
        self._commit = commit
        self._show = show
        self._now_ms = now_ms
        self._counted: Progress | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._skip: Callable[[], None] | None = None

    @property
    def job(self) -> Job:
        """The job as it stands now.

        Raises:
            asyncio.CancelledError: It left the list.
        """
        job = self._current()
        if job is None or job.state is JobState.CANCELLED:
            raise asyncio.CancelledError
        return job

    async def move(self, state: JobState, **changes: Any) -> None:
        """Take the next step; it is on disk when this returns.

        Args:
            state: The state that follows.
            changes: Further fields of the job to set.

        Raises:
            StorageError: It could not be kept.
        """
        self.close()
        await self._commit(replace(self.job.moved(state, now_ms=self._now_ms()), **changes))

    def enter(self, state: JobState, **changes: Any) -> None:
        """Show the next state without keeping it: a crash goes back to the one before."""
        self.close()
        self._show(replace(self.job.moved(state, now_ms=self._now_ms()), **changes))

    def finish(self, done: Job) -> None:
        """Show the job as the library has kept it."""
        self.close()
        self._show(done)

    def show(self, **changes: Any) -> None:
        """Show what need not outlive a crash: a note, how long it usually takes."""
        self._show(replace(self.job, **changes))

    def count(self, progress: Progress) -> None:
        """Show what has been counted, at a bounded rate, the last count always."""
        self._counted = progress
        if self._timer is None:
            self._show_count()

    def wait(
        self, until_ms: int | None, reason: Message | None, skip: Callable[[], None]
    ) -> None:
        """Show a wait before another try, which a person may skip; ``None`` ends it."""
        self._skip = skip if until_ms is not None else None
        self._show(replace(self.job, wait_until_ms=until_ms, note=reason))

    def skip_wait(self) -> None:
        """End a wait that is shown."""
        if self._skip is not None:
            self._skip()

    def close(self) -> None:
        """Stop what is timed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._counted = None
        self._skip = None

    def _show_count(self) -> None:
        self._timer = None
        job = self._current()
        if job is None or self._counted is None or not job.state.is_running:
            return
        self._show(replace(job, progress=self._counted))
        self._counted = None
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(PROGRESS_INTERVAL_S, self._show_count)
