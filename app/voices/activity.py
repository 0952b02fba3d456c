"""How surely each person speaks at each moment, put together from all windows.

A recording of ten hours has two million frames, so they are worked out in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.voices.features import RATE_HZ
from app.voices.people import People
from app.voices.windows import (
    FIRST_FRAME_SAMPLE,
    FRAME_S,
    FRAME_SAMPLES,
    FRAMES,
    SLOTS,
    WINDOW_STEP_SAMPLES,
    Heard,
)

_BLOCK_FRAMES = 8_192
"""A good two minutes: with twelve people 400 kB."""
_RAMP_FRAMES = 120
_NEAR_FRAMES = 30
"""A frame this near to a run is its speaker's, one farther off the slot's main one's."""
_FIRST_S = FIRST_FRAME_SAMPLE / RATE_HZ
_FULL = np.float32(255)

_TURN_LEVELS = (0.15, 0.4)
"""How surely the loudest, and a second one beside, must speak to have the word."""
_CLOSED_S = 0.35
_LEAST_TURN_S = 0.15


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        person: Who, as a number in ``People``.
    """

    start_ms: int
    end_ms: int
    person: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Who is active when.

    Attributes:
        heard: What was heard.
        people: Whose it is.
        sample_count: How long the recording is.
    """

    heard: Heard
    people: People
    sample_count: int

    @property
    def frames(self) -> int:
        """How many frames the recording has."""
        return self.sample_count // FRAME_SAMPLES + 1

    def blocks(self) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]:
        """Give first frame, chance of each person (rows), and how many speak at once."""
        begins = np.rint(
            np.arange(self.heard.windows) * (WINDOW_STEP_SAMPLES / FRAME_SAMPLES)
        ).astype(np.int64)
        runs_until = np.searchsorted(
            self.heard.window, np.arange(self.heard.windows), side="right"
        )
        edge = np.minimum(np.arange(FRAMES), np.arange(FRAMES)[::-1])
        ramp = np.minimum(1.0, 0.1 + edge / _RAMP_FRAMES).astype(np.float32)
        for first in range(0, self.frames, _BLOCK_FRAMES):
            last = min(self.frames, first + _BLOCK_FRAMES)
            chance = np.zeros((self.people.count, last - first), np.float32)
            many = np.zeros(last - first, np.float32)
            weight = np.zeros(last - first, np.float32)
            inside = np.flatnonzero((begins < last) & (begins + FRAMES > first))
            for window in inside.tolist():
                begin = int(begins[window])
                here = slice(max(0, first - begin), min(FRAMES, last - begin))
                there = slice(begin + here.start - first, begin + here.stop - first)
                runs = slice(
                    int(runs_until[window - 1]) if window else 0, int(runs_until[window])
                )
                of_slots = self.heard.chances[window].astype(np.float32) / _FULL
                chance[:, there] += (self._of_people(of_slots, runs) * ramp)[:, here]
                many[there] += (of_slots.sum(axis=1) * ramp)[here]
                weight[there] += ramp[here]
            weight[weight == 0] = 1
            yield first, chance / weight, many / weight

    def means(
        self, first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give, for spans of frames, the mean chance of each person and how many speak."""
        sums = np.zeros((len(first), self.people.count))
        many_sums = np.zeros(len(first))
        for begin, chance, many in self.blocks():
            end = begin + len(many)
            inside = np.flatnonzero((first < end) & (last > begin))
            low = np.maximum(first[inside], begin) - begin
            high = np.minimum(last[inside], end) - begin
            until = np.cumsum(np.pad(chance, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
            sums[inside] += (until[:, high] - until[:, low]).T
            many_until = np.cumsum(np.pad(many, (1, 0)), dtype=np.float64)
            many_sums[inside] += many_until[high] - many_until[low]
        length = np.maximum(1, last - first)
        return sums / length[:, None], many_sums / length

    def turns(self) -> list[Turn]:
        """Give who speaks from when to when, two at once included."""
        spans: list[list[list[int]]] = [[] for _ in range(self.people.count)]
        for begin, chance, many in self.blocks():
            for person, speaks in enumerate(_speaking(chance, many)):
                edges = np.flatnonzero(np.diff(speaks.astype(np.int8), prepend=0, append=0))
                for first, last in (edges.reshape(-1, 2) + begin).tolist():
                    mine = spans[person]
                    if mine and (first - mine[-1][1]) * FRAME_S < _CLOSED_S:
                        mine[-1][1] = last
                    else:
                        mine.append([first, last])
        found = [
            Turn(_edge_ms(first), _edge_ms(last), person)
            for person, mine in enumerate(spans)
            for first, last in mine
            if (last - first) * FRAME_S >= _LEAST_TURN_S
        ]
        return sorted(found, key=lambda turn: (turn.start_ms, turn.end_ms, turn.person))

    def _of_people(self, of_slots: NDArray[np.float32], runs: slice) -> NDArray[np.float32]:
        """Turn the slots of a window into people: frames belong to the nearest run."""
        found = np.zeros((self.people.count, FRAMES), np.float32)
        every = np.arange(FRAMES)
        for slot in range(SLOTS):
            mine = np.flatnonzero(self.heard.slot[runs] == slot) + runs.start
            if not len(mine):
                continue
            first = self.heard.first[mine].astype(np.float64)
            last = self.heard.last[mine].astype(np.float64)
            whose = self.people.labels[mine]
            away = np.abs(every[:, None] - (first + last) / 2) - (last - first) / 2
            mostly = np.bincount(whose, last - first).argmax()
            who = np.where(away.min(axis=1) <= _NEAR_FRAMES, whose[away.argmin(axis=1)], mostly)
            found[who, every] = np.maximum(found[who, every], of_slots[:, slot])
        return found


def frame_at(ms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the frame that lies at a time; may lie outside the recording."""
    return np.floor((ms / 1_000 - _FIRST_S) / FRAME_S).astype(np.int64)


def _edge_ms(frame: int) -> int:
    return max(0, round(1_000 * (frame * FRAME_S + _FIRST_S - FRAME_S / 2)))


def _speaking(chance: NDArray[np.float32], many: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say who has the word at each frame: as many as speak at once, at most two."""
    speaks = np.zeros(chance.shape, np.bool_)
    if not len(chance):
        return speaks
    order = np.argsort(-chance, axis=0)
    every = np.arange(many.size)
    count = np.floor(many + 0.5)
    for rank, level in enumerate(_TURN_LEVELS[: len(chance)]):
        who = order[rank]
        does = (count > rank) & (chance[who, every] > level)
        speaks[who[does], every[does]] = True
    return speaks
