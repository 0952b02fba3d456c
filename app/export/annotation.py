"""Annotation programs: Praat TextGrid, ELAN EAF and oTranscribe OTR."""

from __future__ import annotations

import io
import json
import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree as ET

from app.core.timecode import clock
from app.export.direction import (
    as_line,
    by_itself,
    has_right_to_left,
    is_right_to_left,
    isolated,
)
from app.export.options import Encoding, ExportOptions
from app.export.plain import encode, one_line, take_apart
from app.export.source import ExportDocument, moment


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of a tier and what is written in it."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Tier:
    """What one speaker says, turn by turn and word by word.

    Attributes:
        name: Different from every other tier's.
        turns: Apart from each other, in order.
        words: The words of each turn, within it, apart from each other.
    """

    name: str
    turns: tuple[Interval, ...]
    words: tuple[tuple[Interval, ...], ...]


_FOREVER_MS = 1 << 53
_Turn = tuple[int, int, str, list[tuple[int, int, str]]]
"""Start, end and text of a turn, and the same of its words."""


def make_tiers(document: ExportDocument, options: ExportOptions) -> list[Tier]:
    """Sort the turns by speaker and move them apart where they overlap.

    Tiers allow no overlap and no span without length; what would break that is
    moved by as little as it takes. Nothing is left out.
    """
    labels = document.labels()
    by_name: dict[str, list[_Turn]] = {}
    taken: dict[object, str] = {}
    for paragraph in document.chosen(options):
        who = paragraph.speaker_id
        if who not in taken:
            # Without their names, speakers still need tiers of their own: they overlap.
            label = labels[who] if options.names else ""
            label = label or "Transcript"
            taken[who] = _unused(label, taken.values())
        words = [(word.start_ms, word.end_ms, one_line(word.text)) for word in paragraph.words]
        words.sort(key=lambda word: word[0])
        start_ms = min(paragraph.start_ms, words[0][0])
        end_ms = max([paragraph.end_ms, *(word[1] for word in words)])
        by_name.setdefault(taken[who], []).append(
            (start_ms, end_ms, one_line(paragraph.text), words)
        )
    return [_tier(name, turns) for name, turns in by_name.items()]


def _tier(name: str, turns: list[_Turn]) -> Tier:
    turns.sort(key=lambda turn: turn[0])
    placed: list[Interval] = []
    inside: list[tuple[Interval, ...]] = []
    at_ms = 0
    for number, (start_ms, end_ms, turn_text, words) in enumerate(turns):
        begin = at_ms = max(at_ms, start_ms)
        limit_ms = _FOREVER_MS
        if number + 1 < len(turns):
            # What runs on gives way to the next turn, not the next turn to it: one late
            # end would move all that follow. Each word keeps a millisecond.
            limit_ms = max(turns[number + 1][0], begin + len(words))
        pieces: list[Interval] = []
        for place, (word_start, word_end, text) in enumerate(words):
            latest_ms = limit_ms - (len(words) - place)
            following = words[place + 1][0] if place + 1 < len(words) else word_end
            word_begin = min(max(at_ms, word_start), latest_ms)
            at_ms = min(max(min(word_end, following), word_begin + 1), latest_ms + 1)
            pieces.append(Interval(word_begin, at_ms, text))
        at_ms = min(max(at_ms, end_ms), limit_ms)
        placed.append(Interval(begin, at_ms, turn_text))
        inside.append(tuple(pieces))
    return Tier(name, tuple(placed), tuple(inside))


def _unused(label: str, taken: Iterable[str]) -> str:
    names = set(taken)
    name, number = label, 2
    while name in names:
        name, number = f"{label} ({number})", number + 1
    return name


def write_textgrid(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write Praat's long text format: for each speaker a tier of turns and one of words."""
    tiers = make_tiers(document, options)
    grid = [(tier.name, tier.turns) for tier in tiers]
    words = [
        (f"{tier.name} (words)", tuple(word for turn in tier.words for word in turn))
        for tier in tiers
    ]
    rows = [row for pair in zip(grid, words, strict=True) for row in pair]
    last_ms = max((tier.turns[-1].end_ms for tier in tiers), default=0)
    last_ms = max(last_ms, document.transcript.duration_ms, 1)
    # Written as it goes, since a list of a million lines takes long to be let go.
    out = io.StringIO()
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_seconds(last_ms)}",
        "tiers? <exists>",
        f"size = {len(rows)}",
        "item []:",
        "",
    ]
    out.write("\n".join(lines))
    for number, (name, intervals) in enumerate(rows, start=1):
        filled = list(_without_holes(intervals, last_ms))
        lines = [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_quoted(name)}",
            "        xmin = 0",
            f"        xmax = {_seconds(last_ms)}",
            f"        intervals: size = {len(filled)}",
            "",
        ]
        out.write("\n".join(lines))
        for place, interval in enumerate(filled, start=1):
            out.write(
                f"        intervals [{place}]:\n"
                f"            xmin = {_seconds(interval.start_ms)}\n"
                f"            xmax = {_seconds(interval.end_ms)}\n"
                f"            text = {_quoted(interval.text)}\n"
            )
    # Praat reads UTF-8 and UTF-16; a byte-order mark in front of UTF-8 confuses others.
    return encode(out.getvalue(), Encoding.UTF8, options.line_end)


