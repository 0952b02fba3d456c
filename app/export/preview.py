"""What a file will look like, from its first pages only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.core.messages import Message
from app.core.transcript import Paragraph
from app.export.cues import Cue, CueFault, make_cues
from app.export.formats import Format
from app.export.options import Encoding, ExportOptions, TimeMarks
from app.export.paragraphs import WrittenParagraph, make_paragraphs
from app.export.source import ExportDocument

FIRST_WORDS = 1_200
"""How much of a transcript is shown."""
_MOST_CHARACTERS = 24_000
"""Formats that say much about each word would fill a window many times over."""

LAID_OUT = frozenset({"docx", "odt", "pdf", "html", "html-static", "wordlight"})
"""Formats whose bytes say nothing to a reader: their paragraphs are shown as they look."""
_NAMES_ABOVE = frozenset({"pdf", "html", "wordlight"})
"""Those that write the name in a line of its own."""
_SLANTED_QUOTES = frozenset({"docx", "odt", "pdf"})
"""Those that write what is highlighted in italics; the others draw a line beside it."""
_TIMES_BESIDE_NAMES = frozenset({"html", "wordlight"})
"""Those that show when each paragraph begins, whatever is chosen."""

_BLOCK = re.compile(r"^\d+\n[\d:,.]+ --> [\d:,.]+\n(?:.+(?:\n|\Z))*", re.MULTILINE)
_CUES = {
    "srt": _BLOCK,
    "vtt": _BLOCK,
    "ass": re.compile(r"^Dialogue:.*$", re.MULTILINE),
    "ttml": re.compile(r"<p .*?</p>", re.DOTALL),
}
"""What a subtitle is in each format; no word can look like the beginning of one."""
_WITH_PREFIX = frozenset({"srt", "ass"})
"""Formats with the name within the subtitle, since they have no other place for it."""


class TextRole(StrEnum):
    """How a span of a preview differs from plain text."""

    TITLE = "title"
    NAME = "name"
    TIME = "time"
    QUOTE = "quote"
    NOTE = "note"


class Mark(NamedTuple):
    """A span that looks different; places count characters of the text."""

    start: int
    end: int
    role: TextRole


class BrokenCue(NamedTuple):
    """A subtitle that breaks a rule, and where it stands in the text.

    Attributes:
        number: Counted from 1.
        start: Its first character.
        end: Behind its last.
        faults: What it breaks; at least one.
    """

    number: int
    start: int
    end: int
    faults: tuple[CueFault, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file.

    Attributes:
        text: As it will stand there.
        is_whole: Whether that is all of it.
        marks: What looks different, in order, apart from each other.
        cues: How many subtitles there will be; 0 for what has none.
        faults: How many of them break each rule; rules that are kept are left out.
        broken: Those of the shown ones that break a rule, in order.
    """

    text: str
    is_whole: bool
    marks: tuple[Mark, ...] = ()
    cues: int = 0
    faults: Mapping[CueFault, int] = field(default_factory=dict[CueFault, int])
    broken: tuple[BrokenCue, ...] = ()

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
    shown = replace(document, transcript=replace(document.transcript, paragraphs=first))
    marks: list[Mark] = []
    if kind.name in LAID_OUT:
        text = _laid_out(shown, kind, options, marks)
    else:
        text = _written(shown, kind, options)
    is_whole = len(text) <= _MOST_CHARACTERS and first == chosen
    if len(text) > _MOST_CHARACTERS:
        text = text[: text.rfind("\n", 0, _MOST_CHARACTERS) + 1] or text[:_MOST_CHARACTERS]
    seen = tuple(mark for mark in marks if mark.end <= len(text))
    if kind.name not in _CUES:
        return Preview(text, is_whole, seen)
    cues = make_cues(document, options, with_prefix=kind.name in _WITH_PREFIX)
    faults = Counter(fault for cue in cues for fault in cue.faults)
    return Preview(
        text,
        is_whole,
        seen,
        cues=len(cues),
        faults={one: faults[one] for one in CueFault if faults[one]},
        broken=tuple(_broken(text, kind, cues)),
    )


