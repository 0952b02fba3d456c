"""Plain text and Markdown."""

from __future__ import annotations

import re
import textwrap

from app.export.options import ExportOptions
from app.export.paragraphs import WrittenParagraph, make_paragraphs
from app.export.plain import encode
from app.export.source import ExportDocument


def write_txt(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write paragraphs with an empty line between them, and nothing else."""
    blocks: list[str] = []
    for paragraph in make_paragraphs(document, options):
        time = f"[{paragraph.time}] " if paragraph.time else ""
        name = f"{paragraph.name}: " if paragraph.name else ""
        blocks.append(_wrapped(time + name + paragraph.text, options.line_length))
        if paragraph.note:
            note = f"({document.note_label}: {paragraph.note})"
            blocks.append(_wrapped(note, options.line_length))
    text = "\n\n".join(blocks) + "\n" if blocks else ""
    return encode(text, options.encoding, options.line_end)


def _wrapped(text: str, length: int) -> str:
    if not length:
        return text
    # Chinese and Japanese have no spaces to break at.
    breaks = _WITHOUT_SPACES.search(text) is not None
    return textwrap.fill(text, length, break_long_words=breaks, break_on_hyphens=False)


_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def write_md(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write Markdown (CommonMark) with the title as heading."""
    blocks = [f"# {_literal(document.heading)}"] if document.heading else []
    for paragraph in make_paragraphs(document, options):
        text = _md_text(paragraph)
        blocks.append("> " + text if paragraph.is_highlighted else text)
        if paragraph.note:
            label = _literal(document.note_label)
            blocks.append(f"*{label}:* {_literal(paragraph.note)}")
    text = "\n\n".join(blocks) + "\n" if blocks else ""
    return encode(text, options.encoding, options.line_end)


def _md_text(paragraph: WrittenParagraph) -> str:
    parts = [f"`{paragraph.time}` "] if paragraph.time else []
    if paragraph.name:
        parts.append(f"**{_literal(paragraph.name)}:** ")
    for place, piece in enumerate(paragraph.pieces):
        if place and not piece.is_joined:
            parts.append(" ")
        if piece.time:
            parts.append(f"`{piece.time}` ")
        parts.append(_literal(piece.text))
    text = "".join(parts)
    return _LINE_START.sub(_escaped_start, text)


_SIGNS = re.compile(r"[\\`*_\[\]<>#|~&$]")
_LINE_START = re.compile(r"^(?:([-+=])|(\d+)([.)]))(?=\s|$|[-=])")


def _literal(text: str) -> str:
    """Escape what Markdown would obey; a bare address stays as it is."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _escaped_start(found: re.Match[str]) -> str:
    """Keep a paragraph that begins like a list, a rule or a heading a paragraph."""
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"
