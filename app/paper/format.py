"""PDF among the formats; what needs Qt is loaded only when somebody wants one."""

from __future__ import annotations

from collections.abc import Generator

from app.export.formats import TEXT, Format
from app.export.options import ExportOptions
from app.export.source import ExportDocument


def _build(document: ExportDocument, options: ExportOptions) -> Generator[float, None, bytes]:
    from app.paper import pdf

    return pdf.build_pdf(document, options)


PDF = Format("pdf", ".pdf", "PDF", "For printing, and for passing on as it is.", TEXT, _build)
"""Beside those of ``app.export.formats.FORMATS``."""
