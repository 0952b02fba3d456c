"""One row of the library.

::

    Name, elided   (tag) (tag)                       Today, 14:05
    52:14 · Pulse · English · 2 speakers · 28 MB        40 % reviewed

Where something was searched for, the places where it was found stand below the transcript,
each with its time and who speaks, and the found words on the colour of search hits::

        12:04 · Linda
        … as much as the people wanted …
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.store.search import Hit
from app.ui.kit.appearance import Appearance
from app.ui.kit.row_painting import paint_ground, paint_share
from app.ui.kit.tokens import (
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    TEXT_BASE,
    TEXT_SMALL,
)
from app.ui.library import wording
from app.ui.library.model import LibraryModel, LibraryRow

_Index = QModelIndex | QPersistentModelIndex
_LEFT = SPACE_24
_INDENT = SPACE_24
"""How far found places stand in from their transcript."""
_MOST_TAG_SHARE = 0.4
_LINE_THICKNESS = 3
_LINE_WIDTH = 48


class LibraryDelegate(QStyledItemDelegate):
    """Draws the rows, all of one height."""

    def __init__(self, view: QListView, appearance: Appearance) -> None:
        super().__init__(view)
        self._view = view
        self._appearance = appearance
        self._measure()
        appearance.theme_changed.connect(self._measure)

    def name_rect(self, index: _Index) -> QRect:
        """Say where in the view a row's name stands."""
        row = self._view.visualRect(index)
        return QRect(
            row.left() + _LEFT, row.top() + SPACE_8, row.width() - 2 * _LEFT, self._name_height
        )

    # -- Qt -------------------------------------------------------------------

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return self._size

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = cast("LibraryModel", index.model()).row_at(index.row())
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, option.state)
        inside = rect.adjusted(_LEFT, SPACE_8, -_LEFT, -SPACE_8)
        if row.hit is not None:
            self._paint_hit(painter, inside, row, row.hit)
            painter.restore()
            return
        first = QRect(inside.left(), inside.top(), inside.width(), self._name_height)
        second = QRect(inside.left(), first.bottom() + 1, inside.width(), self._small_height)
        self._paint_first(painter, first, row)
        self._paint_second(painter, second, row)
        painter.restore()

    # -- inside ---------------------------------------------------------------

    def _measure(self) -> None:
        self._name_font = self._appearance.font(TEXT_BASE, weight=500)
        self._small_font = self._appearance.font(TEXT_SMALL, tabular=True)
        self._name_metrics = QFontMetrics(self._name_font)
        self._small_metrics = QFontMetrics(self._small_font)
        self._name_height = self._name_metrics.height() + SPACE_4
        self._small_height = self._small_metrics.height() + 2
        self._size = QSize(0, 2 * SPACE_8 + self._name_height + self._small_height)

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        inner = QRectF(rect).adjusted(SPACE_12, 1.5, -SPACE_12, -1.5)
        paint_ground(painter, inner, state, self._appearance.theme, self._view)

    def _paint_first(self, painter: QPainter, rect: QRect, row: LibraryRow) -> None:
        theme = self._appearance.theme
        entry = row.entry
        at_ms = entry.created_ms if entry.deleted_ms is None else entry.deleted_ms
        date = wording.when(at_ms)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._small_font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, date)
        room = rect.width() - self._small_metrics.horizontalAdvance(date) - SPACE_16
        tags = self._fitting_tags(entry.tags, round(room * _MOST_TAG_SHARE))
        tag_room = sum(self._tag_width(tag) + SPACE_4 for tag in tags)
        name = self._name_metrics.elidedText(
            entry.name, Qt.TextElideMode.ElideMiddle, room - tag_room - SPACE_8
        )
        painter.setFont(self._name_font)
        painter.setPen(QColor(theme.text))
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignLeft, name)
        left = rect.left() + self._name_metrics.horizontalAdvance(name) + SPACE_12
        painter.setFont(self._small_font)
        for tag in tags:
            chip = QRectF(left, rect.top() + 1, self._tag_width(tag), self._small_height)
            chip.moveTop(rect.top() + (rect.height() - chip.height()) / 2)
            if self._view.isRightToLeft():
                chip.moveRight(rect.left() + rect.right() + 1 - chip.left())
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
            painter.setPen(QColor(theme.muted))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
            left += self._tag_width(tag) + SPACE_4

    def _fitting_tags(self, tags: tuple[str, ...], room: int) -> list[str]:
        """Give the tags that fit, and how many more there are."""
        fitting: list[str] = []
        for place, tag in enumerate(tags):
            room -= self._tag_width(tag) + SPACE_4
            if room < 0:
                return [*fitting, f"+{len(tags) - place}"]
            fitting.append(tag)
        return fitting

    def _tag_width(self, tag: str) -> int:
        return self._small_metrics.horizontalAdvance(tag) + 2 * SPACE_8

    def _paint_second(self, painter: QPainter, rect: QRect, row: LibraryRow) -> None:
        theme = self._appearance.theme
        painter.setFont(self._small_font)
        painter.setPen(QColor(theme.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        heard = wording.progress(row.entry)
        room = rect.width()
        if heard:
            painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, heard)
            wide = self._small_metrics.horizontalAdvance(heard)
            line = QRectF(
                rect.right() + 1 - wide - SPACE_8 - _LINE_WIDTH,
                rect.center().y() - 1,
                _LINE_WIDTH,
                _LINE_THICKNESS,
            )
            if self._view.isRightToLeft():
                line.moveLeft(rect.left() + wide + SPACE_8)
            self._paint_heard(painter, line, row.entry.reviewed_fraction)
            painter.setPen(QColor(theme.muted))
            room -= wide + SPACE_8 + _LINE_WIDTH + SPACE_16
        text = self._small_metrics.elidedText(
            wording.about(row.entry), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_heard(self, painter: QPainter, line: QRectF, share: float) -> None:
        theme = self._appearance.theme
        done = max(_LINE_THICKNESS, line.width() * share)
        paint_share(painter, line, done, theme.track, theme.muted)

    def _paint_hit(self, painter: QPainter, rect: QRect, row: LibraryRow, hit: Hit) -> None:
        """Draw a found place below its transcript: when and who, then the words."""
        is_rtl = self._view.isRightToLeft()
        inside = rect.adjusted(0 if is_rtl else _INDENT, 0, -_INDENT if is_rtl else 0, 0)
        height = inside.height() // 2
        if row.place is not None:
            painter.setFont(self._small_font)
            painter.setPen(QColor(self._appearance.theme.muted))
            line = QRect(inside.left(), inside.top(), inside.width(), height)
            where = self._small_metrics.elidedText(
                wording.place_of(row.place), Qt.TextElideMode.ElideRight, line.width()
            )
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(line, side, where)
        below = QRect(inside.left(), inside.top() + height, inside.width(), height)
        self._paint_snippet(painter, below, hit)

    def _paint_snippet(self, painter: QPainter, rect: QRect, hit: Hit) -> None:
        """Draw the words around a hit; laid out once, so that scripts join as they should."""
        theme = self._appearance.theme
        layout = QTextLayout(hit.snippet, self._small_font)
        marked = QTextCharFormat()
        marked.setBackground(QColor(theme.found))
        marked.setForeground(QColor(theme.text))
        ranges: list[QTextLayout.FormatRange] = []
        for start, end in hit.marks:
            found = QTextLayout.FormatRange()
            found.start = _utf16(hit.snippet[:start])
            found.length = _utf16(hit.snippet[start:end])
            found.format = marked
            ranges.append(found)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(100_000)
        layout.endLayout()
        left = rect.left()
        if self._view.isRightToLeft():
            left = rect.right() + 1 - round(line.naturalTextWidth())
        painter.setPen(QColor(theme.text))
        painter.setClipRect(rect)
        top = rect.top() + (rect.height() - line.height()) / 2
        layout.draw(painter, QRectF(left, top, 0, 0).topLeft())


def _utf16(text: str) -> int:
    """Count a text as Qt does: characters beyond the first plane twice."""
    return len(text) + sum(character > "\uffff" for character in text)
