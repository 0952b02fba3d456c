"""Say who speaks each word, and how sure that is.

Word by word from who is active, at a price for each change of speaker; then every short
phrase is listened to once more by itself. That is the largest single gain: of the words
said while one voice is heard it gets twice as many right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.voices.activity import Activity, frame_at
from app.voices.features import RATE_HZ, cleaned
from app.voices.models import Encoder, Vector, unit
from app.voices.windows import (
    FIRST_FRAME_SAMPLE,
    FRAME_SAMPLES,
    WINDOW_STEP_SAMPLES,
    Recording,
)

_MARGIN_MS = 40
_NOBODY_HEARD = 0.05
_SOMEBODY_HEARD = 0.02
_REACHES = (15, 45, 120)
"""Where nobody is heard at a word's time, whoever speaks within so many frames of it."""
_FLOOR = 0.03
_CHANGE_COST = 1.0
_CHANGE_COST_AT_PAUSE = 0.25
_PAUSE_MS = 250
_PHRASE_GAP_MS = 120
_LONGEST_PHRASE_MS = 2_500
"""A longer one is known well enough from the windows."""
_PHRASE_MARGIN_MS = 30
_LEAST_FEATURE_ROWS = 15
_LONGEST_RUN_MS = 4_000
_VOICE_SAY = 20.0
"""What the likeness of a phrase weighs against who is active in it."""
_TEMPER = 2.5
_TALKED_OVER = 1.5
"""When more than so many speak at once on average, a word is talked over ..."""
_TALKED_OVER_SURENESS = 0.5
"""... and nobody can be surer than this whose it is."""

Span = tuple[int, int]
"""Start and end in milliseconds."""
OnDone = Callable[[int], object]
"""Told up to which millisecond of the recording all is done."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who speaks the words.

    Attributes:
        people: Of each word, a number in ``People``; -1 where there is nobody.
        sureness: How sure that is, 0 to 1.
    """

    people: NDArray[np.intp]
    sureness: NDArray[np.float64]


def who_speaks(
    words: Sequence[Span],
    activity: Activity,
    listened: tuple[Recording, Encoder] | None = None,
    on_done: OnDone = lambda _: None,
) -> Spoken:
    """Say who speaks each word.

    Args:
        words: Their times, in the order of the text.
        activity: Who is active when.
        listened: The sound and the model that short phrases are listened to with once
            more; without them, whatever runs were heard at their time speak for them.
        on_done: See ``OnDone``.
    """
    count = activity.people.count
    if not words or not count:
        return Spoken(np.full(len(words), -1), np.zeros(len(words)))
    spans = np.array(words, np.float64)
    spans[:, 1] = spans.max(axis=1)
    first, last = _frames(spans, activity, _MARGIN_MS)
    active, many = activity.means(first, last)
    path = _cheapest_path(_shares(_with_reach(active, first, last, activity)), spans)
    sureness = np.zeros(len(words))
    phrases = phrases_of(spans, path)
    begins = np.array([spans[phrase[0], 0] for phrase in phrases])
    ends = np.array([spans[list(phrase), 1].max() for phrase in phrases])
    bounds = np.stack([begins, ends], axis=1)
    runs = _Runs(activity)
    in_phrase = _shares(activity.means(*_frames(bounds, activity, 0))[0])
    for phrase, (start_ms, end_ms), shares in zip(phrases, bounds, in_phrase, strict=True):
        places = list(phrase)
        is_short = end_ms - start_ms < _LONGEST_PHRASE_MS
        score = np.log(shares)
        if not is_short:
            score = score * 2
        elif count > 1:
            if listened is None:
                voice = runs.voice(start_ms, end_ms)
            else:
                voice = _voice(start_ms, end_ms, *listened)
            if voice is not None:
                score = score + _VOICE_SAY * (activity.people.voices @ voice)
        if is_short:
            path[places] = score.argmax()
        chance = np.exp(np.clip((score - score.max()) / _TEMPER, -30, 0))
        sureness[places] = (chance / chance.sum())[path[places]]
        on_done(int(end_ms))
    # A voice beside is one too where it is nobody's: laughter, a television.
    is_over = (many > _TALKED_OVER) & (count > 1)
    sureness[is_over] = np.minimum(sureness[is_over], _TALKED_OVER_SURENESS)
    return Spoken(path, sureness)


