"""The page of a recording that is still at work: what there is so far, to be read and heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.core.job import Job, JobId, ProgressUnit
from app.core.transcript import Transcript, TranscriptId
from app.jobs.events import JobChanged, JobsRemoved, QueueEvent
from app.jobs.growing import GrowingTranscript, GrowingTranscripts
from app.store.audio_links import AudioLink
from app.store.listing import TranscriptEntry
from app.store.stored import StoredTranscript
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.controller import ReadingController
from app.ui.transcript.head import TranscriptHead
from app.ui.transcript.view import TranscriptView
from app.ui.wording import number, span


class Jobs(Protocol):
    """The queue, as far as it is looked at here; ``jobs.queue.JobQueue`` is one."""

    def job(self, job_id: JobId) -> Job | None:
        """Give a job by its id."""
        ...

    def subscribe(self, listener: Callable[[QueueEvent], None]) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; gives a function that ends this."""
        ...


class GrowingController(QObject):
    """Puts what there is so far of the job that is shown on the page, and follows it.

    Once the job has its transcript, the page goes on with that; see ``go_on``.

    Signals:
        ended: A job whose page was shown came to nothing: its id.
    """

    ended = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        head: TranscriptHead,
        view: TranscriptView,
        reading: ReadingController,
        growing: GrowingTranscripts,
        jobs: Jobs,
        tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._head = head
        self._reading = reading
        self._growing = growing
        self._jobs = jobs
        self._tasks = tasks
        self._wanted: JobId | None = None
        self._shown: GrowingTranscript | None = None
        self._told = ("", "")
        view.edit_refused.connect(self._on_edit_refused)
        self._ends = (growing.subscribe(self._on_words), jobs.subscribe(self._on_event))

    def close(self) -> None:
        """Follow no longer."""
        for end in self._ends:
            end()

    def show(self, job: Job | None) -> None:
        """Somebody turned to a job: show what there is of it, as soon as there is anything."""
        self._wanted = None if job is None else job.job_id
        if self._wanted is not None:
            self._on_words(self._wanted)

    def go_on(self, job_id: JobId, transcript_id: TranscriptId) -> bool:
        """Let the page go on with the transcript of a job, if it is this job's that grew there.

        Place and sound stay what they are.

        Returns:
            Whether it is.
        """
        shown = self._shown_here()
        if shown is None or shown.job_id != job_id:
            return False
        self._shown = None
        self._tasks.start(
            self._reading.go_on_with(transcript_id, shown.document),
            "open a transcript",
            replace=True,
        )
        return True

    # Inside

    def _shown_here(self) -> GrowingTranscript | None:
        """Give what grows on the page, if it is still there."""
        if self._shown is not None and self._reading.grown is not self._shown.document:
            self._shown = None
        return self._shown

    def _on_words(self, job_id: JobId) -> None:
        growing, job = self._growing.of(job_id), self._jobs.job(job_id)
        if job_id != self._wanted or job is None or not job.state.is_running:
            return
        if growing is None or not growing.has_words:
            return
        if growing is self._shown_here():
            self._show_head()
        elif self._stage.page is Page.JOB:
            self._tasks.start(self._open(growing), "open a transcript", replace=True)

    async def _open(self, growing: GrowingTranscript) -> None:
        job = self._jobs.job(growing.job_id)
        if job is not None:
            about = about_job(job, growing.document.transcript)
            await self._reading.show_growing(growing.document, about)
            if self._reading.grown is growing.document:  # nobody turned to something else
                self._shown = growing
                self._show_head()

    def _on_event(self, event: QueueEvent) -> None:
        shown = self._shown_here()
        if shown is None:
            return
        match event:
            case JobChanged(_, job) if job.job_id == shown.job_id:
                if not job.state.is_running and (job.transcript_id is None or job.failure):
                    self._end(shown)
                elif self._stage.page is Page.TRANSCRIPT:
                    self._show_head()
            case JobsRemoved() if self._jobs.job(shown.job_id) is None:
                self._end(shown)
            case _:
                pass

    def _end(self, shown: GrowingTranscript) -> None:
        """What is on the page will never be whole: the job says why."""
        self._shown = None
        self._reading.pause()
        if self._stage.page is Page.TRANSCRIPT:
            self.ended.emit(shown.job_id)

    def _show_head(self) -> None:
        shown = self._shown
        job = None if shown is None else self._jobs.job(shown.job_id)
        if job is None:
            return
        told = job.title, self._sentence(job)
        if self._stage.page is not Page.TRANSCRIPT or told != self._told:
            self._told = told
            self._head.show_title(*told)
        if self._stage.page is not Page.TRANSCRIPT:
            self._stage.turn_to(Page.TRANSCRIPT)

    def _sentence(self, job: Job) -> str:
        if job.progress is None or job.progress.unit is ProgressUnit.BYTES:
            return self.tr("You can edit the text once it is complete.")
        percent = number(int(job.progress.fraction * 100))
        if job.progress.left_ms is None:
            text = self.tr("{percent} % done. You can edit the text once it is complete.")
            return text.replace("{percent}", percent)
        text = self.tr(
            "{percent} % done, about {time} left. You can edit the text once it is complete."
        )
        left = span(job.progress.left_ms)
        return text.replace("{percent}", percent).replace("{time}", left)

    def _on_edit_refused(self) -> None:
        if self._shown_here() is not None:
            self._stage.say(self.tr("You can edit the text once it is complete."))


def about_job(job: Job, transcript: Transcript) -> StoredTranscript:
    """Give what is known of a job's transcript before the library has it."""
    entry = TranscriptEntry(
        transcript_id=TranscriptId(""),
        name=job.title,
        created_ms=job.created_ms,
        changed_ms=job.created_ms,
        deleted_ms=None,
        duration_ms=transcript.duration_ms,
        model=transcript.model,
        language=transcript.language,
        word_count=0,
        speakers=(),
        tags=(),
        source=job.source,
        is_url=job.is_url,
        size_bytes=0,
        listened_ms=0,
    )
    return StoredTranscript(
        entry=entry,
        options=job.options,
        link=AudioLink(job.source, is_url=job.is_url),
        transcript=transcript,
    )
