"""What those who hear the screen are told of, since nobody looks there for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.job import Job, JobId, JobState
from app.jobs.events import JobChanged, JobsInserted, QueueEvent, QueuePaused
from app.ui.kit.announcing import announce
from app.ui.translate import counted, translated

_OFTEN_MS = 10_000
"""That all is saved, and that work has begun, is said no more often than this: the one happens
with every pause, the other forty times a minute in a folder of short recordings."""


class Queue(Protocol):
    """What works, as far as it is told of."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs."""
        ...

    @property
    def is_paused(self) -> bool:
        """Whether a person paused it."""
        ...

    def subscribe(self, listener: Callable[[QueueEvent], None]) -> Callable[[], None]:
        """Call ``listener`` with each event; gives a function that ends this."""
        ...


class Announcer(QObject):
    """Says, politely, what has begun, what is done and what went wrong; never each percent."""

    def __init__(
        self,
        *,
        window: QWidget,
        queue: Queue,
        clock_ms: Callable[[], int],
        say: Callable[[QWidget, str], None] = announce,
    ) -> None:
        """Follow the queue.

        Args:
            window: In whose name it is said.
            queue: What works.
            clock_ms: A time that never jumps.
            say: Has a sentence said.
        """
        super().__init__()
        self._window = window
        self._queue = queue
        self._clock_ms = clock_ms
        self._say = say
        self._states: dict[JobId, JobState] = {job.job_id: job.state for job in queue.jobs}
        self._is_paused = queue.is_paused
        self._done = self._failed = 0
        self._saved_ms: int | None = None
        self._began_ms: int | None = None
        self._unsubscribe = queue.subscribe(self._on_event)

    def close(self) -> None:
        """Follow no longer."""
        self._unsubscribe()

    def tell_saved(self) -> None:
        """Say that all is saved, but not after each word."""
        now_ms = self._clock_ms()
        if _is_long_ago(self._saved_ms, now_ms):
            self._saved_ms = now_ms
            self._say(self._window, self.tr("Saved"))

    def _on_event(self, event: QueueEvent) -> None:
        match event:
            case JobsInserted(_, jobs):
                self._states.update((job.job_id, job.state) for job in jobs)
            case JobChanged(_, job):
                before = self._states.get(job.job_id)
                self._states[job.job_id] = job.state
                if before is not job.state:
                    self._on_state(job, before)
            case QueuePaused(is_paused, _) if is_paused is not self._is_paused:
                self._is_paused = is_paused
                told = self.tr("Queue paused") if is_paused else self.tr("Queue resumed")
                self._say(self._window, told)
            case _:
                pass

    def _on_state(self, job: Job, before: JobState | None) -> None:
        if job.state is JobState.DONE:
            self._done += 1
            self._tell(self.tr("{name} is done."), job)
        elif job.is_there_already:
            self._tell(self.tr("{name} is already transcribed."), job)
        elif job.needs_attention:
            self._failed += 1
            why = "" if job.failure is None else translated(job.failure.message)
            self._tell(self.tr("{name} needs attention. {why}").replace("{why}", why), job)
        elif job.state.is_running and (before is None or not before.is_running):
            now_ms = self._clock_ms()
            if _is_long_ago(self._began_ms, now_ms):
                self._began_ms = now_ms
                self._tell(self.tr("{name} started."), job)
        if all(one.state.is_over for one in self._queue.jobs):
            self._tell_finished()

    def _tell(self, text: str, job: Job) -> None:
        self._say(self._window, text.replace("{name}", job.title).strip())

    def _tell_finished(self) -> None:
        """Say how it went, once nothing is left to do."""
        done, failed = self._done, self._failed
        self._done = self._failed = 0
        if done + failed < 2:  # it was said of the one that there was
            return
        parts = [self.tr("The queue is done.")]
        if done:
            parts.append(counted("Announcer", done, "1 is done.", "{count} are done."))
        if failed:
            parts.append(
                counted("Announcer", failed, "1 needs attention.", "{count} need attention.")
            )
        self._say(self._window, " ".join(parts))


def _is_long_ago(said_ms: int | None, now_ms: int) -> bool:
    return said_ms is None or now_ms - said_ms >= _OFTEN_MS
