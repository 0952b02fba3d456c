"""Plain text and Markdown."""

from __future__ import annotations

import re
import textwrap

from app.export.direction import (
    as_line,
    by_itself,
    has_right_to_left,
    is_right_to_left,
    isolated,
)
from app.export.importing.words import is_without_spaces, split_words
from app.export.options import ExportOptions
from app.export.paragraphs import WrittenParagraph, make_paragraphs
from app.export.plain import encode
from app.export.source import ExportDocument


def write_txt(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write paragraphs with an empty line between them, and nothing else."""
    blocks: list[str] = []
    for paragraph in make_paragraphs(document, options):
        blocks.append(_txt_text(paragraph, options.line_length))
        if paragraph.note:
            note = f"({document.note_label}: {paragraph.note})"
            is_rtl = is_right_to_left(paragraph.note)
            blocks.append(_by_line(_wrapped(note, options.line_length), is_rtl=is_rtl))
    text = "\n\n".join(blocks) + "\n" if blocks else ""
    return encode(text, options.encoding, options.line_end)


def _txt_text(paragraph: WrittenParagraph, length: int) -> str:
    """Write one paragraph; programs that analyse interviews find its time at the very front."""
    time = f"[{paragraph.time}] " if paragraph.time else ""
    name = f"{paragraph.name}: " if paragraph.name else ""
    if not has_right_to_left(name + paragraph.text):
        return _wrapped(time + name + paragraph.text, length)
    said = paragraph.isolated_text
    head = f"{time}{by_itself(paragraph.name)}: " if name else time
    wrapped = _wrapped(time + name + said, length)
    if not wrapped.startswith(time + name):
        head = time  # a name longer than a line
    rest = wrapped.removeprefix(time + name if head != time else time)
    is_rtl = is_right_to_left(paragraph.words)
    first, *others = rest.split("\n")
    name = head.removeprefix(time)
    line = name + first if is_rtl else name + isolated(first)
    lines = [time + as_line(line, is_rtl=is_rtl)]
    if others:
        lines.append(_by_line("\n".join(others), is_rtl=is_rtl))
    return "\n".join(lines)


def _by_line(text: str, *, is_rtl: bool) -> str:
    """Isolate each line for itself: no isolate lasts beyond its line."""
    if not is_rtl:
        return "\n".join(isolated(line) for line in text.split("\n"))
    return "\n".join(as_line(line, is_rtl=True) for line in text.split("\n"))


def _wrapped(text: str, length: int) -> str:
    if not length:
        return text
    if text.isascii() or not any(map(is_without_spaces, text)):
        return textwrap.fill(text, length, break_long_words=False, break_on_hyphens=False)
    # Scripts without spaces are broken where a line may end: never before a mark.
    lines = [""]
    for piece, is_joined in split_words(text):
        gap = "" if is_joined or not lines[-1] else " "
        if lines[-1] and len(lines[-1]) + len(gap) + len(piece) > length:
            lines.append(piece)
        else:
            lines[-1] += gap + piece
    return "\n".join(lines)


def write_md(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write Markdown (CommonMark) with the title as heading."""
    title = as_line(_literal(document.heading), is_rtl=is_right_to_left(document.heading))
    blocks = [f"# {title}"] if document.heading else []
    for paragraph in make_paragraphs(document, options):
        text = _md_text(paragraph)
        blocks.append("> " + text if paragraph.is_highlighted else text)
        if paragraph.note:
            label = _literal(document.note_label)
            note = f"*{label}:* {_literal(paragraph.note)}"
            is_rtl = is_right_to_left(paragraph.note)
            blocks.append(as_line(note, is_rtl=True) if is_rtl else isolated(note))
    text = "\n\n".join(blocks) + "\n" if blocks else ""
    return encode(text, options.encoding, options.line_end)


def _md_text(paragraph: WrittenParagraph) -> str:
    time = f"`{paragraph.time}` " if paragraph.time else ""
    is_mixed = has_right_to_left(paragraph.name + paragraph.words)
    is_rtl = is_mixed and is_right_to_left(paragraph.words)
    parts: list[str] = []
    if paragraph.name:
        name = _literal(paragraph.name)
        parts.append(f"**{by_itself(name) if is_mixed else name}:** ")
    for place, piece in enumerate(paragraph.pieces):
        if place and not piece.is_joined:
            parts.append(" ")
        if piece.time:
            mark = f"`{piece.time}`"
            parts.append(f"{by_itself(mark) if is_mixed else mark} ")
        said = piece.text if is_rtl else isolated(piece.text)
        parts.append(_literal(said))
    text = "".join(parts)
    if not time:
        text = _LINE_START.sub(_escaped_start, text)
    return time + as_line(text, is_rtl=is_rtl)


_SIGNS = re.compile(r"[\\`*_\[\]<>#|~&$]")
_LINE_START = re.compile(r"^(?:([-+=])|(\d+)([.)]))(?=\s|$|[-=])")


def _literal(text: str) -> str:
    """Escape what Markdown would obey; a bare address stays as it is."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _escaped_start(found: re.Match[str]) -> str:
    """Keep a paragraph that begins like a list, a rule or a heading a paragraph."""
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"