def phrases_of(spans: NDArray[np.float64], path: NDArray[np.intp]) -> list[range]:
    """Give runs of words with no pause and no change of speaker between them."""
    found: list[range] = []
    begin, last_ms = 0, 0.0
    for place in range(len(spans)):
        if place > begin and (
            spans[place, 0] - last_ms > _PHRASE_GAP_MS or path[place] != path[place - 1]
        ):
            found.append(range(begin, place))
            begin = place
        last_ms = spans[place, 1] if place == begin else max(last_ms, spans[place, 1])
    if len(spans):
        found.append(range(begin, len(spans)))
    return found


def _frames(
    spans: NDArray[np.float64], activity: Activity, margin_ms: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = np.clip(frame_at(spans[:, 0] - margin_ms), 0, activity.frames - 1)
    last = frame_at(spans[:, 1] + margin_ms) + 1
    return first, np.clip(last, first + 1, activity.frames)


def _with_reach(
    active: NDArray[np.float64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    activity: Activity,
) -> NDArray[np.float64]:
    """Look around words at whose time nobody is heard."""
    active = active.copy()
    lost = np.flatnonzero(active.max(axis=1) < _NOBODY_HEARD)
    for reach in _REACHES:
        if not len(lost):
            break
        around = activity.means(
            np.maximum(0, first[lost] - reach),
            np.minimum(activity.frames, last[lost] + reach),
        )[0]
        active[lost] = around
        lost = lost[around.max(axis=1) <= _SOMEBODY_HEARD]
    return active


def _shares(active: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = active + _FLOOR
    return raised / raised.sum(axis=1, keepdims=True)


def _cheapest_path(shares: NDArray[np.float64], spans: NDArray[np.float64]) -> NDArray[np.intp]:
    """Choose a speaker for each word: unlikely ones cost, and so does each change."""
    length_s = np.clip((spans[:, 1] - spans[:, 0]) / 1_000, 0.15, 1.0)
    gain = np.log(shares) * (0.5 + length_s)[:, None] * 2
    gap_ms = spans[1:, 0] - spans[:-1, 1]
    cost = np.where(gap_ms > _PAUSE_MS, _CHANGE_COST * _CHANGE_COST_AT_PAUSE, _CHANGE_COST)
    total: NDArray[np.float64] = gain[0]
    stays: list[NDArray[np.bool_]] = []
    bests: list[int] = []
    for place in range(1, len(gain)):
        changed = float(total.max()) - cost[place - 1]
        stay = total >= changed
        stays.append(stay)
        bests.append(int(total.argmax()))
        total = np.maximum(total, changed) + gain[place]
    path = [int(total.argmax())]
    for stay, best in zip(reversed(stays), reversed(bests), strict=True):
        path.append(path[-1] if stay[path[-1]] else best)
    return np.array(path[::-1], np.intp)


class _Runs:
    """The runs of a recording, by time."""

    def __init__(self, activity: Activity) -> None:
        heard = activity.heard
        begin = heard.window.astype(np.int64) * WINDOW_STEP_SAMPLES + FIRST_FRAME_SAMPLE
        first = begin + heard.first.astype(np.int64) * FRAME_SAMPLES
        order = np.argsort(first, kind="stable")
        self._first_ms = first[order] * 1_000 / RATE_HZ
        self._last_ms = (begin + heard.last.astype(np.int64) * FRAME_SAMPLES)[order]
        self._last_ms = self._last_ms * 1_000 / RATE_HZ
        self._vectors = heard.vectors
        self._order = order

    def voice(self, start_ms: float, end_ms: float) -> Vector | None:
        """Give whose voice is heard between two times; ``None`` for nobody's."""
        # No run is longer than this, so none that begins earlier reaches up to here.
        near = slice(
            int(np.searchsorted(self._first_ms, start_ms - _LONGEST_RUN_MS)),
            int(np.searchsorted(self._first_ms, end_ms)),
        )
        shared = np.minimum(self._last_ms[near], end_ms) - np.maximum(
            self._first_ms[near], start_ms
        )
        inside = np.flatnonzero(shared > 0)
        if not len(inside):
            return None
        vectors = self._vectors[self._order[near][inside]].astype(np.float32)
        return unit((vectors * shared[inside, None]).sum(axis=0).astype(np.float32))


def _voice(
    start_ms: float, end_ms: float, recording: Recording, encoder: Encoder
) -> Vector | None:
    """Listen to a phrase; ``None`` where it is too short to tell."""
    begin = max(0, int((start_ms - _PHRASE_MARGIN_MS) * RATE_HZ / 1_000))
    end = int((end_ms + _PHRASE_MARGIN_MS) * RATE_HZ / 1_000)
    rows = encoder.features(cleaned(recording.read(begin, max(0, end - begin))))
    return encoder.vector(rows) if len(rows) >= _LEAST_FEATURE_ROWS else None
