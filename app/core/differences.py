"""What differs between two states of a transcript, word by word. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeVar

from app.core.transcript import Paragraph, SpeakerId, Transcript, Word

_Kept = TypeVar("_Kept")
_COMPARE_MOST = 4_000_000
"""Pairs of words that are compared; beyond, all are shown as others."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words that both have, or one.

    Attributes:
        old: As they were.
        new: As they are.
    """

    old: tuple[Word, ...]
    new: tuple[Word, ...]

    @property
    def is_same(self) -> bool:
        """Whether they read alike."""
        return [one.text for one in self.old] == [one.text for one in self.new]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two states differ.

    Attributes:
        start_ms: When it is spoken.
        old_speakers: Who spoke there, in their order.
        new_speakers: Who speaks there.
        pieces: Its words.
        old: Numbers of the paragraphs that were there.
        new: Numbers of those that are there.
    """

    start_ms: int
    old_speakers: tuple[SpeakerId | None, ...]
    new_speakers: tuple[SpeakerId | None, ...]
    pieces: tuple[Hunk, ...] = field(default=())
    old: range = range(0)
    new: range = range(0)

    @property
    def are_speakers_changed(self) -> bool:
        """Whether somebody else speaks."""
        return self.old_speakers != self.new_speakers


def differences(old: Transcript, new: Transcript) -> Iterator[Difference]:
    """Give the places where a transcript differs from an earlier state, in reading order.

    Paragraphs that read alike and are of the same speaker are none, whatever their times.
    """
    for was, now in _runs(old.paragraphs, new.paragraphs, _key):
        before, after = (
            old.paragraphs[was.start : was.stop],
            new.paragraphs[now.start : now.stop],
        )
        yield Difference(
            (after or before)[0].start_ms,
            tuple(dict.fromkeys(one.speaker_id for one in before)),
            tuple(dict.fromkeys(one.speaker_id for one in after)),
            tuple(_pieces(before, after)),
            was,
            now,
        )


def _key(paragraph: Paragraph) -> tuple[SpeakerId | None, str]:
    return paragraph.speaker_id, paragraph.text


def _pieces(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Iterator[Hunk]:
    old = [word for one in before for word in one.words]
    new = [word for one in after for word in one.words]
    at = 0
    for was, now in _runs(old, new, lambda word: word.text):
        if was.start > at:
            shift = now.start - was.start
            yield Hunk(tuple(old[at : was.start]), tuple(new[at + shift : now.start]))
        yield Hunk(tuple(old[was.start : was.stop]), tuple(new[now.start : now.stop]))
        at = was.stop
    if at < len(old):
        yield Hunk(tuple(old[at:]), tuple(new[len(new) - (len(old) - at) :]))


def _runs(
    old: Sequence[_Kept], new: Sequence[_Kept], key: Callable[[_Kept], object]
) -> Iterator[tuple[range, range]]:
    """Give the ranges in which two sequences differ."""
    one, other = [key(each) for each in old], [key(each) for each in new]
    least = min(len(one), len(other))
    head = next((at for at in range(least) if one[at] != other[at]), least)
    tail = next(
        (at for at in range(least - head) if one[-1 - at] != other[-1 - at]), least - head
    )
    one, other = one[head : len(one) - tail], other[head : len(other) - tail]
    if not one and not other:
        return
    if len(one) * len(other) > _COMPARE_MOST:
        yield range(head, head + len(one)), range(head, head + len(other))
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind != "equal":
            yield range(head + first, head + last), range(head + start, head + stop)
