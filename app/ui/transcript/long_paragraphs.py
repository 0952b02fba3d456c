"""Offers to cut a paragraph too long to type in: Qt lays out the whole of it with each key."""

from __future__ import annotations

from typing_extensions import override

from app.core import structure
from app.ui.stage import Said, Stage
from app.ui.transcript.served import Served
from app.ui.translate import counted

_LOOK_AFTER_MS = 1_000


class LongParagraphController(Served):
    """Looks for paragraphs that are too long, and offers to cut them; once a transcript."""

    def __init__(self, *, stage: Stage) -> None:
        super().__init__(_LOOK_AFTER_MS)
        self._stage = stage
        self._said: Said | None = None

    @override
    def begin(self) -> None:
        if self._said is not None:
            self._said.dismiss()
            self._said = None
        if self._opened is not None:
            self._soon.start()

    @override
    def look(self) -> None:
        count = structure.longest(self.transcript)
        if self._said is not None or count <= structure.LONG:
            return
        self._said = self._stage.say(
            counted(
                "LongParagraphController",
                count,
                "A paragraph has 1 word: typing in it is slow.",
                "A paragraph has {count} words: typing in it is slow.",
            ),
            button=self.tr("Split it into shorter ones"),
            answer=self._cut,
            stays=True,
        )

    def _cut(self) -> None:
        if self._said is not None:
            self._said.dismiss()
        self.apply(structure.cut_long(self.transcript))
