"""Tell which word is being spoken, at the moment it begins.

One timer, aimed at the next moment when the answer can change: nothing is polled,
and nothing runs while the sound stands still.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.core.timeline import SILENCE_GRACE_MS, Timeline
from app.player.clock import PlayClock

_LONGEST_SLEEP_MS = 1_000
"""Look again at least this often while playing, should a report have been missed."""
_HELD_MS = 1 << 53
"""Longer than any silence."""


def next_change_ms(timeline: Timeline, ms: float) -> int | None:
    """Give the next moment after ``ms`` at which another word may be spoken, if any."""
    place = int(ms)
    moments: list[int] = []
    start_ms = timeline.next_start(place)
    if start_ms is not None:
        moments.append(start_ms)
    word = timeline.word_at(place)
    if word is not None:
        end_ms = timeline.end_of(word)
        moments += [end_ms, end_ms + SILENCE_GRACE_MS]
    return min((moment for moment in moments if moment > place), default=None)


class Follower(QObject):
    """Follow the sound through the words.

    Attributes:
        word: Place of the spoken word in reading order; ``None`` in a silence. Where it
            holds in a silence, the last word before: one is to see where one is.

    Signals:
        word_changed: Another word is spoken: its place in reading order, or ``None``.
    """

    word_changed = Signal(object)

    def __init__(self, clock: PlayClock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.word: int | None = None
        self._clock = clock
        self._timeline = Timeline()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)

    def set_timeline(self, timeline: Timeline) -> None:
        """Follow other words, as after an edit.

        The spoken word is announced anew even if its number is the same, since it
        may be another word.
        """
        self._timeline = timeline
        self.look_anew()

    def look_anew(self) -> None:
        """Announce the spoken word as after an edit: it may be another under its number."""
        self.word = None
        self.refresh()
        if self.word is None:
            self.word_changed.emit(None)

    def refresh(self) -> None:
        """Look again; to be called after whatever the clock was told."""
        position_ms = self._clock.position_ms()
        grace_ms = SILENCE_GRACE_MS if self._clock.is_playing else _HELD_MS
        word = self._timeline.word_at(int(position_ms), grace_ms=grace_ms)
        if word != self.word:
            self.word = word
            self.word_changed.emit(word)
        self._aim(position_ms)

    def _aim(self, position_ms: float) -> None:
        if not self._clock.is_moving:
            self._timer.stop()
            return
        moment = next_change_ms(self._timeline, position_ms)
        sleep_ms = _LONGEST_SLEEP_MS
        if moment is not None:
            sleep_ms = min(sleep_ms, ceil((moment - position_ms) / self._clock.rate))
        self._timer.start(max(1, sleep_ms))
