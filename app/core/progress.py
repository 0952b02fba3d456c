"""How far a person is with a transcript: each paragraph is unheard, heard or approved. Pure.

What was heard is kept as spans of the recording, and approved is said of a paragraph;
so nothing of its own is kept here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.core.transcript import Paragraph, Transcript

_ENOUGH = 0.8
"""Of a paragraph so much must have been heard."""

Spans = Sequence[tuple[int, int]]
"""Start and end of what was listened to, in order, none touching another."""


class ReviewState(StrEnum):
    """How far a person is with a paragraph."""

    UNHEARD = "unheard"
    HEARD = "heard"
    APPROVED = "approved"


def heard_ms(start_ms: int, end_ms: int, spans: Spans) -> int:
    """Give how much of a time was heard."""
    heard = 0
    at = max(0, bisect_right(spans, start_ms, key=lambda one: one[0]) - 1)
    while at < len(spans) and spans[at][0] < end_ms:
        begin, finish = spans[at]
        heard += max(0, min(end_ms, finish) - max(start_ms, begin))
        at += 1
    return heard


def state_of(paragraph: Paragraph, spans: Spans) -> ReviewState:
    """Tell how far a person is with a paragraph."""
    if paragraph.is_approved:
        return ReviewState.APPROVED
    if not paragraph.words or not spans:
        return ReviewState.UNHEARD
    start_ms = paragraph.words[0].start_ms
    end_ms = max(start_ms + 1, paragraph.words[-1].end_ms)
    is_heard = heard_ms(start_ms, end_ms, spans) >= _ENOUGH * (end_ms - start_ms)
    return ReviewState.HEARD if is_heard else ReviewState.UNHEARD


def reviewed_share(transcript: Transcript, spans: Spans) -> float:
    """Give how much of the words was heard or approved, 0 to 1."""
    done = total = 0
    for paragraph in transcript.paragraphs:
        count = len(paragraph.words)
        total += count
        if count and state_of(paragraph, spans) is not ReviewState.UNHEARD:
            done += count
    return done / total if total else 0.0


def percent(share: float) -> int:
    """Give a share in per cent: 100 only when nothing is left, 0 only when nothing is done."""
    if 0.0 < share < 1.0:
        return min(99, max(1, round(100 * share)))
    return round(100 * share)


def unreviewed(transcript: Transcript, spans: Spans) -> Iterable[int]:
    """Go through the paragraphs that nobody heard or approved."""
    for number, paragraph in enumerate(transcript.paragraphs):
        if paragraph.words and state_of(paragraph, spans) is ReviewState.UNHEARD:
            yield number


def next_unreviewed(transcript: Transcript, spans: Spans, after: int) -> int | None:
    """Give the first paragraph behind one that is left to be reviewed, round the end."""
    paragraphs = transcript.paragraphs
    for step in range(1, len(paragraphs) + 1):
        number = (after + step) % len(paragraphs)
        one = paragraphs[number]
        if one.words and state_of(one, spans) is ReviewState.UNHEARD:
            return number
    return None
