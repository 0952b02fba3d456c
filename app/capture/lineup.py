"""Bring sources with clocks of their own into one sound, a channel each.

The first source leads: its samples go into the sound untouched, one by one. The others
follow, since two sound cards never count quite alike: a follower is stretched or shortened
by a few samples a block so that what was heard at one moment stays at one moment. A source
that gives nothing is filled up with silence by the clock, and said to be missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.take import RATE_HZ, STALLED_MS

Samples = NDArray[np.int16]

_PER_MS = RATE_HZ // 1_000
_KEPT_BACK_MS = 150
"""So much of several sources waits."""
_CALM = 0.002
"""How much a follower is stretched at most while it is nearly right; nobody hears that."""
_HURRIED = 0.02
"""And where it is far off, after its sound came late."""
_FAR_MS = 250
_UNKNOWN = float("-inf")
_SETTLING = 0.02
"""How quickly the average of what waits follows; a block's worth of jitter is no drift."""


@dataclass(slots=True)
class _Lane:
    """What has come from one source and not been taken yet."""

    waiting: Samples
    last_came_ms: int
    has_begun: bool = False
    is_stalled: bool = False
    usual: float = _UNKNOWN
    """The average of what waits, in samples; ``_UNKNOWN`` at first."""
    is_lined_up: bool = False
    newest_ms: int = 0
    """When its newest sample came, or silence was put in its place."""
    carry: float = 0.0


@dataclass(frozen=True, slots=True)
class Missing:
    """A source stopped giving sound, or gives it again.

    Attributes:
        channel: Which.
        is_back: Whether it gives again.
        since_ms: Since when it gives nothing, on the take's own clock of samples.
    """

    channel: int
    is_back: bool
    since_ms: int


