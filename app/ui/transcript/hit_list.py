"""A list of places in which something is to be replaced; each can be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.core.replacing import Hit
from app.core.transcript import Transcript
from app.ui.kit.appearance import Appearance
from app.ui.kit.chosen_rows import ChosenRows, Index
from app.ui.kit.tick_list import TickList
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8
from app.ui.wording import clock, spoken_change

_BEFORE, _AFTER = 36, 60
_OLD_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Line:
    """One place as it is shown.

    Attributes:
        head: When it is spoken, and what stands before.
        old: What stands there.
        new: What is to stand there.
        tail: What stands behind.
    """

    head: str
    old: str
    new: str
    tail: str


class HitModel(ChosenRows[Hit]):
    """Places to replace something in, all of them chosen at first."""

    def __init__(
        self,
        transcript: Transcript,
        hits: Sequence[Hit],
        left_out: Sequence[int] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(hits, left_out, parent)
        self._transcript = transcript

    def line(self, row: int) -> Line:
        """Give what is shown of a place."""
        hit = self.row(row)
        paragraph = self._transcript.paragraphs[hit.paragraph]
        text, found = paragraph.text, hit.found
        head = text[max(0, found.start - _BEFORE) : found.start]
        if found.start > _BEFORE:
            head = "…" + head
        tail = text[found.end : found.end + _AFTER]
        if found.end + _AFTER < len(text):
            tail += "…"
        return Line(
            f"{clock(paragraph.start_ms)}  {head}",
            text[found.start : found.end],
            found.text,
            tail,
        )

    @override
    def text(self, number: int) -> str:
        line = self.line(number)
        return f"{line.head}{line.old} → {line.new}{line.tail}"

    @override
    def spoken(self, number: int) -> str:
        line = self.line(number)
        return f"{spoken_change(line.old, line.new)}: {line.head}{line.old}{line.tail}"

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if role == _OLD_ROLE and index.isValid():
            return self.line(index.row())
        return super().data(index, role)


class HitDelegate(QStyledItemDelegate):
    """Shows the old word struck through and the new one beside it."""

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(HIT_SIZE, option.fontMetrics.height() + SPACE_4))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(_OLD_ROLE)
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.text = ""
        style = QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        room = style.subElementRect(
            QStyle.SubElement.SE_ItemViewItemText,
            shown,
            shown.widget,
        )
        change = f"{line.head}{line.old} {line.new}"
        left = room.width() - SPACE_4 - shown.fontMetrics.horizontalAdvance(change)
        tail = shown.fontMetrics.elidedText(
            line.tail, Qt.TextElideMode.ElideRight, left - SPACE_8
        )
        layout = QTextLayout(change + tail, shown.font)
        at = len(line.head)
        layout.setFormats(
            [
                self._format(at, len(line.old), "bad", is_struck=True),
                self._format(at + len(line.old) + 1, len(line.new), "good", is_struck=False),
            ]
        )
        layout.beginLayout()
        row = layout.createLine()
        row.setLineWidth(100_000)
        layout.endLayout()
        painter.save()
        painter.setClipRect(room)
        painter.setPen(shown.palette.color(QPalette.ColorRole.Text))
        top = room.top() + (room.height() - row.height()) / 2
        layout.draw(painter, QPointF(room.left() + SPACE_4, top))
        painter.restore()

    def _format(
        self, start: int, length: int, role: str, *, is_struck: bool
    ) -> QTextLayout.FormatRange:
        one = QTextLayout.FormatRange()
        form = QTextCharFormat()
        form.setForeground(QColor(self._appearance.color(role)))
        form.setFontStrikeOut(is_struck)
        if not is_struck:
            form.setFontWeight(QFont.Weight.DemiBold)
        one.start, one.length, one.format = start, length, form
        return one


class HitView(TickList):
    """Shows the places; Space or a click on the box leaves one out or takes it in."""

    def __init__(
        self, appearance: Appearance, model: HitModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self.setAccessibleName(self.tr("Matches to replace"))
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(HitDelegate(appearance, self))
        model.setParent(self)
        self.setModel(model)
        if model.rowCount():
            self.setCurrentIndex(model.index(0))
