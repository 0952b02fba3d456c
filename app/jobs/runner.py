"""A few jobs at work at a time, and every way in which one can end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Action, AppError, StorageError
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import Message, message
from app.core.options import CAPABILITIES
from app.jobs.events import Hold, QueuePaused
from app.jobs.job_list import JobList
from app.jobs.job_progress import JobProgress
from app.jobs.work import MAYBE_BILLED, Doing, HeldBackError, Work
from app.store.job_store import JobStore
from app.system.files import explain

_log = logging.getLogger(__name__)

_UNEXPECTED = message(
    "Something went wrong inside Wordlight. Try again, and send us the details if it "
    "keeps happening."
)


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    progress: JobProgress
    is_cancelled: bool = False


class Runner:
    """Starts the waiting jobs of a list in their order, and shows how they end.

    Attributes:
        limit: How many jobs may be at work at once.
        is_open: Whether jobs are started at all.
        is_paused: Whether a person wants none to be started.
        hold: Why jobs of the service wait, if they do; all jobs, where only a restart helps.
    """

    def __init__(
        self,
        jobs: JobList,
        store: JobStore,
        work: Work,
        *,
        limit: int,
        now_ms: Callable[[], int],
    ) -> None:
        self.limit = limit
        self.is_open = False
        self.is_paused = False
        self.hold: Hold | None = None
        self._jobs = jobs
        self._store = store
        self._work = work
        self._now_ms = now_ms
        self._running: dict[JobId, _Running] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    # -- from outside --------------------------------------------------------

    @property
    def is_working(self) -> bool:
        """Whether any job is at work."""
        return bool(self._running)

    def is_at(self, job_id: JobId) -> bool:
        """Tell whether a job is at work; for a moment it still waits then."""
        return job_id in self._running

    def start_waiting(self) -> None:
        """Start as many waiting jobs as may run."""
        if self.is_open and not self.is_paused:
            for job in self._jobs.jobs:
                if len(self._running) >= self.limit:
                    break
                if self._may_start(job):
                    self._launch(job, self._work.run)
        if self._running:
            self._idle.clear()
        else:
            self._idle.set()

    def set_pause(self, *, is_paused: bool, hold: Hold | None) -> None:
        """Pause or hold, or neither, and tell the listeners of the list."""
        if (is_paused, hold) != (self.is_paused, self.hold):
            self.is_paused, self.hold = is_paused, hold
            self._jobs.tell(QueuePaused(is_paused, hold))

    def cancel(self, job_id: JobId) -> None:
        """Stop a job if it is at work; whoever asks says what becomes of it."""
        running = self._running.get(job_id)
        if running is not None:
            running.is_cancelled = True
            running.task.cancel()

    def skip_wait(self, job_id: JobId) -> None:
        """End a visible wait before another try at once."""
        running = self._running.get(job_id)
        if running is not None:
            running.progress.skip_wait()

    async def discard(self, gone: Iterable[Job]) -> None:
        """Remove what was prepared for jobs that are not wanted, once none is at work."""
        gone = tuple(gone)
        tasks = [self._running[job.job_id].task for job in gone if job.job_id in self._running]
        await asyncio.gather(*tasks, return_exceptions=True)
        for job in gone:
            await self._work.discard(job)

    async def do(self, job_id: JobId, doing: Doing) -> None:
        """Do something for a job once it rests, if it still does then."""
        running = self._running.get(job_id)
        if running is not None:
            await asyncio.wait([running.task])
        job = self._jobs.job(job_id)
        if job is not None and job_id not in self._running and self.is_open:
            self._launch(job, doing)
            await asyncio.wait([self._running[job_id].task])

    async def join(self) -> None:
        """Wait until no job is at work and none could be started."""
        await self._idle.wait()

    async def aclose(self) -> None:
        """Stop all work, and start no more."""
        self.is_open = False
        tasks = [running.task for running in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def claim(self, job_id: JobId) -> Job | None:
        """Take a job for this process, as it should go on; blocks."""
        job = self._store.claim(job_id)
        return None if job is None else self._put_back(job)

    # -- inside --------------------------------------------------------------

    def _put_back(self, job: Job) -> Job:
        """Give a job that was at work in a process that is gone as it should go on; blocks."""
        if not job.state.is_running:
            return job
        if self._store.steps.sent_without_reply(job.job_id):
            failure = Failure(MAYBE_BILLED, Action.ASK_RESEND)
            return job.failed(failure, now_ms=self._now_ms())
        return job.moved(JobState.WAITING, now_ms=self._now_ms())

    def _may_start(self, job: Job) -> bool:
        if job.state is not JobState.WAITING or job.job_id in self._running:
            return False
        if not self._jobs.is_saved(job.job_id):
            return False
        if self.hold is None:
            return True
        if self.hold.action is Action.RESTART:
            return False
        return not CAPABILITIES[job.options.model].needs_key

    def _launch(self, job: Job, doing: Doing) -> None:
        jobs = self._jobs
        progress = JobProgress(
            lambda: jobs.job(job.job_id), jobs.commit, jobs.put, self._now_ms
        )
        task = asyncio.ensure_future(self._do(job, progress, doing))
        self._running[job.job_id] = _Running(task, progress)
        # A callback, since a task that is cancelled before its first step runs nothing.
        task.add_done_callback(lambda _task: self._on_ended(job.job_id))
        self._idle.clear()

    def _on_ended(self, job_id: JobId) -> None:
        self._running.pop(job_id).progress.close()
        self.start_waiting()

    async def _do(self, job: Job, progress: JobProgress, doing: Doing) -> None:
        """Do one job and turn every way it can end into a state."""
        job_id = job.job_id
        try:
            await self._do_claimed(job, progress, doing)
        except asyncio.CancelledError:
            if not self._running[job_id].is_cancelled and self.is_open:
                raise  # somebody else's cancellation, not a person's
        except HeldBackError as error:
            # held first: the job must not be started again as soon as it waits
            self.set_pause(is_paused=self.is_paused, hold=error.hold)
            await self._put_to_waiting(job_id)
        except AppError as error:
            if error.pauses_queue:
                hold = Hold(error.message, error.action)
                self.set_pause(is_paused=self.is_paused, hold=hold)
            if error.action is Action.RESTART:  # there is nothing wrong with the job
                await self._put_to_waiting(job_id)
            else:
                await self._fail(job_id, Failure.of(error))
        except OSError as error:  # a file of our own: a recording's is an AppError
            await self._fail(job_id, Failure(_unwritten(error), Action.RETRY, repr(error)))
        except Exception as error:  # noqa: BLE001 - the one place where a bug must not end the queue
            _log.exception("job failed unexpectedly")
            await self._fail(job_id, Failure(_UNEXPECTED, Action.RETRY, details=repr(error)))

    async def _do_claimed(self, job: Job, progress: JobProgress, doing: Doing) -> None:
        job_id = job.job_id
        try:
            claimed = await self._jobs.write(self.claim, job_id)
            if claimed is None:
                self._jobs.drop(job_id)  # another Wordlight is at work on it
            elif claimed.state is not job.state:
                await self._jobs.commit(claimed)  # another one did it since it was loaded
            else:
                await doing(progress)
        finally:
            try:
                await self._jobs.write(self._store.release, job_id)
            except StorageError:  # it is free once this process ends
                _log.warning("a job could not be released", exc_info=True)

    async def _put_to_waiting(self, job_id: JobId) -> None:
        job = self._jobs.job(job_id)
        if job is not None and not job.state.is_over:
            await self._jobs.change([job.moved(JobState.WAITING, now_ms=self._now_ms())])

    async def _fail(self, job_id: JobId, failure: Failure) -> None:
        job = self._jobs.job(job_id)
        if job is None or job.state.is_over or self._running[job_id].is_cancelled:
            return
        try:
            await self._jobs.change([job.failed(failure, now_ms=self._now_ms())])
        except StorageError:  # it is shown; after a restart the job is where it was kept last
            _log.warning("a failure could not be kept", exc_info=True)


def _unwritten(error: OSError) -> Message:
    """Say which of our own folders could not be written; temporary names say nothing."""
    path = Path(str(error.filename or "")).absolute()
    while path.name.startswith(".") or path.suffix:
        path = path.parent
    return explain(error, path)
