"""Pasting a great deal: it is worked out beside the window and put there piece by piece.

A hundred thousand words take more than a second to be given their times, and some hundred
milliseconds to be shown everywhere. Meanwhile the window paints, and the page waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from app.core.document import Change, Splice
from app.core.retyping import Typed, retype
from app.core.transcript import Paragraph
from app.jobs.open_transcript import OpenTranscript
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.view import TranscriptView

_PIECE_WORDS = 4_000


class PastingController(QObject):
    """Puts what is too much for one stroke into the transcript, as one step to take back."""

    def __init__(
        self,
        *,
        stage: Stage,
        view: TranscriptView,
        current: Callable[[], OpenTranscript | None],
        tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._view = view
        self._current = current
        self._tasks = tasks
        view.text.much_pasted.connect(self._on_much_pasted)

    def _on_much_pasted(self, typed: Typed) -> None:
        opened = self._current()
        if opened is not None:
            self._view.text.set_writable(writable=False)  # until it is there
            self._tasks.start(self._paste(opened, typed), "paste")

    async def _paste(self, opened: OpenTranscript, typed: Typed) -> None:
        said = self._stage.say(self.tr("Pasting…"), stays=True)
        try:
            before = opened.document.transcript
            change = await asyncio.to_thread(retype, before, typed)
            is_done = change is None
            if change is not None and opened.document.transcript is before:
                is_done = await self._put(opened, change)
        finally:
            if self._current() is opened:
                self._view.text.set_writable(writable=True)
            said.dismiss()
        if not is_done:
            self._stage.say(
                self.tr("The text has changed in the meantime. Paste again."), is_bad=True
            )

    async def _put(self, opened: OpenTranscript, change: Change) -> bool:
        """Put it there piece by piece; gives whether nothing came between."""
        opened.end_typing()
        document, is_first = opened.document, True
        for piece in _pieces(change):
            document.apply(piece, joins=not is_first)
            after, is_first = document.transcript, False
            await asyncio.sleep(0)
            if document.transcript is not after:
                return False
        return True


def _pieces(change: Change) -> Iterator[Change]:
    """Give one change as several, each of which leaves a whole transcript."""
    (splice,) = change.splices
    groups = _groups(splice.inserted[:-1])
    if len(groups) < 2:
        yield change
        return
    # The last paragraph has what stood behind the caret: it is there from the first.
    begun = Splice(splice.first, splice.removed, (*groups[0], splice.inserted[-1]))
    yield replace(change, splices=(begun,))
    place = splice.first + len(groups[0])
    for group in groups[1:]:
        yield replace(change, splices=(Splice(place, (), group),))
        place += len(group)


def _groups(paragraphs: Sequence[Paragraph]) -> list[tuple[Paragraph, ...]]:
    """Cut paragraphs into groups of so many words, about."""
    groups: list[tuple[Paragraph, ...]] = []
    group: list[Paragraph] = []
    count = 0
    for paragraph in paragraphs:
        group.append(paragraph)
        count += len(paragraph.words)
        if count >= _PIECE_WORDS:
            groups.append(tuple(group))
            group, count = [], 0
    if group:
        groups.append(tuple(group))
    return groups
