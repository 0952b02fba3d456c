"""The service's replies to the parts of a job: kept as they come, and read again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.core.job import Job, JobId
from app.core.stitch import PartTranscript, stitch
from app.core.transcript import Transcript
from app.jobs.preparation import parts_in
from app.store.job_steps import JobSteps
from app.waves.codec import Accepted, Reply, decode_reply
from app.waves.errors import NoTranscriptError


class Replies:
    """Keeps what was paid for, for as long as this process lives if not longer."""

    def __init__(self, job_steps: JobSteps) -> None:
        self._job_steps = job_steps
        self._unsaved: dict[JobId, dict[int, Reply]] = {}

    async def save(self, job_id: JobId, place: int, reply: Reply) -> None:
        """Keep the reply to a part; one that cannot be kept now is by ``save_late``.

        Raises:
            StorageError: It could not be kept.
        """
        self._unsaved.setdefault(job_id, {})[place] = reply
        await asyncio.to_thread(self.save_late, job_id)
        if not self._unsaved.get(job_id):
            self._unsaved.pop(job_id, None)

    def save_late(self, job_id: JobId) -> None:
        """Keep replies that could not be kept when they came (the disk was full); blocks.

        Raises:
            StorageError: They cannot be kept now either.
        """
        # One by one: the reply to another part may come while this one is written.
        unsaved = self._unsaved.get(job_id, {})
        for place in sorted(unsaved):
            if (reply := unsaved.get(place)) is not None:  # or another thread was quicker
                self._job_steps.save_reply(job_id, place, reply.raw, reply.request_id)
                unsaved.pop(place, None)

    def transcript(self, job: Job) -> Transcript:
        """Put together the kept replies to all parts of a job; blocks.

        Raises:
            AppError: They are no transcript, or nobody can say of which parts they are.
        """
        saved = self._job_steps.replies(job.job_id)
        parts = parts_in(self._job_steps.preparation(job.job_id))
        if set(saved) != set(range(len(parts) or 1)):
            raise NoTranscriptError("The saved answers cannot be put together. Try again.")
        if not parts:
            return read_reply(saved[0].raw, job, job.duration_ms).transcript
        transcript = stitch(
            [
                PartTranscript(
                    read_reply(saved[place].raw, job, part.length_ms).transcript,
                    part.start_ms,
                    part.end_ms,
                    part.channel,
                )
                for place, part in enumerate(parts)
            ]
        )
        return replace(transcript, duration_ms=job.duration_ms or transcript.duration_ms)


def read_reply(raw: bytes, job: Job, duration_ms: int | None) -> Reply:
    """Decode a reply that was kept before.

    Raises:
        AppError: It is no transcript.
    """
    reply = decode_reply(200, {}, raw, job.options, duration_ms=duration_ms)
    if isinstance(reply, Accepted):
        raise NoTranscriptError("The saved answer has no transcript. Try again.")
    return reply
