"""What is marked in a transcript, paragraph by paragraph: hits of a search, doubtful words.

An edit makes only the paragraphs anew that it touched. A mark is told by its *number*, as
it counts through the whole transcript, or by its paragraph and place in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Found:
    """What is marked in one paragraph.

    Attributes:
        places: Where, ascending: offsets or words, as the owner of the marks counts.
        times_ms: When each is spoken.
        ends: Where each ends; left out where a mark is one word.
    """

    places: tuple[int, ...] = ()
    times_ms: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


NOTHING = Found()


@dataclass(frozen=True, slots=True)
class TimesChange:
    """When in the recording marks came and went.

    Attributes:
        inserted: The moments of those that are new, in milliseconds.
        removed: The moments of those that are gone; ``None``: all there were.
    """

    inserted: tuple[int, ...]
    removed: tuple[int, ...] | None = None


class Marks:
    """Marks of one kind in a transcript."""

    __slots__ = ("_count", "_found", "_numbers")

    def __init__(self, found: Iterable[Found] = ()) -> None:
        self._found: list[Found] = list(found)
        self._count = sum(len(one.places) for one in self._found)
        self._numbers: array[int] | None = None

    def __len__(self) -> int:
        return self._count

    def replace(self, first: int, removed: int, found: Sequence[Found]) -> TimesChange:
        """Mark paragraphs in place of others.

        Args:
            first: Number of the first paragraph that is replaced.
            removed: How many are.
            found: What is marked in those that stand there now.
        """
        old = self._found[first : first + removed]
        self._found[first : first + removed] = found
        self._count += sum(len(one.places) for one in found)
        self._count -= sum(len(one.places) for one in old)
        self._numbers = None
        return TimesChange(
            tuple(ms for one in found for ms in one.times_ms),
            tuple(ms for one in old for ms in one.times_ms),
        )

    def times_ms(self) -> tuple[int, ...]:
        """Give when each mark is spoken."""
        return tuple(ms for one in self._found for ms in one.times_ms)

    def in_paragraph(self, paragraph: int) -> tuple[int, ...]:
        """Give the places marked in a paragraph."""
        return self._found[paragraph].places if paragraph < len(self._found) else ()

    def spans_in(self, paragraph: int, first: int, last: int) -> list[tuple[int, int]]:
        """Give where marks begin and end that reach between two places of a paragraph."""
        if paragraph >= len(self._found):
            return []
        found = self._found[paragraph]
        begin, end = bisect_right(found.ends, first), bisect_left(found.places, last)
        return list(zip(found.places[begin:end], found.ends[begin:end], strict=True))

    def paragraphs(self) -> list[int]:
        """Give the numbers of the paragraphs that have marks."""
        return [number for number, one in enumerate(self._found) if one.places]

    def at(self, number: int) -> tuple[int, int]:
        """Give paragraph and place of a mark by its number."""
        numbers = self._counts()
        paragraph = bisect_right(numbers, number) - 1
        return paragraph, self._found[paragraph].places[number - numbers[paragraph]]

    def first_from(self, paragraph: int, place: int) -> int:
        """Give the number of the first mark at a place or behind it; their count if none."""
        if paragraph >= len(self._found):
            return len(self)
        return self._counts()[paragraph] + bisect_left(self._found[paragraph].places, place)

    def _counts(self) -> array[int]:
        """Give the number each paragraph begins with, and how many marks there are."""
        if self._numbers is None:
            counts = [len(one.places) for one in self._found]
            self._numbers = array("l", accumulate(counts, initial=0))
        return self._numbers
