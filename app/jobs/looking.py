"""Look at recordings as soon as they wait, so that bad ones say so before their turn.

Only at what a file says of itself, a few at a time, each for a limited time: ten thousand
files, or a disk that does not answer, hold nothing up. How long the good ones are is noted
on the way, so that the queue can say how long it will take.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from app.audio.probe import glance
from app.core.errors import Action, AppError, StorageError
from app.core.job import Failure, Job, JobId, JobState
from app.jobs.events import JobChanged, JobsInserted, QueueEvent
from app.jobs.queue import JobQueue
from app.system.clocks import now_ms

_log = logging.getLogger(__name__)

_AT_ONCE = 2
_PATIENCE_S = 20.0
"""A look that takes longer is left: its turn will tell."""
_NEW_MS = 60_000
"""Of a recording added longer ago the disk may be away for now; its turn will tell."""
_YOUNG_MS = 10_000
"""A file that was written so lately may be being copied or downloaded ..."""
_PAUSE_S = 2.0
"""... and is if it is another one so much later."""


class Looking:
    """Looks at what waits in a queue."""

    def __init__(
        self,
        *,
        look: Callable[[Path], Awaitable[int | None]] = glance,
        at_once: int = _AT_ONCE,
        patience_s: float = _PATIENCE_S,
        now_ms: Callable[[], int] = now_ms,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Look at nothing yet.

        Args:
            look: Looks at a file; gives its length in milliseconds if it tells that.
            at_once: How many are looked at at a time.
            patience_s: For how long one may be looked at.
            now_ms: The clock, milliseconds since 1970.
            pause: Waits for so many seconds.
        """
        self._look = look
        self._at_once = at_once
        self._patience_s = patience_s
        self._now_ms = now_ms
        self._pause = pause
        self._queue: JobQueue | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._waiting: deque[JobId] = deque()
        self._seen: set[JobId] = set()
        self._given_up = 0
        self._lookers: set[asyncio.Task[None]] = set()

    def follow(self, queue: JobQueue) -> None:
        """Look at what waits in a queue, from now on."""
        self._queue = queue
        self._unsubscribe = queue.subscribe(self._on_event)
        self._want(queue.jobs)

    async def aclose(self) -> None:
        """Look at nothing any more."""
        self._unsubscribe()
        self._waiting.clear()
        lookers = tuple(self._lookers)
        for task in lookers:
            task.cancel()
        await asyncio.gather(*lookers, return_exceptions=True)

    async def join(self) -> None:
        """Wait until all that waits was looked at."""
        while self._lookers:
            await asyncio.wait(tuple(self._lookers))

    # -- inside ---------------------------------------------------------------

    def _on_event(self, event: QueueEvent) -> None:
        match event:
            case JobsInserted(_, jobs):
                self._want(jobs)
            case JobChanged(_, job) if job.state is not JobState.WAITING:
                self._seen.discard(job.job_id)  # tried again, it is looked at again
            case JobChanged(_, job):
                self._want((job,))
            case _:
                pass

    def _want(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            is_known = job.job_id in self._seen or job.duration_ms is not None
            may_look = self._given_up < self._at_once and not job.is_url
            if job.state is JobState.WAITING and may_look and not is_known:
                self._seen.add(job.job_id)
                self._waiting.append(job.job_id)
        while self._waiting and len(self._lookers) < self._at_once:
            task = asyncio.ensure_future(self._look_at_all())
            self._lookers.add(task)
            task.add_done_callback(self._lookers.discard)
            if len(self._lookers) >= len(self._waiting):
                break

    async def _look_at_all(self) -> None:
        while self._waiting and self._queue is not None:
            job = self._queue.job(self._waiting.popleft())
            if job is None or job.state is not JobState.WAITING:
                continue
            try:
                if not await self._look_at(self._queue, job):
                    break
            except StorageError:
                _log.warning("what a look found could not be kept", exc_info=True)

    async def _look_at(self, queue: JobQueue, job: Job) -> bool:
        """Look at a recording and note what that tells; says whether there was an answer."""
        try:
            async with asyncio.timeout(self._patience_s):
                length_ms = await self._look(job.path)
        except TimeoutError:
            self._given_up += 1
            if self._given_up >= self._at_once:  # each look takes a thread, and keeps it
                self._waiting.clear()
            return False
        except AppError as error:
            if self._will_stay(error, job) and not await self._is_growing(job.path):
                await queue.refuse(job.job_id, Failure.of(error))
        else:
            if length_ms is not None:
                await queue.note_duration(job.job_id, length_ms)
        return True

    async def _is_growing(self, path: Path) -> bool:
        """Tell whether somebody writes to a file: by its turn it may be whole."""
        before = await asyncio.to_thread(_stamp, path)
        if before is None or self._now_ms() - before[1] // 1_000_000 > _YOUNG_MS:
            return False
        await self._pause(_PAUSE_S)
        return await asyncio.to_thread(_stamp, path) != before

    def _will_stay(self, error: AppError, job: Job) -> bool:
        """Tell whether it will be no other when its turn comes, as far as one can know."""
        if error.action is Action.FIND_FILE:
            return self._now_ms() - job.created_ms < _NEW_MS
        return error.action is Action.CHOOSE_FILE


def _stamp(path: Path) -> tuple[int, int] | None:
    """Give how large a file is and when it was written, in nanoseconds; blocks."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
