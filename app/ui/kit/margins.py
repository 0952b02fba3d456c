"""Room around things, and texts, by where reading begins."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QGuiApplication


def read_from_here(text: str) -> str:
    """Let a text begin where reading begins, also where its first word is of another script.

    Qt takes the way of a whole text from its first letters: the name of a file or of a model
    would draw all that stands behind it to the other side.
    """
    return f"\u200f{text}" if _is_mirrored() and text else text


def from_left(path: str) -> str:
    """Let the place of a file be read from the left, whatever way all runs around it."""
    return f"\u2066{path}\u2069" if _is_mirrored() else path


def margins(first: int, above: int, last: int, below: int) -> QMargins:
    """Give margins that turn round with what they are around.

    Qt mirrors what lies in a layout where one reads from the right, and not its margins.

    Args:
        first: Where reading begins.
        above: Above.
        last: Where reading ends.
        below: Below.
    """
    if _is_mirrored():
        return QMargins(last, above, first, below)
    return QMargins(first, above, last, below)


def _is_mirrored() -> bool:
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
