"""Where somebody speaks and the recogniser had no words: what is left of that. Pure.

A place is told by the word before it, by when that word begins: so it stays where it is while
words are put right, and is gone as soon as somebody writes words into it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from app.core.document import Change, Splice
from app.core.transcript import Paragraph, Transcript

LABEL = "Mark as no speech"
WordlessPlaces = Mapping[int, tuple[int, int]]
"""From and to of each place in milliseconds, by when the word it stands beside begins."""


def wordless_places(transcript: Transcript) -> WordlessPlaces:
    """Give where speech has no words yet, by the word before; the first word's for none."""
    if not transcript.wordless:
        return {}
    # By paragraphs, for this is asked with every letter that is typed.
    begins = sorted(
        (one.start_ms, number) for number, one in enumerate(transcript.paragraphs) if one.words
    )
    found: dict[int, tuple[int, int]] = {}
    for start_ms, end_ms in transcript.wordless:
        behind = bisect_left(begins, (start_ms, 0))
        near = begins[max(0, behind - 2) : behind + 1]
        words = sorted(
            (word.start_ms, word.is_estimated)
            for _, number in near
            for word in transcript.paragraphs[number].words
        )
        first = bisect_left(words, (start_ms, False))
        if not words or bisect_left(words, (end_ms, False)) > first:
            continue  # somebody wrote down what is said
        anchor_ms, is_written = words[max(0, first - 1)]
        if is_written:  # at the end of a paragraph, where written words have no room
            continue
        before = found.get(anchor_ms, (start_ms, end_ms))
        found[anchor_ms] = min(before[0], start_ms), max(before[1], end_ms)
    return found


def wordless_words(paragraph: Paragraph, places: WordlessPlaces) -> tuple[int, ...]:
    """Give the words of a paragraph beside which speech has no words."""
    if not places:
        return ()
    last: dict[int, int] = {}
    for place, word in enumerate(paragraph.words):
        if word.start_ms in places:
            last[word.start_ms] = place
    return tuple(sorted(last.values()))


def span_beside(
    paragraph: Paragraph, place: int, places: WordlessPlaces
) -> tuple[int, int] | None:
    """Give from when to when speech beside a word has no words; ``None`` for nothing."""
    if place not in wordless_words(paragraph, places):
        return None
    return places[paragraph.words[place].start_ms]


def agree_to_no_words(
    transcript: Transcript, paragraph_index: int, place: int
) -> Change | None:
    """Agree that nothing to be written is said beside a word; ``None`` if nothing changes."""
    paragraph = transcript.paragraphs[paragraph_index]
    span = span_beside(paragraph, place, wordless_places(transcript))
    if span is None:
        return None
    left = tuple(one for one in transcript.wordless if not _lies_in(one, span))
    # The paragraph stands as it did; whoever follows looks at it anew.
    splice = Splice(paragraph_index, (paragraph,), (paragraph,))
    change = Change((splice,), transcript.speakers, transcript.speakers, LABEL)
    return replace(change, wordless=(transcript.wordless, left))


def seconds(span: tuple[int, int]) -> int:
    """Give how long one lasts, in whole seconds and at least one."""
    return max(1, round((span[1] - span[0]) / 1_000))


def _lies_in(one: tuple[int, int], span: tuple[int, int]) -> bool:
    return span[0] <= one[0] and one[1] <= span[1]
