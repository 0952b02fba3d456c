"""Hits beside the scroll bar, so that one sees where in a long transcript they are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from app.core.marks import Marks
from app.ui.kit.appearance import Appearance

_MARK_WIDTH = 6
_MARK_HEIGHT = 2
_SETTLED_MS = 150
"""So long after the last edit marks are placed anew: all of them, some ten milliseconds."""


class ScrollMarks(QWidget):
    """Lies over the scroll bar of a text and lets everything through but its marks."""

    def __init__(self, appearance: Appearance, text: QPlainTextEdit) -> None:
        super().__init__(text.verticalScrollBar())
        self._appearance = appearance
        self._text = text
        self._marks = Marks()
        self._rows: list[int] | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._draw_anew)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        text.verticalScrollBar().installEventFilter(self)
        text.verticalScrollBar().rangeChanged.connect(self._draw_soon)
        appearance.theme_changed.connect(self.update)

    def show_marks(self, marks: Marks) -> None:
        """Show where these are; the same marks, changed by an edit, as soon as one pauses."""
        is_edited = marks is self._marks
        self._marks = marks
        if is_edited:
            self._draw_soon()
        else:
            self._draw_anew()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self.setGeometry(self._text.verticalScrollBar().rect())
            self._draw_anew()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._marks):
            return
        if self._rows is None:
            self._rows = self._places()
        painter = QPainter(self)
        theme = self._appearance.theme
        left = (self.width() - _MARK_WIDTH) // 2
        for row in self._rows:
            mark = QRect(left, row, _MARK_WIDTH, _MARK_HEIGHT)
            painter.fillRect(mark.adjusted(-1, 0, 1, 0), QColor(theme.found))
            painter.fillRect(mark, QColor(theme.text))
        painter.end()

    def _places(self) -> list[int]:
        """Give the rows that marks stand in, each once; lines are what the bar counts by."""
        document = self._text.document()
        lines = max(1, document.lineCount())
        room = max(1, self.height() - _MARK_HEIGHT)
        rows: dict[int, None] = {}
        for number in self._marks.paragraphs():
            block = document.findBlockByNumber(number)
            length = max(1, block.length())
            places = self._marks.in_paragraph(number)
            spans = 2 + room * block.lineCount() // lines  # more than so many rows it has not
            for place in places[:: max(1, len(places) // (2 * spans))]:
                line = block.firstLineNumber() + block.lineCount() * place / length
                rows[min(room, int(room * line / lines))] = None
        return list(rows)

    def _draw_soon(self) -> None:
        if self._rows is None:
            self.update()
        else:
            self._settled.start()

    def _draw_anew(self) -> None:
        self._rows = None
        self.update()
