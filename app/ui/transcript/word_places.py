"""Which characters of which paragraph each word is, and back.

Qt counts text in UTF-16 units, so an emoji is two places long. Per word there are two
machine integers and no Python object, since there may be a hundred thousand of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from app.core.document import Splice
from app.core.retyping import belong_together
from app.core.transcript import Word

_BREAKS = dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029\ufdd0\ufdd1"), " ")
"""Signs that would break a paragraph in two; each is shown as a space."""

_LAST_OF_ONE_UNIT = "\uffff"


def units(text: str) -> int:
    """Give the length of a text as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown_text(word: Word) -> str:
    """Give a word as it stands in its paragraph."""
    return word.text.translate(_BREAKS) if not word.text.isalnum() else word.text


class WordPlaces:
    """Find the characters of words.

    A *word index* counts through the whole transcript in reading order, an *offset* the
    characters of one paragraph.

    Attributes:
        texts: Each paragraph as it is shown.
        gap: Characters that are shown and belong to no word: in which paragraph, at which
            offset of its text, and how many.
    """

    __slots__ = ("_ends", "_firsts", "_starts", "gap", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.gap: tuple[int, int, int] | None = None
        self._firsts = array("i")  # word index each paragraph begins with
        self._starts = array("i")
        self._ends = array("i")

    def __len__(self) -> int:
        return len(self._starts)

    def replace(self, splices: Sequence[Splice]) -> list[list[str]]:
        """Take up paragraphs in place of others.

        Args:
            splices: What is replaced, in reading order.

        Returns:
            For each splice the text of each new paragraph.
        """
        if len(splices) == 1:  # a key: what stays where it is, is not gone through
            return [self._replace_one(splices[0])]
        old = self._firsts, self._starts, self._ends, self.texts
        firsts, starts, ends, texts = array("i"), array("i"), array("i"), list[str]()
        given: list[list[str]] = []
        done = 0

        def keep(end: int) -> None:
            """Take over the paragraphs from the last that were replaced to this one."""
            words = slice(self._first_of(done), self._first_of(end))
            shift = len(starts) - words.start
            firsts.extend([place + shift for place in old[0][done:end]])
            starts.extend(old[1][words])
            ends.extend(old[2][words])
            texts.extend(old[3][done:end])

        for one in splices:
            keep(one.first)
            new: list[str] = []
            for paragraph in one.inserted:
                firsts.append(len(starts))
                new.append(_lay_out(paragraph.words, starts, ends))
            texts += new
            given.append(new)
            done = one.end
        keep(len(self.texts))
        self._firsts, self._starts, self._ends, self.texts = firsts, starts, ends, texts
        return given

    def _replace_one(self, splice: Splice) -> list[str]:
        begin, end = self._first_of(splice.first), self._first_of(splice.end)
        new: list[str] = []
        firsts, starts, ends = array("i"), array("i"), array("i")
        for paragraph in splice.inserted:
            firsts.append(begin + len(starts))
            new.append(_lay_out(paragraph.words, starts, ends))
        shift = len(starts) - (end - begin)
        later = self._firsts[splice.end :]
        if shift:
            later = array("i", [place + shift for place in later])
        self._firsts[splice.first :] = firsts + later
        self.texts[splice.first : splice.end] = new
        self._starts[begin:end] = starts
        self._ends[begin:end] = ends
        return new

    def words_of(self, paragraph: int) -> range:
        """Give the word indexes of a paragraph."""
        return range(self._first_of(paragraph), self._first_of(paragraph + 1))

    def paragraph_of(self, word: int) -> int:
        """Give the paragraph a word stands in."""
        return bisect_right(self._firsts, word) - 1

    def span(self, word: int) -> tuple[int, int]:
        """Give the offsets at which a word begins and ends."""
        start, end = self._starts[word], self._ends[word]
        if self.gap is not None and self.paragraph_of(word) == self.gap[0]:
            _, offset, more = self.gap
            start, end = start + more * (start >= offset), end + more * (end > offset)
        return start, end

    def written_as_one(self, word: int) -> range:
        """Give the words that stand as one between two spaces, this one among them.

        A recogniser hears *ill-supposed* as two; who sees it takes it for one. Where one
        writes without spaces each is one for itself.
        """
        paragraph = self.paragraph_of(word)
        words, text = self.words_of(paragraph), self.texts[paragraph].encode("utf-16-le")

        def go_on(left: int) -> bool:
            """Whether a word and the next stand as one."""
            start, end = self._starts[left], self._ends[left]
            if end != self._starts[left + 1]:
                return False
            before = text[2 * start : 2 * end].decode("utf-16-le")
            after = text[2 * end : 2 * self._ends[left + 1]].decode("utf-16-le")
            return bool(before and after) and belong_together(before[-1], after[0])

        first = last = word
        while first > words.start and go_on(first - 1):
            first -= 1
        while last + 1 < words.stop and go_on(last):
            last += 1
        return range(first, last + 1)

    def word_at(self, paragraph: int, offset: int) -> int | None:
        """Give the word at an offset, or the one before it; ``None`` in an empty paragraph."""
        words = self.words_of(paragraph)
        if not words:
            return None
        offset = self._without_gap(paragraph, offset)
        place = bisect_right(self._starts, offset, words.start, words.stop) - 1
        return max(place, words.start)

    def words_at(self, paragraph: int, offsets: Iterable[int]) -> list[int]:
        """Give the word at each of many offsets, counted from the paragraph's first."""
        words = self.words_of(paragraph)
        starts, last = self._starts[words.start : words.stop], len(words) - 1
        return [min(max(0, bisect_right(starts, at) - 1), last) for at in offsets]

    def words_between(self, paragraph: int, start: int, end: int) -> range:
        """Give the words of a paragraph that reach into a range of offsets."""
        words = self.words_of(paragraph)
        start, end = self._without_gap(paragraph, start), self._without_gap(paragraph, end)
        first = bisect_right(self._ends, start, words.start, words.stop)
        last = bisect_left(self._starts, end, words.start, words.stop)
        return range(first, max(first, last))

    def _without_gap(self, paragraph: int, offset: int) -> int:
        if self.gap is None or paragraph != self.gap[0]:
            return offset
        _, start, more = self.gap
        return offset if offset <= start else max(start, offset - more)

    def _first_of(self, paragraph: int) -> int:
        return self._firsts[paragraph] if paragraph < len(self._firsts) else len(self._starts)


def _lay_out(words: Sequence[Word], starts: array[int], ends: array[int]) -> str:
    """Write a paragraph, noting where each word of it begins and ends."""
    texts = [word.text for word in words]
    whole = " ".join(texts)
    is_plain = whole.isprintable() and (whole.isascii() or max(whole) <= _LAST_OF_ONE_UNIT)
    if is_plain and True not in [word.is_joined for word in words]:
        # As nearly always: without a step in Python for each of a hundred thousand words.
        nexts = list(accumulate([len(text) + 1 for text in texts], initial=0))
        starts.extend(nexts[:-1])
        ends.extend([after - 1 for after in nexts[1:]])
        return whole
    pieces: list[str] = []
    at = 0
    for word in words:
        text = shown_text(word)
        if pieces and not word.is_joined:
            pieces.append(" ")
            at += 1
        pieces.append(text)
        starts.append(at)
        at += units(text)
        ends.append(at)
    return "".join(pieces)
