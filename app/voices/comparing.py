"""Look at two voices of a recording, or at one: is that one person or two, and why.

What was heard is enough; nothing is listened to again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.voices.activity import Activity
from app.voices.features import RATE_HZ
from app.voices.models import Vector, unit
from app.voices.people import MOST_WEIGHT_S, find_people, likeness_of_two
from app.voices.second_look import SecondLook
from app.voices.windows import (
    COVER,
    FIRST_FRAME_SAMPLE,
    FRAME_SAMPLES,
    WINDOW_STEP_SAMPLES,
    Heard,
)
from app.voices.words import Span, Spoken, who_speaks

_LEAST_S = 2.0
"""Less of a voice tells nothing for certain."""
_LEAST_RUN_S = 0.5
_SURELY_ONE = 0.80
"""As alike as this, two voices are one person's; in between it stays open."""
_MOSTLY = 0.5
_PAUSE_MS = 300.0


class Verdict(StrEnum):
    """What the voices say."""

    ONE = "one"
    TWO = "two"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two voices side by side.

    Attributes:
        verdict: What they say.
        likeness: How alike they are, as a share of how alike each is to itself.
        two_below: Under this share they are two people.
        apart_s: For how long they were heard as two voices at a time.
        seconds: How much there is of each with nobody else speaking.
    """

    verdict: Verdict
    likeness: float
    two_below: float
    apart_s: float
    seconds: tuple[float, float]


def compared(
    heard: Heard, one: Sequence[Span], other: Sequence[Span], *, is_narrow: bool
) -> Comparison:
    """Compare two voices of a recording.

    Args:
        heard: All of it.
        one: Where somebody speaks: words, in milliseconds.
        other: Where somebody else does, or the same.
        is_narrow: Whether it came over a telephone line.
    """
    return _compared(heard, runs_of(heard, one), runs_of(heard, other), is_narrow=is_narrow)


def parted(
    heard: Heard, words: Sequence[Span], sample_count: int, *, is_narrow: bool
) -> tuple[Comparison, Spoken]:
    """Part what one speaker says into the two voices in it that are least alike.

    Args:
        heard: All of a recording.
        words: Those of the speaker, in the order of the text.
        sample_count: Length of the recording.
        is_narrow: Whether it came over a telephone line.

    Returns:
        How alike the two are, and which says each word; all 0 where there is but one.
    """
    runs = runs_of(heard, words)
    mine = replace(
        heard,
        window=heard.window[runs],
        slot=heard.slot[runs],
        first=heard.first[runs],
        last=heard.last[runs],
        is_alone=heard.is_alone[runs],
        vectors=heard.vectors[runs],
    )
    people = find_people(mine, is_narrow=is_narrow, asked=2)
    if people.count < 2:
        spoken_s = float(people.seconds.sum())
        alone = Comparison(
            Verdict.ONE, 1.0, likeness_of_two(is_narrow=is_narrow), 0.0, (spoken_s, 0.0)
        )
        return alone, Spoken(np.zeros(len(words), np.intp), np.ones(len(words)))
    groups = [runs[people.labels == number] for number in (0, 1)]
    found = _compared(heard, groups[0], groups[1], is_narrow=is_narrow)
    return found, who_speaks(words, Activity(mine, people, sample_count))


def runs_of(heard: Heard, words: Sequence[Span]) -> NDArray[np.intp]:
    """Give the runs that lie mostly where these words are said."""
    if not words or not heard.runs:
        return np.zeros(0, np.intp)
    starts, ends = _joined(np.array(sorted(words), np.float64))
    begin = heard.window.astype(np.int64) * WINDOW_STEP_SAMPLES + FIRST_FRAME_SAMPLE
    first = (begin + heard.first.astype(np.int64) * FRAME_SAMPLES) * 1_000 / RATE_HZ
    last = (begin + heard.last.astype(np.int64) * FRAME_SAMPLES) * 1_000 / RATE_HZ
    lengths = np.concatenate([[0.0], np.cumsum(ends - starts)])

    def said_until(at: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.searchsorted(starts, at, side="right")
        inside = np.where(place > 0, np.minimum(at, ends[place - 1]) - starts[place - 1], 0.0)
        return lengths[np.maximum(place - 1, 0)] + inside

    said = said_until(last) - said_until(first)
    return np.flatnonzero(said > _MOSTLY * (last - first))


def voice_in(heard: Heard, words: Sequence[Span]) -> tuple[Vector, float]:
    """Give the voice of whoever says these words, and how much there is of it.

    Only runs in which nobody else speaks count.
    """
    runs = runs_of(heard, words)
    seconds = heard.seconds[runs]
    runs = runs[heard.is_alone[runs] & (seconds >= _LEAST_RUN_S)]
    seconds = heard.seconds[runs]
    weights = np.minimum(seconds, MOST_WEIGHT_S)
    total = (heard.vectors[runs].astype(np.float32) * weights[:, None]).sum(axis=0)
    return unit(total.astype(np.float32)), float(seconds.sum()) / COVER


def _joined(
    spans: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Join words without a pause between them, so that runs across them count."""
    ends = np.maximum.accumulate(spans.max(axis=1))
    is_first = np.concatenate([[True], spans[1:, 0] - ends[:-1] > _PAUSE_MS])
    first = np.flatnonzero(is_first)
    return spans[first, 0], ends[np.concatenate([first[1:], [len(spans)]]) - 1]


def _compared(
    heard: Heard, one: NDArray[np.intp], other: NDArray[np.intp], *, is_narrow: bool
) -> Comparison:
    seconds = heard.seconds
    spoken = tuple(
        round(float((seconds[runs] * heard.is_alone[runs]).sum()) / COVER, 1)
        for runs in (one, other)
    )
    clear = [
        runs[(seconds[runs] >= _LEAST_RUN_S) & heard.is_alone[runs]] for runs in (one, other)
    ]
    limit = likeness_of_two(is_narrow=is_narrow)
    if min(spoken) < _LEAST_S or min(map(len, clear)) == 0:
        return Comparison(Verdict.OPEN, 0.0, limit, 0.0, (spoken[0], spoken[1]))
    every = np.concatenate(clear)
    look = SecondLook(
        heard.vectors[every].astype(np.float32),
        np.minimum(seconds[every], MOST_WEIGHT_S),
        seconds[every],
        heard.window[every],
        heard.slot[every],
    )
    here = np.arange(len(clear[0]))
    there = np.arange(len(clear[0]), len(every))
    likeness = look.likeness_as_they_are(here, there)
    if likeness < limit or look.are_apart(here, there):
        verdict = Verdict.TWO
    else:
        verdict = Verdict.ONE if likeness >= _SURELY_ONE else Verdict.OPEN
    apart_s = round(look.apart_s(here, there) / COVER, 1)
    return Comparison(verdict, round(likeness, 3), limit, apart_s, (spoken[0], spoken[1]))
