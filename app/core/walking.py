"""Going through places of a transcript one by one, while edits make them fewer. Pure."""

from __future__ import annotations

from collections.abc import Callable

from app.core.document import Change
from app.core.marks import Found, Marks
from app.core.transcript import Paragraph, Transcript

Find = Callable[[Paragraph], tuple[range, ...]]
"""Gives the places of a paragraph that are gone through, as runs of words."""


class Walk:
    """A walk through all places of one kind.

    A place that was dealt with is none any more; so the walk knows how many it has been to
    from how many are left of those there were.

    Attributes:
        total: How many places there are, those dealt with included.
    """

    def __init__(self, transcript: Transcript, find: Find) -> None:
        self._find = find
        self._transcript = transcript
        self._marks = Marks(self._found(one) for one in transcript.paragraphs)
        self._at: tuple[int, range] | None = None
        self._visited: list[tuple[int, range]] = []
        self.total = len(self._marks)

    @property
    def left(self) -> int:
        """How many places are left to be dealt with."""
        return len(self._marks)

    @property
    def current(self) -> tuple[int, range] | None:
        """Paragraph and words one is at; ``None`` before the first step."""
        return self._at

    @property
    def number(self) -> int:
        """Which of ``total`` one is at, from 1; 0 before the first step."""
        if self._at is None:
            return 0
        index = self._marks.first_from(self._at[0], self._at[1].start)
        return min(self.total, self.total - self.left + index + 1)

    @property
    def is_current_left(self) -> bool:
        """Whether the place one is at is still to be dealt with."""
        if self._at is None:
            return False
        return self._at[1].start in self._marks.in_paragraph(self._at[0])

    def go_from(self, paragraph: int, place: int) -> bool:
        """Go to the first place from a word on, round the end; gives whether there is any."""
        return self._go(self._marks.first_from(paragraph, place))

    def step(self) -> bool:
        """Go on to the next place that is left, round the end; gives whether there is any."""
        if self._at is None:
            return self.go_from(0, 0)
        index = self._marks.first_from(self._at[0], self._at[1].start)
        return self._go(index + self.is_current_left)

    def back(self) -> bool:
        """Go back to where one was before, dealt with or not; gives whether there is one."""
        while self._visited:
            paragraph, words = self._visited.pop()
            paragraphs = self._transcript.paragraphs
            if paragraph < len(paragraphs) and words.stop <= len(paragraphs[paragraph].words):
                self._at = paragraph, words
                return True
        return False

    def follow(self, change: Change, transcript: Transcript) -> None:
        """Take up an edit."""
        self._transcript = transcript
        for old, new in zip(
            reversed(change.splices), reversed(change.inverted().splices), strict=True
        ):
            found = [self._found(one) for one in transcript.paragraphs[new.first : new.end]]
            self._marks.replace(old.first, len(old.removed), found)
        if self._at is not None:
            self._at = _moved(self._at, change)
        self._visited = [_moved(one, change) for one in self._visited]
        self.total = max(self.total, len(self._marks))

    def _go(self, index: int) -> bool:
        if not self._marks:
            return False
        before = self._at
        paragraph, place = self._marks.at(index % len(self._marks))
        runs = self._find(self._transcript.paragraphs[paragraph])
        self._at = paragraph, next(run for run in runs if run.start == place)
        if before is not None and before != self._at:
            self._visited.append(before)
        return True

    def _found(self, paragraph: Paragraph) -> Found:
        return Found(tuple(run.start for run in self._find(paragraph)))


def _moved(at: tuple[int, range], change: Change) -> tuple[int, range]:
    """Give where a place is after an edit; one within what was edited stays about there."""
    paragraph, words = at
    for one in reversed(change.splices):
        if paragraph >= one.end:
            paragraph += len(one.inserted) - len(one.removed)
        elif paragraph >= one.first:
            paragraph = min(paragraph, one.first + max(0, len(one.inserted) - 1))
    return paragraph, words
