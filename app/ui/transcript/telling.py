"""Telling the voices of the transcript on the page apart, when a person asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.core import edits
from app.core.errors import AppError
from app.core.transcript import Transcript
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript
from app.jobs.telling import Telling
from app.ui.kit.appearance import Appearance
from app.ui.kit.people_picker import PeoplePicker
from app.ui.kit.sheet import Sheet
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.long_work import HowFar, found_at_rest
from app.ui.translate import counted, translated
from app.ui.wording import number

_TASK = "tell voices apart"


class TellSheet(Sheet):
    """Asks how many people speak, and whether to tell them apart.

    Signals:
        wanted: They are to be told apart: how many there are, 0 to find out.
    """

    wanted = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Identify speakers"), parent)
        self.people = PeoplePicker(appearance)
        self.add_field(QLabel(self.tr("How many people are speaking?")), self.people)
        self.add_text(
            self.tr(
                "Voices are compared on this computer. Speakers you named and paragraphs you "
                "approved stay as they are."
            ),
            muted=True,
        )
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.tell_button = self.add_button(self.tr("Identify"), is_primary=True)
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
        self._how_far = HowFar(stage, self._sentence, self.tr("Cancel"), self._cancel)

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
                self.tr("The recording is needed to identify speakers, and it is not here.")
            )
            return
        sheet = TellSheet(self._appearance, self._stage.dialog_parent)
        sheet.wanted.connect(partial(self._start, opened, path))
        sheet.open()

    def _start(self, opened: OpenTranscript, path: Path | None, asked: int) -> None:
        self._tasks.start(self._tell(opened, path, asked), _TASK, replace=True)

    async def _tell(self, opened: OpenTranscript, path: Path | None, asked: int) -> None:
        self._how_far.show(0, 0)

        def tell(words: Transcript) -> Awaitable[Transcript]:
            return self._telling.tell_again(
                opened.stored, words, path, asked=asked, on_progress=self._how_far.show
            )

        try:
            told = await found_at_rest(opened, self._current, tell)
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Try again"),
                answer=lambda: self._start(opened.latest, path, asked),
                is_bad=True,
            )
            return
        except asyncio.CancelledError:
            self._how_far.hide()
            raise
        if told is None:  # it was left: asked again, the answer is there at once
            self._how_far.hide()
            return
        change = edits.take_over(opened.document.transcript, told, "Identify speakers")
        opened.apply(change)
        self._stage.say(
            counted(
                "TellingController",
                len(told.speakers),
                "1 speaker was found.",
                "{count} speakers were found.",
            )
            if told.speakers
            else self.tr("No voices were found in this recording.")
        )

    def _sentence(self, done: int, total: int) -> str:
        if not total:
            return self.tr("Identifying speakers…")
        return (
            self.tr("Identifying speakers, {done} of {total} min")
            .replace("{done}", number(done))
            .replace("{total}", number(total))
        )

    def _cancel(self) -> None:
        self._tasks.cancel(_TASK)
