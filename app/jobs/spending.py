"""What the service will cost, and the questions before: may sound go there, and for so much?

How long waiting recordings are is looked up beforehand, a few at a time, but only of
those for the service. The question comes before the first byte leaves, once for all
that waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from app.audio.probe import probe
from app.core.errors import AppError
from app.core.job import Job, JobId, JobState
from app.core.messages import Message, message
from app.core.options import CAPABILITIES
from app.core.recording import Recording
from app.jobs.consent import Consent, host_of
from app.jobs.events import JobChanged, JobsInserted, QueueEvent, QueuePaused
from app.jobs.queue import JobQueue
from app.jobs.service import Service
from app.jobs.work import HeldBackError
from app.store.settings import SettingsStore

HELD_BACK = message("On hold because of the cost. Nothing is sent until you resume the queue.")
_PROBES_AT_ONCE = 2
_PATIENCE_S = 30.0
"""How long the first upload waits for the lengths of the others."""
_UNSENT = {JobState.WAITING, JobState.PREPARING}


@dataclass(frozen=True, slots=True)
class Bill:
    """What is going to be sent, and for how much.

    Attributes:
        dollars: The estimate.
        count: How many recordings it is for.
        unknown: How many more there are whose length cannot be told (links).
    """

    dollars: Decimal
    count: int
    unknown: int = 0


Ask = Callable[[Bill], Awaitable[bool]]
"""Asks a person whether this may be spent."""


class Spending:
    """Estimates, and asks before more than the amount that is set.

    Attributes:
        ask: Who is asked; without anybody, everything is sent.
        consent: Whether sound may be sent at all, and who is asked that.
        limit: Asked above this many dollars; ``None`` for the amount in the settings.
    """

    def __init__(
        self,
        service: Service,
        settings: SettingsStore,
        consent: Consent,
        *,
        look: Callable[[Path], Awaitable[Recording]] = probe,
    ) -> None:
        self.ask: Ask | None = None
        self.limit: Decimal | None = None
        self.consent = consent
        self._service = service
        self._settings = settings
        self._look = look
        self._queue: JobQueue | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._looking: dict[JobId, asyncio.Task[None]] = {}
        self._looked: set[JobId] = set()
        self._lengths_ms: dict[JobId, int] = {}  # the queue takes none once a turn has begun
        self._slots = asyncio.Semaphore(_PROBES_AT_ONCE)
        self._asking = asyncio.Lock()
        self._agreed: set[JobId] = set()
        self._unasked = Decimal(0)
        self._held: Message | None = None

    def follow(self, queue: JobQueue) -> None:
        """Look up the lengths of what waits in a queue from now on."""
        self._queue = queue
        self._unsubscribe = queue.subscribe(self._on_event)
        for job in queue.jobs:
            self._look_up(job)

    async def aclose(self) -> None:
        """Look up nothing any more."""
        self._unsubscribe()
        tasks = tuple(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def cost_of(self, job: Job) -> Decimal | None:
        """Estimate a job that is not sent yet; ``None`` if it is free or cannot be told."""
        if not _is_paid(job) or job.is_url:
            return None
        duration_ms = job.duration_ms
        if duration_ms is None:
            duration_ms = self._lengths_ms.get(job.job_id)
        return None if duration_ms is None else self._service.estimate(job.options, duration_ms)

    def bill(self) -> Bill:
        """Estimate everything that is not sent yet."""
        jobs = [] if self._queue is None else [job for job in self._queue.jobs if _unsent(job)]
        costs = [cost for job in jobs if (cost := self.cost_of(job)) is not None]
        return Bill(sum(costs, Decimal(0)), len(costs), len(jobs) - len(costs))

    async def check(self, job: Job, sent_ms: int) -> None:
        """Make sure that a job may be sent.

        Args:
            job: The one whose turn it is.
            sent_ms: How much sound would be sent for it.

        Raises:
            HeldBackError: A person does not want to spend it now.
        """
        whole = replace(job.options, start_ms=0, end_ms=None)
        cost = self._service.estimate(whole, sent_ms)
        async with self._asking:  # one question at a time, and its answer counts for all
            await self._check_address(job, cost)
            if job.job_id in self._agreed:
                self._agreed.discard(job.job_id)
                return
            if not any(self._is_at_work(other) for other in self._others(job)):
                self._unasked = Decimal(0)
            await self._wait_for_lengths()
            bill = self._bill_with(job, cost)
            if self.ask is None or not self._is_too_much(bill):
                self._unasked += cost
                return
            if not await self.ask(bill):
                raise self._hold(HELD_BACK)
            self._unasked = Decimal(0)
            self._agreed.update(other.job_id for other in self._others(job) if _unsent(other))

    async def check_link(self, job: Job) -> None:
        """Make sure that the service may be given the sound behind a link.

        Raises:
            HeldBackError: A person does not allow it.
        """
        async with self._asking:
            await self._check_address(job, None)

    async def _check_address(self, job: Job, cost: Decimal | None) -> None:
        if self._held is not None:  # answered while this one was being prepared
            raise HeldBackError(self._held)
        whole = replace(job.options, start_ms=0, end_ms=None)
        an_hour = self._service.estimate(whole, 3_600_000)
        if not await self.consent.obtain(an_hour, dollars=cost):
            raise self._hold(
                message(
                    "On hold: audio may not be sent to {host}. Nothing is sent until you "
                    "resume the queue and allow it.",
                    host=host_of(self.consent.address),
                )
            )

    def _hold(self, why: Message) -> HeldBackError:
        self._held = why if self._queue is not None else None
        return HeldBackError(why)

    def _is_too_much(self, bill: Bill) -> bool:
        limit = self.limit
        if limit is None:
            limit = Decimal(str(self._settings.settings.ask_above))
            if limit <= 0:  # "never"
                return False
        return bill.dollars + self._unasked > limit

    def _bill_with(self, job: Job, cost: Decimal) -> Bill:
        others = [other for other in self._others(job) if _unsent(other)]
        costs = [price for other in others if (price := self.cost_of(other)) is not None]
        return Bill(sum(costs, cost), len(costs) + 1, len(others) - len(costs))

    def _others(self, job: Job) -> list[Job]:
        jobs = () if self._queue is None else self._queue.jobs
        return [other for other in jobs if other.job_id != job.job_id]

    def _is_at_work(self, job: Job) -> bool:
        return _is_paid(job) and job.state.is_running

    async def _wait_for_lengths(self) -> None:
        if self._looking:
            await asyncio.wait(tuple(self._looking.values()), timeout=_PATIENCE_S)

    def _on_event(self, event: QueueEvent) -> None:
        match event:
            case JobsInserted(_, jobs):
                for job in jobs:
                    self._look_up(job)
            case QueuePaused(_, None):
                self._held = None
            case JobChanged(_, job):
                self._look_up(job)  # perhaps it is for the service only now
            case _:
                pass

    def _look_up(self, job: Job) -> None:
        if (
            job.state is not JobState.WAITING
            or not _is_paid(job)
            or job.is_url
            or job.duration_ms is not None
            or job.job_id in self._looked
        ):
            return
        self._looked.add(job.job_id)
        task = asyncio.ensure_future(self._find_length(job))
        self._looking[job.job_id] = task
        task.add_done_callback(lambda _: self._looking.pop(job.job_id, None))

    async def _find_length(self, job: Job) -> None:
        async with self._slots:
            try:
                recording = await self._look(job.path)
            except AppError:
                return  # its turn will tell why
        self._lengths_ms[job.job_id] = recording.duration_ms
        if self._queue is not None:
            await self._queue.note_duration(job.job_id, recording.duration_ms)


def _is_paid(job: Job) -> bool:
    return CAPABILITIES[job.options.model].needs_key


def _unsent(job: Job) -> bool:
    return _is_paid(job) and job.state in _UNSENT
