"""Read running text with names and times: of Otter, Descript and others, and our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Transcript
from app.export.direction import MARKS
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.labels import Labels, find_labels
from app.export.importing.words import WORD_MS, Gathered, decode, split_words, spread

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,9}|(?<=:\d\d:\d\d)[:;]\d{2})?"
_NAME = r"[^\W\d_][^\[\]():\n]{0,59}?"
_TO = r"\s*(?:-+>|[-–—→]|to|bis)\s*"
_SPAN = (
    rf"(?:[\[(](?P<time>{_CLOCK})(?:{_TO}(?P<end>{_CLOCK}))?[\])]"
    rf"|(?P<time2>{_CLOCK})(?:(?:{_TO}|\s+)(?P<end2>{_CLOCK})(?=\s*$))?"
    rf"|(?P<time3>{_CLOCK})\s*(?:-+>|→)\s*(?P<end3>{_CLOCK}))"
)
"""A time, or from when to when."""
_FORMS = tuple(
    re.compile(form)
    for form in (
        # Otter, Teams: a line of name and time above what is said.
        rf"(?P<name>{_NAME})(?:\s{{2,}}|\t|\s*\|\s*){_SPAN}\s*",
        # Captions of Zoom.
        rf"\[(?P<name>{_NAME})\]\s+(?P<day>{_CLOCK})",
        # A name, a time in brackets, and what is said.
        rf"(?P<name>{_NAME})\s*(?=[\[(]){_SPAN}:?\s*(?P<text>.*)",
        # A name, its time behind the colon, and what is said: Sonix, Descript's Markdown.
        rf"(?P<name>{_NAME}):\s*(?=[\[(]){_SPAN}\s*(?P<text>.*)",
        # Descript and others: a time, perhaps a name, and what is said.
        rf"{_SPAN}\s*(?:[-–—]\s*)?(?:(?P<name>{_NAME}):(?:\s|$))?\s*(?P<text>.*)",
        # Labels of Audacity: seconds, with tabs between.
        r"(?P<seconds>\d+[.,]\d+)\t(?P<until>\d+[.,]\d+)(?:\t(?P<text>.*))?",
    )
)
_WEAKER = re.compile(rf"(?P<name>{_NAME})(?:,|\s[-–—·•])?\s{_SPAN}")
"""A name and a time as a sentence might have them: only where nothing else is found."""
_OF_PROGRAM = re.compile(
    r"Transcribed by https?://\S+|<(?:begin|end) subtitles>|\\\t-?[\d.]+\t-?[\d.]+"
)
"""What a program says of itself, or for itself."""
_CHAT = re.compile(
    rf"{_CLOCK}\s+(?:From|Von|De|Da|Desde|Van|Från|Fra|Od|От|Від|来自|從|开始|開始)\s+\S.*"
)
_LONGEST_SHARE_MS = 60_000


@dataclass(slots=True)
class _Part:
    start_ms: int
    end_ms: int | None
    name: str
    text: str
    head: str
    below: list[str] = field(default_factory=list[str])

    @property
    def lines(self) -> list[str]:
        """What is said, beside the time and below it."""
        return [line for line in (self.text, *self.below) if line.strip()]


def read_text(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read text whose paragraphs begin with times; words share the time up to the next.

    Raises:
        ExportError: There are no times in it, or it is the chat of a meeting.
    """
    written = decode(data, hints.encoding).translate(MARKS).split("\n")
    lines = [line.replace("**", "").strip() for line in written]  # bold, as Markdown has it
    lines = [line for line in lines if _OF_PROGRAM.fullmatch(line) is None]
    if _is_chat(lines):
        raise ExportError(
            "This is the chat of a meeting, not what was said. Choose its transcript (a VTT "
            "file), or transcribe its recording."
        )
    parts = _parts(lines, _headed) or _parts(lines, _WEAKER.fullmatch)
    if not parts:
        raise ExportError(
            "This text has no times, so it could not be played along. Save it with times, or "
            "as SRT or WebVTT."
        )
    above = _without_labels(_above(lines, parts), parts)
    _find_names(parts)
    has_names = any(part.name for part in parts)
    labels = Labels() if has_names else find_labels([part.lines for part in parts])
    gathered = Gathered()
    is_by_word = _is_by_word(parts)
    if parts[0].start_ms > 0 and any(_SENTENCE.search(line) for line in above):
        end_ms = min(parts[0].start_ms, WORD_MS * len(split_words(" ".join(above))))
        gathered.add(spread(" ".join(above), 0, end_ms), None)
    else:
        gathered.untimed = above
    name = ""
    for place, part in enumerate(parts):
        said: list[tuple[str, str]] = []
        name = name if labels.carry_on else ""
        for line in part.lines:
            found = labels.match(line)
            name = found[0] if found else name
            said.append((part.name or name, line[found[1] :] if found else line))
        if not is_by_word:  # else each would be a paragraph
            gathered.starts.add(len(gathered.words))
        _add(gathered, said, part.start_ms, _end_ms(part, parts[place + 1 :]))
    if is_by_word:
        gathered.words = [replace(word, is_estimated=False) for word in gathered.words]
    return gathered.transcript()


def _is_by_word(parts: Sequence[_Part]) -> bool:
    """Tell whether each word has its times, as labels of Audacity may have them."""
    counts = [len(split_words(" ".join(part.lines))) for part in parts if part.lines]
    has_ends = all(part.end_ms is not None for part in parts)
    return has_ends and len(counts) > 1 and all(count == 1 for count in counts)


def _add(
    gathered: Gathered, said: Sequence[tuple[str, str]], start_ms: int, end_ms: int
) -> None:
    """Share a span of time among what one or more people say in it."""
    words = spread(" ".join(text for _, text in said), start_ms, end_ms)
    for name, text in said:
        count = len(split_words(text))
        gathered.add(words[:count], gathered.speaker(name))
        words = words[count:]


