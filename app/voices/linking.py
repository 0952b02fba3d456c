"""Link the labels of parts that were recognised separately by the voices behind them.

A label of one part and a label of another are one person if their voices are plainly
alike, never two labels of one part. What is not plain stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from app.voices.features import RATE_HZ, cleaned
from app.voices.models import VECTOR_SIZE, Encoder, Vector, unit
from app.voices.windows import Recording

_ONE_AT_LEAST = 0.60
_TWO_BELOW = 0.50
_LEAST_S = 3.0
"""Less than this of a voice tells nothing for certain."""
_MOST_S = 60.0
_LEAST_SPAN_MS = 600
_LONGEST_SPAN_MS = 3_000
_LEAST_ROWS = 30


class Link(StrEnum):
    """What is known of a label."""

    SAME = "same"
    """The same person as a label before it."""
    NEW = "new"
    """Somebody else than all the others."""
    OPEN = "open"
    """Perhaps one of the others, perhaps not."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of one or more parts.

    Attributes:
        parts: In which parts it is heard; two labels of one part are two people.
        voice: What it sounds like.
        seconds: How much of it was listened to.
    """

    parts: frozenset[int]
    voice: Vector
    seconds: float


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of a label.

    Attributes:
        link: What is known of it.
        first: The first label of the same person; its own place where there is none.
    """

    link: Link
    first: int


def voice_of(
    recording: Recording, encoder: Encoder, spans: Sequence[tuple[int, int]]
) -> tuple[Vector, float]:
    """Give the voice heard in spans (in milliseconds), and how much of it was listened to.

    The longest count first, up to a minute: more would tell no more.
    """
    pieces: list[tuple[int, int]] = []
    for start_ms, end_ms in spans:
        many = max(1, -(-(end_ms - start_ms) // _LONGEST_SPAN_MS))
        edges = np.linspace(start_ms, end_ms, many + 1).astype(int).tolist()
        pieces += pairwise(edges)
    total = np.zeros(VECTOR_SIZE, np.float32)
    seconds = 0.0
    for start_ms, end_ms in sorted(pieces, key=lambda one: one[0] - one[1]):
        if seconds >= _MOST_S or end_ms - start_ms < _LEAST_SPAN_MS:
            break
        begin = start_ms * RATE_HZ // 1_000
        sound = cleaned(recording.read(begin, end_ms * RATE_HZ // 1_000 - begin))
        rows = encoder.features(sound)
        if len(rows) < _LEAST_ROWS:
            continue
        length_s = (end_ms - start_ms) / 1_000
        total += encoder.vector(rows) * np.float32(length_s)
        seconds += length_s
    return unit(total), seconds


def linked(labels: Sequence[Label]) -> list[Linked]:
    """Say of each label whose it is."""
    groups = [[place] for place in range(len(labels))]
    while (pair := _most_alike(labels, groups)) is not None and pair[0] >= _ONE_AT_LEAST:
        _, one, other = pair
        groups[one] = sorted(groups[one] + groups[other])
        del groups[other]
    found = [Linked(Link.OPEN, place) for place in range(len(labels))]
    for group in groups:
        others = [one for one in groups if one is not group]
        is_heard = sum(labels[place].seconds for place in group) >= _LEAST_S
        is_other = all(_likeness(labels, group, one) < _TWO_BELOW for one in others)
        known = Link.NEW if is_heard and is_other else Link.OPEN
        found[group[0]] = Linked(known, group[0])
        for place in group[1:]:
            found[place] = Linked(Link.SAME, group[0])
    return found


def _most_alike(
    labels: Sequence[Label], groups: list[list[int]]
) -> tuple[float, int, int] | None:
    pairs = [
        (_likeness(labels, groups[one], groups[other]), one, other)
        for other in range(len(groups))
        for one in range(other)
    ]
    return max(pairs, default=None)


def _likeness(labels: Sequence[Label], one: list[int], other: list[int]) -> float:
    """Give the mean likeness of two groups; -1 where they cannot be one person."""
    parts = [part for place in (*one, *other) for part in labels[place].parts]
    if len(parts) != len(set(parts)):
        return -1.0
    enough = [place for place in (*one, *other) if labels[place].seconds >= _LEAST_S]
    if len(enough) < len(one) + len(other):
        return _TWO_BELOW  # too little to tell either way
    alike = [float(labels[a].voice @ labels[b].voice) for a in one for b in other]
    return sum(alike) / len(alike)
