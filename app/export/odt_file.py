"""OpenDocument texts (ODT), built so that a caller can show progress and stop."""

# odfpy has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
from __future__ import annotations

import io
from collections.abc import Generator
from typing import Any

from odf.dc import Date, Title
from odf.opendocument import OpenDocumentText
from odf.style import ParagraphProperties, Style, TextProperties
from odf.text import H, P, Span

from app.export.options import ExportOptions
from app.export.paragraphs import make_paragraphs
from app.export.source import ExportDocument, moment

_CHUNK = 200
"""Paragraphs between two reports."""


def build_odt(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write an OpenDocument text with styles for names, times and remarks."""
    paragraphs = list(make_paragraphs(document, options))
    out: Any = OpenDocumentText()
    out.meta.addElement(Title(text=document.heading))
    out.meta.addElement(Date(text=moment(document.created).isoformat(timespec="seconds")))

    def style(name: str, family: str, look: Any, shape: Any = None) -> Any:
        made: Any = Style(name=name, displayname=name, family=family)
        if shape is not None:
            made.addElement(shape)
        made.addElement(look)
        out.styles.addElement(made)
        return made

    below = ParagraphProperties(marginbottom="0.25cm")
    title = style("Heading", "paragraph", TextProperties(fontsize="20pt"), below)
    plain = style(
        "Turn", "paragraph", TextProperties(), ParagraphProperties(marginbottom="0.25cm")
    )
    indented = ParagraphProperties(marginleft="1cm", marginbottom="0.25cm")
    quote = style("Quotation", "paragraph", TextProperties(fontstyle="italic"), indented)
    indented = ParagraphProperties(marginleft="1cm", marginbottom="0.25cm")
    remark = style("Remark", "paragraph", TextProperties(color="#595959"), indented)
    speaker = style("Speaker", "text", TextProperties(fontweight="bold"))
    time = style("Time", "text", TextProperties(color="#595959", fontsize="9pt"))

    if document.heading:
        out.text.addElement(H(outlinelevel=1, stylename=title, text=document.heading))
    for number, paragraph in enumerate(paragraphs):
        if number % _CHUNK == 0:
            yield number / len(paragraphs) / 2
        element: Any = P(stylename=quote if paragraph.is_highlighted else plain)
        if paragraph.name:
            element.addElement(Span(stylename=speaker, text=f"{paragraph.name}: "))
        for place, piece in enumerate(paragraph.pieces):
            if place and not piece.is_joined:
                element.addText(" ")
            if piece.time:
                element.addElement(Span(stylename=time, text=f"[{piece.time}] "))
            element.addText(piece.text)
        out.text.addElement(element)
        if paragraph.note:
            out.text.addElement(
                P(stylename=remark, text=f"{document.note_label}: {paragraph.note}")
            )
    yield 0.5
    file = io.BytesIO()
    out.write(file)
    return file.getvalue()
