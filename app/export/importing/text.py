"""Read running text with names and times: of Otter, Descript and others, and our own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Transcript
from app.export.direction import MARKS
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.words import WORD_MS, Gathered, decode, split_words, spread

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_NAME = r"[^\W\d_][^\[\]():\n]{0,59}?"
_HEADED = re.compile(rf"(?P<name>{_NAME})\s{{2,}}(?P<time>{_CLOCK})\s*")
"""Otter: a line of name and time above what is said."""
_TIMED = re.compile(
    rf"[\[(]?(?P<time>{_CLOCK})[\])]?\s*(?:[-–—]\s*)?(?:(?P<name>{_NAME}):(?:\s|$))?\s*(?P<text>.*)"
)
"""Descript and others: a time, perhaps a name, and what is said."""
_NAMED = re.compile(rf"(?P<name>{_NAME})\s*[\[(](?P<time>{_CLOCK})[\])]:?\s*(?P<text>.*)")
"""A name, a time in brackets, and what is said."""
_NAME_FIRST = re.compile(rf"(?P<name>{_NAME}):\s*[\[(](?P<time>{_CLOCK})[\])]\s*(?P<text>.*)")
"""A name, its time behind the colon, and what is said: Sonix, and Descript's Markdown."""
_FORMS = (_HEADED, _NAMED, _NAME_FIRST, _TIMED)
_SIGNED = re.compile(r"Transcribed by https?://\S+")
"""What a program says of itself."""
_LONGEST_SHARE_MS = 60_000


@dataclass(slots=True)
class _Part:
    start_ms: int
    name: str
    text: str
    below: str = ""


def read_text(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read text whose paragraphs begin with times; words share the time up to the next.

    Raises:
        ExportError: There are no times in it.
    """
    parts: list[_Part] = []
    for written in decode(data, hints.encoding).translate(MARKS).split("\n"):
        line = written.replace("**", "").strip()  # bold, as Markdown has it
        if _SIGNED.fullmatch(line):
            continue
        found = next((form.fullmatch(line) for form in _FORMS if form.fullmatch(line)), None)
        if found is None:
            if parts:
                parts[-1].below += f" {line}"
            continue
        fields = found.groupdict()
        name = " ".join((fields["name"] or "").split())
        parts.append(_Part(parse_time(fields["time"]), name, fields.get("text") or ""))
    if not parts:
        raise ExportError(
            "There are no times in this text, so nothing could be listened to; "
            "save it with times, or as SRT or WebVTT."
        )
    if _is_named_beside_times(parts):
        parts = [_Part(one.start_ms, one.text.strip(), one.below) for one in parts]
    gathered = Gathered()
    for place, part in enumerate(parts):
        text = f"{part.text} {part.below}"
        natural_ms = part.start_ms + WORD_MS * len(split_words(text))
        later = (one.start_ms for one in parts[place + 1 :] if one.start_ms > part.start_ms)
        end_ms = min(next(later, natural_ms), natural_ms + _LONGEST_SHARE_MS)
        gathered.starts.add(len(gathered.words))
        gathered.add(spread(text, part.start_ms, end_ms), gathered.speaker(part.name))
    return gathered.transcript()


def _is_named_beside_times(parts: list[_Part]) -> bool:
    """Tell whether a name stands beside each time, and what is said below it."""
    return len(parts) > 1 and all(
        not one.name and one.below.strip() and _ALONE.fullmatch(one.text.strip())
        for one in parts
    )


_ALONE = re.compile(r"[^\W\d_a-z][^\[\]():\n.?!,;]{0,39}")
"""A name by itself: short, and no sentence."""
