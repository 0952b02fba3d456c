"""A plain web page: the text, styled, with nothing that runs."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources

from app.export.direction import has_right_to_left, is_right_to_left
from app.export.options import Encoding, ExportOptions
from app.export.paragraphs import WrittenParagraph, make_paragraphs
from app.export.plain import encode
from app.export.source import ExportDocument


def write_static_html(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write one page that needs nothing else and forbids itself everything."""
    style = package_text("static.css")
    policy = f"default-src 'none'; style-src {digest(style)}"
    paragraphs = "\n".join(
        _paragraph(paragraph, document.note_label)
        for paragraph in make_paragraphs(document, options)
    )
    heading = escape(document.heading)
    text = f"""<!DOCTYPE html>
<html lang="{document.language or UNDETERMINED}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading or "Transcript"}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1 dir="auto">{heading or "Transcript"}</h1>
{paragraphs}
</main>
</body>
</html>
"""
    return encode(text, Encoding.UTF8, options.line_end)


UNDETERMINED = "und"
"""Stands in a ``lang`` attribute where no language is known (BCP 47)."""


def package_text(name: str) -> str:
    """Read one of the files that lie beside this module."""
    return resources.files("app.export").joinpath(name).read_text("utf-8")


def side_of(text: str) -> str:
    """Give the ``dir`` of a paragraph; a browser by itself goes by the first letter alone."""
    if not has_right_to_left(text):
        return "auto"
    return "rtl" if is_right_to_left(text) else "ltr"


def digest(content: str) -> str:
    """Give the source expression that lets exactly this script or style run."""
    hashed = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(hashed).decode('ascii')}'"


def _paragraph(paragraph: WrittenParagraph, note_label: str) -> str:
    parts = [f"<time>[{paragraph.time}]</time> "] if paragraph.time else []
    if paragraph.name:
        parts.append(f"<b><bdi>{escape(paragraph.name)}</bdi>:</b> ")
    for place, piece in enumerate(paragraph.pieces):
        if place and not piece.is_joined:
            parts.append(" ")
        if piece.time:
            parts.append(f"<time>[{piece.time}]</time> ")
        parts.append(escape(piece.text))
    mark = ' class="quote"' if paragraph.is_highlighted else ""
    text = f'<p dir="{side_of(paragraph.words)}"{mark}>{"".join(parts)}</p>'
    if paragraph.note:
        said = f"{escape(note_label)}: <bdi>{escape(paragraph.note)}</bdi>"
        text += f'\n<p class="note" dir="{side_of(paragraph.note)}">{said}</p>'
    return text
