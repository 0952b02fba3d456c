"""Room around things, and texts, by where reading begins."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QGuiApplication


def read_from_here(text: str) -> str:
    """Let a text begin where reading begins, also where its first word is of another script.

    Qt takes the way of a whole text from its first letters: the name of a file or of a model
    would draw all that stands behind it to the other side.
    """
    is_mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return f"\u200f{text}" if is_mirrored and text else text


def margins(first: int, above: int, last: int, below: int) -> QMargins:
    """Give margins that turn round with what they are around.

    Qt mirrors what lies in a layout where one reads from the right, and not its margins.

    Args:
        first: Where reading begins.
        above: Above.
        last: Where reading ends.
        below: Below.
    """
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        return QMargins(last, above, first, below)
    return QMargins(first, above, last, below)
