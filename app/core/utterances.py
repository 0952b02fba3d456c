"""Where growing sound may be settled, and when to read what is open again. Pure.

A detector of voices gives a level for each short step of sound. What lies between two pauses
is an utterance: once it is over it is read one last time and settled. The one that is still
going on is read again and again, each 0.5 s or, on a slower machine, less often. Sound is
never left out for want of time: it only waits longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

LEVEL_MS = 32
"""So much sound each level is of."""
SPOKEN_FROM = 0.5
SPOKEN_ON = 0.35
"""Once somebody speaks, they do until the level falls below this."""
PAUSE_MS = 600
"""So long a silence ends an utterance."""
MOST_MS = 8_000
"""An utterance without any such pause is cut at the best place there is."""
_LEAST_MS = 4_000
"""No cut of a long utterance leaves less before it."""
_BREATH_MS = 96
"""A silence that is worth cutting at."""
_AROUND_MS = 240
"""Detectors are late at the beginning of a word and early at its end."""
_SMOOTH = 5

STEP_MS = 500
"""The open utterance is read again so long after it was begun to be read the last time."""
FIRST_MS = 500
"""So much of it has to be there for the first time."""
_SHARE = 0.5
"""No more of the time is spent on reading again: the rest of the machine is not ours."""
BEHIND_MS = 4_000
"""So far behind, nothing is read that will be read again."""

Times: TypeAlias = tuple[int, int]
"""From and to in milliseconds."""


@dataclass(frozen=True, slots=True)
class Utterances:
    """What the sound that is not settled yet is made of.

    Attributes:
        over: Utterances that are over, in order; none reaches into another.
        open: The one that still goes on, up to the end of the sound.
        settled_ms: Once those that are over are read, nothing before this needs to be kept.
    """

    over: tuple[Times, ...]
    open: Times | None
    settled_ms: int


def utterances(
    levels: Sequence[float], *, is_last: bool = False, most_ms: int = MOST_MS
) -> Utterances:
    """Find the utterances of the sound that is not settled yet.

    Args:
        levels: How likely somebody speaks, 0 to 1, for each ``LEVEL_MS`` of it.
        is_last: Whether no more sound comes, so that nothing is open.
        most_ms: A longer utterance is cut.
    """
    end_ms = len(levels) * LEVEL_MS
    spoken = _spoken(levels)
    groups: list[list[Times]] = []
    for one in spoken:
        if groups and one[0] - groups[-1][-1][1] < PAUSE_MS:
            groups[-1].append(one)
        else:
            groups.append([one])
    parts: list[list[Times]] = []
    for group in groups:
        parts += _cut(group, levels, most_ms)
    if not parts:
        return Utterances((), None, end_ms if is_last else max(0, end_ms - _AROUND_MS))
    is_open = not is_last and end_ms - parts[-1][-1][1] < PAUSE_MS
    spans = _padded([(part[0][0], part[-1][1]) for part in parts], end_ms)
    if is_open:
        begin_ms = spans[-1][0]
        return Utterances(tuple(spans[:-1]), (begin_ms, end_ms), begin_ms)
    settled_ms = end_ms if is_last else max(spans[-1][1], end_ms - _AROUND_MS)
    return Utterances(tuple(spans), None, settled_ms)


class Rhythm:
    """When to read the open utterance again.

    It is told the time by its caller. What reading takes counts with all that it waited
    for: another channel that is read by the same process, a job, another program.
    """

    def __init__(self) -> None:
        self._began_ms: int | None = None
        self._reading_ms = 0
        self._step_ms = STEP_MS

    @property
    def step_ms(self) -> int:
        """How far apart readings are at present."""
        return self._step_ms

    def began(self, now_ms: int) -> None:
        """Note that reading has begun."""
        self._began_ms = self._reading_ms = now_ms

    def settled(self, now_ms: int) -> None:
        """Note that what was read so far is settled: that had to be, and counts for nothing."""
        self._reading_ms = now_ms

    def ended(self, now_ms: int) -> None:
        """Note that it is done: the longer what is open took, the longer until the next."""
        if self._began_ms is not None:
            took_ms = now_ms - self._reading_ms
            self._step_ms = max(STEP_MS, round(took_ms / _SHARE))

    def wait_ms(self, now_ms: int, unread_ms: int) -> int:
        """Tell how long to wait until the sound is looked at again; 0 for at once.

        Args:
            now_ms: The time.
            unread_ms: How much sound has come since the last look.
        """
        if self._began_ms is None:
            return max(0, FIRST_MS - unread_ms)
        rest_ms = self._step_ms - (now_ms - self._began_ms)
        return max(0, rest_ms, FIRST_MS - unread_ms)

    @staticmethod
    def reads_open(behind_ms: int) -> bool:
        """Tell whether there is time for what will be read again anyway."""
        return behind_ms < BEHIND_MS


def _spoken(levels: Sequence[float]) -> list[Times]:
    """Give where somebody speaks, without regard to how short the silence between is."""
    found: list[Times] = []
    begin: int | None = None
    for at, level in enumerate(levels):
        if begin is None and level >= SPOKEN_FROM:
            begin = at
        elif begin is not None and level < SPOKEN_ON:
            found.append((begin * LEVEL_MS, at * LEVEL_MS))
            begin = None
    if begin is not None:
        found.append((begin * LEVEL_MS, len(levels) * LEVEL_MS))
    return found


def _cut(group: list[Times], levels: Sequence[float], most_ms: int) -> list[list[Times]]:
    """Cut an utterance that is too long: at its longest silence, else where it is quietest."""
    parts: list[list[Times]] = []
    while group[-1][1] - group[0][0] > most_ms:
        first_ms = group[0][0] + _LEAST_MS
        last_ms = group[0][0] + most_ms
        breaths = [
            (other[0] - one[1], at)
            for at, (one, other) in enumerate(pairwise(group), start=1)
            if one[1] >= first_ms and other[0] <= last_ms and other[0] - one[1] >= _BREATH_MS
        ]
        if breaths:
            _, at = max(breaths)
            parts.append(group[:at])
            group = group[at:]
            continue
        at_ms = _quietest(levels, first_ms, last_ms)
        parts.append([(start, min(end, at_ms)) for start, end in group if start < at_ms])
        group = [(max(start, at_ms), end) for start, end in group if end > at_ms]
    return [*parts, group]


def _quietest(levels: Sequence[float], first_ms: int, last_ms: int) -> int:
    """Give the moment at which somebody is least likely to speak; the latest of equal ones."""
    first, last = first_ms // LEVEL_MS, last_ms // LEVEL_MS
    half = _SMOOTH // 2

    def around(at: int) -> float:
        near = levels[max(0, at - half) : at + half + 1]
        return sum(near) / len(near)

    return min(range(first, last), key=lambda at: (around(at), -at)) * LEVEL_MS


def _padded(spans: Sequence[Times], end_ms: int) -> list[Times]:
    """Widen utterances by what a detector misses at their ends, as far as there is room."""
    padded: list[Times] = []
    for at, (start_ms, stop_ms) in enumerate(spans):
        before_ms = spans[at - 1][1] if at else 0
        behind_ms = spans[at + 1][0] if at + 1 < len(spans) else end_ms
        padded.append(
            (
                max(start_ms - _AROUND_MS, (before_ms + start_ms) // 2 if at else 0),
                min(stop_ms + _AROUND_MS, (stop_ms + behind_ms) // 2)
                if at + 1 < len(spans)
                else min(stop_ms + _AROUND_MS, behind_ms),
            )
        )
    return padded
