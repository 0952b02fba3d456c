"""Where the sound is right now, between the player's reports.

A player says where it is every 50 ms or so, late by some milliseconds and rounded
down to the last block of sound it handed on. So a report is a *lower bound*: the
sound is there or a little further. The best of the recent bounds, carried on by
elapsed time and rate, is the position.

Corrections forward happen at once, since they can only bring us nearer to the
truth; corrections backward are made by running slower, so that the lit word never
steps back, unless we were far off.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW_MS = 4_000
"""How long a report counts as a bound."""
_SHORT_WINDOW_MS = 300
_SHORT_DISTINCT = 4
_SHORT_SLACK_MS = 25
"""If several reports in a row stay this far behind, the sound has dropped out for a moment."""
_JUMP_MS = 250
"""An error from which on a visible jump is better than a slow correction."""
_SLEW = 0.5
"""Share of the speed given up while correcting backward."""
_STALL_MS = 400
"""Without any progress for this long, the sound is taken to stand still."""
_LANDED_MS = 400
"""How near to the target of a seek a report must be to belong to it."""


class PlayClock:
    """Tell the position of the sound at any moment.

    The clock is told what the player says and does; it never asks. All times are
    milliseconds, the wall time of ``now_ms`` being arbitrary but steady.

    Attributes:
        latency_ms: How long a sound takes from the player's report to the ear.
    """

    def __init__(self, now_ms: Callable[[], float], *, latency_ms: float = 0) -> None:
        self.latency_ms = latency_ms
        self._now_ms = now_ms
        self._rate = 1.0
        self._is_playing = False
        self._is_stalled = False
        self._target_ms: float | None = None  # of a seek that has not landed
        self._floor_ms = 0.0  # where sound last began; latency cannot lead before it
        self._shown_ms = 0.0
        self._shown_at = now_ms()
        self._progress_at = self._shown_at
        self._last_report_ms = -1.0
        # Bounds as (wall time, what the position was at wall time 0): all of the last
        # moments, and of the whole window only those that a later one does not exceed,
        # so that the first is the highest.
        self._recent: deque[tuple[float, float]] = deque()
        self._highest: deque[tuple[float, float]] = deque()

    @property
    def rate(self) -> float:
        """Milliseconds of sound to a millisecond of time."""
        return self._rate

    @property
    def is_playing(self) -> bool:
        """Whether it is to run, though it may be waiting for sound at the moment."""
        return self._is_playing

    @property
    def is_moving(self) -> bool:
        """Whether the position changes by itself at the moment."""
        return (
            self._is_playing
            and not self._is_stalled
            and self._target_ms is None
            and self._now_ms() - self._progress_at < _STALL_MS
        )

    def reset(self, position_ms: float = 0) -> None:
        """Stand still at a place, as after another recording was opened."""
        self._is_playing = self._is_stalled = False
        self._begin(position_ms)
        self._target_ms = None

    def seek(self, position_ms: float) -> None:
        """Stand still at a place until the sound from there is heard."""
        self._begin(position_ms)
        self._target_ms = position_ms

    def set_playing(self, playing: bool) -> None:  # noqa: FBT001 – a plain setter
        """Start or stop moving."""
        if playing == self._is_playing:
            return
        self._advance()
        self._is_playing = playing
        self._go_on()

    def set_stalled(self, stalled: bool) -> None:  # noqa: FBT001 – a plain setter
        """Say that the player has run out of sound for now, or has some again."""
        if stalled == self._is_stalled:
            return
        self._advance()
        self._is_stalled = stalled
        self._go_on()

    def set_rate(self, rate: float) -> None:
        """Change the speed from here on."""
        if rate == self._rate:
            return
        self._advance()
        self._rate = rate
        self._go_on()

    def report(self, position_ms: float, *, is_sounding: bool = False) -> None:
        """Take in what the player says.

        Args:
            position_ms: Where it says it is.
            is_sounding: A block of sound that begins there was handed on just now;
                unlike a mere report this also proves that a seek has landed.
        """
        self._advance()
        if self._target_ms is not None and not self._land(position_ms, is_sounding=is_sounding):
            return
        now = self._shown_at
        if not self._is_playing or self._is_stalled:
            if abs(position_ms - self._shown_ms) > _JUMP_MS:
                self._begin(position_ms)
            return
        if position_ms != self._last_report_ms:
            if now - self._progress_at >= _STALL_MS:
                self._forget()  # what was said before the standstill is void
            self._last_report_ms = position_ms
            self._progress_at = now
        elif not is_sounding:
            return  # nothing new: neither progress nor a better bound
        self._add_bound(position_ms)
        error_ms = self._bound_ms() - self._shown_ms
        if error_ms > 0 or error_ms < -_JUMP_MS:
            self._shown_ms += error_ms

    def position_ms(self) -> float:
        """Give the position that is heard at this moment."""
        self._advance()
        heard_ms = self._shown_ms - self.latency_ms * self._rate
        return max(heard_ms, min(self._floor_ms, self._shown_ms))

    def _begin(self, position_ms: float) -> None:
        self._shown_ms = self._floor_ms = float(position_ms)
        self._shown_at = self._now_ms()
        self._restart()

    def _go_on(self) -> None:
        """Start anew from the shown position, which is the best that is known.

        Where nothing has sounded yet, the player still takes a moment to begin.
        """
        self._restart()
        if self._shown_ms != self._floor_ms:
            self._add_bound(self._shown_ms)

    def _restart(self) -> None:
        self._forget()
        self._progress_at = self._shown_at
        self._last_report_ms = -1.0

    def _forget(self) -> None:
        self._recent.clear()
        self._highest.clear()

    def _land(self, position_ms: float, *, is_sounding: bool) -> bool:
        """Tell whether a report belongs to the seek under way, and end it if so."""
        target_ms = self._target_ms
        assert target_ms is not None  # noqa: S101 – asked only while seeking
        is_near = abs(position_ms - target_ms) <= _LANDED_MS
        # The player repeats the target at once, long before it is heard.
        if not is_near or (position_ms == target_ms and not is_sounding):
            return False
        if not self._is_playing or self._is_stalled:
            return False
        self._target_ms = None
        self._shown_ms = self._floor_ms = max(position_ms, target_ms)
        self._restart()
        return True

    def _advance(self) -> None:
        """Carry the shown position on to this moment."""
        now = self._now_ms()
        elapsed_ms = max(0.0, now - self._shown_at)
        if self._is_playing and not self._is_stalled and self._target_ms is None:
            stands_from = self._progress_at + _STALL_MS
            elapsed_ms = max(0.0, min(now, stands_from) - self._shown_at)
            step_ms = elapsed_ms * self._rate
            if self._highest:
                ahead_ms = self._shown_ms - self._bound_ms()
                step_ms -= min(max(0.0, ahead_ms), step_ms * _SLEW)
            self._shown_ms += step_ms
        self._shown_at = now

    def _bound_ms(self) -> float:
        """Give the best bound, as a position at the wall time of the shown one."""
        return self._highest[0][1] + self._shown_at * self._rate

    def _add_bound(self, position_ms: float) -> None:
        now = self._shown_at
        bound = (now, position_ms - now * self._rate)
        self._recent.append(bound)
        while self._recent[0][0] < now - _SHORT_WINDOW_MS:
            self._recent.popleft()
        _push(self._highest, bound)
        while self._highest[0][0] < now - WINDOW_MS:
            self._highest.popleft()
        if len(self._recent) < _SHORT_DISTINCT:
            return
        slack_ms = _SHORT_SLACK_MS * max(1.0, self._rate)
        if max(offset for _, offset in self._recent) < self._highest[0][1] - slack_ms:
            # The sound dropped out for a moment: older bounds all lie too high.
            self._highest.clear()
            for recent in self._recent:
                _push(self._highest, recent)


def _push(highest: deque[tuple[float, float]], bound: tuple[float, float]) -> None:
    while highest and highest[-1][1] <= bound[1]:
        highest.pop()
    highest.append(bound)
