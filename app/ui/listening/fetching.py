"""The recording of a transcript made from a link: fetched to listen, only when asked."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError
from app.jobs.listening import Listening
from app.store.stored import StoredTranscript
from app.ui.stage import Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated
from app.ui.wording import size

_TASK = "fetch a recording"


class FetchController(QObject):
    """Offers to fetch the recording, and does so.

    Signals:
        fetched: The recording is here now: the id of its transcript.
    """

    fetched = Signal(str)

    def __init__(self, *, stage: Stage, listening: Listening, tasks: Tasks) -> None:
        super().__init__()
        self._stage = stage
        self._listening = listening
        self._tasks = tasks
        self._said: Said | None = None

    def offer(self, stored: StoredTranscript) -> None:
        """Say that a transcript came from a link, and offer to fetch what lies there."""
        self._stage.say(
            self.tr("This was transcribed from a link; the recording is not on this computer."),
            button=self.tr("Download the recording"),
            answer=lambda: self._start(stored),
            stays=True,
        )

    def _start(self, stored: StoredTranscript) -> None:
        self._tasks.start(self._fetch(stored), _TASK, replace=True)

    async def _fetch(self, stored: StoredTranscript) -> None:
        shown = -1

        def count(done: int, total: int | None) -> None:
            nonlocal shown
            step = done * 100 // total if total else done // 1_000_000
            if step != shown:
                shown = step
                self._show(done, total)

        self._show(0, None)
        try:
            await self._listening.fetch(stored, count)
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Try again"),
                answer=lambda: self._start(stored),
                is_bad=True,
                stays=True,
            )
            return
        except asyncio.CancelledError:
            self.offer(stored)
            raise
        if self._said is not None:
            self._said.dismiss()
        self.fetched.emit(stored.entry.transcript_id)

    def _show(self, done: int, total: int | None) -> None:
        text = self.tr("Downloading the recording… {done}").replace("{done}", size(done))
        if total:
            text = (
                self.tr("Downloading the recording… {done} of {total}")
                .replace("{done}", size(done))
                .replace("{total}", size(total))
            )
        self._said = self._stage.say(
            text,
            button=self.tr("Cancel"),
            answer=lambda: self._tasks.cancel(_TASK),
            stays=True,
        )
