"""The formats the command line knows; what needs fonts gets up only when asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.export.bundle import BUNDLE
from app.export.formats import FORMATS, Format

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

PDF_NAME = "pdf"
NAMES = (*FORMATS, PDF_NAME, BUNDLE.name)


def format_named(name: str) -> Format:
    """Give a format by its name; for PDF, fonts are made ready without a screen."""
    if name == PDF_NAME:
        from app.paper.pdf import PDF

        _fonts()
        return PDF
    return BUNDLE if name == BUNDLE.name else FORMATS[name]


def suffix_of(name: str) -> str:
    """Give how files of a format end, dot included, without getting fonts up."""
    return f".{PDF_NAME}" if name == PDF_NAME else format_named(name).suffix


@lru_cache(maxsize=1)
def _fonts() -> QGuiApplication:
    """Give the application that Qt's fonts need; it lives as long as the process."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QGuiApplication

    there = QCoreApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    return QGuiApplication(["wordlight", "-platform", "offscreen"])
