"""Room around things, by where reading begins."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QGuiApplication


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
