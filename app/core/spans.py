"""Spans of time that are joined where they touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

_NEAR_MS = 200
"""A gap in what was heard that is too short to speak of."""


class HeardSpans:
    """Which spans of a recording a person has heard."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans: list[tuple[int, int]] = []
        for start_ms, end_ms in spans:
            self.add(start_ms, end_ms)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each span, in order, none touching another."""
        return tuple(self._spans)

    def add(self, start_ms: int, end_ms: int) -> bool:
        """Note that a span was heard; tells whether that was news."""
        if end_ms <= start_ms:
            return False
        first = bisect_left(self._spans, start_ms - _NEAR_MS, key=lambda one: one[1])
        last = bisect_right(self._spans, end_ms + _NEAR_MS, key=lambda one: one[0])
        touched = self._spans[first:last]
        if touched:
            start_ms = min(start_ms, touched[0][0])
            end_ms = max(end_ms, touched[-1][1])
        if touched == [(start_ms, end_ms)]:
            return False
        self._spans[first:last] = [(start_ms, end_ms)]
        return True

    def total_ms(self) -> int:
        """Give how much was heard."""
        return sum(end_ms - start_ms for start_ms, end_ms in self._spans)

    def share(self, duration_ms: int) -> float:
        """Give how much of a recording was heard, 0 to 1."""
        return min(1.0, self.total_ms() / duration_ms) if duration_ms > 0 else 0.0