def _end_ms(part: _Part, later: Sequence[_Part]) -> int:
    """Say until when is spoken: as is written, else up to the next, if that is not far."""
    if part.end_ms is not None and part.end_ms > part.start_ms:
        return part.end_ms
    count = sum(len(split_words(line)) for line in part.lines)
    natural_ms = part.start_ms + WORD_MS * count
    after = (one.start_ms for one in later if one.start_ms > part.start_ms)
    return min(next(after, natural_ms), natural_ms + _LONGEST_SHARE_MS)


def _parts(lines: Sequence[str], match: Callable[[str], re.Match[str] | None]) -> list[_Part]:
    """Give what is said below each time."""
    found: list[tuple[re.Match[str] | None, str]] = [(match(line), line) for line in lines]
    heads = [head.groupdict() for head, _ in found if head is not None]
    per_second = _frames_a_second(heads)
    parts: list[_Part] = []
    for head, line in found:
        if head is None:
            if parts:
                parts[-1].below.append(line)
            continue
        fields = head.groupdict()
        begin, end = _times(fields)
        parts.append(
            _Part(
                _ms(begin, per_second),
                _ms(end, per_second) if end else None,
                " ".join((fields.get("name") or "").split()),
                fields.get("text") or "",
                line,
            )
        )
    if parts and all(fields.get("day") for fields in heads):  # the time of day
        begun_ms = parts[0].start_ms
        for part in parts:
            part.start_ms = max(0, part.start_ms - begun_ms)
    return parts


def _above(lines: Sequence[str], parts: Sequence[_Part]) -> list[str]:
    """Give what stands above the first time: a heading, or what is said before it."""
    first = parts[0].head
    return list(takewhile(lambda line: line != first, lines))


def _without_labels(above: list[str], parts: Sequence[_Part]) -> list[str]:
    """Take what stands right above each time by itself: a number that counts, or a name.

    Args:
        above: What stands above the first time.
        parts: What is said; they get their names.

    Returns:
        What else stands above the first time.
    """
    blocks = [above, *(part.below for part in parts[:-1])]
    labels = [block[-1] if block else "" for block in blocks]
    if not all(labels) or len(parts) < 2 or any(part.name or part.text for part in parts):
        return [line for line in above if line]
    are_apart = all(len(block) == 1 or not block[-2] for block in blocks)
    are_names = all(map(_ALONE.fullmatch, labels)) and len(set(labels)) < len(labels)
    if labels == [str(number) for number in range(1, len(labels) + 1)]:
        are_names = False
    elif not (are_apart and are_names):
        return [line for line in above if line]
    for block, part, label in zip(blocks, parts, labels, strict=True):
        block.pop()
        part.name = label if are_names else ""
    return [line for line in above if line]


_SENTENCE = re.compile(r"[.?!…。？！।؟][\"'”’»)]*$")
"""What ends with this is said; a heading does not."""


def _headed(line: str) -> re.Match[str] | None:
    return next((found for form in _FORMS if (found := form.fullmatch(line))), None)


def _times(fields: dict[str, str | None]) -> tuple[str, str]:
    """Give from when to when a line says that is spoken; the second may be empty."""
    begin = next(
        fields[one] for one in ("time", "time2", "time3", "day", "seconds") if fields.get(one)
    )
    ends = (fields.get(one) for one in ("end", "end2", "end3", "until"))
    return begin or "", next((end for end in ends if end), "")


def _frames_a_second(heads: Sequence[dict[str, str | None]]) -> int:
    """Tell how many pictures make a second, where times count them."""
    stamps = [stamp for head in heads for stamp in _times(head)]
    frames = [int(stamp[-2:]) for stamp in stamps if _FRAMES.fullmatch(stamp)]
    return 25 if max(frames, default=0) < 25 else 30


_FRAMES = re.compile(r"\d+:\d+:\d+[:;]\d{2}")


def _ms(stamp: str, frames_a_second: int) -> int:
    if _FRAMES.fullmatch(stamp):
        return parse_time(stamp[:-3]) + int(stamp[-2:]) * 1_000 // frames_a_second
    return parse_time(stamp)


def _find_names(parts: list[_Part]) -> None:
    """Take for names what stands beside or below each time by itself."""
    if len(parts) < 2 or any(part.name for part in parts):
        return
    if all(part.below and _ALONE.fullmatch(part.text.strip()) for part in parts):
        for part in parts:
            part.name, part.text = part.text.strip(), ""
        return
    for part in parts:
        part.below = [line for line in part.below if line]
    firsts = [part.below[0] for part in parts if len(part.below) > 1 and not part.text]
    is_name = [_ALONE.fullmatch(one) or _COUNTED.fullmatch(one) for one in firsts]
    comes_again = len(set(firsts)) < len(firsts) or all(map(_COUNTED.fullmatch, firsts))
    if len(firsts) == len(parts) and all(is_name) and comes_again:
        for part in parts:
            part.name = part.below.pop(0)


def _is_chat(lines: Sequence[str]) -> bool:
    """Tell whether people wrote this to each other: each line says from whom, and to whom."""
    begun = [line for line in lines if re.match(_CLOCK, line)]
    first = list(takewhile(lambda line: _CHAT.fullmatch(line) is not None, begun))
    return bool(first) and len(first) == len(begun)


_ALONE = re.compile(r"[^\W\d_a-z][^\[\]():\n.?!,;]{0,39}")
"""A name by itself: short, and no sentence."""
_COUNTED = re.compile(r"\w+ [A-Z0-9]{1,3}")
