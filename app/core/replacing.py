"""Replace what was found, in as many places as there are, as one step.

Every word goes the way of a typed one (``retyping``): an untouched word stays the very word
it was, a corrected one keeps its time. Nearly all replacements lie within one word and need
no more than its new text, so that thousands cost little.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from app.core.document import Change, Splice
from app.core.finding import FoundText, Query, Search
from app.core.retyping import Typed, retyped
from app.core.transcript import Paragraph, Transcript, Word

LABEL = "Replace all"
ONE_LABEL = "Replace"
_BESIDE = 2
"""Words on either side that are looked at beside those a replacement touches."""
_UNSPACED_FROM = "\u0e00"
"""From this sign on there are scripts without spaces, whose words ``retyping`` tells apart."""


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
    for number in sorted(places):
        old = transcript.paragraphs[number]
        new = tuple(one for one in _replaced(old, places[number]) if one.words)
        if new != (old,):
            splices.append(Splice(number, (old,), new))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, label)


def _replaced(paragraph: Paragraph, places: Sequence[FoundText]) -> tuple[Paragraph, ...]:
    """Give what becomes of a paragraph; more than one where a line break was put in."""
    words: list[Word] = list(paragraph.words)
    ends = list(
        accumulate(
            len(word.text) + (not word.is_joined and at > 0) for at, word in enumerate(words)
        )
    )
    starts = [end - len(word.text) for word, end in zip(words, ends, strict=True)]
    later: list[Paragraph] = []
    for one in reversed(places):  # from the last on, so that none moves another
        at = bisect_right(starts, one.start) - 1
        begin = one.start - starts[at]
        if one.end <= ends[at] and one.end > one.start:
            old = words[at]
            text = old.text[:begin] + one.text + old.text[one.end - starts[at] :]
            if text == old.text:
                continue
            if _is_one_word(text):
                words[at] = replace(old, text=text, confidence=None)
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
