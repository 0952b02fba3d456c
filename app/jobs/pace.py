"""How long counted work still takes, by how quick it has been of late."""

from __future__ import annotations

from collections import deque

_LOOKS_BACK_MS = 20_000
"""It goes by at least so much of the past, or by half of it: whichever is longer."""
_TELLING_MS = 3_000
"""A shorter past says nothing."""
_LEAST_MS = 1_000
"""Less is not told: at the very end what was unsure is heard again, beside *0 s left*."""


class Pace:
    """Tells how long is left; work that goes on from an earlier run does not mislead it."""

    def __init__(self, usual: float | None = None) -> None:
        """Begin.

        Args:
            usual: How long a step usually takes, in milliseconds, until it is known.
        """
        self._usual = usual
        self._past: deque[tuple[int, int]] = deque()
        self._begun: tuple[int, int] | None = None

    def left_ms(self, done: int, total: int, now_ms: int) -> int | None:
        """Note how much is done, and say how long the rest takes; ``None`` if nobody knows.

        Args:
            done: Steps that are done: milliseconds of sound, say.
            total: Steps in all.
            now_ms: A clock that goes on evenly.
        """
        if self._begun is None:
            self._begun = now_ms, done
        self._past.append((now_ms, done))
        looks_back_ms = max(_LOOKS_BACK_MS, (now_ms - self._begun[0]) // 2)
        while len(self._past) > 1 and self._past[1][0] <= now_ms - looks_back_ms:
            self._past.popleft()
        since_ms, before = self._past[0]
        if now_ms - since_ms >= _TELLING_MS and done > before:
            left_ms = round((total - done) * (now_ms - since_ms) / (done - before))
        elif self._usual is not None:
            left_ms = round((total - done) * self._usual)
        else:
            return None
        return left_ms if left_ms >= _LEAST_MS else None
