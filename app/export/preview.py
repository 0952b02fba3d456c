"""What a file will look like, from its first pages only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.core.messages import Message
from app.core.transcript import Segment
from app.export.cues import CueFault, make_cues
from app.export.formats import FORMATS, Format
from app.export.options import Encoding, ExportOptions, LineEnd
from app.export.source import ExportDocument

FIRST_WORDS = 1_200
"""How much of a transcript is shown."""
_MOST_SIGNS = 24_000
"""Formats that say much about each word would fill a window many times over."""

_AS_TEXT = frozenset({"docx", "odt", "pdf", "html", "html-static", "wordlight"})
"""Formats whose bytes say nothing to a reader: their paragraphs are shown instead."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file.

    Attributes:
        text: As it will stand there.
        is_whole: Whether that is all of it.
        cues: How many subtitles there will be; 0 for what has none.
        faults: How many of them break each rule; rules that are kept are left out.
    """

    text: str
    is_whole: bool
    cues: int = 0
    faults: Mapping[CueFault, int] = field(default_factory=dict[CueFault, int])

    def complaints(self) -> list[tuple[Message, int]]:
        """Give each rule that is broken, and by how many subtitles."""
        return [(fault.message, count) for fault, count in self.faults.items()]


def make_preview(document: ExportDocument, kind: Format, options: ExportOptions) -> Preview:
    """Write the first pages and count what breaks the rules of subtitles in all of them.

    Raises:
        ExportError: The text cannot be written that way.
    """
    chosen = document.chosen(options)
    first = _first(chosen)
    shown = replace(document, transcript=replace(document.transcript, segments=first))
    text = _written(shown, kind, options)
    is_whole = len(text) <= _MOST_SIGNS and first == chosen
    if len(text) > _MOST_SIGNS:
        text = text[: text.rfind("\n", 0, _MOST_SIGNS) + 1] or text[:_MOST_SIGNS]
    if "cue_lines" not in kind.takes:
        return Preview(text, is_whole)
    # The name stands within the cue in formats without a place of its own for it.
    cues = make_cues(document, options, with_prefix=kind.name in {"srt", "ass"})
    faults = Counter(fault for cue in cues for fault in cue.faults)
    return Preview(
        text,
        is_whole,
        cues=len(cues),
        faults={one: faults[one] for one in CueFault if faults[one]},
    )


def _written(document: ExportDocument, kind: Format, options: ExportOptions) -> str:
    if kind.name not in _AS_TEXT:
        # Tried with the chosen encoding, so that a character it lacks is said beforehand.
        written = kind.write(document, options)
        encoding = options.encoding if "encoding" in kind.takes else Encoding.UTF8_WITH_MARK
        if encoding is Encoding.UTF8:
            encoding = Encoding.UTF8_WITH_MARK  # reads both
        return written.decode(encoding.value, "replace").replace("\r\n", "\n")
    # Only what the format itself looks at may change what is shown.
    taken = {name: getattr(options, name) for name in kind.takes}
    plain = replace(ExportOptions(**taken), encoding=Encoding.UTF8, line_end=LineEnd.LF)
    return FORMATS["txt"].write(document, plain).decode("utf-8")


def _first(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Give the turns up to about ``FIRST_WORDS`` words, the last one cut if need be."""
    kept: list[Segment] = []
    room = FIRST_WORDS
    for segment in segments:
        if len(segment.words) > room:
            if room:
                kept.append(replace(segment, words=segment.words[:room]))
            break
        kept.append(segment)
        room -= len(segment.words)
    return tuple(kept)
