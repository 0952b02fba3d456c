"""Replace what was found, in as many places as there are, as one step.

Every word goes the way of a typed one (``retyping``): an untouched word stays the very word
it was, a corrected one keeps its time. Nearly all replacements put plain words in place of
plain words, the same ones again and again: which word stands for which is found once, so that
thousands cost little.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from app.core.document import Change, Splice
from app.core.finding import FoundText, Query, Search
from app.core.garbage import nothing_collected
from app.core.layouts import beginning_as
from app.core.retyping import Typed, retyped
from app.core.rewriting import Groups, Token, grouped, left_out_last, timed, written_as
from app.core.transcript import Paragraph, Transcript, Word

LABEL = "Replace all"
ONE_LABEL = "Replace"
_BESIDE = 2
"""Words on either side that are looked at beside those a replacement touches."""
_UNSPACED_FROM = "\u0e00"
"""From this sign on there are scripts without spaces, whose words ``retyping`` tells apart."""
_PLANS = 1_000
"""So many ways of putting words in place of words are remembered while all are replaced."""
_Plan: TypeAlias = tuple[tuple[Token, ...], Groups]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where something is found.

    Attributes:
        paragraph: Number of the paragraph.
        found: Where in its text, and what is to stand there.
    """

    paragraph: int
    found: FoundText


def find_all(
    transcript: Transcript,
    query: Query,
    replacement: str | None = None,
    *,
    left_s: Callable[[], float] | None = None,
) -> Iterator[Hit]:
    """Give every place a query finds, in reading order.

    Args:
        transcript: Where.
        query: What.
        replacement: What is to stand there; ``None`` if nothing is to be replaced.
        left_s: Gives for how many seconds a pattern may go on.

    Raises:
        PatternError: The query is no pattern, or it takes too long.
    """
    if not query:
        return
    search = Search(query) if left_s is None else Search(query, left_s)
    for number, paragraph in enumerate(transcript.paragraphs):
        if not search.wants(number, paragraph):
            continue
        if replacement is None:
            found = [FoundText(*span) for span in search.find(paragraph.text, number)]
        else:
            found = search.replace(paragraph.text, number, replacement)
        for one in found:
            yield Hit(number, one)


def replace_hits(
    transcript: Transcript, hits: Iterable[Hit], label: str = LABEL
) -> Change | None:
    """Let other text stand where something was found; one step, however many there are.

    Paragraphs of which nothing is left go.

    Args:
        transcript: Where it was found, as it is now.
        hits: The places; those of a paragraph ascending and not overlapping.
        label: What the step is called.

    Returns:
        The change; ``None`` if every word would be what it is.
    """
    places: defaultdict[int, list[FoundText]] = defaultdict(list)
    for hit in hits:
        places[hit.paragraph].append(hit.found)
    splices: list[Splice] = []
    plans = _Plans()
    with nothing_collected():
        for number in sorted(places):
            old = transcript.paragraphs[number]
            new = tuple(one for one in _replaced(old, places[number], plans) if one.words)
            if new != (old,):
                splices.append(Splice(number, (old,), new))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, label)


def _replaced(
    paragraph: Paragraph, places: Sequence[FoundText], plans: _Plans
) -> tuple[Paragraph, ...]:
    """Give what becomes of a paragraph; more than one where a line break was put in."""
    words: list[Word] = list(paragraph.words)
    lengths = [len(word.text) for word in words]
    ends = list(accumulate([len(word.text) + (not word.is_joined) for word in words]))
    if words and not words[0].is_joined:  # no space stands before it all the same
        ends = [end - 1 for end in ends]
    starts = [end - length for end, length in zip(ends, lengths, strict=True)]
    later: list[Paragraph] = []
    for one in reversed(places):  # from the last on, so that none moves another
        at = bisect_right(starts, one.start) - 1
        begin = one.start - starts[at]
        if one.end <= ends[at] and one.end > one.start:
            old = words[at]
            planned = plans.within(old.text, begin, one.end - starts[at], one.text)
            if isinstance(planned, str):
                words[at] = written_as(old, planned, is_joined=old.is_joined)
                continue
            if planned is not None and _put(paragraph, words, at, at, planned):
                continue
        elif _replace_plainly(paragraph, words, starts, one, plans):
            continue
        if any(sign in one.text for sign in "\r\n\u2028\u2029\x85\v\f"):
            first, *others = retyped(
                (replace(paragraph, words=tuple(words)),),
                Typed(0, one.start, 0, one.end, one.text),
            )
            words[:], later = first.words, [*others, *later]
            paragraph = first
            continue
        last = bisect_right(starts, one.end) - 1
        _replace_near(paragraph, words, range(max(0, at - _BESIDE), last + 1), starts, one)
    return (replace(paragraph, words=tuple(words)), *later)


