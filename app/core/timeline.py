"""What is spoken at a given millisecond: bisection over flat arrays that follow edits.

Words of real replies may be unsorted, overlap or have no length. The arrays here
are sorted by start (stably), ends are lifted to their start, and every entry remembers
which word of the transcript it is.

The transcript is cut into *passages*: runs of whole turns, such that no word of one begins
before a word of an earlier one. Then an edit concerns the passages it touches, and the
others stay as they are. Where everything overlaps there is one passage only; that is slower
to edit, and right all the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from app.core.document import Change, Splice
from app.core.transcript import Paragraph

SILENCE_GRACE_MS = 300
"""How long a word stays lit after its end when nothing follows."""
_LOOK_BACK = 8
"""So many words back a longer one is looked for that still sounds."""
_LEAST_WORDS = 256
"""A passage has so many words at least, where there are as many."""
_NEVER = 1 << 62


class _Passage:
    """Whole turns with their words in playing order, counted within the passage."""

    __slots__ = ("ends", "order", "paragraphs", "place", "starts")

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        # Made anew after every edit, so without a step in Python for each word.
        self.paragraphs = tuple(paragraphs)
        given = [word for paragraph in paragraphs for word in paragraph.words]
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
        self.place = array("l", self.order)
        if starts != in_order:
            for place, word_index in enumerate(order):
                self.place[word_index] = place


class Timeline:
    """Find words by time. A word is told by its place in reading order."""

    __slots__ = ("_begins", "_passages", "_turns", "_words")

    def __init__(self, paragraphs: Sequence[Paragraph] = ()) -> None:
        self._passages: list[_Passage] = []
        self._begins = array("q")  # of each passage: when its first word starts,
        self._words = array("l")  # which word of all that is in reading order,
        self._turns = array("l")  # and which turn it begins with
        self._replace(0, 0, paragraphs)

    @property
    def passages(self) -> tuple[object, ...]:
        """The pieces the words lie in: an edit leaves those it does not touch as they are."""
        return tuple(self._passages)

    def __len__(self) -> int:
        return self._words[-1] + len(self._passages[-1].starts) if self._passages else 0

    def follow(self, change: Change) -> None:
        """Take up an edit."""
        splices = change.splices
        if not splices:
            return
        first, last = self._touched(splices[0].first, splices[-1].end)
        if last - first <= len(splices):  # close together: all between them is made anew
            self._follow(splices)
            return
        for one in reversed(splices):
            self._follow((one,))

    def _touched(self, begin: int, end: int) -> tuple[int, int]:
        """Give the passages that turns lie in: the first, and the one behind the last."""
        first = max(0, bisect_right(self._turns, begin) - 1)
        last = max(first, bisect_left(self._turns, end))
        return first, last + 1 if last == first and self._passages else last

    def _follow(self, splices: Sequence[Splice]) -> None:
        """Make the passages anew that splices lie in."""
        first, last = self._touched(splices[0].first, splices[-1].end)
        origin = self._turns[first] if self._passages else 0
        paragraphs = [
            turn for passage in self._passages[first:last] for turn in passage.paragraphs
        ]
        for one in reversed(splices):
            paragraphs[one.first - origin : one.end - origin] = one.inserted
        self._replace(first, last, paragraphs)

    def word_at(self, ms: int, *, grace_ms: int = SILENCE_GRACE_MS) -> int | None:
        """Give the word spoken at a time, or ``None`` in a longer silence.

        The latest word to have started is the one that is spoken; it stays for
        ``grace_ms`` after its end. A word inside another's time wins while it
        lasts, then the longer one is lit again.

        Returns:
            The word's place in reading order.
        """
        latest: tuple[int, int] | None = None
        for number, place in self._backwards(ms):
            passage = self._passages[number]
            if ms < passage.ends[place]:  # it may be a long one with short ones inside it
                return self._words[number] + passage.order[place]
            latest = latest or (number, place)
        if latest is None:
            return None
        number, place = latest
        passage = self._passages[number]
        if ms < passage.ends[place] + grace_ms or (
            passage.ends[place] == passage.starts[place] == ms
        ):
            return self._words[number] + passage.order[place]
        return None

    def start_of(self, word_index: int) -> int:
        """Give the start of a word by its place in reading order, in milliseconds."""
        passage, place = self._find(word_index)
        return passage.starts[place]

    def end_of(self, word_index: int) -> int:
        """Give the end of a word by its place in reading order, in milliseconds."""
        passage, place = self._find(word_index)
        return passage.ends[place]

    def next_start(self, ms: int) -> int | None:
        """Give the start of the first word after a time, if any."""
        number = bisect_right(self._begins, ms) - 1
        if number >= 0:
            starts = self._passages[number].starts
            place = bisect_right(starts, ms)
            if place < len(starts):
                return starts[place]
        start_ms = self._begins[number + 1] if number + 1 < len(self._begins) else _NEVER
        return start_ms if start_ms < _NEVER else None

    def last_start(self, ms: int) -> int | None:
        """Give the start of the last word that starts at or before a time, if any."""
        for number, place in self._backwards(ms):
            return self._passages[number].starts[place]
        return None

    def spans(self) -> Iterator[tuple[int, int]]:
        """Go through start and end of all words, by their starts; no end before its start."""
        for passage in self._passages:
            yield from zip(passage.starts, passage.ends, strict=True)

    def _find(self, word_index: int) -> tuple[_Passage, int]:
        number = bisect_right(self._words, word_index) - 1
        passage = self._passages[number]
        return passage, passage.place[word_index - self._words[number]]

    def _backwards(self, ms: int) -> Iterator[tuple[int, int]]:
        """Go back through the last words that start at or before a time."""
        number = bisect_right(self._begins, ms) - 1
        place = bisect_right(self._passages[number].starts, ms) - 1 if number >= 0 else -1
        for _ in range(_LOOK_BACK):
            while place < 0:
                number -= 1
                if number < 0:
                    return
                place = len(self._passages[number].starts) - 1
            yield number, place
            place -= 1

    def _replace(self, first: int, last: int, paragraphs: Sequence[Paragraph]) -> None:
        """Put turns in place of passages, and of their neighbours as far as they mingle."""
        passages, paragraphs = self._passages, list(paragraphs)
        count = sum(len(one.words) for one in paragraphs)
        extents = [_extent(one) for one in paragraphs]
        begin = min((low for low, _ in extents), default=_NEVER)
        end = max((high for _, high in extents), default=-1)
        before, after = first, last
        while True:
            is_last, is_short = after == len(passages), count < _LEAST_WORDS
            if before and (begin < passages[before - 1].starts[-1] or (is_short and is_last)):
                before -= 1
                other = passages[before]
            elif not is_last and (is_short or end > self._begins[after]):
                other = passages[after]
                after += 1
            else:
                break
            count += len(other.starts)
            if other.starts:
                begin, end = min(begin, other.starts[0]), max(end, other.starts[-1])
        earlier = [turn for one in passages[before:first] for turn in one.paragraphs]
        later = [turn for one in passages[last:after] for turn in one.paragraphs]
        paragraphs = [*earlier, *paragraphs, *later]
        extents = [*map(_extent, earlier), *extents, *map(_extent, later)]
        first, last = before, after
        made = [_Passage(one) for one in _cut(paragraphs, extents)]
        sizes = [(len(one.starts), len(one.paragraphs)) for one in passages[first:last]]
        passages[first:last] = made
        begins = [one.starts[0] if one.starts else _NEVER for one in made]
        self._begins[first:last] = array("q", begins)
        if sizes == [(len(one.starts), len(one.paragraphs)) for one in made]:
            return  # as after most corrections: what comes later counts on as before
        words = accumulate([len(one.starts) for one in passages[:-1]], initial=0)
        turns = accumulate([len(one.paragraphs) for one in passages[:-1]], initial=0)
        self._words = array("l", words if passages else ())
        self._turns = array("l", turns if passages else ())


def _extent(paragraph: Paragraph) -> tuple[int, int]:
    """Give the first and the last start of a turn's words."""
    starts = [word.start_ms for word in paragraph.words]
    return (max(0, min(starts)), max(0, *starts)) if starts else (_NEVER, -1)


def _cut(
    paragraphs: Sequence[Paragraph], extents: Sequence[tuple[int, int]]
) -> Iterator[Sequence[Paragraph]]:
    """Cut turns into passages, wherever nothing later begins earlier.

    Args:
        paragraphs: The turns.
        extents: When the words of each begin, the first and the last.
    """
    if not paragraphs:
        return
    highs = accumulate((high for _, high in extents), max)
    lows = list(accumulate((low for low, _ in reversed(extents)), min))[::-1]
    done = count = 0
    for place, high in enumerate(highs, start=1):
        count += len(paragraphs[place - 1].words)
        rest = lows[place] if place < len(lows) else _NEVER
        if count >= _LEAST_WORDS and high <= rest < _NEVER:
            yield paragraphs[done:place]
            done, count = place, 0
    yield paragraphs[done:]
