"""From what is dropped and pressed to the queue, and from its events to the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.core.errors import Action, AppError
from app.core.job import Job, JobId, JobState, Repeat
from app.core.options import CAPABILITIES, TranscriptionOptions
from app.core.projects import Project, ProjectId
from app.core.recording import Recording
from app.core.transcript import TranscriptId
from app.jobs.events import Hold, JobChanged, JobsInserted, JobsRemoved, QueueEvent, QueuePaused
from app.jobs.headway import Headway, Standing
from app.jobs.queue import JobQueue, Removed
from app.jobs.throughput import ThroughputHistory
from app.system.clocks import monotonic_ms
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.adding import AddingController
from app.ui.queue.empty import EmptyView
from app.ui.queue.job_page import JobPage
from app.ui.queue.model import JobModel
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.sheets import JobOptionsSheet, RepeatSheet
from app.ui.queue.side import QueueSide
from app.ui.queue.wording import RowAction
from app.ui.stage import Page, Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated
from app.ui.wording import estimate, number, span

_SOON_MS = 50
_COUNTING_MS = 2_000
"""While something is counted, the time that is left is said anew after so long."""


@dataclass(frozen=True, slots=True)
class QueueViews:
    """Where the queue is seen.

    Attributes:
        side: Rows and options.
        empty: The page while there is nothing.
        job_page: The page of a job without a transcript.
        model: The rows.
    """

    side: QueueSide
    empty: EmptyView
    job_page: JobPage
    model: JobModel


def _free(_options: TranscriptionOptions, _duration_ms: int) -> Decimal:
    return Decimal(0)


def _headway() -> Headway:
    return Headway(
        clock_ms=monotonic_ms, lanes=lambda: 1, history=lambda: ThroughputHistory({})
    )


@dataclass(frozen=True, slots=True)
class Estimates:
    """What can be told beforehand.

    Attributes:
        headway: Says how far the work is.
        price_of: What a recording of this length costs with these options, in dollars.
        look: Looks into a recording.
    """

    headway: Headway = field(default_factory=_headway)
    price_of: Callable[[TranscriptionOptions, int], Decimal] = _free
    look: Callable[[Path], Awaitable[Recording]] | None = None


class QueueController(QObject):
    """Adds, cancels, retries, moves; never decides.

    Attributes:
        adding: Puts new recordings into the queue.

    Signals:
        job_shown: A person turned to a job: the ``Job``, or ``None`` for nothing.
        key_needed: A row's button asks for the key.
        key_refused: The service wants another key: why, as a sentence.
        details_needed: Show what is known of a job: its id.
        settings_needed: A row's button asks for the settings.
        other_region_needed: Try the service's other host: the job's id.
        log_needed: Look for the job's text in the service's log: the job's id.
        transcript_needed: Open a transcript that the library has already: its id.
        stands: How far the work in hand is: a ``Standing``.
        paused: Whether a person wants none to be started, whenever that changes.
    """

    job_shown = Signal(object)
    key_needed = Signal()
    key_refused = Signal(str)
    details_needed = Signal(str)
    settings_needed = Signal()
    other_region_needed = Signal(str)
    log_needed = Signal(str)
    transcript_needed = Signal(str)
    stands = Signal(object)
    paused = Signal(bool)

    def __init__(  # noqa: PLR0913 - all that the room is given, by name
        self,
        *,
        stage: Stage,
        views: QueueViews,
        actions: Actions,
        appearance: Appearance,
        queue: JobQueue,
        tasks: Tasks,
        estimates: Estimates | None = None,
        project_shown: Callable[[], Project | None] = lambda: None,
        project_of: Callable[[TranscriptId], ProjectId | None] = lambda _: None,
        note_added: Callable[[Sequence[Path]], None] = lambda _paths: None,
        is_reading: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._view = views.side.queue
        self._options = views.side.options
        self._job_page = views.job_page
        self._appearance = appearance
        self._model = views.model
        self._queue = queue
        self._tasks = tasks
        self._estimates = estimates or Estimates()
        self._is_reading = is_reading
        self._project_of = project_of
        self._shown: JobId | None = None
        self._worded: JobId | None = None  # whose words were turned to
        self._is_turning_away = False
        self._held: Said | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._show_progress)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COUNTING_MS)
        self._later.timeout.connect(self._show_progress)
        self.adding = AddingController(
            stage=stage,
            side=views.side,
            empty=views.empty,
            actions=actions,
            queue=queue,
            tasks=tasks,
            project_shown=project_shown,
            note_added=note_added,
        )
        self._connect(views)
        views.model.show_jobs(queue.jobs)
        self._unsubscribe = queue.subscribe(self._on_queue_event)
        self._view.show_paused(queue.is_paused)
        self._was_paused = queue.is_paused
        self._is_paused_still = False
        self._still_paused: Said | None = None
        self._show_progress()

    def stay_paused(self) -> None:
        """Pause the queue as it was when the program ended; what waits then is told of."""
        self._is_paused_still = self._was_paused = True
        self._queue.pause()

    def _say_still_paused(self) -> None:
        """Say once, as soon as anything waits, that it was paused before, with the way out."""
        waits = any(job.state is JobState.WAITING for job in self._queue.jobs)
        if not self._is_paused_still or not waits:
            return
        self._is_paused_still = False
        self._still_paused = self._stage.say(
            self.tr("The queue is still paused."),
            button=self.tr("Resume"),
            answer=self._queue.resume,
            stays=True,
        )

    def close(self) -> None:
        """Follow the queue no longer."""
        self._unsubscribe()
        self._soon.stop()
        self._later.stop()

    def _show_added(self, job_id: str) -> None:
        """Turn to what was just added, unless words are being read; then only to its row."""
        if self._stage.page is Page.TRANSCRIPT and self._is_reading():
            self._view.bring_into_view(JobId(job_id))
        else:
            self._view.select(JobId(job_id))

    # -- from the queue -------------------------------------------------------

    def _on_queue_event(self, event: QueueEvent) -> None:
        self._model.follow(event)
        self._estimates.headway.follow(event)
        match event:
            case QueuePaused(is_paused, hold):
                self._view.show_paused(is_paused)
                self._note_pause(is_paused=is_paused)
                self._show_held(hold)
                self._show_progress_soon()
            case JobChanged(_, job):
                if job.job_id == self._shown:
                    self._show_words(job)
                if job.progress is None:
                    self._show_progress_soon()
                elif not self._later.isActive():
                    self._later.start()
            case JobsInserted() | JobsRemoved():
                self._say_still_paused()
                self._show_progress_soon()
            case _:
                pass

    def _note_pause(self, *, is_paused: bool) -> None:
        """Let it be kept whether a person paused, and take back what was said of it."""
        if is_paused == self._was_paused:
            return
        self._was_paused = is_paused
        self.paused.emit(is_paused)
        if not is_paused:
            self._is_paused_still = False
            if self._still_paused is not None:
                self._still_paused.dismiss()
                self._still_paused = None

    def _show_words(self, job: Job) -> None:
        """Turn to the words of the job that is shown as soon as they are there, once."""
        if _has_words(job) and job.job_id != self._worded:
            self.job_shown.emit(job)
        self._worded = job.job_id if _has_words(job) else None

    def _show_held(self, hold: Hold | None) -> None:
        """Say why jobs of the service wait, and what to press; nothing once they go on."""
        if self._held is not None:
            self._held.dismiss()
            self._held = None
        if hold is None:
            return
        self._say_held(hold)
        if hold.action is Action.ENTER_KEY:
            self.key_refused.emit(translated(hold.message))

    def _say_held_again(self, job: Job) -> None:
        """Say once more why a job waits, to whoever turns to it after that was dismissed."""
        hold = self._queue.hold
        if hold is None or (self._held is not None and self._held.is_shown):
            return
        if hold.action is Action.RESTART or CAPABILITIES[job.options.model].needs_key:
            self._say_held(hold)

    def _say_held(self, hold: Hold) -> None:
        why = translated(hold.message)
        if hold.action is Action.RESTART:  # the window itself offers that
            self._held = self._stage.say(why, is_bad=True, stays=True)
            return
        button, answer = {
            Action.ENTER_KEY: (self.tr("Enter key…"), self.key_needed.emit),
            Action.OPEN_SETTINGS: (self.tr("Settings…"), self.settings_needed.emit),
        }.get(hold.action, (self.tr("Resume"), self._queue.resume))
        self._held = self._stage.say(why, button=button, answer=answer, is_bad=True, stays=True)

    def _show_progress_soon(self) -> None:
        if not self._soon.isActive():  # summing up ten thousand jobs takes its time
            self._soon.start()

    def _show_progress(self) -> None:
        jobs = self._model.jobs
        standing = self._estimates.headway.standing(jobs)
        text = self._summed_up(standing)
        self._stage.show_progress(text if standing.left else "")
        self._view.show_standing(text)
        self.stands.emit(standing)
        if not jobs and self._stage.page is Page.JOB:
            self._stage.turn_to(Page.EMPTY)

    def _summed_up(self, standing: Standing) -> str:
        """Say how far the work is: *31 of 40 done, 2 need attention, about 6 min left*."""
        parts: list[str] = []
        if standing.total > 1:
            done = self.tr("{done} of {total} done").replace("{done}", number(standing.done))
            parts.append(done.replace("{total}", number(standing.total)))
        if standing.attention:
            parts.append(
                counted(
                    "QueueController",
                    standing.attention,
                    "1 needs attention",
                    "{count} need attention",
                )
            )
        is_held = self._queue.hold is not None  # why is said in the window
        if standing.left and self._queue.is_paused and not self._queue.is_working:
            parts.append(self.tr("paused"))
        elif is_held and not self._queue.is_working:
            pass  # nobody knows when it goes on
        elif standing.left_ms is not None:
            parts.append(self.tr("about {time} left").replace("{time}", span(standing.left_ms)))
        elif standing.left and standing.total <= 1:
            parts.append(self.tr("1 recording left"))
        return ", ".join(parts)

    def turn_away(self) -> None:
        """Let no job be the one shown: something else stands in the middle now."""
        self._is_turning_away = True
        self._view.select_nothing()
        self._is_turning_away = False
        self._shown = None

    def turn_to(self, job_id: JobId) -> None:
        """Show a job, if it is still there."""
        self._view.select(job_id)

    def show_anew(self, job_id: str) -> None:
        """Show the page of a job that is the one shown: what stood there came to nothing."""
        if self._model.row_of(JobId(job_id)) is None:
            self._stage.turn_to(Page.EMPTY)
        elif job_id == self._shown:
            self._on_job_selected(job_id)

    @property
    def shown(self) -> JobId | None:
        """The job that is shown, if one is."""
        return self._shown

    # -- from the window ------------------------------------------------------

    def _connect(self, views: QueueViews) -> None:
        view = self._view
        self.adding.stands_at.connect(self._show_added)
        self._options.more_opened.connect(self._offer_sound_beside)
        view.job_selected.connect(self._on_job_selected)
        view.row_action_requested.connect(self._on_row_action)
        views.job_page.row_action_requested.connect(self._on_row_action)
        view.details_requested.connect(self.details_needed)
        view.reveal_requested.connect(self._on_reveal)
        view.change_options_requested.connect(self._on_change_options)
        view.cancel_requested.connect(self._on_cancel)
        view.retry_requested.connect(self._on_retry)
        view.again_requested.connect(self._on_again)
        view.do_next_requested.connect(self._on_do_next)
        view.move_requested.connect(self._on_move)
        self._model.move_requested.connect(self._on_move)
        view.remove_requested.connect(self._on_remove)
        view.clear_requested.connect(self._on_clear)
        view.pause_toggled.connect(self._on_pause_toggled)

    def _start(self, coroutine: Coroutine[Any, Any, Any], name: str) -> None:
        self._tasks.start(coroutine, name)

    def _on_cancel(self, job_ids: list[JobId]) -> None:
        self._start(self._queue.cancel(job_ids), "cancel jobs")

    def _on_retry(self, job_ids: list[JobId]) -> None:
        self._start(self._queue.retry(job_ids), "retry jobs")

    def _on_consent(self, job_ids: list[JobId]) -> None:
        self._start(self._queue.retry(job_ids, consent=True), "retry jobs")

    def _on_do_next(self, job_ids: list[JobId]) -> None:
        self._start(self._queue.do_next(job_ids), "move jobs")

    def _on_move(self, job_ids: list[JobId], before: int) -> None:
        self._start(self._queue.move(job_ids, before), "move jobs")

    def _on_remove(self, job_ids: list[JobId]) -> None:
        async def remove() -> None:
            self._offer_undo(await self._queue.remove(job_ids))

        self._start(remove(), "remove jobs")

    def _on_clear(self) -> None:
        async def clear() -> None:
            self._offer_undo(await self._queue.clear_finished())

        self._start(clear(), "clear finished jobs")

    def _on_pause_toggled(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        if paused:
            self._queue.pause()
        else:
            self._queue.resume()

    def _offer_undo(self, removed: Removed) -> None:
        if not removed.jobs:
            return
        self._view.notice.say(
            counted("QueueController", len(removed.jobs), "Removed 1", "Removed {count}"),
            button=self.tr("Undo"),
            answer=lambda: self._start(self._queue.restore(removed), "restore jobs"),
        )

    def _on_job_selected(self, job_id: str) -> None:
        if self._is_turning_away:
            return
        row = self._model.row_of(JobId(job_id)) if job_id else None
        job = None if row is None else self._model.job_at(row)
        self._shown = job.job_id if job else None
        self._worded = job.job_id if job and _has_words(job) else None
        if job is None:
            if not self._model.jobs and self._stage.page is Page.JOB:
                self._stage.turn_to(Page.EMPTY)
        elif job.transcript_id is None or _asks_about_library(job):
            self._job_page.show_job(job)
            self._stage.turn_to(Page.JOB)
        if job is not None and job.state is JobState.WAITING:
            self._say_held_again(job)
        self.job_shown.emit(job)

    def _on_row_action(self, job_id: str, action: str) -> None:
        job = self._queue.job(JobId(job_id))
        if job is None:
            return
        ids = [job.job_id]
        answers: dict[RowAction, Callable[[], None]] = {
            RowAction.RETRY: lambda: self._on_retry(ids),
            RowAction.SEND_AGAIN: lambda: self._on_consent(ids),
            RowAction.USE_READABLE_PART: lambda: self._on_consent(ids),
            RowAction.CANCEL: lambda: self._on_cancel(ids),
            RowAction.SKIP_WAIT: lambda: self._queue.skip_wait(job.job_id),
            RowAction.DETAILS: lambda: self.details_needed.emit(job_id),
            RowAction.ENTER_KEY: self.key_needed.emit,
            RowAction.OPEN_SETTINGS: self.settings_needed.emit,
            RowAction.OTHER_REGION: lambda: self.other_region_needed.emit(job_id),
            RowAction.LOOK_IN_LOG: lambda: self.log_needed.emit(job_id),
            RowAction.OPEN_TRANSCRIPT: lambda: self._open_instead(job),
            RowAction.DO_AGAIN: lambda: self._on_consent(ids),
            RowAction.TELL_AGAIN: lambda: self._on_retry(ids),
            RowAction.CHOOSE_FILE: lambda: self.adding.choose_again(job),
            RowAction.CHOOSE_MODEL: lambda: self._ask_options(
                [job], lambda options: self._again(job, options)
            ),
        }
        answers[RowAction(action)]()

    def _open_instead(self, job: Job) -> None:
        """Take the job out and show what the library has of its recording."""

        async def open_instead() -> None:
            self.turn_away()
            self._offer_undo(await self._queue.remove([job.job_id]))
            self.turn_away()  # the row after it has become the current one
            self.transcript_needed.emit(job.transcript_id or "")

        self._start(open_instead(), "open what the library has")

    def _again(self, job: Job, options: TranscriptionOptions) -> None:
        async def again() -> None:
            await self._queue.retry([job.job_id])
            await self._queue.set_options([job.job_id], options)

        self._start(again(), "retry with other options")

    def transcribe_again(self, wanted: Sequence[Repeat]) -> None:
        """Ask how recordings that are done are to be transcribed again, and do it.

        Nothing becomes of the transcripts there are: each new one is one more.
        """
        if not wanted:
            return
        sheet = RepeatSheet(
            self._appearance,
            wanted,
            lambda options: self._cost_text(wanted, options),
            self._stage.dialog_parent,
        )

        def on_given(options: TranscriptionOptions) -> None:
            self._start(self._repeat(wanted, options), "transcribe again")

        sheet.options_given.connect(on_given)
        sheet.open()
        if len(wanted) == 1 and not wanted[0].is_url:
            self._offer_sound(sheet.panel, Path(wanted[0].source))

    async def _repeat(self, wanted: Sequence[Repeat], options: TranscriptionOptions) -> None:
        wanted = await asyncio.to_thread(self._in_their_projects, wanted)
        kinds = dict.fromkeys((one.is_url, one.project_id) for one in wanted)
        for is_url, project_id in kinds:
            sources = [
                one.source
                for one in wanted
                if (one.is_url, one.project_id) == (is_url, project_id)
            ]
            await self._queue.add(
                sources, options, is_url=is_url, is_repeat=True, project_id=project_id
            )

    def _in_their_projects(self, wanted: Sequence[Repeat]) -> list[Repeat]:
        """Give repeats for where their transcripts are by now: one may have been moved."""
        return [
            replace(one, project_id=project_id)
            if one.transcript_id is not None
            and (project_id := self._project_of(one.transcript_id)) is not None
            else one
            for one in wanted
        ]

    def _cost_text(self, wanted: Sequence[Repeat], options: TranscriptionOptions) -> str:
        if not CAPABILITIES[options.model].needs_key:
            return ""
        known = [one.duration_ms for one in wanted if one.duration_ms is not None]
        lines: list[str] = []
        if known:
            total = sum((self._estimates.price_of(options, one) for one in known), Decimal(0))
            text = self.tr("Trying again will cost {amount}.")
            lines.append(text.replace("{amount}", estimate(total)))
        if len(known) < len(wanted):
            lines.append(
                counted(
                    "QueueController",
                    len(wanted) - len(known),
                    "The cost of one recording is not known yet.",
                    "The cost of {count} recordings is not known yet.",
                )
            )
        return "\n".join(lines)

    def _on_again(self, ids: list[JobId]) -> None:
        jobs = [job for job_id in ids if (job := self._queue.job(job_id)) is not None]
        self.transcribe_again(
            [
                Repeat(
                    job.title,
                    job.source,
                    job.options,
                    job.is_url,
                    job.duration_ms,
                    job.project_id,
                    job.transcript_id,
                )
                for job in jobs
            ]
        )

    def _on_change_options(self, ids: list[JobId]) -> None:
        jobs = [job for job_id in ids if (job := self._queue.job(job_id)) is not None]
        if jobs:
            self._ask_options(
                jobs,
                lambda options: self._start(
                    self._queue.set_options(ids, options), "change options"
                ),
            )

    def _ask_options(
        self, jobs: Sequence[Job], answer: Callable[[TranscriptionOptions], None]
    ) -> None:
        sheet = JobOptionsSheet(self._appearance, jobs, self._stage.dialog_parent)
        sheet.options_given.connect(answer)
        sheet.open()
        if len(jobs) == 1 and not jobs[0].is_url:
            self._offer_sound(sheet.panel, jobs[0].path)

    def _offer_sound_beside(self) -> None:
        """Offer what the recording has that is shown, or else the last one that came."""
        shown = None if self._shown is None else self._queue.job(self._shown)
        known = [job for job in self._queue.jobs if not job.is_url]
        job = shown if shown is not None and not shown.is_url else next(reversed(known), None)
        self._options.offer_sound(())
        if job is not None:
            self._offer_sound(self._options, job.path)

    def _offer_sound(self, panel: OptionsPanel, path: Path) -> None:
        """Offer the tracks and channels that a recording has, once they are known."""
        look = self._estimates.look
        if look is None:
            return

        async def offer() -> None:
            try:
                recording = await look(path)
            except AppError:
                return  # said when it is transcribed
            if shiboken6.isValid(panel):
                panel.offer_sound(recording.tracks)

        is_beside = panel is self._options  # where another recording may be asked about
        name = "look into a recording beside" if is_beside else "look into a recording"
        self._tasks.start(offer(), name, replace=is_beside)

    def _on_reveal(self, job_id: str) -> None:
        job = self._queue.job(JobId(job_id))
        if job is not None and not job.is_url:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(job.path.parent)))


def _has_words(job: Job) -> bool:
    return job.awaits_voices or job.state is JobState.DONE


def _asks_about_library(job: Job) -> bool:
    """Tell whether the library has the recording already and a person is asked what now."""
    return job.failure is not None and job.failure.action is Action.OPEN_OR_REPEAT
