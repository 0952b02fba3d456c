"""Judge what the numbers of a file count: by how fast somebody would speak."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from app.export.importing.fields import Fields, items_of, number_of, text_of
from app.export.importing.hints import Hints, TimeUnit, UncertainUnitError
from app.export.importing.words import is_without_spaces

_SLOWEST, _FASTEST = 0.35, 60.0
"""Signs a second, outside of which nobody speaks, pauses within a line included."""
_SLOWEST_IN_SECONDS = 0.05
"""The same where numbers with parts speak for seconds: a recogniser may well be wrong."""
_USUAL_SLOWEST, _USUAL_FASTEST = 2.0, 30.0
"""Signs a second, outside of which a whole file hardly ever is."""
_CHARACTER_WITHOUT_SPACES = 2.5
"""How many letters a sign of Chinese or Japanese stands for in time."""
_LEAST_SHARE = 0.3
"""What of a recording is spoken at the least up to the last word."""
_SLACK_SHARE, _SLACK_S = 1.02, 2.0
_SIGNATURES = (
    "avg_logprob",
    "compression_ratio",
    "no_speech_prob",
    "seek",
    "temperature",
    "tokens",
)
"""What Whisper programs alone write beside their times, which are seconds."""
_WORD_SIGNATURES = ("probability", "score")


def judge(
    paragraphs: Sequence[Fields], words: Sequence[Fields], length: float | None, hints: Hints
) -> TimeUnit:
    """Tell what the numbers of a file count.

    Args:
        paragraphs: Its lines, with ``start``, ``end``, ``text`` and ``words``.
        words: Its words, where they stand beside the lines.
        length: How long the file says its recording is, in seconds or as its times.
        hints: What else is known.

    Raises:
        UncertainUnitError: That does not settle it.
    """
    if hints.unit is not None:
        return hints.unit
    within = [word for paragraph in paragraphs for word in items_of(paragraph, "words")]
    spans = list(_spans(words or within)) or list(_spans(paragraphs))
    if not spans:
        return TimeUnit.SECONDS
    last = max(end for _, _, end in spans)
    # Whoever writes parts of a number counts in something long.
    has_parts = any(not number.is_integer() for _, *span in spans for number in span)
    rate = median(signs / (end - start) for signs, start, end in spans)
    possible = [unit for unit in TimeUnit if _SLOWEST <= rate * unit.per_second <= _FASTEST]
    is_within = not hints.recording_ms or _lies_within(last, hints.recording_ms / 1_000)
    if has_parts and rate >= _SLOWEST_IN_SECONDS and is_within:
        return TimeUnit.SECONDS
    fitting = _fitting(possible or list(TimeUnit), last, length, hints)
    if fitting is not None:
        return fitting
    usual = [
        unit for unit in possible if _USUAL_SLOWEST <= rate * unit.per_second <= _USUAL_FASTEST
    ]
    if hints.recording_ms:  # what ends behind the recording counts something else
        known_s = hints.recording_ms / 1_000
        possible = [one for one in possible if _lies_within(last / one.per_second, known_s)]
        usual = [one for one in usual if one in possible]
    if len(usual) == 1 or len(possible) == 1:
        return (usual or possible)[0]
    if not possible and has_parts and is_within:
        return TimeUnit.SECONDS
    raise UncertainUnitError(tuple(usual or possible or list(TimeUnit)[:3]))


def in_seconds(items: Iterable[Fields], unit: TimeUnit) -> list[Fields]:
    """Give lines or words with their times in seconds."""
    if unit is TimeUnit.SECONDS:
        return list(items)
    turned: list[Fields] = []
    for item in items:
        one = dict(item)
        for name in ("start", "end"):
            number = number_of(one.get(name))
            if number is not None:
                one[name] = number / unit.per_second
        if isinstance(one.get("words"), list):
            one["words"] = in_seconds(items_of(item, "words"), unit)
        turned.append(one)
    return turned


def is_of_whisper(paragraphs: Sequence[Fields], words: Sequence[Fields]) -> bool:
    """Tell whether lines or words are Whisper's own, whose times are seconds."""
    return any(sign in one for one in paragraphs[:5] for sign in _SIGNATURES) or any(
        sign in one for one in words[:20] for sign in _WORD_SIGNATURES
    )


def _spans(items: Iterable[Fields]) -> Iterable[tuple[float, float, float]]:
    """Give what has times and text: how many signs, from when to when."""
    for item in items:
        start, end = number_of(item.get("start")), number_of(item.get("end"))
        signs = _signs(text_of(item, "word", "text"))
        if start is not None and end is not None and end > start and signs:
            yield signs, start, end


def _signs(text: str) -> float:
    """Count what takes time to say."""
    return math.fsum(
        _CHARACTER_WITHOUT_SPACES if is_without_spaces(sign) else 1.0
        for sign in text
        if sign.isalnum()
    )


def _lies_within(time_s: float, length_s: float) -> bool:
    return time_s <= length_s * _SLACK_SHARE + _SLACK_S


def _fitting(
    units: Sequence[TimeUnit], last: float, length: float | None, hints: Hints
) -> TimeUnit | None:
    """Give the one unit in which the last time lies well within the recording."""
    known_s = hints.recording_ms / 1_000
    if not known_s and length and not _lies_within(last, length):
        known_s = length  # its length is not in the unit of its times: it is in seconds
    if not known_s:
        return None
    fitting = [
        unit
        for unit in units
        if known_s * _LEAST_SHARE <= last / unit.per_second
        and _lies_within(last / unit.per_second, known_s)
    ]
    return fitting[0] if len(fitting) == 1 else None
