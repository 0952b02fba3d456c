"""Lines and words of any JSON in one shape: that of Whisper, with times in seconds.

Programs agree on what they say and on no name for it. Where a name, a suffix or the way
a time is written tells its unit it is taken; where nothing does, ``units`` judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from app.core.timecode import parse_time
from app.export.importing.fields import Fields, items_of, number_of, text_of
from app.export.importing.hints import Hints
from app.export.importing.units import in_seconds, is_of_whisper, judge
from app.export.transcript_json import as_fields

LENGTH_S = "length_s"
"""Where the length of a recording stands that is known to be in seconds."""
_TEXT = (
    "punctuated_word",
    "text",
    "body",
    "transcript",
    "sentence",
    "content",
    "value",
    "displayText",
    "display",
    "phrase",
    "caption",
)
_WORD = ("punctuated_word", "word", "text", "content", "value", "displayText", "displayWord")
_START = "start start_time startTime startOffset begin from ts offset start_at startsAt"
_END = "end stop end_time endTime endOffset finish to end_ts until end_at endsAt"
_LENGTH = "duration dur length"
_SPEAKER = "speaker speaker_name speakerName speaker_id speakerId speaker_label speakerLabel"
_SPEAKER_NUMBER = "speakerTag speaker_tag"
_SURE = ("confidence", "probability", "score", "conf")
_DECLARED = {"Ms": 1_000, "_ms": 1_000, "Milliseconds": 1_000, "InTicks": 10_000_000}
"""How a name may end that tells the unit, and how many of it make a second."""
_WITH_UNIT = re.compile(r"(?:PT)?(-?\d+(?:\.\d+)?)(ms|s)", re.IGNORECASE)
_CLOCK = re.compile(r"\d+:\d{1,2}(?::\d{1,2})?(?:[.,]\d+)?")


@dataclass(slots=True)
class Shaper:
    """Brings items of one file into shape.

    Attributes:
        names: Names of speakers by what the items call them.
        first_number: What speakers are counted from, where they are numbers.
        has_bare_times: Whether there is a time that does not tell its unit.
    """

    names: dict[str, str]
    first_number: int = 0
    has_bare_times: bool = False

    @classmethod
    def of(cls, content: Fields, *lists: Sequence[Fields]) -> Shaper:
        """Make one for a file and the lists in it."""
        names = {
            str(one.get("id")): text_of(one, "name", "display_name", "label")
            for one in items_of(content, "speakers")
            if one.get("id") is not None and text_of(one, "name", "display_name", "label")
        }
        numbers = [
            number
            for items in lists
            for item in items
            for one in (item, *items_of(item, "words"))
            if (number := _number_of_speaker(one)) is not None
        ]
        return cls(names, 1 if numbers and min(numbers) > 0 else 0)

    def lines(self, items: Iterable[Fields]) -> list[Fields]:
        """Bring lines into shape, with their words."""
        lines: list[Fields] = []
        for item in items:
            line = self._timed(item)
            text = text_of(item, *_TEXT)
            line["text"] = text
            line["speaker"] = self._speaker(item)
            words = self.words(items_of(item, "words"))
            line["words"] = words
            if text or words:
                lines.append(line)
        return lines

    def words(self, items: Iterable[Fields]) -> list[Fields]:
        """Bring words into shape; spaces and noises are none."""
        words: list[Fields] = []
        for item in items:
            if text_of(item, "type") in {"spacing", "audio_event"}:
                continue
            word = self._timed(item)
            word["word"] = text_of(item, *_WORD)
            word["speaker"] = self._speaker(item)
            for name in _SURE:
                if item.get(name) is not None:
                    word[name] = number_of(item[name])
            if "conf" in word:
                word["confidence"] = word.pop("conf")
            words.append(word)
        return words

    def _timed(self, item: Fields) -> Fields:
        timed: Fields = {}
        start, is_start_bare = _time(item, _START)
        end, is_end_bare = _time(item, _END)
        if end is None:
            length, is_end_bare = _time(item, _LENGTH)
            begin, lasts = number_of(start), number_of(length)
            if begin is not None and lasts is not None:
                end = begin + lasts
        self.has_bare_times = self.has_bare_times or is_start_bare or is_end_bare
        if start is not None:
            timed["start"] = start
        if end is not None:
            timed["end"] = end
        return timed

    def _speaker(self, item: Fields) -> str:
        """Name who speaks; one who is counted is named from 1."""
        number = _number_of_speaker(item)
        spoken = _speaker_value(item)
        if isinstance(spoken, (str, int)) and str(spoken) in self.names:
            return self.names[str(spoken)]
        if number is not None:
            return f"Speaker {number + 1 - self.first_number}"
        return spoken if isinstance(spoken, str) else ""


def whisper_shape(
    content: Fields,
    hints: Hints,
    lines: Iterable[Fields] = (),
    words: Iterable[Fields] = (),
    *,
    is_sure: bool = False,
) -> Fields:
    """Give a file in the shape of Whisper's, its times in seconds.

    Args:
        content: The file, for its language and the names of speakers.
        hints: What is known besides.
        lines: What is said, line by line.
        words: What is said, word by word, if not within the lines.
        is_sure: Whether the format has its times in seconds by its definition.

    Raises:
        UncertainUnitError: What its times count is not clear.
    """
    lines, words = list(lines), list(words)
    shaper = Shaper.of(content, lines, words)
    shaped_lines, shaped_words = shaper.lines(lines), shaper.words(words)
    shaped = {**content, "segments": shaped_lines, "words": shaped_words}
    first_words = [*words[:20], *(one for line in lines[:5] for one in items_of(line, "words"))]
    if is_sure or not shaper.has_bare_times or is_of_whisper(lines, first_words):
        return shaped
    length, told_ms = _length_of(content)
    if told_ms and not hints.recording_ms:
        hints = replace(hints, recording_ms=told_ms)
    unit = judge(shaped_lines, shaped_words, length, hints)
    return {
        **shaped,
        "segments": in_seconds(shaped_lines, unit),
        "words": in_seconds(shaped_words, unit),
    }


def _length_of(content: Fields) -> tuple[float | None, int]:
    """Give the length a file tells of its recording: a bare number, and in milliseconds.

    The second is 0 where the name of the number does not tell what it counts.
    """
    bare: float | None = None
    for one in (content, as_fields(content.get("metadata")), as_fields(content.get("media"))):
        for name in _TOLD_LENGTH:
            for suffix, count in (*_DECLARED.items(), ("Seconds", 1), ("_seconds", 1)):
                told = number_of(one.get(f"{name}{suffix}"))
                if told is not None and told > 0:
                    return bare, round(told * 1_000 / count)
            if bare is None:
                bare = number_of(one.get(name))
    return bare, 0


_TOLD_LENGTH = ("audio_duration", "duration", "audioDuration", "media_duration", "audio_length")


def per_second(items: Iterable[Fields], count: int) -> list[Fields]:
    """Give items whose bare times count so many a second in a way that tells it."""
    turned: list[Fields] = []
    for item in items:
        one = dict(item)
        for name in (*_START.split(), *_END.split(), *_LENGTH.split()):
            number = number_of(one.get(name))
            if number is not None:
                one[name] = f"{number / count:.7f}s"
        for name, value in item.items():
            if name == "words" and isinstance(value, list):
                one[name] = per_second(items_of(item, name), count)
        turned.append(one)
    return turned


def _time(item: Fields, names: str) -> tuple[object, bool]:
    """Give the first time under one of the names, and whether its unit is not said."""
    for name in names.split():
        value = item.get(name)
        if value is not None:
            return _read_time(value)
        for suffix, count in _DECLARED.items():
            value = item.get(f"{name}{suffix}")
            number = number_of(value)
            if number is not None:
                return number / count, False
    pair = item.get("timestamp", item.get("timestamps"))
    if isinstance(pair, list) and names is not _LENGTH:
        ends = cast("list[object]", pair)
        place = 0 if names is _START else 1
        if len(ends) == 2:
            value = ends[place]
            return (None, False) if value is None else _read_time(value)
    return None, False


def _read_time(value: object) -> tuple[object, bool]:
    """Read a time: a number, one with its unit, a clock's, or seconds and billionths."""
    if isinstance(value, str):
        with_unit = _WITH_UNIT.fullmatch(value.strip())
        if with_unit:
            return float(with_unit[1]) / (1_000 if with_unit[2].lower() == "ms" else 1), False
        if _CLOCK.fullmatch(value.strip()):
            return parse_time(value) / 1_000, False
        number = number_of(value)
        # Who writes a number in quotes with its parts writes seconds.
        return (value, False) if number is None else (number, "." not in value)
    if isinstance(value, dict):
        parts = as_fields(cast("object", value))
        whole, rest = number_of(parts.get("seconds", 0)), number_of(parts.get("nanos", 0))
        return (whole or 0) + (rest or 0) / 1e9, False
    return value, True


def _speaker_value(item: Fields) -> object:
    for name in (*_SPEAKER.split(), *_SPEAKER_NUMBER.split()):
        value = item.get(name)
        if isinstance(value, dict):
            inner = as_fields(cast("object", value))
            value = inner.get("name", inner.get("id"))
        if value is not None and not isinstance(value, bool) and value != "":
            return value
    return None


def _number_of_speaker(item: Fields) -> int | None:
    value = _speaker_value(item)
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value):
        return int(value)
    return None
