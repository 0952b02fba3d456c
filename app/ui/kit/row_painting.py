"""What the rows of every list have: their ground, and a line that fills."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QWidget

from app.ui.kit.themes import Theme
from app.ui.kit.tokens import RADIUS


def paint_ground(
    painter: QPainter, inner: QRectF, state: QStyle.StateFlag, theme: Theme, view: QWidget
) -> None:
    """Paint what lies behind a row: selected, under the pointer, with the focus.

    Args:
        painter: What to paint with.
        inner: The row without its margins.
        state: Of the row.
        theme: The colours.
        view: The list; only while it has the focus does a row show it.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        # The tint is calm, and too pale to be seen by everyone; the line around it is not.
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.setBrush(QColor(theme.selection))
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(theme.hover))
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
    if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawRoundedRect(inner, RADIUS, RADIUS)


def mirrored(view: QWidget, rect: QRect, width: int) -> QRect:
    """Give where a part of a row stands in a view that is read in its own direction.

    Args:
        view: What the row is in.
        rect: Where it stands where one reads from the left.
        width: Of the row.
    """
    row = QRect(0, rect.top(), width, rect.height())
    return QStyle.visualRect(view.layoutDirection(), row, rect)


def paint_share(painter: QPainter, line: QRectF, done: float, track: str, filled: str) -> None:
    """Paint a line that is filled as far as something is done, from where reading begins.

    Args:
        painter: What to paint with.
        line: The whole line.
        done: Width of what is done.
        track: Colour of the whole line.
        filled: Colour of what is done.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(track))
    painter.drawRoundedRect(line, 1.5, 1.5)
    part = QRectF(line)
    part.setWidth(done)
    if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        part.moveRight(line.right())
    painter.setBrush(QColor(filled))
    painter.drawRoundedRect(part, 1.5, 1.5)
