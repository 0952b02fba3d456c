"""The presets that everybody has: ways to export for what many people do."""

from __future__ import annotations

from typing import NamedTuple

from app.core.messages import Message, message
from app.export.options import ExportOptions, LineEnd, TimeFormat, TimeMarks


class StandardPreset(NamedTuple):
    """A way to export, under a name.

    Attributes:
        name: What it is for.
        format_name: Which format.
        options: How it is written.
    """

    name: Message
    format_name: str
    options: ExportOptions


STANDARD = (
    # A paragraph a turn, each with a blank line behind it and its time in brackets before
    # the speaker: what all three programs read on import, and play the recording from.
    StandardPreset(
        message("Interviews for MAXQDA, ATLAS.ti, NVivo"),
        "txt",
        ExportOptions(
            times=TimeMarks.PARAGRAPH, time_format=TimeFormat.HOURS, line_end=LineEnd.CRLF
        ),
    ),
    StandardPreset(
        message("Quotes with times and notes"),
        "docx",
        ExportOptions(times=TimeMarks.PARAGRAPH, only_highlighted=True, notes=True),
    ),
    StandardPreset(
        message("Short subtitles for phones"),
        "srt",
        ExportOptions(names=False, cue_lines=1, cue_line_length=24, min_cue_ms=600),
    ),
)
