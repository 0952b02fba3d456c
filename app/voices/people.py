"""Say whose each run of speech is: find the people of a recording, then look again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.options import MOST_SPEAKERS
from app.voices.models import Vectors, unit
from app.voices.second_look import SecondLook
from app.voices.tree import (
    Branch,
    Leaves,
    Rule,
    Tree,
    condensed,
    joined_to,
    joined_where_one,
)
from app.voices.windows import COVER, FRAME_SAMPLES, SLOTS, WINDOW_STEP_SAMPLES, Heard

MOST_PEOPLE = MOST_SPEAKERS
"""More are not told apart; the most alike become one."""

_RATIO = 0.60
_RATIO_NARROW = 0.70
_RATIO_APART = 0.75
_SURELY_ONE = 0.50
_LEAST_S = 3.5
"""Somebody has said at least so much with nobody else speaking ..."""
_LEAST_SHARE = 0.01
"""... and at least this share of all that was said so."""
_LEAST_SHORT_S = 2.5
_LEAST_SHORT_SHARE = 0.05
"""In a short talk less will do, if it is this share of it and so many seconds."""
_LEAST_ASKED_S = 2.0
"""A number of people that was asked for is an upper bound where one has said less."""
_FOUNDING_S = 1.5
"""Shorter runs found nobody: their vectors are too unsure."""
_FEWEST_FOUNDING = 6
_MOST_FOUNDING_SHORT = 12
MOST_WEIGHT_S = 4.0
"""A longer run weighs no more than one of so many seconds."""
_ROUNDS = 3
_TRUST_S = 0.8
"""A run of this length has half of the say in whose it is, the rest of its slot the other."""
_LEAST_MOVING_S = 0.5
"""Shorter runs do not move anybody's voice."""
_LEAST_SUM = 0.3
"""Of whom hardly anything is left keeps the voice they had."""
_BLOCK_RUNS = 2_048
_STRICTNESS = np.linspace(0.30, 1.0, 71)


@dataclass(frozen=True, slots=True)
class People:
    """Who is heard in a recording.

    Attributes:
        voices: The voice of each, one a row; none where nobody speaks.
        seconds: How much each says with nobody else speaking.
        labels: Of each run, whose it is: a row of ``voices``.
    """

    voices: Vectors
    seconds: NDArray[np.float32]
    labels: NDArray[np.intp]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.voices)


def likeness_of_two(*, is_narrow: bool) -> float:
    """Give under which share of the likeness within, two voices are two people."""
    return _RATIO_NARROW if is_narrow else _RATIO


def find_people(heard: Heard, *, is_narrow: bool, asked: int = 0) -> People:
    """Find the people of a recording.

    Args:
        heard: All of it.
        is_narrow: Whether it came over a telephone line.
        asked: How many there are; 0 to find out.
    """
    if not heard.runs:
        nothing = np.zeros((0, heard.vectors.shape[1]), np.float32)
        return People(nothing, np.zeros(0, np.float32), np.zeros(0, np.intp))
    vectors, seconds = heard.vectors.astype(np.float32), heard.seconds
    voices = _founders(heard, vectors, is_narrow=is_narrow, asked=asked)
    weights = np.minimum(seconds, MOST_WEIGHT_S) * (seconds >= _LEAST_MOVING_S)
    for _ in range(_ROUNDS):
        sums = _sums(vectors, weights, _labels(heard, vectors, voices), len(voices))
        is_heard = np.linalg.norm(sums, axis=1, keepdims=True) > _LEAST_SUM
        voices = np.where(is_heard, unit(sums), voices)
    return _in_order(heard, voices, _labels(heard, vectors, voices))


