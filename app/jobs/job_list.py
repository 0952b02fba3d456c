"""The list of jobs, in memory and on disk.

The list in memory answers at once and tells its listeners; every step is also a
committed transition in the store, in the order the steps were taken.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

from app.core.errors import StorageError
from app.core.job import Failure, Job, JobId
from app.jobs.events import (
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueueEvent,
)
from app.store.job_store import JobStore

Listener = Callable[[QueueEvent], None]
_Result = TypeVar("_Result")


class JobList:
    """Jobs in their order; listeners can rebuild it from what they are told.

    A job that could not be kept when it was new stays in the list with its reason, and
    is kept with its next change.
    """

    def __init__(self, store: JobStore, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._now_ms = now_ms
        self._jobs: list[Job] = []
        self._place: dict[JobId, int] = {}
        self._listeners: list[Listener] = []
        self._unsaved: set[JobId] = set()
        self._writing = asyncio.Lock()
        self._background: set[asyncio.Task[Any]] = set()

    # -- looking -------------------------------------------------------------

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs in their order."""
        return tuple(self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._place

    def job(self, job_id: JobId) -> Job | None:
        """Give a job by its id."""
        place = self._place.get(job_id)
        return None if place is None else self._jobs[place]

    def is_saved(self, job_id: JobId) -> bool:
        """Tell whether a job of the list is on disk."""
        return job_id not in self._unsaved

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; gives a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, event: QueueEvent) -> None:
        """Tell the listeners."""
        for listener in tuple(self._listeners):
            listener(event)

    # -- in memory -----------------------------------------------------------

    def insert(self, at: int, jobs: Sequence[Job]) -> None:
        """Put jobs into the list, the first at a place."""
        is_last = at == len(self._jobs)
        self._jobs[at:at] = jobs
        if is_last:  # the others stay where they are
            self._place.update((job.job_id, place) for place, job in enumerate(jobs, at))
        else:
            self._index()
        self.tell(JobsInserted(at, tuple(jobs)))

    def put(self, job: Job) -> None:
        """Show the new state of a job, if it is in the list."""
        place = self._place.get(job.job_id)
        if place is None:
            return
        # Position may have changed while the work held an older value.
        now = self._jobs[place]
        self._jobs[place] = replace(job, position=now.position)
        self.tell(JobChanged(place, self._jobs[place]))

    def drop(self, job_id: JobId) -> None:
        """Take one job out, if it is in the list; the store keeps it."""
        place = self._place.get(job_id)
        if place is not None:
            del self._jobs[place]
            self._index()
            self.tell(JobsRemoved(place, 1))

    def take(self, job_ids: Collection[JobId]) -> tuple[Job, ...]:
        """Take jobs out; gives them in their order. The store keeps them."""
        gone = tuple(job for job in self._jobs if job.job_id in job_ids)
        places = [self._place[job.job_id] for job in gone]
        self._jobs = [job for job in self._jobs if job.job_id not in job_ids]
        self._index()
        for first, count in reversed(_runs(places)):
            self.tell(JobsRemoved(first, count))
        return gone

    def _merge(self, back: Sequence[Job]) -> None:
        self._jobs = list(heapq.merge(self._jobs, back, key=_position))
        self._index()
        for first, count in _runs([self._place[job.job_id] for job in back]):
            self.tell(JobsInserted(first, tuple(self._jobs[first : first + count])))

    def _index(self) -> None:
        self._place = {job.job_id: place for place, job in enumerate(self._jobs)}

    # -- and on disk ---------------------------------------------------------

    async def append(self, jobs: Sequence[Job]) -> None:
        """Put new jobs at the end; they show at once and then are kept."""
        self.insert(len(self._jobs), jobs)
        try:
            await self.write(self._store.insert, jobs)
        except StorageError as error:
            self._unsaved.update(job.job_id for job in jobs)
            for job in jobs:
                self.put(job.failed(Failure.of(error), now_ms=self._now_ms()))

    async def commit(self, job: Job) -> None:
        """Show a step of a job, and keep it.

        Raises:
            StorageError: It could not be kept.
        """
        self.put(job)
        await self.write(self._store.update, job)

    async def change(self, jobs: Sequence[Job]) -> None:
        """Show the new state of jobs, and keep it; what cannot be kept needs attention.

        Raises:
            StorageError: What is over stays so, but that could not be kept.
        """
        for job in jobs:
            self.put(job)
        unsaved = [job for job in jobs if job.job_id in self._unsaved]
        saved = [job for job in jobs if job.job_id not in self._unsaved]
        try:
            if unsaved:
                await self.write(self._store.insert, unsaved)
                self._unsaved.difference_update(job.job_id for job in unsaved)
            if saved:
                await self.write(self._store.update, *saved)
        except StorageError as error:
            for job in jobs:
                if not job.state.is_over:
                    self.put(job.failed(Failure.of(error), now_ms=self._now_ms()))
            if any(job.state.is_over for job in jobs):
                raise  # over it stays, for now; that this was not kept must be said

    async def order(self, ordered: Sequence[Job]) -> None:
        """Put the jobs into an order, and keep it."""
        numbered = [
            job if job.position == position else replace(job, position=position)
            for position, job in enumerate(ordered)
        ]
        changed = [new for new, old in zip(numbered, ordered, strict=True) if new is not old]
        self._jobs = numbered
        self._index()
        self.tell(JobsReordered(self.jobs))
        await self.write(self._store.update, *changed)

    async def bring_back(self, back: Sequence[Job]) -> None:
        """Put jobs back to where they were before they were taken out."""
        self._merge(sorted(back, key=_position))
        if any(one.position >= other.position for one, other in pairwise(self._jobs)):
            await self.order(self._jobs)  # the list was reordered while they were gone

    async def write(self, commit: Callable[..., _Result], *args: Any) -> _Result:
        """Commit in a thread, one commit after the other, even if the caller is cancelled."""

        async def in_turn() -> _Result:
            async with self._writing:
                return await asyncio.to_thread(commit, *args)

        task = asyncio.ensure_future(in_turn())
        self._background.add(task)
        task.add_done_callback(self._on_written)
        return await asyncio.shield(task)

    async def wait_until_written(self) -> None:
        """Wait until all commits that were begun have ended."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    def _on_written(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # told to the caller, unless that was cancelled meanwhile


def _position(job: Job) -> int:
    return job.position


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Group ascending places into runs ``(first, count)``."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][0] + runs[-1][1] == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
