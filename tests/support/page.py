"""What a controller of the page works on and speaks to, with nothing else of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.document import Document
from app.core.transcript import Transcript, TranscriptId
from app.ui.stage import Page


class Opened:
    """Words that can be worked on, as an open transcript is."""

    transcript_id = TranscriptId("t")

    def __init__(self, words: Transcript) -> None:
        self.document = Document(words)

    @property
    def latest(self) -> Opened:
        return self

    def apply(self, change: Any) -> None:
        if change is not None:
            self.document.apply(change)

    def undo(self) -> None:
        self.document.undo()


class Notice:
    """One thing that was said, until it is taken away."""

    def __init__(self) -> None:
        self.is_shown = True

    def dismiss(self) -> None:
        self.is_shown = False


class OnStage:
    """A stage that remembers what was said."""

    page = Page.TRANSCRIPT
    dialog_parent = None

    def __init__(self) -> None:
        self.said: list[str] = []
        self.notices: list[Notice] = []
        self.answers: list[Callable[[], None]] = []

    def say(
        self, text: str, *, answer: Callable[[], None] | None = None, **_more: Any
    ) -> Notice:
        self.said.append(text)
        self.notices.append(Notice())
        if answer is not None:
            self.answers.append(answer)
        return self.notices[-1]
