"""At most so many requests in any minute, counted for each model (contract 4.4). Pure.

A start is reserved before it happens, so that several jobs waiting at once get
one place each, in the order they asked.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable

from app.core.options import ModelId

WINDOW_MS = 60_000
STARTS_PER_MINUTE = 25


class RateLimiter:
    """Give each request the time at which it may start.

    Attributes:
        limit: How many may start within any sixty seconds.
    """

    def __init__(self, clock_ms: Callable[[], int], limit: int = STARTS_PER_MINUTE) -> None:
        self.limit = max(1, limit)
        self._clock_ms = clock_ms
        self._starts: dict[ModelId, list[int]] = {}
        self._held_until: dict[ModelId, int] = {}

    def reserve(self, model: ModelId) -> tuple[int, int]:
        """Take the next free start.

        Returns:
            When it is, on the clock given, and how long until then.
        """
        now_ms = self._clock_ms()
        starts = self._starts.setdefault(model, [])
        while starts and starts[0] <= now_ms - WINDOW_MS:
            starts.pop(0)
        start_ms = max(now_ms, self._held_until.get(model, now_ms))
        if len(starts) >= self.limit:
            start_ms = max(start_ms, starts[-self.limit] + WINDOW_MS)
        insort(starts, start_ms)
        return start_ms, start_ms - now_ms

    def start_now(self, model: ModelId, start_ms: int) -> None:
        """A person did not want to wait: count the reserved start as made now."""
        self.release(model)
        self.give_back(model, start_ms)
        insort(self._starts.setdefault(model, []), self._clock_ms())

    def give_back(self, model: ModelId, start_ms: int) -> None:
        """Free a reserved start that will not be used."""
        starts = self._starts.get(model, [])
        if start_ms in starts:
            starts.remove(start_ms)

    def hold(self, model: ModelId, delay_ms: int) -> None:
        """Let nothing of a model start for a while: the service asked for a pause."""
        until_ms = self._clock_ms() + delay_ms
        self._held_until[model] = max(until_ms, self._held_until.get(model, until_ms))

    def release(self, model: ModelId) -> None:
        """End a pause early."""
        self._held_until.pop(model, None)