def _replace_plainly(
    paragraph: Paragraph,
    words: list[Word],
    starts: list[int],
    one: FoundText,
    plans: _Plans,
) -> bool:
    """Put plain words in place of plain words, as typing would; gives whether that was so.

    Args:
        paragraph: Where, for its times.
        words: Its words, with what was replaced behind the place; changed.
        starts: Where each of them began in its text.
        one: The place.
        plans: Find which word stands for which.
    """
    at, last = bisect_right(starts, one.start) - 1, bisect_left(starts, one.end) - 1
    begin, end = one.start - starts[at], one.end - starts[last]
    old = words[at : last + 1]
    if one.start >= one.end or begin >= len(old[0].text) or end > len(old[-1].text):
        return False  # a space is among what is replaced at an edge
    planned = plans.across(
        tuple([word.text for word in old]), old[0].text[:begin], one.text, old[-1].text[end:]
    )
    return planned is not None and _put(paragraph, words, at, last, planned)


def _put(paragraph: Paragraph, words: list[Word], at: int, last: int, planned: _Plan) -> bool:
    """Put words in place of others; gives whether spaces stand on either side of them."""
    old = words[at : last + 1]
    after = words[last + 1] if last + 1 < len(words) else None
    if old[0].is_joined or (after is not None and after.is_joined):
        return False
    new, groups = planned
    before = words[at - 1] if at else None
    silence = (
        before.end_ms if before else paragraph.start_ms,
        after.start_ms if after else paragraph.end_ms,
    )
    if after is not None and (gone := left_out_last(old, groups)):
        words[last + 1] = beginning_as(gone, after)
    words[at : last + 1] = timed(old, new, groups, before, after, silence)
    return True


class _Plans:
    """Which word stands for which, found once for what is replaced again and again."""

    def __init__(self) -> None:
        self.across = lru_cache(_PLANS)(_plan)
        self.within = lru_cache(_PLANS)(self._within)

    def _within(self, old: str, begin: int, end: int, text: str) -> str | _Plan | None:
        """Find what becomes of a word of which a part is replaced: one word, as nearly always.

        Args:
            old: How the word reads.
            begin: Where the part begins.
            end: Where it ends.
            text: What is put there.
        """
        new = old[:begin] + text + old[end:]
        if new == old or _is_one_word(new):
            return new
        return self.across((old,), old[:begin], text, old[end:])


def _plan(old: tuple[str, ...], left: str, text: str, right: str) -> _Plan | None:
    """Find which word stands for which, or that a place is not so plain.

    Args:
        old: How the words read.
        left: What stays of the first of them.
        text: What is put between.
        right: What stays of the last of them.
    """
    whole = left + text + right
    is_plain = whole.isascii() or max(whole) < _UNSPACED_FROM
    if not (is_plain and whole.isprintable()) or " " in left or " " in right:
        return None
    new = whole.split()
    groups = grouped(old, new, has_left=bool(left), has_right=bool(right))
    return tuple(map(Token, new)), groups


def _replace_near(
    paragraph: Paragraph, words: list[Word], touched: range, starts: list[int], one: FoundText
) -> None:
    """Replace across words, looking at no more of the paragraph than is near."""
    near = slice(touched.start, touched.stop + _BESIDE)
    # What a word begins with is not counted: the first of a paragraph has no space before it.
    origin = starts[touched.start]
    part = replace(paragraph, words=tuple(words[near]))
    typed = Typed(0, one.start - origin, 0, one.end - origin, one.text)
    (made,) = retyped((part,), typed)
    words[near] = made.words


def _is_one_word(text: str) -> bool:
    """Tell whether a text is one word beyond doubt."""
    return (
        bool(text)
        and (text.isascii() or max(text) < _UNSPACED_FROM)
        and text.isprintable()
        and " " not in text
        and "\u00a0" not in text
    )
