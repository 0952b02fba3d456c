"""Have the service recognise a recording: part by part, by webhook, or from a link.

Before a part leaves in full it is noted as sent, and once an answer came that is kept;
so after a crash nothing received is paid for again, and what may have been billed is
known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from app.audio.parts import Part
from app.audio.prepare import Prepared
from app.core.errors import AppError, RecordingError
from app.core.job import JobId, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.recording import Recording
from app.core.stitch import PartTranscript, stitch
from app.core.transcript import Transcript
from app.jobs.growing import GrowingTranscripts, WholeParts
from app.jobs.job_progress import JobProgress
from app.jobs.preparing import Preparing
from app.jobs.replies import Replies, read_reply
from app.jobs.service import Service
from app.jobs.spending import Spending
from app.jobs.throughput import Throughput
from app.jobs.upload import UploadProgress, show_wait
from app.jobs.webhook import webhook_for
from app.store.job_steps import JobSteps
from app.store.settings import SettingsStore
from app.waves.codec import Accepted, Reply
from app.waves.errors import MaybeDoneError, TooLargeError, WavesError


class Sending:
    """Sends what was prepared to the service, and keeps what comes back."""

    def __init__(
        self,
        *,
        service: Service,
        spending: Spending,
        job_steps: JobSteps,
        replies: Replies,
        preparing: Preparing,
        settings: SettingsStore,
        growing: GrowingTranscripts,
        now_ms: Callable[[], int],
    ) -> None:
        self._growing = growing
        self._service = service
        self._spending = spending
        self._job_steps = job_steps
        self._replies = replies
        self._preparing = preparing
        self._settings = settings
        self._throughput = Throughput(settings)
        self._now_ms = now_ms

    async def transcribe(
        self, progress: JobProgress, recording: Recording, prepared: Prepared
    ) -> Transcript | None:
        """Have the service recognise it; ``None`` when it is to call back."""
        saved = await asyncio.to_thread(self._job_steps.replies, progress.job.job_id)
        unsent = [part for place, part in enumerate(prepared.parts) if place not in saved]
        if unsent:
            sent_ms = sum(part.end_ms - part.start_ms for part in unsent)
            progress.close()
            progress.show(progress=None)  # it is counted to the end, and may wait for an answer
            await self._spending.check(progress.job, sent_ms)
        try:
            return await self._send(progress, recording, prepared)
        except TooLargeError:
            less = await self._preparing.plan_smaller(progress.job, recording)
            if less is None:
                raise
            await progress.move(JobState.PREPARING)
            prepared = await self._preparing.carry_out(progress, recording, less)
            return await self._send(progress, recording, prepared)

    async def transcribe_link(self, progress: JobProgress) -> Transcript:
        """Let the service fetch and recognise what lies behind a link."""
        job = progress.job
        await asyncio.to_thread(self._preparing.begin, job, "")
        saved = await asyncio.to_thread(self._job_steps.replies, job.job_id)
        if 0 in saved:
            return (await asyncio.to_thread(read_reply, saved[0].raw, job, None)).transcript
        await progress.move(JobState.PREPARING)
        await self._spending.check_link(job)
        await progress.move(
            JobState.TRANSCRIBING, note=message("The service downloads it from the link.")
        )
        await self._note_sent(job.job_id, 0)
        try:
            reply = await self._service.client().transcribe_url(
                job.source, job.options, on_wait=lambda wait: show_wait(progress, wait)
            )
        except MaybeDoneError:
            raise
        except WavesError:
            await self._note_refused(job.job_id, 0)
            raise
        await self._replies.save(job.job_id, 0, reply)
        return reply.transcript

    async def _send(
        self, progress: JobProgress, recording: Recording, prepared: Prepared
    ) -> Transcript | None:
        job = progress.job
        if job.options.by_webhook:
            return await self._submit(progress, prepared.parts[0])
        saved = await asyncio.to_thread(self._job_steps.replies, job.job_id)
        begun_ms = self._now_ms()
        await progress.move(JobState.UPLOADING)
        sizes = await asyncio.to_thread(_sizes, prepared.parts)
        expected_ms = self._throughput.expected_ms(job.options.model, prepared.duration_ms)
        lengths_ms = [part.end_ms - part.start_ms for part in prepared.parts]
        upload = UploadProgress(progress, sizes, lengths_ms, saved, expected_ms)
        replies: dict[int, Reply] = {}
        so_far = self._so_far(progress, recording, prepared)
        for place, reply in saved.items():
            part = prepared.parts[place]
            replies[place] = await asyncio.to_thread(
                read_reply, reply.raw, job, part.end_ms - part.start_ms
            )
            await so_far.take(place, replies[place].transcript)

        async def send(place: int, part: Part) -> None:
            replies[place] = await self._send_part(progress, place, part, upload)
            upload.take_back(place)
            await so_far.take(place, replies[place].transcript)

        # Each part ends by itself: what came is kept, even if another one fails.
        outcomes = await asyncio.gather(
            *(
                send(place, part)
                for place, part in enumerate(prepared.parts)
                if place not in saved
            ),
            return_exceptions=True,
        )
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            raise max(failures, key=_weight)
        if not saved:  # a run that goes on with kept parts says nothing about the whole
            await self._throughput.learn(
                job.options.model,
                duration_ms=prepared.duration_ms,
                took_ms=self._now_ms() - begun_ms,
            )
        for reply in replies.values():
            if reply.notes:
                progress.show(note=reply.notes[0])
        return stitch(
            [
                PartTranscript(
                    replies[place].transcript, part.start_ms, part.end_ms, part.channel
                )
                for place, part in enumerate(prepared.parts)
            ]
        )

    def _so_far(
        self, progress: JobProgress, recording: Recording, prepared: Prepared
    ) -> WholeParts:
        """Give where parts go as they come back, for whoever shows them."""
        growing = self._growing.begin(
            progress.job.job_id,
            duration_ms=prepared.duration_ms,
            sound=recording.kept_choice,
        )
        nothing = Transcript(())
        return WholeParts(
            growing,
            [
                PartTranscript(nothing, part.start_ms, part.end_ms, part.channel)
                for part in prepared.parts
            ],
        )

    async def _send_part(
        self, progress: JobProgress, place: int, part: Part, upload: UploadProgress
    ) -> Reply:
        job_id = progress.job.job_id
        try:
            reply = await self._service.client().transcribe(
                part.path,
                progress.job.options,
                duration_ms=part.end_ms - part.start_ms,
                on_sent=lambda sent, _: upload.count(place, sent),
                on_last=lambda: self._note_sent(job_id, place),
                on_wait=lambda wait: upload.wait(place, wait),
            )
        except MaybeDoneError:
            raise
        except (WavesError, RecordingError):
            await self._note_refused(job_id, place)
            raise
        await self._replies.save(job_id, place, reply)
        return reply

    async def _submit(self, progress: JobProgress, part: Part) -> Transcript | None:
        """Send it to be called back about; gives the transcript if it comes at once."""
        job_id = progress.job.job_id
        saved = await asyncio.to_thread(self._job_steps.replies, job_id)
        if 0 in saved:  # delivered, but not kept as a transcript yet
            return await asyncio.to_thread(self._replies.transcript, progress.job)
        webhook = webhook_for(self._settings.settings, job_id)
        await progress.move(JobState.UPLOADING)
        try:
            outcome = await self._service.client().submit(
                part.path,
                progress.job.options,
                webhook,
                on_sent=lambda sent, total: progress.count(
                    Progress(sent, total, ProgressUnit.BYTES)
                ),
                on_last=lambda: self._note_sent(job_id, 0),
                on_wait=lambda wait: show_wait(progress, wait),
            )
        except MaybeDoneError:
            raise
        except (WavesError, RecordingError):
            await self._note_refused(job_id, 0)
            raise
        if isinstance(outcome, Accepted):
            await progress.move(JobState.AWAITING_SERVICE, request_id=outcome.request_id)
            return None
        await self._replies.save(job_id, 0, outcome)
        return outcome.transcript

    async def _note_sent(self, job_id: JobId, place: int) -> None:
        """Note that a part is about to leave in full: from here on it may be billed."""
        await asyncio.to_thread(self._job_steps.note_sent, job_id, place, self._now_ms())

    async def _note_refused(self, job_id: JobId, place: int) -> None:
        """Note that a part was surely not billed."""
        await asyncio.to_thread(self._job_steps.note_refused, job_id, place)


def _sizes(parts: Sequence[Part]) -> list[int]:
    return [part.path.stat().st_size for part in parts]


def _weight(failure: BaseException) -> int:
    """Tell which of several failures says most about what to do next."""
    if isinstance(failure, asyncio.CancelledError):
        return 4
    if isinstance(failure, AppError) and failure.pauses_queue:
        return 3
    if isinstance(failure, MaybeDoneError):
        return 2
    return 1 if isinstance(failure, TooLargeError) else 0
