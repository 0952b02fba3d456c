"""The clock against what Qt's player really said, beside what it really played.

``recorded_reports.json`` holds both; ``tests/support/player_recorder.py`` made it and
can make another. Each piece of sound told by its pitch where in the recording it was.
"""

from __future__ import annotations

import json
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.core.transcript import Word
from app.player.clock import PlayClock
from tests.support.builders import make_timeline
from tests.support.sweep import SECONDS, place_ms

RECORDED = Path(__file__).parent / "recorded_reports.json"
FRAME_MS = 1000 / 60
SETTLED_MS = 200
STANDSTILL_MS = 100
"""A window that could not do anything for so long has to settle as after a seek."""
NEAR_MS = 400
"""How near to the target of a seek a piece of sound must be to come from there."""
AROUND_MS = 300
KNOWN_MS = 1
"""How well the pitch of a piece, and when it left the player, tell the truth."""


@dataclass(frozen=True)
class Span:
    """What sounded between two things that somebody did.

    Attributes:
        begin_ms: Steady time from when on it sounds.
        end_ms: Until when.
        rate: How fast.
        pieces: Steady time and place in the recording of each piece of sound.
    """

    begin_ms: float
    end_ms: float
    rate: float
    pieces: tuple[tuple[float, float], ...]

    def true_ms(self, at_ms: float) -> float | None:
        """Give what is heard at a moment."""
        first = bisect_left(self.pieces, (at_ms - AROUND_MS,))
        last = bisect_left(self.pieces, (at_ms + AROUND_MS,))
        return place_ms(list(self.pieces[first:last]), at_ms, self.rate, around_ms=AROUND_MS)


class Recorded:
    """What was written down."""

    def __init__(self) -> None:
        content: dict[str, list[Any]] = json.loads(RECORDED.read_text("utf-8"))
        self.told: list[tuple[float, str, float]] = [tuple(row) for row in content["told"]]
        self.heard: list[tuple[float, float]] = [tuple(row) for row in content["heard"]]
        self.busy: list[tuple[float, float]] = [tuple(row) for row in content["busy"]]
        self.spans = list(self._spans())
        self._unseen = [
            (begin, end + (SETTLED_MS if end - begin > STANDSTILL_MS else 0))
            for begin, end in self.busy
        ]

    def frames(self) -> Iterator[float]:
        """Give when a window could have painted, sixty times a second."""
        for number in range(int(self.told[-1][0] / FRAME_MS)):
            at_ms = number * FRAME_MS
            if not any(begin < at_ms < end for begin, end in self._unseen):
                yield at_ms

    def span_at(self, at_ms: float) -> Span | None:
        """Give what sounds at a moment, once it has settled."""
        place = bisect_left(self.spans, at_ms, key=lambda span: span.begin_ms) - 1
        span = self.spans[max(0, place)]
        return span if span.begin_ms + SETTLED_MS <= at_ms < span.end_ms else None

    def _spans(self) -> Iterator[Span]:
        acts = [one for one in self.told if one[1] in {"seek", "playing", "rate"}]
        rate, is_playing = 1.0, False
        for (begin, kind, value), (end, _, _) in pairwise([*acts, self.told[-1]]):
            target: float | None = None
            if kind == "rate":
                rate = value
            elif kind == "playing":
                is_playing = bool(value)
            else:
                target = value
            pieces = self.heard[bisect_left(self.heard, (begin,)) :]
            pieces = pieces[: bisect_left(pieces, (end,))]
            if target is not None:
                pieces = [one for one in pieces if one[1] >= target - NEAR_MS]
                while pieces and abs(pieces[0][1] - target) > NEAR_MS:
                    del pieces[0]  # from before the seek
            if is_playing and pieces:
                yield Span(begin if target is None else pieces[0][0], end, rate, tuple(pieces))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return Recorded()


@pytest.fixture(scope="module")
def shown(recorded: Recorded) -> list[tuple[float, float, float]]:
    """What the clock says on each frame, what is true, and at what speed."""
    now = [0.0]
    clock = PlayClock(lambda: now[0])
    told = iter(recorded.told)
    coming = next(told, None)
    found: list[tuple[float, float, float]] = []
    for frame_ms in recorded.frames():
        while coming is not None and coming[0] <= frame_ms:
            now[0], kind, value = coming
            tell(clock, kind, value)
            coming = next(told, None)
        now[0] = frame_ms
        span, position_ms = recorded.span_at(frame_ms), clock.position_ms()
        true_ms = None if span is None else span.true_ms(frame_ms)
        if span is not None and true_ms is not None:
            found.append((position_ms, true_ms, span.rate))
    return found


def tell(clock: PlayClock, kind: str, value: float) -> None:
    if kind == "playing":
        clock.set_playing(bool(value))
    elif kind == "stalled":
        clock.set_stalled(bool(value))
    elif kind == "rate":
        clock.set_rate(value)
    elif kind == "seek":
        clock.seek(value)
    else:
        clock.report(value, is_sounding=kind == "sounding")


def test_the_recording_has_what_disturbs_a_clock(recorded: Recorded) -> None:
    done = [kind for _, kind, _ in recorded.told]
    assert recorded.told[-1][0] > 180_000
    assert done.count("seek") > 40
    assert done.count("playing") > 40
    assert len({value for _, kind, value in recorded.told if kind == "rate"}) > 7
    assert sum(end - begin > 80 for begin, end in recorded.busy) > 20


def test_the_clock_is_right_to_the_frame(shown: list[tuple[float, float, float]]) -> None:
    assert len(shown) > 6_000
    late = sum(abs(told - true) / rate > FRAME_MS for told, true, rate in shown)
    assert late <= len(shown) * 0.001


def test_the_lit_word_is_the_spoken_one(shown: list[tuple[float, float, float]]) -> None:
    wrong = 0
    for seed in range(4):
        timeline = make_timeline(words(seed))
        run = 0
        for told, true, _ in shown:
            spoken = {timeline.word_at(int(true + off)) for off in (-KNOWN_MS, 0, KNOWN_MS)}
            is_wrong = timeline.word_at(int(told)) not in spoken
            run = run + 1 if is_wrong else 0
            assert run <= 1
            wrong += is_wrong
    assert wrong <= 4 * len(shown) * 0.001


def words(seed: int) -> list[Word]:
    """Make up words of usual lengths, some of them after a silence."""
    chance, made, at = random.Random(seed), list[Word](), 0
    while at < SECONDS * 1_000:
        lasts = chance.randint(80, 400)
        made.append(Word("w", at, at + lasts))
        at += lasts + chance.choice([0, 0, 0, 30, 900])
    return made
