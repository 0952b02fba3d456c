"""OpenDocument texts (ODT), built so that a caller can show progress and stop."""

# odfpy has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
from __future__ import annotations

import io
from collections.abc import Generator
from typing import Any

from odf.dc import Date, Title
from odf.namespaces import (
    CHARTNS,
    DCNS,
    DRAWNS,
    FONS,
    MANIFESTNS,
    METANS,
    OFFICENS,
    PRESENTATIONNS,
    STYLENS,
    TABLENS,
    TEXTNS,
)
from odf.opendocument import OpenDocumentText
from odf.style import DefaultStyle, ParagraphProperties, Style, TextProperties
from odf.text import H, P, Span

from app.export.archives import undated
from app.export.direction import by_itself, has_right_to_left, is_right_to_left, isolated
from app.export.options import ExportOptions
from app.export.paragraphs import make_paragraphs
from app.export.source import ExportDocument, moment

_QUIET = "#595959"
_LOOKS: dict[str, dict[str, str]] = {
    "Heading": {"fontsize": "20pt", "fontsizeasian": "20pt", "fontsizecomplex": "20pt"},
    "Turn": {},
    "Quotation": {"fontstyle": "italic", "fontstylecomplex": "italic"},
    "Remark": {"color": _QUIET},
}
_CHUNK = 200
"""Paragraphs between two reports."""
_NAMESPACES = (
    OFFICENS, TEXTNS, METANS, DCNS, STYLENS, FONS, MANIFESTNS, CHARTNS, DRAWNS, PRESENTATIONNS,
    TABLENS,
)  # fmt: skip
"""All that these documents use."""


def build_odt(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write an OpenDocument text with styles for names, times and remarks.

    The same document gives the same bytes, whenever it is written.
    """
    paragraphs = list(make_paragraphs(document, options))
    out: Any = OpenDocumentText()
    for namespace in _NAMESPACES:
        # odfpy 1.4: a file declares what the process has met by then, the first one less
        # than those after it. Met beforehand, all is in all of them.
        out.text.get_nsprefix(namespace)
    out.meta.addElement(Title(text=document.heading))
    out.meta.addElement(Date(text=moment(document.created).isoformat(timespec="seconds")))

    if document.language:
        _set_language(out, document.language)
    styles = _Styles(out)
    speaker = styles.of_text("Speaker", fontweight="bold", fontweightcomplex="bold")
    time = styles.of_text("Time", color=_QUIET, fontsize="9pt")

    if document.heading:
        look = styles.of_paragraph("Heading", document.heading)
        out.text.addElement(H(outlinelevel=1, stylename=look, text=document.heading))
    for number, paragraph in enumerate(paragraphs):
        if number % _CHUNK == 0:
            yield number / len(paragraphs) / 2
        name = "Quotation" if paragraph.is_highlighted else "Turn"
        element: Any = P(stylename=styles.of_paragraph(name, paragraph.words))
        if paragraph.time:
            element.addElement(Span(stylename=time, text=f"[{paragraph.time}] "))
        is_mixed = has_right_to_left(paragraph.name + paragraph.words)
        is_rtl = is_mixed and is_right_to_left(paragraph.words)
        if paragraph.name:
            label = by_itself(paragraph.name) if is_mixed else paragraph.name
            element.addElement(Span(stylename=speaker, text=f"{label}: "))
        for place, piece in enumerate(paragraph.pieces):
            if place and not piece.is_joined:
                element.addText(" ")
            if piece.time:
                mark = f"[{piece.time}]"
                mark = by_itself(mark) if is_mixed else mark
                element.addElement(Span(stylename=time, text=f"{mark} "))
            element.addText(piece.text if is_rtl else isolated(piece.text))
        out.text.addElement(element)
        if paragraph.note:
            look = styles.of_paragraph("Remark", paragraph.note)
            note = f"{document.note_label}: {paragraph.note}"
            out.text.addElement(P(stylename=look, text=note))
    yield 0.5
    file = io.BytesIO()
    out.write(file)
    return undated(file.getvalue())


class _Styles:
    """The styles of a document, each made when it is first asked for."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._made: dict[str, Any] = {}

    def of_text(self, name: str, **look: str) -> Any:
        """Give a style of words within a paragraph."""
        return self._style(name, "text", TextProperties(**look))

    def of_paragraph(self, name: str, text: str) -> Any:
        """Give a style of paragraphs, in the form for the way that a text is read."""
        is_rtl = is_right_to_left(text)
        full_name = f"{name} from right to left" if is_rtl else name
        if full_name in self._made:
            return self._made[full_name]
        shape = {"marginbottom": "0.25cm"}
        if is_rtl:
            shape |= {"writingmode": "rl-tb", "textalign": "right"}
        if name in {"Quotation", "Remark"}:
            shape["marginleft"] = "1cm"  # before the text, on whichever side
        look = dict(_LOOKS[name])
        if is_rtl:  # scripts that are read from the right have no italics
            look = {key: value for key, value in look.items() if "style" not in key}
        return self._style(
            full_name,
            "paragraph",
            TextProperties(**look),
            ParagraphProperties(**shape),
        )

    def _style(self, name: str, family: str, *properties: Any) -> Any:
        made: Any = Style(name=name.replace(" ", "_"), displayname=name, family=family)
        for one in reversed(properties):  # what shapes the paragraph comes first
            made.addElement(one)
        self._out.styles.addElement(made)
        self._made[name] = made
        return made


def _set_language(out: Any, code: str) -> None:
    """Say what language the text is in, so that it is not spell-checked in another."""
    said = {"language": code, "country": "none"}
    said |= {"languageasian": code, "countryasian": "none"}
    said |= {"languagecomplex": code, "countrycomplex": "none"}
    usual: Any = DefaultStyle(family="paragraph")
    usual.addElement(TextProperties(**said))
    out.styles.addElement(usual)
