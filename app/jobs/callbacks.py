"""Take what the service delivers by webhook, and finish the jobs that wait for it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from typing import Protocol

from app.core.errors import AppError
from app.core.job import Job, JobId, JobState
from app.core.messages import counted_message
from app.core.preferences import Settings
from app.jobs.job_progress import JobProgress
from app.jobs.queue import JobQueue
from app.store.job_steps import JobSteps
from app.store.settings import SettingsStore
from app.waves.errors import AddressError, MaybeDoneError, WavesError
from app.waves.receiver import SHORTEST_SECRET, Delivery, Receiver, Verdict

_log = logging.getLogger(__name__)
_PATIENCE_S = 10.0
"""How long a delivery that overtook the answer to its own request waits for it."""
_SECRET_BYTES = 24


class Finishes(Protocol):
    """The part of the pipeline that is needed here."""

    def finish(self, progress: JobProgress) -> Awaitable[None]:
        """Keep what the service delivered for a job that waited for it."""
        ...


class Callbacks:
    """Listens while the settings say so; jobs that wait survive a restart.

    Attributes:
        port: Where it listens; 0 while it does not.
    """

    def __init__(
        self,
        *,
        settings: SettingsStore,
        steps: JobSteps,
        queue: JobQueue,
        pipeline: Finishes,
    ) -> None:
        self._settings = settings
        self._steps = steps
        self._queue = queue
        self._pipeline = pipeline
        self._receiver: Receiver | None = None
        self._made_for: tuple[object, ...] = ()
        self._changing = asyncio.Lock()
        self._finishing: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> None:
        """Finish what was delivered before the program ended, then listen.

        Raises:
            AddressError: The port cannot be had.
        """
        for job in self._queue.jobs:
            if job.state is JobState.AWAITING_SERVICE:
                saved = await asyncio.to_thread(self._steps.replies, job.job_id)
                if 0 in saved:
                    self._finish_soon(job.job_id)
        await self.follow_settings()

    async def follow_settings(self) -> None:
        """Listen as the settings say now.

        A secret and a port are chosen where none are set, and kept, since the service
        will call the same address after a restart.

        Raises:
            AddressError: The port cannot be had, or the secret is none.
            StorageError: What was chosen could not be kept.
        """
        async with self._changing:
            settings = self._settings.settings
            if settings.receiver_on and not settings.receiver_secret:
                secret = secrets.token_urlsafe(_SECRET_BYTES)
                settings = await asyncio.to_thread(
                    lambda: self._settings.change(receiver_secret=secret)
                )
            wanted = _wanted(settings)
            if wanted == self._made_for:
                return
            await self._stop()
            if not settings.receiver_on:
                self._made_for = wanted
                return
            await self._start(settings)

    async def aclose(self) -> None:
        """Listen no longer, and end what is being kept."""
        async with self._changing:
            await self._stop()
        if self._finishing:
            await asyncio.wait(tuple(self._finishing))

    async def _start(self, settings: Settings) -> None:
        if len(settings.receiver_secret) < SHORTEST_SECRET:
            raise AddressError(
                counted_message(
                    "The secret path for the webhook needs at least one letter. Change it in "
                    "Settings, or leave it empty to have one made.",
                    "The secret path for the webhook needs at least {count} letters. Change "
                    "it in Settings, or leave it empty to have one made.",
                    SHORTEST_SECRET,
                )
            )
        receiver = Receiver(
            settings.receiver_secret,
            self._on_delivery,
            host=settings.receiver_host.strip() or "127.0.0.1",
            port=settings.receiver_port,
        )
        await receiver.start()
        self._receiver = receiver
        self.port = receiver.port
        if settings.receiver_port != receiver.port:
            settings = await asyncio.to_thread(
                lambda: self._settings.change(receiver_port=receiver.port)
            )
        self._made_for = _wanted(settings)

    async def _stop(self) -> None:
        receiver, self._receiver = self._receiver, None
        self._made_for = ()
        self.port = 0
        if receiver is not None:
            await receiver.aclose()

    async def _on_delivery(self, delivery: Delivery) -> Verdict:
        job = await self._job_for(delivery)
        if job is None:
            return Verdict.UNKNOWN
        if job.state is JobState.DONE:
            return Verdict.KEPT  # delivered once more: our answer got lost
        try:
            reply = await asyncio.to_thread(
                lambda: delivery.decode(job.options, duration_ms=job.duration_ms)
            )
        except WavesError as error:
            await self._refuse(job, error)
            return Verdict.KEPT
        await asyncio.to_thread(
            self._steps.save_reply, job.job_id, 0, reply.raw, reply.request_id
        )
        self._finish_soon(job.job_id)
        return Verdict.KEPT

    async def _job_for(self, delivery: Delivery) -> Job | None:
        """Find the job; one that is still sending is waited for."""
        changed = asyncio.Event()
        unsubscribe = self._queue.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    changed.clear()
                    job = self._named(delivery)
                    if job is not None and not job.state.is_running:
                        return job if _takes(job) else None
                    if job is None and not any(map(_may_become, self._queue.jobs)):
                        return None
                    await changed.wait()
        except TimeoutError:
            return None
        finally:
            unsubscribe()

    def _named(self, delivery: Delivery) -> Job | None:
        if delivery.job:
            return self._queue.job(JobId(delivery.job))
        if not delivery.request_id:
            return None
        for job in self._queue.jobs:
            if job.request_id == delivery.request_id:
                return job
        return None

    async def _refuse(self, job: Job, error: AppError) -> None:
        if not isinstance(error, MaybeDoneError):
            await asyncio.to_thread(self._steps.note_refused, job.job_id, 0)

        async def fail(_steps: JobProgress) -> None:
            raise error

        self._start_task(self._queue.resume_with(job.job_id, fail))

    def _finish_soon(self, job_id: JobId) -> None:
        self._start_task(self._queue.resume_with(job_id, self._pipeline.finish))

    def _start_task(self, work: Awaitable[None]) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(_awaited(work))
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _wanted(settings: Settings) -> tuple[object, ...]:
    return (
        settings.receiver_on,
        settings.receiver_host,
        settings.receiver_port,
        settings.receiver_secret,
    )


def _takes(job: Job) -> bool:
    return job.options.by_webhook and job.state in {
        JobState.AWAITING_SERVICE,
        JobState.NEEDS_ATTENTION,
        JobState.DONE,
    }


def _may_become(job: Job) -> bool:
    """Tell whether a job is sending, so that its request has no id yet."""
    return job.options.by_webhook and job.state.is_running
