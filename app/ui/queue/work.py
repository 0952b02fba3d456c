"""What goes along with work: the computer stays awake, files are written, the end is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.core.errors import AppError
from app.core.job import Job, JobId, JobState
from app.jobs.auto_export import auto_export, wanted_for
from app.jobs.events import JobChanged, JobsInserted, QueueEvent
from app.jobs.exporting import Exporter
from app.jobs.headway import Standing
from app.jobs.queue import JobQueue
from app.store.settings import SettingsStore
from app.ui.queue import awake
from app.ui.queue.taskbar import Taskbar
from app.ui.queue.tray import TrayMessage
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated


@dataclass(slots=True)
class _Run:
    """What came of a time of work without a pause."""

    done: int = 0
    failed: int = 0


class WorkController(QObject):
    """Follows the queue while it works.

    Signals:
        transcript_made: The library has a new transcript.
        window_wanted: Somebody pressed the message beside the clock.
    """

    transcript_made = Signal()
    window_wanted = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        queue: JobQueue,
        exporter: Exporter,
        settings: SettingsStore,
        tasks: Tasks,
        stay_awake: Callable[[str], Callable[[], None]] = awake.stay_awake,
        say_outside: Callable[[str], None] | None = None,
        taskbar: Taskbar | None = None,
    ) -> None:
        super().__init__()
        self._taskbar = taskbar or Taskbar()
        self._tray = TrayMessage(stage.dialog_parent)
        self._tray.clicked.connect(self.window_wanted)
        self._say_outside = say_outside or self._tray.say
        self._stage = stage
        self._queue = queue
        self._exporter = exporter
        self._settings = settings
        self._tasks = tasks
        self._stay_awake = stay_awake
        self._release: Callable[[], None] | None = None
        self._states: dict[JobId, JobState] = {}
        self._run: _Run | None = None
        self._unsubscribe = queue.subscribe(self._on_event)

    def close(self) -> None:
        """Follow no longer and let the computer sleep."""
        self._unsubscribe()
        self._let_sleep()
        self._tray.take_back()
        self._taskbar.show(None, 0)

    def show_standing(self, standing: Standing) -> None:
        """Show at the program's icon how far the work is."""
        self._taskbar.show(standing.share, standing.attention)

    def follow_settings(self) -> None:
        """Take up whether the computer is to be kept awake."""
        if self._settings.settings.keep_awake and self._run is not None:
            self._keep_awake()
        else:
            self._let_sleep()

    def _on_event(self, event: QueueEvent) -> None:
        match event:
            case JobsInserted(_, jobs):
                self._states.update((job.job_id, job.state) for job in jobs)
            case JobChanged(_, job):
                before = self._states.get(job.job_id)
                self._states[job.job_id] = job.state
                if before is not job.state:
                    self._on_state(job)
            case _:
                pass
        if self._queue.is_working and self._run is None:
            self._run = _Run()
            self.follow_settings()
            self._tasks.start(self._until_idle(self._run), "follow the work")

    def _on_state(self, job: Job) -> None:
        if job.state is JobState.DONE:
            if self._run is not None:
                self._run.done += 1
            self.transcript_made.emit()
            wanted = wanted_for(job, self._settings.settings)
            if wanted is not None:
                self._tasks.start(self._export(job, *wanted), "write a transcript out")
        elif job.needs_attention and self._run is not None:
            self._run.failed += 1

    async def _until_idle(self, run: _Run) -> None:
        await self._queue.join()
        self._run = None
        self._let_sleep()
        if self._settings.settings.notify_done and (run.done or run.failed):
            self._tell(run)

    def _tell(self, run: _Run) -> None:
        """Tell somebody who looked away; who sees the rows needs no telling."""
        window = self._stage.dialog_parent
        if window.isActiveWindow():
            return
        QApplication.alert(window)
        text = counted(
            "WorkController",
            run.done,
            "1 recording is done.",
            "{count} recordings are done.",
        )
        if run.failed:
            more = counted(
                "WorkController",
                run.failed,
                "1 needs attention.",
                "{count} need attention.",
            )
            text = f"{text} {more}" if run.done else more
        self._say_outside(text)
        self._stage.say(text, stays=True)

    async def _export(self, job: Job, format_name: str, folder: Path | None) -> None:
        try:
            await auto_export(job, self._exporter, format_name, folder, self._settings.settings)
        except AppError as error:
            self._stage.say(
                f"{job.title}: {translated(error.message)}", is_bad=True, stays=True
            )

    def _keep_awake(self) -> None:
        if self._release is None:
            self._release = self._stay_awake(awake.reason())

    def _let_sleep(self) -> None:
        if self._release is not None:
            release, self._release = self._release, None
            release()
