"""Telling the voices of the transcript on the page apart, when a person asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core import edits
from app.core.errors import AppError
from app.core.transcript import Transcript
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript
from app.jobs.telling import Telling
from app.ui.kit.appearance import Appearance
from app.ui.kit.people_picker import PeoplePicker
from app.ui.kit.sheet import Sheet
from app.ui.stage import Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated

_MS_PER_MINUTE = 60_000
_TASK = "tell voices apart"
_TRIES = 3


class TellSheet(Sheet):
    """Asks how many people speak, and whether to tell them apart.

    Signals:
        wanted: They are to be told apart: how many there are, 0 to find out.
    """

    wanted = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Tell voices apart"), parent)
        self.add_text(self.tr("How many people speak in this recording?"))
        self.people = PeoplePicker(appearance)
        self.body.addWidget(self.people)
        self.add_text(
            self.tr(
                "Their voices are compared on this computer. Speakers you named and "
                "paragraphs you approved stay as they are."
            ),
            muted=True,
        )
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.tell_button = self.add_button(self.tr("Tell apart"), is_primary=True)
        self.tell_button.clicked.connect(self._on_tell)

    def _on_tell(self) -> None:
        self.wanted.emit(self.people.number)
        self.accept()


class TellingController(QObject):
    """Asks, tells how far it is, and makes one step that can be taken back of the answer."""

    def __init__(
        self,
        *,
        stage: Stage,
        appearance: Appearance,
        listening: Listening,
        telling: Telling,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._current: Callable[[], OpenTranscript | None] = lambda: None
        self._listening = listening
        self._telling = telling
        self._tasks = tasks
        self._said: Said | None = None
        self._text = ""

    def serve(self, current: Callable[[], OpenTranscript | None]) -> None:
        """Work on whatever transcript this gives."""
        self._current = current
        self._telling.at_hand.serve(current)

    def ask(self) -> None:
        """Ask how many people speak; nothing happens without a recording."""
        if (opened := self._current()) is not None:
            self._tasks.start(self._ask(opened), "ask how many speak", replace=True)

    def tell(self, asked: int) -> None:
        """Tell the voices apart as so many people, 0 to find out, without asking further."""
        if (opened := self._current()) is not None:
            self._tasks.start(self._find_and_tell(opened, asked), _TASK, replace=True)

    async def _find_and_tell(self, opened: OpenTranscript, asked: int) -> None:
        stored = opened.stored
        path = None if stored.link.is_url else await self._listening.find(stored)
        await self._tell(opened, path, asked)

    async def _ask(self, opened: OpenTranscript) -> None:
        stored = opened.stored
        path = None if stored.link.is_url else await self._listening.find(stored)
        if path is None:
            self._stage.say(
                self.tr("The recording is needed to tell voices apart, and it is not here.")
            )
            return
        sheet = TellSheet(self._appearance, self._stage.dialog_parent)
        sheet.wanted.connect(partial(self._start, opened, path))
        sheet.open()

    def _start(self, opened: OpenTranscript, path: Path | None, asked: int) -> None:
        self._tasks.start(self._tell(opened, path, asked), _TASK, replace=True)

    async def _tell(self, opened: OpenTranscript, path: Path | None, asked: int) -> None:
        self._show(0, 0)
        try:
            told = await self._told(opened, path, asked)
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Try again"),
                answer=lambda: self._start(opened, path, asked),
                is_bad=True,
            )
            return
        except asyncio.CancelledError:
            self._hide()
            raise
        if told is None:  # it was left: asked again, the answer is there at once
            self._hide()
            return
        change = edits.take_over(opened.document.transcript, told, "Tell voices apart")
        opened.apply(change)
        self._stage.say(
            counted(
                "TellingController",
                len(told.speakers),
                "1 voice is heard.",
                "{count} voices are told apart.",
            )
            if told.speakers
            else self.tr("Nobody's voice is heard in this recording.")
        )

    async def _told(
        self, opened: OpenTranscript, path: Path | None, asked: int
    ) -> Transcript | None:
        """Tell apart what is there, and once more if it was edited meanwhile."""
        for _ in range(_TRIES):
            before = opened.document.transcript
            told = await self._telling.tell_again(
                opened.stored, before, path, asked=asked, on_progress=self._show
            )
            if self._current() is not opened:
                return None
            if opened.document.transcript is before:
                return told
        return None

    def _show(self, done_ms: int, total_ms: int) -> None:
        """Say how far it is, in minutes of sound."""
        text = self.tr("Telling voices apart…")
        minutes = total_ms // _MS_PER_MINUTE
        if minutes > 1:
            text = (
                self.tr("Telling voices apart, {done} of {total} min")
                .replace("{done}", str(done_ms // _MS_PER_MINUTE))
                .replace("{total}", str(minutes))
            )
        if self._said is not None and self._said.is_shown and text == self._text:
            return
        self._text = text
        self._said = self._stage.say(
            text, button=self.tr("Cancel"), answer=self._cancel, stays=True
        )

    def _hide(self) -> None:
        if self._said is not None:
            self._said.dismiss()
            self._said = None

    def _cancel(self) -> None:
        self._tasks.cancel(_TASK)
