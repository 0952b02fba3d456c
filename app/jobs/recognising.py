"""What turns a prepared recording into words: this computer, or the service.

Both meet one small protocol; the pipeline need not know which of them it has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from app.audio.prepare import Prepared
from app.core.job import JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.models import NO_CARD
from app.core.names import all_names
from app.core.options import AUTO
from app.core.projects import ProjectId
from app.core.recording import Recording
from app.core.stitch import PartTranscript, stitch
from app.core.transcript import Transcript
from app.jobs.growing import GrowingTranscripts, PartWords
from app.jobs.job_progress import JobProgress
from app.jobs.pace import Pace
from app.jobs.throughput import Throughput
from app.ondevice import recogniser as ondevice
from app.ondevice.chunks import Chunk
from app.store.job_steps import JobSteps
from app.system.clocks import monotonic_ms


class Recogniser(Protocol):
    """Turns the sound of a job into words."""

    async def transcribe(
        self, progress: JobProgress, recording: Recording, prepared: Prepared
    ) -> Transcript | None:
        """Recognise a recording, going on with what an earlier run had of it.

        Args:
            progress: The job, and how it tells how far it is.
            recording: What was prepared.
            prepared: The parts to recognise.

        Returns:
            Its words; ``None`` when they come later (the service is to call back).

        Raises:
            AppError: In one sentence why not, and what to do.
        """
        ...


class OnDevice:
    """Recognises on this computer, part by part and chunk by chunk."""

    def __init__(
        self,
        *,
        recogniser: ondevice.Recogniser,
        job_steps: JobSteps,
        throughput: Throughput,
        now_ms: Callable[[], int],
        growing: GrowingTranscripts | None = None,
        own_names: Callable[[ProjectId], Sequence[str]] = lambda _project: (),
        clock_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        """Set up.

        Args:
            recogniser: What recognises.
            job_steps: Keeps what is recognised so far.
            throughput: Knows how long it takes.
            now_ms: The clock, milliseconds since 1970.
            growing: Where words are put as they come, for whoever shows them.
            own_names: Gives names and terms a person wants heard in the recordings of a
                project; blocks.
            clock_ms: A clock that goes on evenly, in milliseconds.
        """
        self._recogniser = recogniser
        self._job_steps = job_steps
        self._throughput = throughput
        self._now_ms = now_ms
        self._growing = growing or GrowingTranscripts()
        self._own_names = own_names
        self._clock_ms = clock_ms
        self._has_told_card = False

    async def transcribe(
        self, progress: JobProgress, recording: Recording, prepared: Prepared
    ) -> Transcript:
        """Recognise it behind what an earlier run had of it; its words show as they come."""
        job_id = progress.job.job_id
        options = progress.job.options
        own = await asyncio.to_thread(self._own_names, progress.job.project_id)
        options = replace(options, names=all_names(options.names, own))
        model = options.model
        begun_ms = self._now_ms()
        is_whole = True

        expected_ms = self._throughput.expected_ms(model, prepared.duration_ms)
        total_ms = sum(part.end_ms - part.start_ms for part in prepared.parts)
        usual = None if expected_ms is None else expected_ms / max(1, total_ms)
        pace, before_ms = Pace(usual), 0
        # Channels are heard one after the other, and last as long as the recording together.
        begin_ms = min((part.start_ms for part in prepared.parts), default=0)
        length_ms = max((part.end_ms for part in prepared.parts), default=0) - begin_ms

        def count(done_ms: int, _part_ms: int) -> None:
            done_ms = min(before_ms + done_ms, total_ms)
            left_ms = pace.left_ms(done_ms, total_ms, self._clock_ms())
            told_ms = done_ms * length_ms // max(1, total_ms)
            progress.count(Progress(told_ms, length_ms, ProgressUnit.MILLISECONDS, left_ms))

        def place(ahead: int) -> None:
            nonlocal begun_ms, pace
            begun_ms, pace = self._now_ms(), Pace(usual)  # to wait is no work
            waiting = (
                message("Waiting for the recording before it.") if ahead else prepared.note
            )
            progress.show(note=waiting)

        await progress.move(JobState.TRANSCRIBING, expected_ms=expected_ms)
        language = "" if options.language == AUTO else options.language
        so_far = PartWords(
            self._growing.begin(
                job_id,
                duration_ms=prepared.duration_ms,
                language=language,
                sound=recording.kept_choice,
            ),
            [
                PartTranscript(
                    Transcript((), language=language), part.start_ms, part.end_ms, part.channel
                )
                for part in prepared.parts
            ],
        )
        pieces: list[PartTranscript] = []
        # One part, or one a channel: the recogniser cuts by itself.
        for number, part in enumerate(prepared.parts):
            saved = await asyncio.to_thread(self._job_steps.chunks, job_id, number)
            is_whole = is_whole and not saved

            async def save(chunk: Chunk, number: int = number) -> None:
                raw = chunk.to_bytes()
                await asyncio.to_thread(
                    self._job_steps.save_chunk, job_id, number, chunk.start_ms, raw
                )

            async def show(chunk: Chunk, number: int = number) -> None:
                part = prepared.parts[number]
                words = ondevice.settled_words(chunk.words, part.end_ms, chunk.start_ms)
                await so_far.take(
                    number,
                    words,
                    language=chunk.language,
                    changes=chunk.languages,
                    wordless=chunk.wordless,
                )

            heard = await self._recogniser.transcribe(
                part.path,
                options,
                begun=[Chunk.from_bytes(raw) for raw in saved],
                on_chunk=save,
                on_heard=show,
                on_progress=count,
                on_place=place,
            )
            if self._recogniser.card_trouble and not self._has_told_card:
                self._has_told_card = True
                progress.show(note=NO_CARD)
            pieces.append(PartTranscript(heard, part.start_ms, part.end_ms, part.channel))
            before_ms += part.end_ms - part.start_ms
        if is_whole:  # a run that goes on says nothing about the whole
            await self._throughput.learn(
                model, duration_ms=prepared.duration_ms, took_ms=self._now_ms() - begun_ms
            )
        return stitch(pieces)
