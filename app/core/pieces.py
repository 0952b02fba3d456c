"""A large step as several small ones, each of which leaves a whole transcript.

Whoever follows a document with something that people see cannot take up thousands of
paragraphs at once without standing still. The pieces come to the same transcript as the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from app.core.document import Change, Splice
from app.core.transcript import Paragraph

_MOST_WORDS = 3_000
"""Words that come and go in a piece, about."""
_MOST_SPLICES = 48


def in_pieces(change: Change) -> list[Change]:
    """Give a step as the steps that come to the same; itself where it is small.

    Speakers, and what has no words, change with the whole of the words they are about.
    """
    if (
        change.are_speakers_changed
        or change.wordless is not None
        or change.recording is not None
    ):
        return [change]
    groups = list(_grouped(change))
    if len(groups) < 2:
        return [change]
    pieces: list[Change] = []
    shift = 0
    for group in groups:
        moved = tuple(replace(one, first=one.first + shift) for one in group)
        pieces.append(replace(change, splices=moved))
        shift += sum(len(one.inserted) - len(one.removed) for one in group)
    return pieces


def _grouped(change: Change) -> Iterator[list[Splice]]:
    """Put splices together that are done in one go."""
    group: list[Splice] = []
    words = 0
    for one in change.splices:
        for part in _cut(one):
            more = _words(part)
            if group and (len(group) == _MOST_SPLICES or words + more > _MOST_WORDS):
                yield group
                group, words = [], 0
            group.append(part)
            words += more
    if group:
        yield group


def _cut(splice: Splice) -> Iterator[Splice]:
    """Cut a splice of many paragraphs into several, one behind the other."""
    old, new = len(splice.removed), len(splice.inserted)
    count = min(ceil(_words(splice) / _MOST_WORDS), max(old, new))
    if count < 2:
        yield splice
        return
    for number in range(count):
        begin, end = old * number // count, old * (number + 1) // count
        given = splice.inserted[new * number // count : new * (number + 1) // count]
        yield Splice(splice.first + begin, splice.removed[begin:end], given)


def _words(splice: Splice) -> int:
    return _count(splice.removed) + _count(splice.inserted)


def _count(paragraphs: tuple[Paragraph, ...]) -> int:
    return sum([len(one.words) for one in paragraphs])