def _without_holes(intervals: Iterable[Interval], last_ms: int) -> Iterator[Interval]:
    """Fill the silences, for a tier must cover its whole time."""
    at_ms = 0
    for interval in intervals:
        if interval.start_ms > at_ms:
            yield Interval(at_ms, interval.start_ms, "")
        yield interval
        at_ms = interval.end_ms
    if at_ms < last_ms:
        yield Interval(at_ms, last_ms, "")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03}"


def write_eaf(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write ELAN's format 3.0: for each speaker a tier of turns and, within it, of words."""
    tiers = make_tiers(document, options)
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    ET.register_namespace("xsi", xsi)
    root = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "",
            "DATE": moment(document.created).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{{{xsi}}}noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
        },
    )
    header = ET.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    if document.recording:
        kind, _ = mimetypes.guess_type(document.recording)
        ET.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            {"MEDIA_URL": document.recording, "MIME_TYPE": kind or "unknown"},
        )
    order = ET.SubElement(root, "TIME_ORDER")
    slots = _Slots(order)
    number = 0
    for place, tier in enumerate(tiers, start=1):
        turns = _eaf_tier(root, f"{place} {tier.name}", "turn", tier.name)
        words = _eaf_tier(root, f"{place} {tier.name} (words)", "word", tier.name)
        words.set("PARENT_REF", turns.get("TIER_ID", ""))
        for turn, pieces in zip(tier.turns, tier.words, strict=True):
            number += 1
            _annotate(turns, f"a{number}", turn, slots)
            for piece in pieces:
                number += 1
                _annotate(words, f"a{number}", piece, slots)
    ET.SubElement(
        root,
        "LINGUISTIC_TYPE",
        {"LINGUISTIC_TYPE_ID": "turn", "TIME_ALIGNABLE": "true", "GRAPHIC_REFERENCES": "false"},
    )
    ET.SubElement(
        root,
        "LINGUISTIC_TYPE",
        {
            "LINGUISTIC_TYPE_ID": "word",
            "TIME_ALIGNABLE": "true",
            "GRAPHIC_REFERENCES": "false",
            "CONSTRAINTS": "Included_In",
        },
    )
    ET.SubElement(
        root,
        "CONSTRAINT",
        {
            "STEREOTYPE": "Included_In",
            "DESCRIPTION": "Time alignable annotations within the parent annotation's time "
            "interval, gaps are allowed",
        },
    )
    ET.indent(root, " ")
    written = ET.tostring(root, encoding="unicode")
    take_apart(root)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'
    return encode(text, Encoding.UTF8, options.line_end)


class _Slots:
    """The time slots of an EAF document, one for each use."""

    def __init__(self, order: ET.Element) -> None:
        self._order = order

    def add(self, ms: int) -> str:
        name = f"ts{len(self._order) + 1}"
        ET.SubElement(self._order, "TIME_SLOT", {"TIME_SLOT_ID": name, "TIME_VALUE": str(ms)})
        return name


def _eaf_tier(root: ET.Element, tier_id: str, kind: str, participant: str) -> ET.Element:
    return ET.SubElement(
        root,
        "TIER",
        {"LINGUISTIC_TYPE_REF": kind, "PARTICIPANT": participant, "TIER_ID": tier_id},
    )


def _annotate(tier: ET.Element, name: str, interval: Interval, slots: _Slots) -> None:
    annotation = ET.SubElement(tier, "ANNOTATION")
    alignable = ET.SubElement(
        annotation,
        "ALIGNABLE_ANNOTATION",
        {
            "ANNOTATION_ID": name,
            "TIME_SLOT_REF1": slots.add(interval.start_ms),
            "TIME_SLOT_REF2": slots.add(interval.end_ms),
        },
    )
    ET.SubElement(alignable, "ANNOTATION_VALUE").text = interval.text


def write_otr(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write what oTranscribe opens: JSON around a little HTML."""
    labels = document.labels()
    paragraphs: list[str] = []
    for paragraph in document.chosen(options):
        seconds = max(0, paragraph.start_ms) / 1000
        stamp = (
            f'<span class="timestamp" data-timestamp="{seconds}">'
            f"{clock(paragraph.start_ms)}</span>"
        )
        name = labels[paragraph.speaker_id] if options.names else ""
        said = one_line(paragraph.text)
        if name and has_right_to_left(name + said):
            name = by_itself(name)
        who = f"<b>{escape(name)}:</b> " if name else ""
        is_rtl = is_right_to_left(said)
        text = who + escape(said if is_rtl else isolated(said))
        paragraphs.append(f"<p>{stamp} {as_line(text, is_rtl=is_rtl)}</p>")
        if options.notes and paragraph.note:
            note = one_line(paragraph.note)
            is_rtl = is_right_to_left(note)
            shown = escape(note) if is_rtl else f"<i>{escape(isolated(note))}</i>"
            paragraphs.append(f"<p>{as_line(shown, is_rtl=is_rtl)}</p>")
    content = {
        "text": "".join(paragraphs),
        "media": one_line(document.source_name),
        "media-source": "",
        "media-time": 0,
    }
    return encode(
        json.dumps(content, ensure_ascii=False) + "\n", Encoding.UTF8, options.line_end
    )
