"""What a terminal shows while jobs are at work."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from app.cli.language import said
from app.cli.terminal import as_json, tell_aside, telling
from app.core.job import STATE_NAMES, Job, JobState, ProgressUnit
from app.core.messages import Message
from app.core.timecode import clock
from app.system.clocks import monotonic_ms

_BAR_WIDTH = 24
_REDRAW_MS = 100


class TerminalProgress:
    """A line that is redrawn on a terminal; a line a step elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_terminal = self._stream.isatty()
        self._drawn = False
        self._drawn_ms = 0
        self._states: dict[str, JobState] = {}

    def show(self, job: Job) -> None:
        """Show how far a job is."""
        has_moved = self._states.get(job.job_id) is not job.state
        self._states[job.job_id] = job.state
        if not self._is_terminal:
            if has_moved and job.state.is_over and job.state is not JobState.NEEDS_ATTENTION:
                self.say(f"{job.title}: {said(STATE_NAMES[job.state])}")
            return
        if not has_moved and monotonic_ms() - self._drawn_ms < _REDRAW_MS:
            return
        if job.state is JobState.DONE:
            self.say(f"✓ {job.title}")
        elif not job.state.is_over:
            self._draw(job)

    def say(self, text: str) -> None:
        """Write a line that stays."""
        self._clear()
        print(text, file=self._stream, flush=True)

    def fail(self, name: str, reason: Message) -> None:
        """Say what could not be done, and why."""
        self.notice(reason, name)

    def notice(self, what: Message, name: str = "") -> None:
        """Say something that a person should know, of a file where one is named."""
        self.say(_line(what, name))

    def close(self) -> None:
        """Take the redrawn line away."""
        self._clear()

    def _draw(self, job: Job) -> None:
        self._drawn_ms = monotonic_ms()
        words = said(STATE_NAMES[job.state])
        bar = ""
        if job.progress is not None:
            filled = round(job.progress.fraction * _BAR_WIDTH)
            bar = f" [{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {job.progress.fraction:.0%}"
            if job.progress.unit is ProgressUnit.MILLISECONDS:
                done, total = clock(job.progress.done), clock(job.progress.total)
            else:
                done = f"{job.progress.done / 1e6:.1f}"
                total = f"{job.progress.total / 1e6:.1f} MB"
            bar += f" ({said('{done} of {total}', done=done, total=total)})"
        line = f"{job.title}: {words}{bar}"
        width = shutil.get_terminal_size().columns - 1
        self._clear()
        print(line[:width], end="", file=self._stream, flush=True)
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            print("\r\x1b[K", end="", file=self._stream)
            self._drawn = False


def events_for(*, in_json: bool, to_standard_output: bool) -> JsonEvents | TerminalProgress:
    """Give who tells of progress: never among the texts on standard output."""
    if not in_json:
        return TerminalProgress()
    return JsonEvents(sys.stderr if to_standard_output else None)


class JsonEvents:
    """One event a line as JSON, for programs.

    Events: ``{"event": "state", "file", "job", "state", …}``, ``progress`` with
    ``done``, ``total`` and ``unit``, ``written`` with ``path`` and ``format``,
    ``failed`` with ``reason``, ``imported`` with ``id`` and ``name``, and ``notice``
    with ``text``. On standard error ``failed`` without ``file`` and ``stopped``, each
    with ``reason``, tell how a whole command ended.

    What a person should see stands in plain words on standard error besides, unless the
    events stand there: a program reads them line by line.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._states: dict[str, JobState] = {}

    def show(self, job: Job) -> None:
        """Tell a new state, or how far a job is in it."""
        if self._states.get(job.job_id) is not job.state:
            self._states[job.job_id] = job.state
            self.tell("state", file=job.source, job=job.job_id, state=job.state.value)
        elif job.progress is not None:
            self.tell(
                "progress",
                file=job.source,
                job=job.job_id,
                done=job.progress.done,
                total=job.progress.total,
                unit=job.progress.unit.value,
            )

    def tell(self, event: str, **values: object) -> None:
        """Write one event.

        Raises:
            StandardOutputError: It could not be written.
        """
        line = as_json({"event": event, **values}, self._stream)
        with telling(self._stream):
            print(line, file=self._stream)

    def fail(self, name: str, reason: Message) -> None:
        """Tell what could not be done, and why."""
        self._say_aside(reason, name)
        self.tell("failed", file=name, reason=reason.fill())

    def notice(self, what: Message, name: str = "") -> None:
        """Tell something that a person should know, of a file where one is named."""
        self._say_aside(what, name)
        text = what.fill()
        self.tell("notice", text=f"{name}: {text}" if name else text)

    def close(self) -> None:
        """Nothing is left to take away."""

    def _say_aside(self, what: Message, name: str) -> None:
        if self._stream is not sys.stderr:
            print(_line(what, name), file=sys.stderr)


def tell_of_rescue(notice: Message | None) -> None:
    """Say that the library was damaged, whatever the command: it is said once only.

    Args:
        notice: What happened; nothing if it is sound.
    """
    if notice is not None:
        tell_aside(_line(notice, ""))


def _line(what: Message, name: str) -> str:
    return f"wordlight: {name}: {said(what)}" if name else f"wordlight: {said(what)}"
