"""What is spoken at a given millisecond: bisection over flat arrays.

Words of real replies may be unsorted, overlap or have no length. The arrays here
are sorted by start (stably), ends are lifted to a running maximum where a lookup
needs it, and every entry remembers which word of the transcript it is.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable

from app.core.transcript import Word

SILENCE_GRACE_MS = 300
"""How long a word stays lit after its end when nothing follows."""


class Timeline:
    """Find words by time.

    Attributes:
        starts: Start of each word in playing order, ascending.
        ends: Matching ends, never before their start.
        order: Matching place of the word in reading order.
    """

    __slots__ = ("_place", "ends", "order", "starts")

    def __init__(self, words: Iterable[Word]) -> None:
        # Made anew after every edit, so without a step in Python for each word.
        given = list(words)
        starts = [word.start_ms for word in given]
        if starts and min(starts) < 0:
            starts = [max(0, start) for start in starts]
        ends = list(map(max, starts, [word.end_ms for word in given]))
        order = range(len(starts))
        in_order = sorted(starts)
        if starts != in_order:
            order = sorted(order, key=starts.__getitem__)
            ends = [ends[word_index] for word_index in order]
        self.starts = array("q", in_order)
        self.ends = array("q", ends)
        self.order = array("l", order)
        self._place = array("l", self.order)
        if starts != in_order:
            for place, word_index in enumerate(order):
                self._place[word_index] = place

    def __len__(self) -> int:
        return len(self.starts)

    def word_at(self, ms: int, *, grace_ms: int = SILENCE_GRACE_MS) -> int | None:
        """Give the word spoken at a time, or ``None`` in a longer silence.

        The latest word to have started is the one that is spoken; it stays for
        ``grace_ms`` after its end. A word inside another's time wins while it
        lasts, then the longer one is lit again.

        Returns:
            The word's place in reading order.
        """
        last = bisect_right(self.starts, ms) - 1
        if last < 0:
            return None
        place = last
        # A short word inside a long one: look back a little for one that still sounds.
        for earlier in range(last, max(-1, last - 8), -1):
            if ms < self.ends[earlier]:
                place = earlier
                break
        if ms < self.ends[place] + grace_ms or (
            place == last and self.ends[place] == self.starts[place] == ms
        ):
            return self.order[place]
        return None

    def start_of(self, word_index: int) -> int:
        """Give the start of a word by its place in reading order, in milliseconds."""
        return self.starts[self._place[word_index]]

    def end_of(self, word_index: int) -> int:
        """Give the end of a word by its place in reading order, in milliseconds."""
        return self.ends[self._place[word_index]]

    def next_start(self, ms: int) -> int | None:
        """Give the start of the first word after a time, if any."""
        place = bisect_right(self.starts, ms)
        return self.starts[place] if place < len(self.starts) else None

    def word_before(self, ms: int) -> int | None:
        """Give the last word that starts at or before a time, however long ago."""
        place = bisect_right(self.starts, ms) - 1
        return self.order[place] if place >= 0 else None