def _founders(heard: Heard, vectors: Vectors, *, is_narrow: bool, asked: int) -> Vectors:
    """Give the voices of those who say enough to be somebody."""
    seconds = heard.seconds
    founding = np.flatnonzero((seconds >= _FOUNDING_S) & heard.is_alone)
    if len(founding) < _FEWEST_FOUNDING:
        longest = np.argsort(-seconds, kind="stable")
        founding = longest[: min(len(longest), _MOST_FOUNDING_SHORT)]
    leaves = Leaves.of(vectors[founding], seconds[founding], MOST_WEIGHT_S)
    tree = Tree(condensed(leaves))
    spoken_s = tree.root.seconds / COVER
    least_s = _least_s(spoken_s)
    rule = Rule(
        likeness_of_two(is_narrow=is_narrow), _RATIO_APART, _SURELY_ONE, least_s * COVER
    )
    look = SecondLook(
        vectors[founding],
        leaves.weights,
        leaves.seconds,
        heard.window[founding],
        heard.slot[founding],
    )
    found = joined_where_one(tree.people(rule, look) or [tree.root], rule, look)
    if asked > len(found):
        found = _as_many(tree, asked, min(least_s, spoken_s / (3 * asked)))
    return np.stack([one.voice for one in joined_to(found, asked or MOST_PEOPLE)])


def _least_s(spoken_s: float) -> float:
    short_s = max(_LEAST_SHORT_S, _LEAST_SHORT_SHARE * spoken_s)
    return max(_LEAST_SHARE * spoken_s, min(_LEAST_S, short_s))


def _as_many(tree: Tree, asked: int, least_s: float) -> list[Branch]:
    """Be stricter until there are as many as were asked for, or as near as may be."""
    least_s = max(least_s, _LEAST_ASKED_S) * COVER
    best = [tree.root]
    for ratio in _STRICTNESS.tolist():
        found = tree.people(Rule(ratio, ratio, 0.8 * ratio, least_s)) or [tree.root]
        # One too many can still be joined, one too few not be split.
        if _miss(found, asked) < _miss(best, asked):
            best = found
    return best


def _miss(found: list[Branch], asked: int) -> tuple[int, bool]:
    return abs(len(found) - asked), len(found) < asked


def _labels(heard: Heard, vectors: Vectors, voices: Vectors) -> NDArray[np.intp]:
    """Say whose voice each run is most like, by its own sound and that of its slot."""
    slots, slot_of = np.unique(
        heard.window.astype(np.int64) * SLOTS + heard.slot, return_inverse=True
    )
    weights = np.minimum(heard.seconds, MOST_WEIGHT_S)
    of_slot = unit(_sums(vectors, weights, slot_of, len(slots))) @ voices.T
    own = (heard.seconds / (heard.seconds + _TRUST_S))[:, None]
    return (own * (vectors @ voices.T) + (1 - own) * of_slot[slot_of]).argmax(axis=1)


def _sums(
    vectors: Vectors, weights: NDArray[np.float32], labels: NDArray[np.intp], many: int
) -> Vectors:
    sums = np.zeros((many, vectors.shape[1]), np.float32)
    for first in range(0, len(vectors), _BLOCK_RUNS):  # ten hours at once are 30 MB more
        block = slice(first, first + _BLOCK_RUNS)
        np.add.at(sums, labels[block], vectors[block] * weights[block, None])
    return sums


def _in_order(heard: Heard, voices: Vectors, labels: NDArray[np.intp]) -> People:
    """Number people by when they first speak, and leave out who never does."""
    begins = heard.window.astype(np.int64) * WINDOW_STEP_SAMPLES
    begins += heard.first.astype(np.int64) * FRAME_SAMPLES
    order = np.argsort(begins, kind="stable")  # in a window runs stand voice by voice
    there, first = np.unique(labels[order], return_index=True)
    there = there[np.argsort(first)]
    number = np.zeros(len(voices), np.intp)
    number[there] = np.arange(len(there))
    seconds = np.bincount(
        number[labels], heard.seconds * heard.is_alone / COVER, minlength=len(there)
    )
    return People(voices[there], seconds.astype(np.float32), number[labels])
