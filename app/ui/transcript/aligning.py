"""Aligning the words on the page with their sound, when a person asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QCoreApplication, QObject

from app.core.document import Change
from app.core.errors import AppError
from app.core.transcript import Transcript
from app.jobs.aligning import Aligning, Alignment
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript
from app.ui.actions import ActionId, Actions
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.long_work import HowFar, found_at_rest
from app.ui.translate import counted, translated
from app.ui.wording import number

_TASK = "align words"


class AligningController(QObject):
    """Tells how far it is, and makes one step that can be taken back of the answer."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        current: Callable[[], OpenTranscript | None],
        listening: Listening,
        aligning: Aligning,
        tasks: Tasks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._current = current
        self._listening = listening
        self._aligning = aligning
        self._tasks = tasks
        self._how_far = HowFar(stage, self._sentence, self.tr("Cancel"), self._cancel)
        actions[ActionId.ALIGN].triggered.connect(self._on_align)

    def _on_align(self) -> None:
        opened = self._current()
        if opened is not None and self._stage.page is Page.TRANSCRIPT:
            self._start(opened)

    def _start(self, opened: OpenTranscript) -> None:
        self._tasks.start(self._align(opened), _TASK, replace=True)

    async def _align(self, opened: OpenTranscript) -> None:
        if not self._aligning.knows(opened.document.transcript):
            self._stage.say(self.tr("Only English words can be aligned with the audio so far."))
            return
        stored = opened.stored
        path = None if stored.link.is_url else await self._listening.find(stored)
        if path is None:
            self._stage.say(
                self.tr("The recording is needed to align the words, and it is not here.")
            )
            return
        self._how_far.show(0, 0)

        def find(words: Transcript) -> Awaitable[Alignment]:
            return self._aligning.align(opened.stored.options, words, path, self._how_far.show)

        try:
            found = await found_at_rest(opened, self._current, find)
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Try again"),
                answer=lambda: self._start(opened.latest),
                is_bad=True,
            )
            return
        except asyncio.CancelledError:
            self._how_far.hide()
            raise
        if found is None:  # the page was left
            self._how_far.hide()
            return
        opened.apply(found.change)
        self._stage.say(_outcome(found))

    def _sentence(self, done: int, total: int) -> str:
        if not total:
            return self.tr("Aligning words…")
        return (
            self.tr("Aligning words, {done} of {total} min")
            .replace("{done}", number(done))
            .replace("{total}", number(total))
        )

    def _cancel(self) -> None:
        self._tasks.cancel(_TASK)


def _outcome(found: Alignment) -> str:
    """Say what changed, and what did not."""
    said = "AligningController"
    moved = 0 if found.change is None else _moved(found.change)
    stay = counted(
        said,
        found.missing,
        "1 word was not found in the audio and stays as it is.",
        "{count} words were not found in the audio and stay as they are.",
    )
    if moved:
        now = counted(
            said,
            moved,
            "1 word was aligned.",
            "{count} words were aligned.",
        )
        return f"{now} {stay}" if found.missing else now
    if found.missing:
        return stay
    return QCoreApplication.translate(said, "All words are already aligned.")


def _moved(change: Change) -> int:
    """Count the words that stand at another time."""
    return sum(
        (old.start_ms, old.end_ms) != (new.start_ms, new.end_ms)
        for splice in change.splices
        for before, after in zip(splice.removed, splice.inserted, strict=True)
        for old, new in zip(before.words, after.words, strict=True)
    )
