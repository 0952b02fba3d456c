"""What can be chosen for an export, and how the choice is kept as a preset."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import cast


class TimeMarks(StrEnum):
    """Where times stand in running text."""

    NONE = "none"
    PARAGRAPH = "paragraph"
    INTERVAL = "interval"
    WORD = "word"


class ParagraphRule(StrEnum):
    """Where a paragraph ends."""

    TURN = "turn"
    """As on screen."""
    SPEAKER = "speaker"
    """Only where another speaker begins."""
    SENTENCE = "sentence"
    """After every sentence."""
    PAUSE = "pause"
    """Also at every long pause."""
    LENGTH = "length"
    """Also where a sentence ends once it is long."""


class TimeFormat(StrEnum):
    """How a time is written."""

    CLOCK = "clock"
    """``1:03``"""
    HOURS = "hours"
    """``00:01:03``, which programs for the analysis of interviews read."""
    FULL = "full"
    """``00:01:03.250``"""


class Rows(StrEnum):
    """What one row of a table stands for."""

    WORDS = "words"
    TURNS = "turns"


class AudioPlace(StrEnum):
    """Where the recording is for a page that plays it, or whether a bundle holds it."""

    EMBEDDED = "embedded"
    """In the file itself."""
    LINKED = "linked"
    """Where it lies now."""
    NONE = "none"


class FrameRate(StrEnum):
    """How many pictures a second a video has; the values are how editors write it."""

    FPS_23_976 = "23.976"
    FPS_24 = "24"
    FPS_25 = "25"
    FPS_29_97 = "29.97"
    FPS_30 = "30"
    FPS_50 = "50"
    FPS_59_94 = "59.94"
    FPS_60 = "60"


class Encoding(StrEnum):
    """How characters become bytes; the values are Python's names."""

    UTF8 = "utf-8"
    UTF8_WITH_MARK = "utf-8-sig"
    UTF16 = "utf-16"
    WINDOWS = "cp1252"


class LineEnd(StrEnum):
    """How a line ends."""

    LF = "lf"
    CRLF = "crlf"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """One choice of everything; a format looks only at the fields it ``takes``.

    Attributes:
        names: Say who speaks.
        times: Where times stand in running text.
        every_s: Seconds between times, for ``TimeMarks.INTERVAL``.
        time_format: How a time is written.
        paragraphs: Where a paragraph ends.
        pause_ms: What a long pause is, for ``ParagraphRule.PAUSE``.
        paragraph_words: After how many words a paragraph is long, for
            ``ParagraphRule.LENGTH``; one of twice as many ends whatever is said.
        only_approved: Leave out what nobody has approved.
        only_highlighted: Leave out what nobody has highlighted.
        notes: Write remarks under their paragraph.
        struck: Write also what a person struck through.
        line_length: Characters a line may have; 0 for no limit (not for subtitles).
        cue_lines: Lines a subtitle may have.
        cue_line_length: Characters a line of a subtitle may have.
        reading_speed: Characters a second that a viewer can read.
        min_gap_ms: Shortest silence between two subtitles.
        min_cue_ms: Shortest time a subtitle stands.
        max_cue_ms: Longest time a subtitle stands.
        word_times: Mark each word in formats that can light it up.
        rows: What one row of a table stands for.
        audio: Where the recording is for what can hold it.
        frame_rate: Pictures a second, for formats that count in them.
        encoding: How characters become bytes.
        line_end: How a line ends.
    """

    names: bool = True
    times: TimeMarks = TimeMarks.NONE
    every_s: int = 30
    time_format: TimeFormat = TimeFormat.CLOCK
    paragraphs: ParagraphRule = ParagraphRule.TURN
    pause_ms: int = 2_000
    paragraph_words: int = 100
    only_approved: bool = False
    only_highlighted: bool = False
    notes: bool = False
    struck: bool = False
    line_length: int = 0
    cue_lines: int = 2
    cue_line_length: int = 42
    reading_speed: int = 20
    min_gap_ms: int = 80
    min_cue_ms: int = 1_000
    max_cue_ms: int = 7_000
    word_times: bool = True
    rows: Rows = Rows.WORDS
    audio: AudioPlace = AudioPlace.EMBEDDED
    frame_rate: FrameRate = FrameRate.FPS_25
    encoding: Encoding = Encoding.UTF8
    line_end: LineEnd = LineEnd.LF

    def to_dict(self) -> dict[str, str | int | bool]:
        """Give the choice as JSON can hold it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def to_text(self) -> str:
        """Give the choice as JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_text(cls, text: str) -> ExportOptions:
        """Read a choice that was kept as JSON; what makes no sense falls back."""
        try:
            return cls.from_dict(json.loads(text))
        except (ValueError, RecursionError):
            return cls()

    @classmethod
    def from_dict(cls, kept: object) -> ExportOptions:
        """Read a kept choice; what is missing, unknown or senseless falls back."""
        if not isinstance(kept, dict):
            return cls()
        given = cast("dict[object, object]", kept)
        values: dict[str, object] = {}
        for one in fields(cls):
            value = _fitting(one.name, one.default, given.get(one.name))
            if value is not None:
                values[one.name] = value
        return cls(**values)  # pyright: ignore[reportArgumentType]  # each checked by _fitting


LIMITS: dict[str, tuple[int, int]] = {
    "every_s": (1, 3_600),
    "pause_ms": (100, 60_000),
    "paragraph_words": (10, 1_000),
    "line_length": (0, 1_000),
    "cue_lines": (1, 4),
    "cue_line_length": (10, 200),
    "reading_speed": (5, 100),
    "min_gap_ms": (0, 2_000),
    "min_cue_ms": (0, 5_000),
    "max_cue_ms": (1_000, 60_000),
}
"""Least and greatest value of every number, for controls and for kept presets."""


def _fitting(name: str, default: object, value: object) -> object | None:
    """Give the value as the field wants it, or ``None`` if it does not fit."""
    if isinstance(default, bool):
        return value if isinstance(value, bool) else None
    if isinstance(default, StrEnum):
        kind = type(default)
        return kind(value) if value in [member.value for member in kind] else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    least, greatest = LIMITS[name]
    return min(max(value, least), greatest)
