"""Whether a recording can be the one a transcript was made from, as far as lengths tell."""

from __future__ import annotations

from enum import StrEnum

from app.core.transcript import Transcript

_SLACK_MS = 2_000
"""Subtitles stand a little longer than they are spoken."""
_MUCH_MS, _MUCH = 60_000, 2
"""A recording longer by a minute, and twice as long as its words, says more than they do."""


class Fit(StrEnum):
    """How the length of a recording and the times of the words go together."""

    FITS = "fits"
    UNKNOWN = "unknown"
    """The words have no times to compare."""
    SHORTER = "shorter"
    """Words lie behind its end."""
    LONGER = "longer"
    """Much of it is not in the words."""


def words_span_ms(transcript: Transcript) -> tuple[int, int]:
    """Give when the first word begins and the last one ends; the same where none has a time."""
    begin_ms, end_ms = None, 0
    for word in transcript.words():
        begin_ms = word.start_ms if begin_ms is None else min(begin_ms, word.start_ms)
        end_ms = max(end_ms, word.start_ms, word.end_ms)
    begin_ms = max(0, begin_ms or 0)
    return begin_ms, max(begin_ms, end_ms)


def fit_of(transcript: Transcript, duration_ms: int, offset_ms: int = 0) -> Fit:
    """Tell how a recording of some length fits words that are moved by an offset."""
    begin_ms, end_ms = words_span_ms(transcript)
    if begin_ms == end_ms:
        return Fit.UNKNOWN
    begin_ms, end_ms = begin_ms + offset_ms, end_ms + offset_ms
    if end_ms > duration_ms + _SLACK_MS or begin_ms < -_SLACK_MS:
        return Fit.SHORTER
    if duration_ms - end_ms > _MUCH_MS and duration_ms > _MUCH * max(0, end_ms):
        return Fit.LONGER
    return Fit.FITS


def words_outside(transcript: Transcript, duration_ms: int, offset_ms: int) -> int:
    """Count the words that would lie before the beginning or behind the end."""
    return sum(
        word.start_ms + offset_ms < 0 or word.start_ms + offset_ms >= duration_ms
        for word in transcript.words()
    )
