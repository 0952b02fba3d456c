"""How a word shows what it is: each of these has a form of its own, not only a colour.

=============  ==================================================
spoken now     a tint with a line all around it
selected       a plain block from line to line, and a line at its foot
found          a tint with a thick line under it; the one looked at
               also a thin line around it
in doubt       dots under it
misspelt       a wave under it
struck out     a line through it
highlighted    a tint over the lower half, as of a marker pen
noted          dashes under it
bookmarked     a flag at its first letter
not heard yet  paler, if a person wants that
without words  an editor's caret behind the word before: something is
               said there and was not heard
=============  ==================================================
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF, QTextCharFormat

from app.ui.kit.themes import Theme

HIGHLIGHT_REACH = 3
_HIGHLIGHT_RADIUS = 5
_LIT_LINE = 2.0
_HIT_LINE = 3.0
_SELECTED_LINE = 2.0
_NOTE_LINE = 1.5
_FLAG = 7.0
_WAVE_STEP, _WAVE_HEIGHT, _WAVE_LINE = 2.5, 2.5, 1.2
_CARET, _CARET_LINE = 7.0, 1.8
_PEN_FROM = 0.5
_PEN_STRENGTH = 0.35
_VEIL, _VEIL_IN_CONTRAST = 0.34, 0.22
_DIM, _DIM_IN_CONTRAST = 0.6, 0.4


def paint_spoken(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Light a word: a tint, and around it a line that stands out from the page."""
    reach = rect.adjusted(-HIGHLIGHT_REACH, -1, HIGHLIGHT_REACH, 1)
    half = _LIT_LINE / 2
    painter.setPen(QPen(QColor(theme.accent), _LIT_LINE))
    painter.setBrush(QColor(theme.highlight))
    painter.drawRoundedRect(
        reach.adjusted(half, half, -half, -half), _HIGHLIGHT_RADIUS, _HIGHLIGHT_RADIUS
    )
    painter.setPen(Qt.PenStyle.NoPen)


def paint_misspelled(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Draw a wave under a word that the dictionary does not know."""
    count = max(2, round(rect.width() / _WAVE_STEP))
    step = rect.width() / count
    middle = rect.bottom() - _WAVE_HEIGHT
    points = [
        QPointF(rect.left() + place * step, middle + (_WAVE_HEIGHT if place % 2 else 0.0))
        for place in range(count + 1)
    ]
    painter.setPen(QPen(QColor(theme.bad), _WAVE_LINE))
    painter.drawPolyline(points)
    painter.setPen(Qt.PenStyle.NoPen)


def paint_hit(painter: QPainter, theme: Theme, rect: QRectF, *, is_current: bool) -> None:
    """Mark what a search found: a tint with a thick line under it."""
    painter.setBrush(QColor(theme.found))
    painter.drawRect(rect)
    painter.setBrush(QColor(theme.found_line))
    painter.drawRect(QRectF(rect.left(), rect.bottom() - _HIT_LINE, rect.width(), _HIT_LINE))
    if is_current:
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setPen(Qt.PenStyle.NoPen)


def paint_selected(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Draw the foot of what is selected: its tint alone is not seen by everyone."""
    foot = QRectF(rect.left(), rect.bottom() - _SELECTED_LINE, rect.width(), _SELECTED_LINE)
    painter.fillRect(foot, QColor(theme.muted))


def paint_highlight(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Draw a marker pen over words."""
    colour = QColor(theme.good)
    colour.setAlphaF(_PEN_STRENGTH)
    top = rect.top() + rect.height() * _PEN_FROM
    painter.setBrush(colour)
    painter.drawRect(QRectF(rect.left(), top, rect.width(), rect.bottom() - top))


def paint_note(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Draw dashes under words that something is noted on."""
    painter.setPen(QPen(QColor(theme.accent), _NOTE_LINE, Qt.PenStyle.DashLine))
    foot = rect.bottom() - _NOTE_LINE / 2
    painter.drawLine(QPointF(rect.left(), foot), QPointF(rect.right(), foot))
    painter.setPen(Qt.PenStyle.NoPen)


def paint_bookmark(painter: QPainter, theme: Theme, rect: QRectF, *, is_rtl: bool) -> None:
    """Draw a flag at the first letter of what is bookmarked."""
    edge = rect.right() if is_rtl else rect.left()
    towards = -_FLAG if is_rtl else _FLAG
    painter.setBrush(QColor(theme.accent))
    corners = (
        QPointF(edge, rect.top()),
        QPointF(edge + towards, rect.top()),
        QPointF(edge, rect.top() + _FLAG),
    )
    painter.drawPolygon(QPolygonF(corners))


def paint_wordless(
    painter: QPainter, theme: Theme, rect: QRectF, *, is_rtl: bool = False
) -> None:
    """Draw the caret by which editors say that something is missing behind a word."""
    at = rect.left() - _CARET / 2 if is_rtl else rect.right() + _CARET / 2
    foot = rect.bottom() - 1
    painter.setPen(QPen(QColor(theme.bad), _CARET_LINE))
    painter.drawPolyline(
        [
            QPointF(at - _CARET / 2, foot),
            QPointF(at, foot - _CARET),
            QPointF(at + _CARET / 2, foot),
        ]
    )
    painter.setPen(Qt.PenStyle.NoPen)


def doubtful_format(theme: Theme) -> QTextCharFormat:
    """Give the dots under a word that is in doubt."""
    looks = QTextCharFormat()
    looks.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    looks.setUnderlineColor(QColor(theme.bad))
    return looks


def struck_format(theme: Theme, *, is_hidden: bool) -> QTextCharFormat:
    """Give how a struck word stands: a line through it, or so small that it is not seen."""
    looks = QTextCharFormat()
    if is_hidden:
        looks.setProperty(QTextCharFormat.Property.FontPixelSize, 1)
        looks.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        looks.setFontLetterSpacing(0)
        looks.setForeground(Qt.GlobalColor.transparent)
    else:
        looks.setFontStrikeOut(True)
        looks.setForeground(QColor(theme.muted))
    return looks


def dimming(theme: Theme) -> QColor:
    """Give what is laid over paragraphs that are not looked at now; they can still be read."""
    colour = QColor(theme.window)
    colour.setAlphaF(_DIM_IN_CONTRAST if theme.is_high_contrast else _DIM)
    return colour


def veil(theme: Theme) -> QColor:
    """Give what is laid over words that nobody has heard yet; they can still be read."""
    colour = QColor(theme.window)
    colour.setAlphaF(_VEIL_IN_CONTRAST if theme.is_high_contrast else _VEIL)
    return colour
