"""The queue: which jobs there are, in what order, and a few of them at work.

The list in memory answers at once; every step is also a committed transition in
the store, in the order the steps were taken. The queue knows neither Qt nor the
network: it is given the coroutine that does the work of one job.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from app.core.errors import Action, AppError, StorageError
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import Message, message
from app.core.options import CAPABILITIES, TranscriptionOptions, settle
from app.jobs.events import (
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueueEvent,
    QueuePaused,
)
from app.jobs.steps import Steps
from app.store.job_store import JobStore
from app.system.clocks import now_ms
from app.system.files import explain

_log = logging.getLogger(__name__)

Listener = Callable[[QueueEvent], None]
_Result = TypeVar("_Result")

_ADDED_AT_ONCE = 500
"""More rows at a time would hold up the window for longer than a person notices."""

MAYBE_BILLED = message(
    "Wordlight stopped while the service was at work, so it may have finished and billed this "
    "recording; look in the service's log, or send it again."
)
_UNEXPECTED = message(
    "Something went wrong inside Wordlight; try again, and send us the details if it stays."
)


class HeldBackError(Exception):
    """A job is not done now but waits on, and with it all jobs of the service.

    Attributes:
        message: Why.
        action: What a person can do about it.
    """

    def __init__(self, sentence: Message, action: Action = Action.NONE) -> None:
        self.message = sentence
        self.action = action
        super().__init__(sentence.fill())


class Work(Protocol):
    """What is done for one job, start to end."""

    async def run(self, steps: Steps) -> None:
        """Do the job; its last step is ``DONE``, or ``AWAITING_SERVICE``.

        Raises:
            AppError: It cannot be done; the queue shows why.
            HeldBackError: It is to wait, with all others of the service.
        """
        ...

    async def discard(self, job: Job) -> None:
        """Remove what was prepared for a job that is not wanted any more."""
        ...


@dataclass(frozen=True, slots=True)
class Removed:
    """What ``remove`` took out, to be handed to ``restore``.

    Attributes:
        jobs: In the order they stood in.
        stopped: Those that were not over yet; restored, they wait again.
    """

    jobs: tuple[Job, ...]
    stopped: frozenset[JobId] = frozenset()


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    steps: Steps
    is_cancelled: bool = False


class JobQueue:
    """Run jobs in the order of the list, a few at a time.

    Every step of a job reaches the listeners as a new ``Job``. A job that fails
    stays in the list with its reason, ready to be tried again; the others go on.

    Attributes:
        limit: How many jobs may be at work at once.
    """

    def __init__(
        self,
        store: JobStore,
        work: Work,
        *,
        limit: int = 2,
        now_ms: Callable[[], int] = now_ms,
        new_id: Callable[[], JobId] = lambda: JobId(uuid.uuid4().hex),
    ) -> None:
        self.limit = limit
        self._store = store
        self._work = work
        self._now_ms = now_ms
        self._new_id = new_id
        self._jobs: list[Job] = []
        self._place: dict[JobId, int] = {}
        self._listeners: list[Listener] = []
        self._running: dict[JobId, _Running] = {}
        self._unsaved: set[JobId] = set()
        self._writing = asyncio.Lock()
        self._background: set[asyncio.Task[Any]] = set()
        self._is_open = False
        self._is_paused = False
        self._held: Message | None = None
        self._held_action = Action.NONE
        self._idle = asyncio.Event()
        self._idle.set()

    # -- looking -------------------------------------------------------------

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs in their order."""
        return tuple(self._jobs)

    @property
    def is_paused(self) -> bool:
        """Whether a person paused the queue."""
        return self._is_paused

    @property
    def held(self) -> Message | None:
        """Why jobs of the service wait, if they do."""
        return self._held

    @property
    def is_working(self) -> bool:
        """Whether any job is at work."""
        return bool(self._running)

    def job(self, job_id: JobId) -> Job | None:
        """Give a job by its id."""
        place = self._place.get(job_id)
        return None if place is None else self._jobs[place]

    def unfinished(self, options: TranscriptionOptions) -> list[Job]:
        """Give the jobs of these options that are not done, nor given up by a person."""
        settled = settle(options)
        over = {JobState.DONE, JobState.CANCELLED}
        return [job for job in self._jobs if job.state not in over and job.options == settled]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; gives a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # -- life ----------------------------------------------------------------

    async def open(self) -> None:
        """Bring back the kept jobs and start working.

        What was at work when the program ended goes on from its last kept step;
        what may have been billed asks instead.
        """
        kept = await asyncio.to_thread(self._recover)
        self._is_open = True
        if kept:
            self._insert(0, kept)
        self._pump()

    async def open_for(self, earlier: Sequence[Job]) -> None:
        """Work on the jobs just added and on these kept ones alone; claims them all.

        Ended ones are tried again, but for what may have been billed. A job that
        another living process has is left out.
        """
        known = [one.job_id for one in earlier if one.job_id not in self._place]
        recovered = await asyncio.to_thread(
            lambda: [job for job_id in known if (job := self._claim(job_id)) is not None]
        )
        for job in tuple(self._jobs):
            is_kept = job.job_id not in self._unsaved
            if is_kept and await asyncio.to_thread(self._claim, job.job_id) is None:
                self._drop(job.job_id)
        self._insert(0, recovered)
        await self._change(recovered)
        await self.retry([job.job_id for job in recovered if job.state is not JobState.DONE])
        self._is_open = True
        self._pump()

    async def aclose(self) -> None:
        """Stop all work; unfinished jobs go on at the next ``open``."""
        self._is_open = False
        tasks = [running.task for running in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def join(self) -> None:
        """Wait until no job is at work and none could be started."""
        await self._idle.wait()

    # -- acting --------------------------------------------------------------

    async def add(
        self,
        sources: Iterable[Path | str],
        options: TranscriptionOptions,
        *,
        is_url: bool = False,
        is_repeat: bool = False,
    ) -> tuple[Job, ...]:
        """Put recordings at the end of the list; they show at once and then are kept.

        Args:
            sources: Paths, or links when ``is_url``.
            options: What to ask for; each job keeps its own copy.
            is_url: Whether the service is to fetch the recordings itself.
            is_repeat: Whether to transcribe again what is in the library already.
        """
        settled = settle(options)
        left = iter(sources)
        added: list[Job] = []
        now = self._now_ms()  # the same for all: what was asked for in one go can be told
        while some := tuple(itertools.islice(left, _ADDED_AT_ONCE)):
            first = self._jobs[-1].position + 1 if self._jobs else 0
            jobs = tuple(
                Job(
                    self._new_id(),
                    str(source),
                    settled,
                    created_ms=now,
                    position=first + offset,
                    is_url=is_url,
                    is_repeat=is_repeat,
                    title=_title(str(source), is_url=is_url),
                    since_ms=now,
                )
                for offset, source in enumerate(some)
            )
            self._insert(len(self._jobs), jobs)
            await self._keep_new(jobs)
            self._pump()
            added += jobs
        return tuple(added)

    async def cancel(self, job_ids: Iterable[JobId]) -> None:
        """Stop jobs, waiting or at work; what is being saved or over stays as it is."""
        stopped: list[Job] = []
        for job_id in job_ids:
            job = self.job(job_id)
            if job is None or job.state.is_over or job.state is JobState.SAVING:
                continue
            running = self._running.get(job_id)
            if running is not None:
                running.is_cancelled = True
                running.task.cancel()
            stopped.append(job.moved(JobState.CANCELLED, now_ms=self._now_ms()))
        await self._change(stopped)

    async def retry(self, job_ids: Iterable[JobId], *, consent: bool = False) -> None:
        """Put jobs that ended without being done back to waiting, with what was kept of them.

        Args:
            job_ids: Which.
            consent: A person agreed to what the failure asks: to send what may have
                been billed, to do again what the library has, to use the readable
                part of a damaged recording. Without it, what may have been billed
                stays as it is.
        """
        again: list[Job] = []
        for job_id in job_ids:
            job = self.job(job_id)
            if job is None or not job.state.is_over or job.state is JobState.DONE:
                continue  # what is done is never sent again; ``add`` a repeat of it instead
            asked = Action.NONE if job.failure is None else job.failure.action
            if asked is Action.ASK_RESEND:
                if not consent:
                    continue
                await self._write(self._forget_sent, job_id)
            again.append(
                replace(
                    job.moved(JobState.WAITING, now_ms=self._now_ms()),
                    note=None,
                    is_repeat=job.is_repeat or consent,
                    accepts_damage=job.accepts_damage
                    or (consent and asked is Action.USE_READABLE_PART),
                )
            )
        await self._change(again)
        self._pump()

    async def remove(self, job_ids: Iterable[JobId]) -> Removed:
        """Take jobs out of the list, stopping them first; transcripts stay in the library."""
        wanted = {job_id for job_id in job_ids if job_id in self._place}
        stopped = frozenset(
            job_id for job_id in wanted if not self._jobs[self._place[job_id]].state.is_over
        )
        await self.cancel(stopped)
        gone = tuple(job for job in self._jobs if job.job_id in wanted)
        places = [self._place[job.job_id] for job in gone]
        self._jobs = [job for job in self._jobs if job.job_id not in wanted]
        self._index()
        for first, count in reversed(_runs(places)):
            self._tell(JobsRemoved(first, count))
        await self._write(self._remove_kept, [job.job_id for job in gone])
        stopping = [
            self._running[job.job_id].task for job in gone if job.job_id in self._running
        ]
        await asyncio.gather(*stopping, return_exceptions=True)
        for job in gone:
            await self._work.discard(job)
        self._pump()
        return Removed(gone, stopped)

    async def restore(self, removed: Removed) -> None:
        """Undo ``remove``: the jobs come back where they were; stopped ones wait again."""
        gone = [job for job in removed.jobs if job.job_id not in self._place]
        back = await self._write(self._bring_back, gone)
        back.sort(key=_position)
        self._jobs = list(heapq.merge(self._jobs, back, key=_position))
        self._index()
        for first, count in _runs([self._place[job.job_id] for job in back]):
            self._tell(JobsInserted(first, tuple(self._jobs[first : first + count])))
        if any(one.position >= other.position for one, other in pairwise(self._jobs)):
            await self._order(self._jobs)  # the list was reordered while they were gone
        await self._change(
            [
                self._jobs[self._place[job.job_id]].moved(
                    JobState.WAITING, now_ms=self._now_ms()
                )
                for job in back
                if job.job_id in removed.stopped and job.state is not JobState.DONE
            ]
        )
        self._pump()

    async def clear_finished(self) -> Removed:
        """Take all done and cancelled jobs out of the list."""
        return await self.remove(
            [
                job.job_id
                for job in self._jobs
                if job.state in {JobState.DONE, JobState.CANCELLED}
            ]
        )

    async def move(self, job_ids: Iterable[JobId], before: int) -> None:
        """Put jobs, in their present order, before the job now at place ``before``."""
        wanted = set(job_ids)
        moved = [job for job in self._jobs if job.job_id in wanted]
        head = [job for job in self._jobs[:before] if job.job_id not in wanted]
        tail = [job for job in self._jobs[before:] if job.job_id not in wanted]
        ordered = [*head, *moved, *tail]
        if [job.job_id for job in ordered] == [job.job_id for job in self._jobs]:
            return
        await self._order(ordered)
        self._pump()

    async def _order(self, ordered: Sequence[Job]) -> None:
        """Put the jobs into an order, and keep it."""
        numbered = [
            job if job.position == position else replace(job, position=position)
            for position, job in enumerate(ordered)
        ]
        changed = [new for new, old in zip(numbered, ordered, strict=True) if new is not old]
        self._jobs = numbered
        self._index()
        self._tell(JobsReordered(self.jobs))
        await self._write(self._store.update, *changed)

    async def do_next(self, job_ids: Iterable[JobId]) -> None:
        """Put waiting jobs before all others that wait."""
        wanted = [
            job_id
            for job_id in job_ids
            if (job := self.job(job_id)) is not None and job.state is JobState.WAITING
        ]
        first = next(
            (place for place, job in enumerate(self._jobs) if job.state is JobState.WAITING), 0
        )
        await self.move(wanted, first)

    async def set_options(
        self, job_ids: Iterable[JobId], options: TranscriptionOptions
    ) -> None:
        """Give waiting jobs other options; what is at work or over keeps its own."""
        await self._change(
            [
                replace(job, options=settle(options))
                for job_id in job_ids
                if (job := self.job(job_id)) is not None and job.state is JobState.WAITING
            ]
        )
        self._pump()

    async def note_duration(self, job_id: JobId, duration_ms: int) -> None:
        """Note how long the recording of a waiting job is, found out before its turn."""
        job = self.job(job_id)
        if job is not None and job.state is JobState.WAITING and job.duration_ms is None:
            await self._change([replace(job, duration_ms=duration_ms)])

    async def resume_with(
        self, job_id: JobId, work: Callable[[Steps], Awaitable[None]]
    ) -> None:
        """Do other work for a job that rests, such as keeping what the service delivered.

        Steps, failures and cancelling are treated as in a usual run.
        """
        running = self._running.get(job_id)
        if running is not None:
            await asyncio.wait([running.task])
        job = self.job(job_id)
        if job is not None and job_id not in self._running and self._is_open:
            self._launch(job, work)
            await asyncio.wait([self._running[job_id].task])

    async def rename(self, job_id: JobId, title: str) -> None:
        """Show a job under another name."""
        job = self.job(job_id)
        if job is not None and title.strip():
            await self._change([replace(job, title=title.strip())])

    def pause(self) -> None:
        """Start no further job; what is at work goes on."""
        self._set_pause(is_paused=True, held=self._held, action=self._held_action)

    def resume(self) -> None:
        """Start jobs again, those held back for the service too."""
        self._set_pause(is_paused=False, held=None)
        self._pump()

    def skip_wait(self, job_id: JobId) -> None:
        """End a visible wait before another try at once."""
        running = self._running.get(job_id)
        if running is not None:
            running.steps.skip_wait()

    # -- inside --------------------------------------------------------------

    def _recover(self) -> tuple[Job, ...]:
        """Give the kept jobs as they should go on, but those of other processes; blocks."""
        elsewhere = self._store.claimed_elsewhere()
        jobs: list[Job] = []
        for kept in self._store.load():
            job = kept if kept.job_id not in elsewhere else None
            if job is not None and job.state.is_running:
                job = self._store.claim(job.job_id)
                if job is not None:
                    job = self._put_back(job)
                    self._store.update(job)
                    self._store.release(job.job_id)
            if job is not None:
                jobs.append(job)
        return tuple(jobs)

    def _put_back(self, job: Job) -> Job:
        """Give a job that was at work in a process that is gone as it should go on."""
        if not job.state.is_running:
            return job
        if self._store.steps.sent_without_reply(job.job_id):
            failure = Failure(MAYBE_BILLED, Action.ASK_RESEND)
            return job.failed(failure, now_ms=self._now_ms())
        return job.moved(JobState.WAITING, now_ms=self._now_ms())

    def _forget_sent(self, job_id: JobId) -> None:
        for part in self._store.steps.sent_without_reply(job_id):
            self._store.steps.note_refused(job_id, part)

    def _remove_kept(self, job_ids: Sequence[JobId]) -> None:
        self._store.remove(job_ids, at_ms=self._now_ms())

    def _bring_back(self, jobs: Sequence[Job]) -> list[Job]:
        """Undo a removal; gives the jobs, those that got done meanwhile as done; blocks."""
        self._store.restore([job.job_id for job in jobs])
        back: list[Job] = []
        for job in jobs:
            kept = self._store.get(job.job_id) if job.state is JobState.SAVING else None
            back.append(job if kept is None else kept)
        return back

    def _claim(self, job_id: JobId) -> Job | None:
        """Take a job for this process, as it should go on; blocks."""
        job = self._store.claim(job_id)
        return None if job is None else self._put_back(job)

    def _insert(self, at: int, jobs: Sequence[Job]) -> None:
        is_last = at == len(self._jobs)
        self._jobs[at:at] = jobs
        if is_last:  # the others stay where they are
            self._place.update((job.job_id, place) for place, job in enumerate(jobs, at))
        else:
            self._index()
        self._tell(JobsInserted(at, tuple(jobs)))

    def _drop(self, job_id: JobId) -> None:
        place = self._place.get(job_id)
        if place is not None:
            del self._jobs[place]
            self._index()
            self._tell(JobsRemoved(place, 1))

    def _index(self) -> None:
        self._place = {job.job_id: place for place, job in enumerate(self._jobs)}

    def _tell(self, event: QueueEvent) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    async def _write(self, commit: Callable[..., _Result], *args: Any) -> _Result:
        """Commit in a thread, one commit after the other, even if the caller is cancelled."""

        async def in_turn() -> _Result:
            async with self._writing:
                return await asyncio.to_thread(commit, *args)

        task = asyncio.ensure_future(in_turn())
        self._background.add(task)
        task.add_done_callback(self._on_written)
        return await asyncio.shield(task)

    def _on_written(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # told to the caller, unless that was cancelled meanwhile

    async def _keep_new(self, jobs: Sequence[Job]) -> None:
        try:
            await self._write(self._store.insert, jobs)
        except StorageError as error:
            self._unsaved.update(job.job_id for job in jobs)
            for job in jobs:
                self._put(job.failed(Failure.of(error), now_ms=self._now_ms()))

    def _put(self, job: Job) -> None:
        """Show the new state of a job that is in the list."""
        place = self._place.get(job.job_id)
        if place is None:
            return
        # Position and title may have changed while the work held an older value.
        now = self._jobs[place]
        self._jobs[place] = replace(job, position=now.position)
        self._tell(JobChanged(place, self._jobs[place]))

    async def _change(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._put(job)
        unsaved = [job for job in jobs if job.job_id in self._unsaved]
        saved = [job for job in jobs if job.job_id not in self._unsaved]
        try:
            if unsaved:
                await self._write(self._store.insert, unsaved)
                self._unsaved.difference_update(job.job_id for job in unsaved)
            if saved:
                await self._write(self._store.update, *saved)
        except StorageError as error:
            for job in jobs:
                if not job.state.is_over:
                    self._put(job.failed(Failure.of(error), now_ms=self._now_ms()))
            if any(job.state.is_over for job in jobs):
                raise  # over it stays, for now; that this was not kept must be said

    def _set_pause(
        self, *, is_paused: bool, held: Message | None, action: Action = Action.NONE
    ) -> None:
        if (is_paused, held) != (self._is_paused, self._held):
            self._is_paused, self._held, self._held_action = is_paused, held, action
            self._tell(QueuePaused(is_paused, held, action))

    def _pump(self) -> None:
        """Start as many waiting jobs as may run."""
        if self._is_open and not self._is_paused:
            for job in self._jobs:
                if len(self._running) >= self.limit:
                    break
                if self._may_start(job):
                    self._launch(job)
        if self._running:
            self._idle.clear()
        else:
            self._idle.set()

    def _may_start(self, job: Job) -> bool:
        if job.state is not JobState.WAITING or job.job_id in self._running:
            return False
        if job.job_id in self._unsaved:
            return False
        return self._held is None or not CAPABILITIES[job.options.model].needs_key

    def _launch(self, job: Job, work: Callable[[Steps], Awaitable[None]] | None = None) -> None:
        steps = Steps(lambda: self.job(job.job_id), self._commit, self._put, self._now_ms)
        doing = self._do(job, steps, self._work.run if work is None else work)
        task = asyncio.ensure_future(doing)
        self._running[job.job_id] = _Running(task, steps)
        # A callback, since a task that is cancelled before its first step runs nothing.
        task.add_done_callback(lambda _task: self._on_ended(job.job_id))
        self._idle.clear()

    def _on_ended(self, job_id: JobId) -> None:
        self._running.pop(job_id).steps.close()
        self._pump()

    async def _commit(self, job: Job) -> None:
        self._put(job)
        await self._write(self._store.update, job)

    async def _do(
        self, job: Job, steps: Steps, work: Callable[[Steps], Awaitable[None]]
    ) -> None:
        """Do one job and turn every way it can end into a state."""
        job_id = job.job_id
        try:
            await self._do_claimed(job, steps, work)
        except asyncio.CancelledError:
            if not self._running[job_id].is_cancelled and self._is_open:
                raise  # somebody else's cancellation, not a person's
        except HeldBackError as error:
            # held first: the job must not be started again as soon as it waits
            self._set_pause(is_paused=self._is_paused, held=error.message, action=error.action)
            await self._put_to_waiting(job_id)
        except AppError as error:
            if error.pauses_queue:
                self._set_pause(
                    is_paused=self._is_paused, held=error.message, action=error.action
                )
            await self._fail(job_id, Failure.of(error))
        except OSError as error:  # a file of our own: a recording's is an AppError
            await self._fail(job_id, Failure(_unwritten(error), Action.RETRY, repr(error)))
        except Exception as error:  # noqa: BLE001 - the one place where a bug must not end the queue
            _log.exception("job failed unexpectedly")
            await self._fail(job_id, Failure(_UNEXPECTED, Action.RETRY, details=repr(error)))

    async def _do_claimed(
        self, job: Job, steps: Steps, work: Callable[[Steps], Awaitable[None]]
    ) -> None:
        job_id = job.job_id
        try:
            claimed = await self._write(self._claim, job_id)
            if claimed is None:
                self._drop(job_id)  # another Wordlight is at work on it
            elif claimed.state is not job.state:
                await self._commit(claimed)  # another one did it since it was loaded
            else:
                await work(steps)
        finally:
            try:
                await self._write(self._store.release, job_id)
            except StorageError:  # it is free once this process ends
                _log.warning("a job could not be released", exc_info=True)

    async def _put_to_waiting(self, job_id: JobId) -> None:
        job = self.job(job_id)
        if job is not None and not job.state.is_over:
            await self._change([job.moved(JobState.WAITING, now_ms=self._now_ms())])

    async def _fail(self, job_id: JobId, failure: Failure) -> None:
        job = self.job(job_id)
        if job is None or job.state.is_over or self._running[job_id].is_cancelled:
            return
        try:
            await self._change([job.failed(failure, now_ms=self._now_ms())])
        except StorageError:  # it is shown; after a restart the job is where it was kept last
            _log.warning("a failure could not be kept", exc_info=True)


def _title(source: str, *, is_url: bool) -> str:
    """Name a recording after its file, as a person would read it."""
    if is_url:
        parts = urlsplit(source)
        return unquote(PurePosixPath(parts.path).name) or parts.netloc
    return Path(source).name.encode("utf-8", "replace").decode("utf-8")


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


def _unwritten(error: OSError) -> Message:
    """Say which of our own folders could not be written; temporary names say nothing."""
    path = Path(str(error.filename or "")).absolute()
    while path.name.startswith(".") or path.suffix:
        path = path.parent
    return explain(error, path)
