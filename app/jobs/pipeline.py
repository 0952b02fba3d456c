"""What is done for one job: probe, prepare, transcribe, tell voices apart, save.

Inside its own folder a job looks at the recording, makes what the recogniser needs
of it, has it recognised and its voices told apart, and saves the transcript. Each step
is on disk before the next; a failure is an exception that the queue turns into a job that
needs attention.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from app.audio.cache import PlaybackCache
from app.audio.prepare import Prepared
from app.audio.probe import probe
from app.audio.room import free_bytes_at
from app.core.errors import Action, AppError, RecordingError
from app.core.job import Job, JobState
from app.core.markers import bookmark_chapters
from app.core.messages import Message, message
from app.core.options import CAPABILITIES
from app.core.recording import Recording, SoundChoice
from app.core.transcript import MarkerId, Transcript, TranscriptId
from app.jobs.copies import save_copy
from app.jobs.growing import GrowingTranscripts
from app.jobs.job_progress import JobProgress
from app.jobs.live_texts import LiveTexts
from app.jobs.open_transcript import OpenTranscripts
from app.jobs.own_words import OwnWords
from app.jobs.preparing import Preparing
from app.jobs.recognising import OnDevice, Recogniser
from app.jobs.replies import Replies
from app.jobs.sending import Sending
from app.jobs.service import Service
from app.jobs.spending import Spending
from app.jobs.telling import NOT_TOLD, Telling, is_wanted
from app.jobs.throughput import Throughput
from app.jobs.word_list import apply_word_list
from app.jobs.work import MAYBE_BILLED
from app.ondevice import recogniser as ondevice
from app.store.audio_links import AudioLink, link_to
from app.store.job_steps import JobSteps
from app.store.library import Library
from app.store.paths import AppPaths
from app.store.settings import SettingsStore
from app.system.clocks import now_ms
from app.waves.errors import MaybeDoneError

_HAVE_IT = message(
    "You already have a transcript of this recording. Open it, or transcribe again."
)


class NoWordsError(RecordingError):
    """Nothing was heard, which is hardly ever what there is."""

    def __init__(self, recording: Recording | None) -> None:
        super().__init__(_what_to_try(recording), action=Action.CHOOSE_MODEL)


def _what_to_try(recording: Recording | None) -> Message:
    """Say what may help where no words were heard."""
    if recording is not None and len(recording.tracks) > 1:
        return message("No words were heard. Try another audio track, language or model.")
    if recording is not None and recording.channels > 1:
        return message(
            "No words were heard. Try one channel only, or another language or model."
        )
    return message("No words were heard. Try another language or model.")


class Pipeline:
    """Do one job after the other; several may be under way at a time.

    Attributes:
        growing: What is recognised so far of the jobs under way.
    """

    def __init__(  # noqa: PLR0913 - the one place where all rooms meet
        self,
        *,
        paths: AppPaths,
        job_steps: JobSteps,
        library: Library,
        settings: SettingsStore,
        words: OwnWords,
        recogniser: ondevice.Recogniser,
        telling: Telling,
        service: Service,
        cache: PlaybackCache,
        spending: Spending,
        transcripts: OpenTranscripts | None = None,
        look: Callable[[Path, SoundChoice | None], Awaitable[Recording]] = probe,
        now_ms: Callable[[], int] = now_ms,
        free_bytes: Callable[[Path], int] = free_bytes_at,
    ) -> None:
        self._paths = paths
        self._live_texts = LiveTexts(library, transcripts or OpenTranscripts(library))
        self._job_steps = job_steps
        self._library = library
        self._settings = settings
        self._words = words
        self._look = look
        self._now_ms = now_ms
        self._replies = Replies(job_steps)
        self._preparing = Preparing(
            paths=paths,
            job_steps=job_steps,
            settings=settings,
            cache=cache,
            free_bytes=free_bytes,
        )
        self._telling = telling
        self.growing = GrowingTranscripts()
        self._on_device = OnDevice(
            recogniser=recogniser,
            job_steps=job_steps,
            throughput=Throughput(settings),
            now_ms=now_ms,
            growing=self.growing,
            own_names=words.names_in,
        )
        self._sending = Sending(
            service=service,
            spending=spending,
            job_steps=job_steps,
            replies=self._replies,
            preparing=self._preparing,
            settings=settings,
            growing=self.growing,
            now_ms=now_ms,
        )

    async def run(self, progress: JobProgress) -> None:
        """Do the job: probe, prepare, transcribe, tell voices apart, save.

        Raises:
            AppError: In one sentence why not, and what to do.
        """
        job_id = progress.job.job_id
        try:
            await self._run(progress)
        finally:
            self.growing.end(job_id)

    async def _run(self, progress: JobProgress) -> None:
        if progress.job.awaits_voices:  # all but who says the words is kept
            await self._go_on_telling(progress)
            return
        if progress.job.keeps_live_text and await self._keep_live_text(progress):
            return
        await self._check_sent(progress.job)
        if progress.job.is_url:
            transcript = await self._sending.transcribe_link(progress)
            await self._save(progress, transcript, AudioLink(progress.job.source, is_url=True))
            return
        await progress.move(JobState.PREPARING)
        link = await asyncio.to_thread(link_to, progress.job.path)
        await self._check_library(progress, link)
        recording = await self._look(progress.job.path, progress.job.options.sound)
        prepared = await self._preparing.prepare(progress, recording, link.content_hash)
        recogniser = self._recogniser_of(progress.job)
        transcript = await recogniser.transcribe(progress, recording, prepared)
        if transcript is not None:
            transcript = await self._telling.link(progress, recording, prepared, transcript)
            transcript = replace(
                transcript, duration_ms=prepared.duration_ms, sound=recording.kept_choice
            )
            await self._save(progress, transcript, link, recording, prepared)

    async def finish(self, progress: JobProgress) -> None:
        """End a job with the replies that are kept of it, however they came.

        Raises:
            AppError: They are no transcript, or it cannot be kept.
        """
        job = progress.job
        link = AudioLink(job.source, is_url=job.is_url)
        if not job.is_url:
            with contextlib.suppress(RecordingError):  # moved meanwhile; the words count
                link = await asyncio.to_thread(link_to, job.path)
        transcript = await asyncio.to_thread(self._replies.transcript, job)
        recording = None
        if link.content_hash:
            with contextlib.suppress(RecordingError):  # words without speakers count too
                recording = await self._look(job.path, job.options.sound)
        await self._save(progress, transcript, link, recording)

    async def discard(self, job: Job) -> None:
        """Remove what was prepared for a job that is not wanted any more."""
        await asyncio.to_thread(self._paths.remove_job_folder, job.job_id)

    def _recogniser_of(self, job: Job) -> Recogniser:
        """Give who recognises a job: the service, or this computer."""
        return self._sending if CAPABILITIES[job.options.model].needs_key else self._on_device

    async def _check_sent(self, job: Job) -> None:
        """Hold back what may have been billed, until a person agreed to send it again."""
        await asyncio.to_thread(self._replies.save_late, job.job_id)
        if await asyncio.to_thread(self._job_steps.sent_without_reply, job.job_id):
            raise MaybeDoneError(MAYBE_BILLED)

    async def _check_library(self, progress: JobProgress, link: AudioLink) -> None:
        """Hold back what the library has already, unless a person wants it once more."""
        job = progress.job
        if job.is_repeat or job.has_live_text:
            return
        before = await asyncio.to_thread(self._made_before, job, link.content_hash)
        if before is not None:
            progress.show(transcript_id=before)
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

    async def _save(
        self,
        progress: JobProgress,
        transcript: Transcript,
        link: AudioLink,
        recording: Recording | None = None,
        prepared: Prepared | None = None,
    ) -> None:
        """Save the transcript and end the job in one commit, then clear up.

        Where who says the words is still to be told, the words are saved, and can be read,
        before that begins.

        Raises:
            NoWordsError: There is nothing in it: nobody is told that all is done.
            StorageError: It cannot be kept.
        """
        if not transcript.word_count:
            raise NoWordsError(recording)
        if recording is not None and recording.chapters:
            transcript = bookmark_chapters(transcript, recording.chapters, _new_marker)
        if recording is not None and is_wanted(progress.job.options, recording):
            await progress.move(JobState.TRANSCRIBING)
            if await self._take_place_of_live_text(progress, transcript):
                await progress.move(
                    JobState.TRANSCRIBING, has_live_text=False, awaits_voices=True
                )
                note = await self._telling.tell(
                    progress, recording, prepared, link.content_hash
                )
                await self._end_told(progress, link, note)
                return
            begun = await asyncio.to_thread(
                self._library.save_words,
                progress.job,
                transcript,
                link=link,
                now_ms=self._now_ms(),
            )
            await self._apply_word_list(begun)
            progress.finish(begun)
            note = await self._telling.tell(progress, recording, prepared, link.content_hash)
            await self._end_told(progress, link, note)
            return
        await progress.move(JobState.SAVING)
        if await self._take_place_of_live_text(progress, transcript):
            ended = replace(progress.job, has_live_text=False)
            done = await asyncio.to_thread(self._library.end_job, ended, now_ms=self._now_ms())
            await self._clear_up(progress, done, link)
            return
        done = await asyncio.to_thread(
            self._library.finish_job, progress.job, transcript, link=link, now_ms=self._now_ms()
        )
        await self._apply_word_list(done)
        await self._clear_up(progress, done, link)

    async def _take_place_of_live_text(
        self, progress: JobProgress, transcript: Transcript
    ) -> bool:
        """Put the words in the place of those that were heard while it was recorded."""
        job = progress.job
        if not job.has_live_text or job.transcript_id is None:
            return False
        listed = await asyncio.to_thread(self._words.put_right_in, job.transcript_id)
        return await self._live_texts.give_way(job.transcript_id, transcript, listed)

    async def _keep_live_text(self, progress: JobProgress) -> bool:
        """End a job whose live text is all it is to have; gives whether it is still there."""
        job = progress.job
        if job.transcript_id is None or not await asyncio.to_thread(
            self._library.entry, job.transcript_id
        ):
            return False
        await progress.move(JobState.PREPARING)
        link = await asyncio.to_thread(link_to, job.path)
        recording = await self._look(job.path, job.options.sound)
        listed = await asyncio.to_thread(self._words.put_right_in, job.transcript_id)
        await self._live_texts.stay(job.transcript_id, recording.duration_ms, listed)
        await progress.move(JobState.TRANSCRIBING, duration_ms=recording.duration_ms)
        note = None
        if is_wanted(job.options, recording):
            await progress.move(JobState.TRANSCRIBING, awaits_voices=True)
            note = await self._telling.tell(progress, recording, None, link.content_hash)
        await self._end_told(progress, link, note)
        return True

    async def _apply_word_list(self, job: Job) -> None:
        """Put the person's own words right before anybody reads them, if that is wished."""
        if job.transcript_id is None:
            return
        listed = await asyncio.to_thread(self._words.put_right_in, job.transcript_id)
        await asyncio.to_thread(
            apply_word_list, self._library, job.transcript_id, listed, now_ms=self._now_ms()
        )

    async def _go_on_telling(self, progress: JobProgress) -> None:
        """Tell who says the words of a job that was ended, or failed, while that was done."""
        job = progress.job
        link, note = AudioLink(job.source), NOT_TOLD
        with contextlib.suppress(RecordingError):  # moved meanwhile; the words count
            link = await asyncio.to_thread(link_to, job.path)
            recording = await self._look(job.path, job.options.sound)
            note = await self._telling.tell(progress, recording, None, link.content_hash)
        await self._end_told(progress, link, note)

    async def _end_told(
        self, progress: JobProgress, link: AudioLink, note: Message | None
    ) -> None:
        """End a job whose words were saved before; it says if they have no speakers."""
        await progress.move(JobState.SAVING, note=note, awaits_voices=note is not None)
        done = await asyncio.to_thread(
            self._library.end_job, progress.job, now_ms=self._now_ms()
        )
        await self._clear_up(progress, done, link)

    async def _clear_up(self, progress: JobProgress, done: Job, link: AudioLink) -> None:
        """Show that a job is done, and remove what it needed."""
        progress.finish(done)
        if self._settings.settings.keep_copies and not link.is_url:
            progress.finish(await self._with_copy(done, link.path))
        await asyncio.to_thread(self._paths.remove_job_folder, done.job_id)

    async def _with_copy(self, done: Job, recording: Path) -> Job:
        """Keep a copy of the recording; a note tells if it could not be."""
        transcript_id = done.transcript_id
        if transcript_id is None:
            return done
        try:
            await asyncio.to_thread(
                save_copy, self._library, self._paths.copies, transcript_id, recording
            )
        except AppError as error:
            return replace(done, note=error.message)
        return done


def _new_marker() -> MarkerId:
    return MarkerId(secrets.token_hex(6))
