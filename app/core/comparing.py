"""Two transcripts of one recording side by side: where they differ, and taking over the other.

Pure functions. Words are laid beside each other by what they say and when it is said, and a
difference is taken as one ``Change``. What a person has corrected or approved is told apart,
so that nothing recognised later overwrites it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate

from app.core.document import Change, Splice
from app.core.transcript import Paragraph, Transcript, Word, join_words

_NEAR_MS = 1_500
"""The same word is said at most so much earlier or later in the other transcript."""
_BLOCK = 160
"""About so many words are compared at a time: the time it takes grows with the square."""
_RUN = 3
"""So many equal words in a row, at the same time, tie both transcripts together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where another transcript says something else.

    Attributes:
        paragraph: Number of the paragraph of the old one.
        first: Place in it of the first word that differs.
        count: How many words of it differ; 0 where the new one says more.
        new: What the new one says there; empty where it says less.
        start_ms: When it is said.
        end_ms: Until when.
        is_minor: Only capitals and punctuation differ.
        is_protected: A person corrected or approved the paragraph, so it stays.
    """

    paragraph: int
    first: int
    count: int
    new: tuple[Word, ...]
    start_ms: int
    end_ms: int
    is_minor: bool = False
    is_protected: bool = False

    @property
    def new_text(self) -> str:
        """What the new one says there."""
        return join_words(self.new)

    def old(self, transcript: Transcript) -> tuple[Word, ...]:
        """Give the words that the old one has there."""
        words = transcript.paragraphs[self.paragraph].words
        return words[self.first : self.first + self.count]


def compare(
    old: Transcript,
    new: Transcript,
    *,
    within: tuple[int, int] | None = None,
    protected: Collection[int] = (),
) -> tuple[Difference, ...]:
    """Give where a transcript differs from another of the same recording, in reading order.

    Blocks: a hundred thousand words take seconds.

    Args:
        old: The one that is kept.
        new: The other one.
        within: The span of time that the other one is of; ``None`` for all.
        protected: Numbers of paragraphs that stay as they are.
    """
    begin_ms, end_ms = within or (-1 << 62, 1 << 62)  # an offset may bring words before 0
    places: list[tuple[int, int]] = []
    words: list[Word] = []
    for number, paragraph in enumerate(old.paragraphs):
        for place, word in enumerate(paragraph.words):
            if begin_ms <= _middle_ms(word) < end_ms:
                places.append((number, place))
                words.append(word)
    others = list(new.words())
    found: list[Difference] = []
    for first, last, start, stop in _differing(words, others):
        parts = _by_paragraph(old, places, first, last, others[start:stop])
        for number, place, count, said in parts:
            before = old.paragraphs[number].words[place : place + count]
            if _texts(before) == _texts(said):
                continue
            times = [*before, *said]
            found.append(
                Difference(
                    number,
                    place,
                    count,
                    tuple(said),
                    min(word.start_ms for word in times),
                    max(max(word.start_ms, word.end_ms) for word in times),
                    is_minor=_plain(before) == _plain(said),
                    is_protected=number in protected,
                )
            )
    return tuple(found)


def corrected(now: Transcript, original: Transcript) -> frozenset[int]:
    """Give the numbers of paragraphs that a person approved, or whose words are others now.

    Args:
        now: The transcript as it is.
        original: As it was recognised.
    """
    places = {
        (word.text, word.start_ms, word.end_ms): at for at, word in enumerate(original.words())
    }
    found: set[int] = set()
    expected, previous = 0, -1
    for number, paragraph in enumerate(now.paragraphs):
        if paragraph.is_approved:
            found.add(number)
        for word in paragraph.words:
            at = places.get((word.text, word.start_ms, word.end_ms))
            if at is None:
                found.add(number)
                continue
            if at != expected:  # something that was recognised is gone
                found.add(number)
                if paragraph.words[0] is word and previous >= 0:
                    found.add(previous)
            expected = at + 1
        if paragraph.words:
            previous = number
    if previous >= 0 and expected < original.word_count:
        found.add(previous)
    return frozenset(found)


def take(transcript: Transcript, differences: Iterable[Difference]) -> Change | None:
    """Take what the other transcript says, all in one step; protected places stay.

    Args:
        transcript: The one the differences were found in, unchanged since.
        differences: Which.

    Returns:
        The change, or ``None`` if there is nothing to take.
    """
    by_paragraph: dict[int, list[Difference]] = {}
    for one in differences:
        if not one.is_protected:
            by_paragraph.setdefault(one.paragraph, []).append(one)
    splices: list[Splice] = []
    for number in sorted(by_paragraph):
        paragraph = transcript.paragraphs[number]
        words = list(paragraph.words)
        for one in sorted(by_paragraph[number], key=lambda one: one.first, reverse=True):
            words[one.first : one.first + one.count] = _taken(
                paragraph, one, words[one.first + one.count :]
            )
        after = (_lasting(paragraph, tuple(words)),) if words else ()
        if after != (paragraph,):
            splices.append(Splice(number, (paragraph,), after))
    if not splices:
        return None
    speakers = transcript.speakers
    return Change(tuple(splices), speakers, speakers, "Use the new words")


# ------------------------------------------------------------------ laying side by side


def _differing(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[int, int, int, int]]:
    """Give what differs: from and to in the old words, from and to in the new ones."""
    for first, last, start, stop in _blocks(old, new):
        a = [word.text.casefold() for word in old[first:last]]
        b = [word.text.casefold() for word in new[start:stop]]
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if kind != "equal":
                yield first + i1, first + i2, start + j1, start + j2
                continue
            for step in range(i2 - i1):
                at, other = first + i1 + step, start + j1 + step
                if old[at].text != new[other].text:
                    yield at, at + 1, other, other + 1


def _blocks(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[int, int, int, int]]:
    """Cut both where they say the same at the same time, every now and then."""
    starts = list(accumulate((word.start_ms for word in new), max))
    at = other = 0
    looked = _BLOCK
    while looked + _RUN <= len(old):
        tie = _tie(old, new, starts, looked, other)
        if tie is None:
            looked += 1
            continue
        yield at, looked, other, tie
        at, other = looked, tie
        looked += _BLOCK
    yield at, len(old), other, len(new)


def _tie(
    old: Sequence[Word], new: Sequence[Word], starts: Sequence[int], at: int, least: int
) -> int | None:
    """Find where the new words say what the old ones say at a place, at about the same time."""
    texts = [word.text.casefold() for word in old[at : at + _RUN]]
    when_ms = old[at].start_ms
    first = max(least, bisect_left(starts, when_ms - _NEAR_MS))
    for other in range(first, len(new) - _RUN + 1):
        if starts[other] > when_ms + _NEAR_MS:
            return None
        if [word.text.casefold() for word in new[other : other + _RUN]] == texts:
            return other
    return None


def _by_paragraph(
    old: Transcript,
    places: Sequence[tuple[int, int]],
    first: int,
    last: int,
    said: Sequence[Word],
) -> Iterator[tuple[int, int, int, list[Word]]]:
    """Cut a difference where a paragraph of the old transcript ends."""
    if first == last:
        yield _inserted(old, places, first, said)
        return
    groups: list[tuple[int, int, int]] = []  # paragraph, first word, count
    for number, place in places[first:last]:
        if groups and groups[-1][0] == number:
            groups[-1] = (number, groups[-1][1], groups[-1][2] + 1)
        else:
            groups.append((number, place, 1))
    rest = list(said)
    for at, (number, place, count) in enumerate(groups):
        mine = rest
        if at + 1 < len(groups):
            following, begin, _ = groups[at + 1]
            border_ms = old.paragraphs[following].words[begin].start_ms
            share = sum(_middle_ms(word) < border_ms for word in rest)
            mine, rest = rest[:share], rest[share:]
        yield number, place, count, mine


def _inserted(
    old: Transcript, places: Sequence[tuple[int, int]], at: int, said: Sequence[Word]
) -> tuple[int, int, int, list[Word]]:
    """Give where words go that only the new transcript has: to the paragraph that is nearer."""
    words = list(said)
    if not places:
        start_ms = said[0].start_ms
        begins = [one.start_ms for one in old.paragraphs]
        number = max(0, min(len(begins) - 1, bisect_left(begins, start_ms) - 1))
        before = [word for word in old.paragraphs[number].words if word.start_ms <= start_ms]
        return number, len(before), 0, words
    if at == len(places):
        number, place = places[-1]
        return number, place + 1, 0, words
    number, place = places[at]
    if at and places[at - 1][0] != number:
        last_number, last_place = places[at - 1]
        end_ms = old.paragraphs[last_number].words[last_place].end_ms
        begin_ms = old.paragraphs[number].words[place].start_ms
        if said[0].start_ms - end_ms < begin_ms - said[-1].end_ms:
            return last_number, last_place + 1, 0, words
    return number, place, 0, words


# ------------------------------------------------------------------ taking over


def _taken(paragraph: Paragraph, one: Difference, after: Sequence[Word]) -> list[Word]:
    """Give the new words so that none runs before or behind those beside them."""
    least_ms = paragraph.words[one.first - 1].start_ms if one.first else None
    most_ms = after[0].start_ms if after else None
    words: list[Word] = []
    for place, word in enumerate(one.new):
        start_ms = word.start_ms if least_ms is None else max(least_ms, word.start_ms)
        start_ms = start_ms if most_ms is None else min(most_ms, start_ms)
        end_ms = max(start_ms, word.end_ms)
        is_joined = word.is_joined and bool(place or one.first)
        words.append(replace(word, start_ms=start_ms, end_ms=end_ms, is_joined=is_joined))
        least_ms = start_ms
    old = paragraph.words[one.first : one.first + one.count]
    layout = old[0].layout if old else None
    if words and layout is not None:  # a subtitle that began here still does
        words[0] = replace(words[0], layout=layout)
    return words


def _lasting(paragraph: Paragraph, words: tuple[Word, ...]) -> Paragraph:
    return replace(
        paragraph,
        words=words,
        start_ms=min(paragraph.start_ms, words[0].start_ms),
        end_ms=max(paragraph.end_ms, *(word.end_ms for word in words)),
    )


def _middle_ms(word: Word) -> int:
    return (word.start_ms + max(word.start_ms, word.end_ms)) // 2


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def _plain(words: Sequence[Word]) -> str:
    """Give words without what is not heard of them."""
    return "".join(sign for word in words for sign in word.text.casefold() if sign.isalnum())
