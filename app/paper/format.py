"""What needs fonts among the formats; Qt is loaded only when somebody wants one."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from app.core.messages import Message
from app.export.formats import FORMATS, TEXT, Format
from app.export.options import ExportOptions
from app.export.source import ExportDocument
from app.paper.scripts import find_missing, has_rare_characters


def _build(document: ExportDocument, options: ExportOptions) -> Generator[float, None, bytes]:
    from app.paper import pdf

    return pdf.build_pdf(document, options)


PDF = Format("pdf", ".pdf", "PDF", "For printing and sharing.", TEXT, _build)
"""Beside those of ``app.export.formats.FORMATS``."""


def needs_fonts(document: ExportDocument, kind: Format) -> bool:
    """Tell whether fonts have to be got ready before a document is written in a format."""
    if kind.name == PDF.name:
        return True
    return kind.remark is not None and any(map(has_rare_characters, _texts(document)))


def _texts(document: ExportDocument) -> list[str]:
    texts = [document.heading, *document.labels().values()]
    for one in document.transcript.paragraphs:
        texts += [one.text, one.note]
    return texts


def _remark(document: ExportDocument) -> Message | None:
    texts = [text for text in _texts(document) if has_rare_characters(text)]
    missing, _ = find_missing(texts)
    return None if missing is None else missing.remark()


PAGES = tuple(replace(FORMATS[name], remark=_remark) for name in ("html", "html-static"))
"""The pages, which say it where this computer has no font for them."""