def _broken(text: str, kind: Format, cues: Sequence[Cue]) -> Iterator[BrokenCue]:
    found = _CUES[kind.name].finditer(text)
    for number, (cue, place) in enumerate(zip(cues, found, strict=False), start=1):
        if cue.faults:
            end = place.start() + len(place[0].rstrip())
            yield BrokenCue(number, place.start(), end, cue.faults)


def _written(document: ExportDocument, kind: Format, options: ExportOptions) -> str:
    # Tried with the chosen encoding, so that a character it lacks is said beforehand.
    written = kind.write(document, options)
    encoding = options.encoding if "encoding" in kind.takes else Encoding.UTF8_WITH_MARK
    if encoding is Encoding.UTF8:
        encoding = Encoding.UTF8_WITH_MARK  # reads both
    return written.decode(encoding.value, "replace").replace("\r\n", "\n")


def _laid_out(
    document: ExportDocument, kind: Format, options: ExportOptions, marks: list[Mark]
) -> str:
    """Write paragraphs as the format shows them, and note down what looks different."""
    # Only what the format itself looks at may change what is shown.
    taken = ExportOptions(**{name: getattr(options, name) for name in kind.takes})
    if kind.name in _TIMES_BESIDE_NAMES:
        taken = replace(taken, times=TimeMarks.PARAGRAPH)
    parts: list[str] = []
    at = 0

    def add(text: str, role: TextRole | None = None) -> None:
        nonlocal at
        if role is not None and text:
            marks.append(Mark(at, at + len(text), role))
        parts.append(text)
        at += len(text)

    if document.heading:
        add(document.heading, TextRole.TITLE)
        add("\n\n")
    last_name = ""
    for one in make_paragraphs(document, taken):
        paragraph = one
        if kind.name in _TIMES_BESIDE_NAMES:  # which say it once for several turns
            paragraph = replace(one, name="") if one.name == last_name else one
            last_name = one.name
        is_slanted = paragraph.is_highlighted and kind.name in _SLANTED_QUOTES
        quoted = TextRole.QUOTE if is_slanted else None
        _add_beginning(paragraph, kind, add)
        for place, piece in enumerate(paragraph.pieces):
            if place and not piece.is_joined:
                add(" ")
            if piece.time:
                add(f"[{piece.time}] ", TextRole.TIME)
            add(piece.text, quoted)
        add("\n\n")
        if paragraph.note:
            add(f"{document.note_label}: {paragraph.note}", TextRole.NOTE)
            add("\n\n")
    return f"{''.join(parts).rstrip()}\n" if parts else ""


def _add_beginning(paragraph: WrittenParagraph, kind: Format, add: _Add) -> None:
    """Write what stands before the words: the name, in formats with a line for it the time."""
    if kind.name in _TIMES_BESIDE_NAMES:
        add(paragraph.name, TextRole.NAME)
        add("  " if paragraph.name else "")
        add(paragraph.time, TextRole.TIME)
        add("\n")
        return
    if paragraph.time:
        add(f"[{paragraph.time}] ", TextRole.TIME)
    if paragraph.name:
        is_above = kind.name in _NAMES_ABOVE
        add(paragraph.name if is_above else f"{paragraph.name}: ", TextRole.NAME)
        add("\n" if is_above else "")


class _Add(Protocol):
    def __call__(self, text: str, role: TextRole | None = None) -> None: ...


def _first(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Give the turns up to about ``FIRST_WORDS`` words, the last one cut if need be."""
    kept: list[Paragraph] = []
    room = FIRST_WORDS
    for paragraph in paragraphs:
        if len(paragraph.words) > room:
            if room:
                kept.append(replace(paragraph, words=paragraph.words[:room]))
            break
        kept.append(paragraph)
        room -= len(paragraph.words)
    return tuple(kept)
