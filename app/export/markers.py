"""Markers for video editors: who says what when, on a sequence with the recording in it.

Final Cut Pro 7's XML is what Premiere Pro and DaVinci Resolve read too. OpenTimelineIO
and its adapter know its rules; only times and words come from here.
"""

# OpenTimelineIO has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

from app.export.options import Encoding, ExportOptions, FrameRate
from app.export.plain import encode, one_line
from app.export.source import ExportDocument

_EXACT = {
    FrameRate.FPS_23_976: Fraction(24_000, 1_001),
    FrameRate.FPS_24: Fraction(24),
    FrameRate.FPS_25: Fraction(25),
    FrameRate.FPS_29_97: Fraction(30_000, 1_001),
    FrameRate.FPS_30: Fraction(30),
    FrameRate.FPS_50: Fraction(50),
    FrameRate.FPS_59_94: Fraction(60_000, 1_001),
    FrameRate.FPS_60: Fraction(60),
}
_FILMS = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mxf", ".mpg", ".mpeg", ".mts", ".3gp"}
)
"""Suffixes of recordings that are put on a track of pictures as well."""
_SHORT_NAME = 40
"""How many characters of the words name a marker where nobody's name does."""


def write_markers(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write a sequence with the recording and a marker for every turn.

    A marker is named after its speaker, or by its first words, and holds all of them as
    its comment. A recording that is not on this computer leaves an empty clip.
    """
    # Loaded here, since only this format needs it.
    from opentimelineio import adapters, schema

    rate = _EXACT[options.frame_rate]
    turns = list(_turns(document, options))
    over_ms = max([document.transcript.duration_ms, *(end_ms for _, end_ms, _, _ in turns)])
    whole = _range(0, max(1, over_ms), rate)
    timeline = schema.Timeline(document.heading or "Transcript")
    source = one_line(document.source_name)
    has_video = PurePosixPath(document.source_name).suffix.lower() in _FILMS
    for kind in ("Video", "Audio") if has_video else ("Audio",):
        track = schema.Track(kind, kind=kind)
        media: Any = (
            schema.ExternalReference(document.recording, whole)
            if document.recording
            else schema.MissingReference(available_range=whole)
        )
        media.name = source
        about = {"sourcetrack": {"mediatype": kind.lower(), "trackindex": "1"}}
        track.append(schema.Clip(source, media, whole, {"fcp_xml": about}))
        timeline.tracks.append(track)
    for start_ms, end_ms, name, text in turns:
        timeline.tracks.markers.append(
            schema.Marker(
                name, _range(start_ms, end_ms, rate), metadata={"fcp_xml": {"comment": text}}
            )
        )
    written = str(adapters.write_to_string(timeline, "fcp_xml"))
    return encode(written, Encoding.UTF8, options.line_end)


def _turns(
    document: ExportDocument, options: ExportOptions
) -> Iterator[tuple[int, int, str, str]]:
    """Give start, end, name and comment of each marker."""
    labels = document.labels()
    for paragraph in document.chosen(options):
        text = one_line(paragraph.text)
        name = labels[paragraph.speaker_id] if options.names else ""
        if not name:
            name = text if len(text) <= _SHORT_NAME else f"{text[: _SHORT_NAME - 1].rstrip()}…"
        if options.notes and paragraph.note:
            text = f"{text} ({document.note_label}: {one_line(paragraph.note).strip()})"
        start_ms = max(0, paragraph.start_ms)
        yield start_ms, max(start_ms, paragraph.end_ms), name, text


def _range(start_ms: int, end_ms: int, rate: Fraction) -> Any:
    """Give the frames that lie between two times; at least one."""
    from opentimelineio.opentime import RationalTime, TimeRange

    first, last = round(start_ms * rate / 1_000), round(end_ms * rate / 1_000)
    a_second = float(rate)
    return TimeRange(
        RationalTime(first, a_second), RationalTime(max(1, last - first), a_second)
    )
