"""What is done for one job: probe, prepare, transcribe, keep.

Inside its own folder a job looks at the recording, makes what the recogniser needs
of it, has it recognised, and keeps the transcript. Each step is on disk before the
next; a failure is an exception that the queue turns into a job that needs attention.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from app.audio.cache import OverviewCache
from app.audio.parts import Part
from app.audio.plan import Form, Limits, Plan, make_plan, smaller
from app.audio.prepare import DamagedError, LongerError, Prepared, prepare
from app.audio.probe import probe
from app.audio.room import free_bytes_at
from app.core.errors import Action, AppError, RecordingError
from app.core.job import Job, JobId, JobState, Progress, Unit
from app.core.messages import message
from app.core.options import ModelId
from app.core.recording import Recording
from app.core.stitch import Piece, stitch
from app.core.transcript import Transcript, TranscriptId
from app.jobs.callbacks import webhook_for
from app.jobs.copies import keep_copy
from app.jobs.experience import Experience
from app.jobs.queue import MAYBE_BILLED
from app.jobs.service import Service
from app.jobs.spending import Spending
from app.jobs.steps import Steps
from app.jobs.upload import Upload, show_wait
from app.ondevice.recogniser import Recogniser
from app.ondevice.stretches import Stretch
from app.store.audio_links import AudioLink, link_to
from app.store.job_steps import JobSteps
from app.store.kept_options import options_text
from app.store.library import Library
from app.store.paths import AppPaths
from app.store.settings import SettingsStore
from app.system.clocks import now_ms
from app.waves.codec import Accepted, Reply, decode_reply
from app.waves.errors import MaybeDoneError, NoTranscriptError, TooLargeError, WavesError

NO_SPEECH = message("Nobody is heard speaking in this recording.")
_HAVE_IT = message("You have a transcript of this recording already; open it, or do it again.")
_NEVER_SPLIT_MS = 24 * 3_600_000
"""Longer than anything: a job that is called back about goes in one piece."""


class Pipeline:
    """Do one job after the other; several may be under way at a time."""

    def __init__(  # noqa: PLR0913 - the one place where all rooms meet
        self,
        *,
        paths: AppPaths,
        kept_steps: JobSteps,
        library: Library,
        settings: SettingsStore,
        recogniser: Recogniser,
        service: Service,
        cache: OverviewCache,
        spending: Spending | None = None,
        now_ms: Callable[[], int] = now_ms,
        free_bytes: Callable[[Path], int] = free_bytes_at,
    ) -> None:
        self._paths = paths
        self._kept_steps = kept_steps
        self._library = library
        self._settings = settings
        self._recogniser = recogniser
        self._service = service
        self._cache = cache
        self._spending = spending or Spending(service, settings)
        self._now_ms = now_ms
        self._free_bytes = free_bytes
        self._unkept: dict[JobId, dict[int, Reply]] = {}

    async def run(self, steps: Steps) -> None:
        """Do the job: probe, prepare, transcribe, keep.

        Raises:
            AppError: In one sentence why not, and what to do.
        """
        await self._check_sent(steps.job)
        if steps.job.is_url:
            transcript = await self._transcribe_link(steps)
            await self._keep(steps, transcript, AudioLink(steps.job.source, is_url=True))
            return
        await steps.move(JobState.PREPARING)
        link = await asyncio.to_thread(link_to, steps.job.path)
        await self._check_library(steps, link)
        recording = await probe(steps.job.path)
        prepared = await self._prepare(steps, recording, link.content_hash)
        if steps.job.options.model is ModelId.ON_DEVICE:
            transcript = await self._recognise(steps, prepared)
        else:
            transcript = await self._transcribe(steps, recording, prepared)
        if transcript is not None:
            await self._keep(steps, replace(transcript, duration_ms=prepared.duration_ms), link)

    async def finish(self, steps: Steps) -> None:
        """End a job with the replies that are kept of it, however they came.

        Raises:
            AppError: They are no transcript, or it cannot be kept.
        """
        job = steps.job
        link = AudioLink(job.source, is_url=job.is_url)
        if not job.is_url:
            with contextlib.suppress(RecordingError):  # moved meanwhile; the words count
                link = await asyncio.to_thread(link_to, job.path)
        transcript = await asyncio.to_thread(self._kept_transcript, job)
        await self._keep(steps, transcript, link)

    def _kept_transcript(self, job: Job) -> Transcript:
        """Put together the kept replies of all parts; blocks."""
        kept = self._kept_steps.replies(job.job_id)
        pieces: list[Piece] = []
        for place, part in enumerate(parts_of(self._kept_steps.preparation(job.job_id))):
            start_ms, end_ms, channel = part
            reply = _read_kept(kept[place].raw, job, end_ms - start_ms)
            pieces.append(Piece(reply.transcript, start_ms, end_ms, channel))
        if not pieces:
            return _read_kept(kept[0].raw, job, job.duration_ms).transcript
        transcript = stitch(pieces)
        return replace(transcript, duration_ms=job.duration_ms or transcript.duration_ms)

    async def discard(self, job: Job) -> None:
        """Remove what was prepared for a job that is not wanted any more."""
        await asyncio.to_thread(self._paths.remove_job_folder, job.job_id)

    async def _check_sent(self, job: Job) -> None:
        """Hold back what may have been billed, until a person agreed to send it again."""
        await asyncio.to_thread(self._keep_late, job.job_id)
        if await asyncio.to_thread(self._kept_steps.sent_without_reply, job.job_id):
            raise MaybeDoneError(MAYBE_BILLED)

    def _keep_late(self, job_id: JobId) -> None:
        """Keep replies that could not be kept when they came (the disk was full)."""
        # One by one: the reply to another part may come while this one is written.
        unkept = self._unkept.get(job_id, {})
        for place in sorted(unkept):
            if (reply := unkept.get(place)) is not None:  # or another thread was quicker
                self._kept_steps.save_reply(job_id, place, reply.raw, reply.request_id)
                unkept.pop(place, None)

    async def _keep_reply(self, job_id: JobId, place: int, reply: Reply) -> None:
        """Keep what was paid for, for as long as this process lives if not longer."""
        self._unkept.setdefault(job_id, {})[place] = reply
        await asyncio.to_thread(self._keep_late, job_id)
        if not self._unkept.get(job_id):
            self._unkept.pop(job_id, None)

    # -- probe and prepare ---------------------------------------------------

    async def _check_library(self, steps: Steps, link: AudioLink) -> None:
        job = steps.job
        if job.is_repeat:
            return
        before = await asyncio.to_thread(self._made_before, job, link.content_hash)
        if before is not None:
            steps.show(transcript_id=before)
            raise RecordingError(_HAVE_IT, action=Action.OPEN_OR_REPEAT)

    def _made_before(self, job: Job, content_hash: str) -> TranscriptId | None:
        """Give the transcript of the same recording with the same options, if any; blocks.

        Other options are a wish for another transcript, which nobody needs to be asked about.
        """
        wanted = replace(job.options, timestamps=True)
        for entry in self._library.find_duplicates(content_hash):
            made_with = self._library.record(entry.transcript_id).options
            if replace(made_with, timestamps=True) == wanted:
                return entry.transcript_id
        return None

    async def _prepare(self, steps: Steps, recording: Recording, content_hash: str) -> Prepared:
        """Make what the recogniser needs, in the form an earlier run began with."""
        job = steps.job
        await asyncio.to_thread(self._forget_other, job, content_hash)
        steps.show(duration_ms=recording.duration_ms)
        plan = await self._plan(job, recording)
        try:
            return await self._carry_out(steps, recording, plan)
        except LongerError as error:
            longer = replace(recording, duration_ms=error.duration_ms)
            return await self._carry_out(steps, longer, await self._plan(job, longer))

    async def _plan(self, job: Job, recording: Recording) -> Plan:
        """Plan anew, or as an earlier run of the job began."""
        plan = make_plan(recording, job.options, self._limits(job))
        begun = await asyncio.to_thread(self._kept_steps.preparation, job.job_id)
        return plan if begun is None else resumed(plan, begun)

    async def _carry_out(self, steps: Steps, recording: Recording, plan: Plan) -> Prepared:
        job_id = steps.job.job_id

        def count(done_ms: int, total_ms: int) -> None:
            steps.count(Progress(done_ms, total_ms, Unit.MILLISECONDS))

        folder = await asyncio.to_thread(self._paths.job_folder, job_id)
        try:
            prepared = await self._make(recording, plan, folder, count)
        except DamagedError as error:
            if not steps.job.accepts_damage:
                raise
            recording = replace(recording, damaged_at_ms=error.damaged_at_ms)
            plan = make_plan(recording, steps.job.options, self._limits(steps.job))
            prepared = await self._make(recording, plan, folder, count)
        await asyncio.to_thread(self._keep_plan, job_id, plan, prepared)
        steps.show(note=prepared.note, duration_ms=prepared.duration_ms)
        return prepared

    async def _make(
        self, recording: Recording, plan: Plan, folder: Path, count: Callable[[int, int], None]
    ) -> Prepared:
        return await prepare(
            recording, plan, folder, count, cache=self._cache, free_bytes=self._free_bytes
        )

    def _limits(self, job: Job) -> Limits:
        if job.options.by_webhook:
            return Limits(split_ms=_NEVER_SPLIT_MS)
        return Limits(split_ms=self._settings.settings.split_ms)

    def _forget_other(self, job: Job, content_hash: str) -> None:
        """Forget what was kept of another recording at this place, or for other options."""
        asked = f"{content_hash} {options_text(replace(job.options, timestamps=True))}"
        begun = self._kept_steps.preparation(job.job_id)
        if begun is not None and begun.get("asked") not in {None, asked}:
            self._kept_steps.forget(job.job_id)
            self._paths.remove_job_folder(job.job_id)
            begun = None
        if begun is None:
            self._kept_steps.save_preparation(job.job_id, {"asked": asked})

    def _keep_plan(self, job_id: JobId, plan: Plan, prepared: Prepared) -> None:
        """Keep how the job was cut, and forget replies to parts that were cut otherwise."""
        manifest: dict[str, object] = {
            "form": plan.form.value,
            "split_ms": plan.split_ms,
            "parts": [[part.start_ms, part.end_ms, part.channel] for part in prepared.parts],
        }
        before = self._kept_steps.preparation(job_id) or {}
        manifest["asked"] = before.get("asked")
        if "parts" in before and before["parts"] != manifest["parts"]:
            self._kept_steps.forget(job_id)
        if before != manifest:
            self._kept_steps.save_preparation(job_id, manifest)

    # -- transcribe ----------------------------------------------------------

    async def _recognise(self, steps: Steps, prepared: Prepared) -> Transcript:
        """Recognise on this computer, behind what an earlier run had of it."""
        job_id = steps.job.job_id
        begun_ms = self._now_ms()
        is_whole = True

        def count(done_ms: int, total_ms: int) -> None:
            steps.count(Progress(done_ms, total_ms, Unit.MILLISECONDS))

        def place(ahead: int) -> None:
            nonlocal begun_ms
            begun_ms = self._now_ms()
            waiting = (
                message("Waiting for the recording before it.") if ahead else prepared.note
            )
            steps.show(note=waiting)

        await steps.move(
            JobState.TRANSCRIBING,
            expected_ms=self._expected_ms(steps.job, prepared.duration_ms),
        )
        pieces: list[Piece] = []
        # One part, or one a channel: the recogniser cuts by itself.
        for number, part in enumerate(prepared.parts):
            kept = await asyncio.to_thread(self._kept_steps.chunks, job_id, number)
            is_whole = is_whole and not kept

            async def keep(stretch: Stretch, number: int = number) -> None:
                raw = stretch.to_bytes()
                await asyncio.to_thread(
                    self._kept_steps.save_chunk, job_id, number, stretch.start_ms, raw
                )

            heard = await self._recogniser.transcribe(
                part.path,
                steps.job.options,
                begun=[Stretch.from_bytes(raw) for raw in kept],
                on_stretch=keep,
                on_progress=count,
                on_place=place,
            )
            pieces.append(Piece(heard, part.start_ms, part.end_ms, part.channel))
        if is_whole:  # a run that goes on says nothing about the whole
            await self._learn(steps.job, prepared.duration_ms, self._now_ms() - begun_ms)
        return stitch(pieces)

    async def _transcribe(
        self, steps: Steps, recording: Recording, prepared: Prepared
    ) -> Transcript | None:
        """Have the service recognise it; ``None`` when it is to call back."""
        kept = await asyncio.to_thread(self._kept_steps.replies, steps.job.job_id)
        unsent = [part for place, part in enumerate(prepared.parts) if place not in kept]
        if unsent:
            sent_ms = sum(part.end_ms - part.start_ms for part in unsent)
            steps.close()
            steps.show(progress=None)  # it is counted to the end, and may wait for an answer
            await self._spending.check(steps.job, sent_ms)
        try:
            return await self._send(steps, prepared)
        except TooLargeError:
            less = smaller(await self._plan(steps.job, recording))
            if less is None:
                raise
            await steps.move(JobState.PREPARING)
            return await self._send(steps, await self._carry_out(steps, recording, less))

    async def _send(self, steps: Steps, prepared: Prepared) -> Transcript | None:
        options = steps.job.options
        if options.by_webhook:
            return await self._submit(steps, prepared.parts[0])
        kept = await asyncio.to_thread(self._kept_steps.replies, steps.job.job_id)
        begun_ms = self._now_ms()
        await steps.move(JobState.UPLOADING)
        sizes = await asyncio.to_thread(_sizes, prepared.parts)
        upload = Upload(steps, sizes, kept, self._expected_ms(steps.job, prepared.duration_ms))
        replies: dict[int, Reply] = {}
        for place, reply in kept.items():
            part = prepared.parts[place]
            replies[place] = await asyncio.to_thread(
                _read_kept, reply.raw, steps.job, part.end_ms - part.start_ms
            )

        async def send(place: int, part: Part) -> None:
            replies[place] = await self._send_part(steps, place, part, upload)

        # Each part ends by itself: what came is kept, even if another one fails.
        outcomes = await asyncio.gather(
            *(
                send(place, part)
                for place, part in enumerate(prepared.parts)
                if place not in kept
            ),
            return_exceptions=True,
        )
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            raise max(failures, key=_weight)
        if not kept:  # a run that goes on with kept parts says nothing about the whole
            await self._learn(steps.job, prepared.duration_ms, self._now_ms() - begun_ms)
        for reply in replies.values():
            if reply.notes:
                steps.show(note=reply.notes[0])
        return stitch(
            [
                Piece(replies[place].transcript, part.start_ms, part.end_ms, part.channel)
                for place, part in enumerate(prepared.parts)
            ]
        )

    async def _send_part(self, steps: Steps, place: int, part: Part, upload: Upload) -> Reply:
        job_id = steps.job.job_id

        async def mark_sent() -> None:
            await asyncio.to_thread(self._kept_steps.note_sent, job_id, place, self._now_ms())

        try:
            reply = await self._service.client().transcribe(
                part.path,
                steps.job.options,
                duration_ms=part.end_ms - part.start_ms,
                on_sent=lambda sent, _: upload.count(place, sent),
                on_last=mark_sent,
                on_wait=lambda wait: upload.wait(place, wait),
            )
        except MaybeDoneError:
            raise
        except (WavesError, RecordingError):
            await asyncio.to_thread(self._kept_steps.note_refused, job_id, place)
            raise
        await self._keep_reply(job_id, place, reply)
        return reply

    async def _submit(self, steps: Steps, part: Part) -> Transcript | None:
        """Send it to be called back about; gives the transcript if it comes at once."""
        job_id = steps.job.job_id
        kept = await asyncio.to_thread(self._kept_steps.replies, job_id)
        if 0 in kept:  # delivered, but not kept as a transcript yet
            return await asyncio.to_thread(self._kept_transcript, steps.job)
        webhook = webhook_for(self._settings.settings, job_id)
        await steps.move(JobState.UPLOADING)

        async def mark_sent() -> None:
            await asyncio.to_thread(self._kept_steps.note_sent, job_id, 0, self._now_ms())

        try:
            outcome = await self._service.client().submit(
                part.path,
                steps.job.options,
                webhook,
                on_sent=lambda sent, total: steps.count(Progress(sent, total, Unit.BYTES)),
                on_last=mark_sent,
                on_wait=lambda wait: show_wait(steps, wait),
            )
        except MaybeDoneError:
            raise
        except (WavesError, RecordingError):
            await asyncio.to_thread(self._kept_steps.note_refused, job_id, 0)
            raise
        if isinstance(outcome, Accepted):
            await steps.move(JobState.AWAITING_SERVICE, request_id=outcome.request_id)
            return None
        await self._keep_reply(job_id, 0, outcome)
        return outcome.transcript

    async def _transcribe_link(self, steps: Steps) -> Transcript:
        """Let the service fetch and recognise what lies behind a link."""
        job = steps.job
        await asyncio.to_thread(self._forget_other, job, "")
        kept = await asyncio.to_thread(self._kept_steps.replies, job.job_id)
        if 0 in kept:
            return (await asyncio.to_thread(_read_kept, kept[0].raw, job, None)).transcript
        await steps.move(JobState.PREPARING)
        await steps.move(
            JobState.TRANSCRIBING, note=message("The service fetches it from the link.")
        )
        await asyncio.to_thread(self._kept_steps.note_sent, job.job_id, 0, self._now_ms())
        try:
            reply = await self._service.client().transcribe_url(
                job.source, job.options, on_wait=lambda wait: show_wait(steps, wait)
            )
        except MaybeDoneError:
            raise
        except WavesError:
            await asyncio.to_thread(self._kept_steps.note_refused, job.job_id, 0)
            raise
        await self._keep_reply(job.job_id, 0, reply)
        return reply.transcript

    def _expected_ms(self, job: Job, duration_ms: int) -> int | None:
        experience = Experience(dict(self._settings.settings.experience))
        return experience.expected_ms(job.options.model, duration_ms)

    async def _learn(self, job: Job, duration_ms: int, took_ms: int) -> None:
        before = Experience(dict(self._settings.settings.experience))
        after = before.learned(job.options.model, duration_ms=duration_ms, took_ms=took_ms)
        await asyncio.to_thread(
            self._settings.change, experience=tuple(after.ms_per_second.items())
        )

    # -- keep ----------------------------------------------------------------

    async def _keep(self, steps: Steps, transcript: Transcript, link: AudioLink) -> None:
        """Keep the transcript and end the job in one commit, then clear up."""
        note = None if transcript.word_count else NO_SPEECH
        await steps.move(JobState.SAVING, **({} if note is None else {"note": note}))
        done = await asyncio.to_thread(
            self._library.finish_job, steps.job, transcript, link=link, now_ms=self._now_ms()
        )
        steps.finish(done)
        if self._settings.settings.keep_copies and not link.is_url:
            steps.finish(await self._with_copy(done, link.path))
        await asyncio.to_thread(self._paths.remove_job_folder, done.job_id)

    async def _with_copy(self, done: Job, recording: Path) -> Job:
        """Keep a copy of the recording; a note tells if it could not be."""
        transcript_id = done.transcript_id
        if transcript_id is None:
            return done
        try:
            await asyncio.to_thread(
                keep_copy, self._library, self._paths.copies, transcript_id, recording
            )
        except AppError as error:
            return replace(done, note=error.message)
        return done


def resumed(plan: Plan, begun: Mapping[str, object]) -> Plan:
    """Give a plan in the form, and cut as long, as an earlier run of the job began.

    Replies are kept part by part, so a job goes on with the parts it began with even
    if the settings have changed meanwhile.
    """
    split_ms = begun.get("split_ms")
    try:
        form = Form(str(begun.get("form")))
    except ValueError:
        return plan
    return replace(plan, form=form, split_ms=split_ms if isinstance(split_ms, int) else None)


def parts_of(
    manifest: Mapping[str, object] | None,
) -> Iterator[tuple[int, int, int | None]]:
    """Read the places of the parts that a job was cut into."""
    found = (manifest or {}).get("parts")
    for part in cast("list[object]", found) if isinstance(found, list) else []:
        match part:
            case [int(start_ms), int(end_ms), int() | None as channel]:
                yield start_ms, end_ms, channel
            case _:
                continue


def _sizes(parts: Sequence[Part]) -> list[int]:
    return [part.path.stat().st_size for part in parts]


def _read_kept(raw: bytes, job: Job, duration_ms: int | None) -> Reply:
    """Decode a reply that was kept before."""
    reply = decode_reply(200, {}, raw, job.options, duration_ms=duration_ms)
    if isinstance(reply, Accepted):
        raise NoTranscriptError("The kept reply holds no transcript; retry.")
    return reply


def _weight(failure: BaseException) -> int:
    """Tell which of several failures says most about what to do next."""
    if isinstance(failure, asyncio.CancelledError):
        return 4
    if isinstance(failure, AppError) and failure.pauses_queue:
        return 3
    if isinstance(failure, MaybeDoneError):
        return 2
    return 1 if isinstance(failure, TooLargeError) else 0