class Lineup:
    """Takes blocks of the sources as they come and gives them lined up.

    Not for several threads; whoever uses it holds a lock. Times are of one monotonic clock.
    """

    def __init__(self, channels: int, now_ms: int) -> None:
        self._lanes = [
            _Lane(np.empty(0, np.int16), last_came_ms=now_ms) for _ in range(channels)
        ]
        # A follower may come in larger pieces than the leader: both wait for a moment.
        self._kept_back = _KEPT_BACK_MS * _PER_MS if channels > 1 else 0
        self._clock_ms = now_ms
        self._taken = 0
        self._stalled_since: dict[int, int] = {}

    @property
    def at_ms(self) -> int:
        """How long the sound is that has been given."""
        return self._taken // _PER_MS

    @property
    def samples(self) -> int:
        """How many samples of each channel have been given."""
        return self._taken

    def put(self, channel: int, samples: Samples, now_ms: int) -> None:
        """Take a block of a source.

        Args:
            channel: Which source.
            samples: One channel of 16 bit at 48 kHz.
            now_ms: When it came.
        """
        lane = self._lanes[channel]
        if not lane.has_begun and len(samples):
            lane.has_begun = True
        lane.waiting = np.concatenate((lane.waiting, samples)) if len(lane.waiting) else samples
        if len(samples):
            lane.last_came_ms = lane.newest_ms = now_ms

    def take(self, now_ms: int) -> tuple[Samples, list[Missing]]:
        """Give what can be given.

        Args:
            now_ms: The present time.

        Returns:
            Rows of samples, a column a channel; and which sources went or came back.
        """
        told: list[Missing] = []
        for channel in range(len(self._lanes)):
            told += self._watch(channel, now_ms)
        leader = self._lanes[0]
        elapsed_ms = max(0, now_ms - self._clock_ms)
        self._clock_ms = now_ms
        if leader.is_stalled:
            silence = np.zeros(elapsed_ms * _PER_MS, np.int16)
            leader.waiting = np.concatenate((leader.waiting, silence))
            leader.newest_ms = now_ms
            leader.has_begun = True
        return self._give(len(leader.waiting) - self._kept_back), told

    def take_rest(self) -> Samples:
        """Give all that waits, at the end."""
        return self._give(len(self._lanes[0].waiting))

    def drop(self, now_ms: int) -> None:
        """Forget what waits: a pause begins or goes on."""
        for lane in self._lanes:
            lane.waiting = lane.waiting[:0]
            lane.usual = _UNKNOWN
            lane.is_lined_up = False
        self._clock_ms = now_ms

    def forget_time(self, now_ms: int) -> None:
        """Take no silence for the time up to now: nobody could have heard anything in it."""
        self._clock_ms = now_ms
        for lane in self._lanes:
            lane.last_came_ms = now_ms

    def _give(self, count: int) -> Samples:
        """Give so many samples of the leader, and the followers with it."""
        rows = np.empty((max(0, count), len(self._lanes)), np.int16)
        if count <= 0:
            return rows
        leader = self._lanes[0]
        for lane in self._lanes[1:]:
            if lane.has_begun and not lane.is_lined_up and not lane.is_stalled:
                self._line_up(lane)
        rows[:, 0], leader.waiting = leader.waiting[:count], leader.waiting[count:]
        for channel in range(1, len(self._lanes)):
            rows[:, channel] = self._follow(self._lanes[channel], count)
        self._taken += count
        return rows

    def _line_up(self, lane: _Lane) -> None:
        """Let as much of a follower wait as of the leader: their newest were heard just now."""
        leader = self._lanes[0]
        wanted = len(leader.waiting) + (lane.newest_ms - leader.newest_ms) * _PER_MS
        missing = wanted - len(lane.waiting)
        if missing > 0:
            lane.waiting = np.concatenate((np.zeros(missing, np.int16), lane.waiting))
        else:
            lane.waiting = lane.waiting[-missing:]
        lane.is_lined_up = True
        lane.usual = _UNKNOWN

    def _watch(self, channel: int, now_ms: int) -> list[Missing]:
        lane = self._lanes[channel]
        is_stalled = now_ms - lane.last_came_ms >= STALLED_MS
        if is_stalled == lane.is_stalled:
            return []
        lane.is_stalled = is_stalled
        if is_stalled:
            lost_ms = now_ms - lane.last_came_ms
            since_ms = max(0, self.at_ms - (lost_ms if channel else 0))
            self._stalled_since[channel] = since_ms
            lane.is_lined_up = False  # once it is back
            if channel == 0:
                # The silence until now has not been given: the clock goes on from there.
                self._clock_ms = lane.last_came_ms
            return [Missing(channel, is_back=False, since_ms=since_ms)]
        return [Missing(channel, is_back=True, since_ms=self._stalled_since.pop(channel, 0))]

    def _follow(self, lane: _Lane, count: int) -> Samples:
        """Give so many samples of a follower, made of a few more or fewer of its own."""
        if not lane.has_begun:
            return np.zeros(count, np.int16)
        after = float(len(lane.waiting) - count)
        if lane.is_stalled and after < 0:
            found = np.concatenate((lane.waiting, np.zeros(int(-after), np.int16)))
            lane.waiting = lane.waiting[:0]
            lane.usual = _UNKNOWN
            return found
        # Blocks come when they are full: what came a moment later reaches further.
        ahead_ms = lane.newest_ms - self._lanes[0].newest_ms
        level = after - ahead_ms * _PER_MS
        lane.usual = (
            level if lane.usual == _UNKNOWN else lane.usual + (level - lane.usual) * _SETTLING
        )
        error = lane.usual - self._kept_back
        most = _HURRIED if abs(error) > _FAR_MS * _PER_MS else _CALM
        lane.carry += max(-most, min(most, error / RATE_HZ * 0.2)) * count
        more = int(lane.carry)
        lane.carry -= more
        needed = min(max(1, count + more), len(lane.waiting))
        own, lane.waiting = lane.waiting[:needed], lane.waiting[needed:]
        lane.usual -= more
        if needed == count:
            return own
        if needed < 2 or needed < count * (1 - 2 * _HURRIED):
            return np.concatenate((own, np.zeros(count - needed, np.int16)))
        places = np.linspace(0.0, needed - 1, count)
        return np.round(np.interp(places, np.arange(needed), own)).astype(np.int16)
