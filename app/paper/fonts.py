"""Qt's fonts where no window has got them up."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication


@lru_cache(maxsize=1)
def get_fonts_ready() -> QGuiApplication:
    """Give the application that Qt's fonts need; it lives as long as the process.

    Call it in the main thread, before ``app/paper/format.py`` writes in another.
    """
    there = QCoreApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    return QGuiApplication(["wordlight", "-platform", "offscreen"])
