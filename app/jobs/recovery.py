"""Get back from the service what was lost, and let it forget what it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Protocol

from app.core.job import Job, JobId
from app.jobs.job_progress import JobProgress
from app.jobs.preparation import parts_in
from app.jobs.queue import JobQueue
from app.jobs.service import Service
from app.store.job_steps import JobSteps, SavedReply
from app.store.library import Library
from app.waves.account import LogQuery

_CLOCKS_DIFFER_MS = 120_000
"""The service's clock and ours may be so far apart."""


class Finishes(Protocol):
    """The part of the pipeline that is needed here."""

    def finish(self, progress: JobProgress) -> Awaitable[None]:
        """End a job with the replies that are kept of it."""
        ...


class Recovery:
    """Looks in the service's log for texts that did not reach us."""

    def __init__(
        self,
        *,
        steps: JobSteps,
        library: Library,
        queue: JobQueue,
        pipeline: Finishes,
        service: Service,
    ) -> None:
        self._steps = steps
        self._library = library
        self._queue = queue
        self._pipeline = pipeline
        self._service = service

    async def look(self, job_id: JobId) -> bool:
        """Look for a job's text in the service's log, and end the job with it.

        Returns:
            Whether everything that was sent for it is there now. If so the job is done,
            or goes on with what was not sent yet.

        Raises:
            AppError: The log cannot be read, or what was found not be kept.
        """
        job = self._queue.job(job_id)
        if job is None:
            return False
        parts = await asyncio.to_thread(self._parts, job)
        sent = await asyncio.to_thread(self._steps.sent_times, job_id)
        saved = await asyncio.to_thread(self._steps.replies, job_id)
        if not sent and not saved:
            return False
        for part, sent_ms in sent.items():
            if part in saved:
                continue
            length_ms = parts.get(part, job.duration_ms)
            found = await self._service.console().find_in_log(
                job.options,
                LogQuery(
                    _request_id(job) if len(sent) == 1 else "",
                    since_ms=sent_ms - _CLOCKS_DIFFER_MS,
                    duration_ms=length_ms,
                ),
                duration_ms=length_ms,
            )
            if found is None:
                return False
            await asyncio.to_thread(
                self._steps.save_reply, job_id, part, found.raw, found.request_id
            )
            saved[part] = SavedReply(found.raw, found.request_id)
        if set(parts) <= set(saved):
            await self._queue.resume_with(job_id, self._pipeline.finish)
        else:
            await self._queue.retry([job_id], consent=True)
        return True

    async def replies(self, job: Job) -> dict[int, SavedReply]:
        """Give the raw replies of a job, done or not, by part.

        Raises:
            StorageError: They cannot be read.
        """
        if job.transcript_id is not None:
            return await asyncio.to_thread(self._library.replies, job.transcript_id)
        return await asyncio.to_thread(self._steps.replies, job.job_id)

    async def forget(self, request_id: str) -> None:
        """Let the service delete what it keeps of a request.

        Raises:
            AppError: It did not, and why.
        """
        await self._service.console().forget(request_id)

    def _parts(self, job: Job) -> dict[int, int | None]:
        """Give the length of each part the job was cut into; blocks."""
        parts = parts_in(self._steps.preparation(job.job_id))
        lengths: dict[int, int | None] = {
            place: part.length_ms for place, part in enumerate(parts)
        }
        return lengths or {0: job.duration_ms}


def _request_id(job: Job) -> str:
    if job.request_id:
        return job.request_id
    return job.failure.request_id if job.failure is not None else ""
