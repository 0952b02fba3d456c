"""Drag the name of a turn to the word it is to begin with."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.transcript.text import TranscriptText

_WIDTH = 3


class _Mark(QWidget):
    """Shows where the turn would begin."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._appearance.theme.accent))
        painter.end()


class TurnDrag(QObject):
    """Watches the page for a name that is dragged over its words.

    Signals:
        dropped: Paragraph whose name was dragged, and the word it was dropped on.
    """

    dropped = Signal(int, int)

    def __init__(self, appearance: Appearance, text: TranscriptText) -> None:
        super().__init__(text)
        self._text = text
        self._mark = _Mark(appearance, text.viewport())
        self._paragraph: int | None = None
        self._pressed_at = QPoint()
        self._word: int | None = None
        self._is_dragging = False
        text.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        at = event.position().toPoint()
        match event.type():
            # Pressed soon after a click it is a double one, and dragged as well.
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick if (
                event.button() is Qt.MouseButton.LeftButton
            ):
                self._paragraph = self._name_at(at)
                self._pressed_at = at
                self._is_dragging = False
            case QEvent.Type.MouseMove if self._paragraph is not None:
                if (
                    at - self._pressed_at
                ).manhattanLength() >= QApplication.startDragDistance():
                    self._is_dragging = True
                if self._is_dragging:
                    self._follow(at)
                    return True
            case QEvent.Type.MouseButtonRelease if self._paragraph is not None:
                paragraph, self._paragraph = self._paragraph, None
                self._mark.hide()
                self._text.viewport().unsetCursor()
                if self._is_dragging:
                    self._is_dragging = False
                    if self._word is not None:
                        self.dropped.emit(paragraph, self._word)
                    return True
            case _:
                pass
        return False

    def _follow(self, at: QPoint) -> None:
        self._word = self._text.word_at_point(at)
        self._mark.setVisible(self._word is not None)
        self._text.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        if self._word is not None:
            rect = self._text.word_rects(self._word)[0].toAlignedRect()
            is_rtl = self._text.is_rtl_at(self._word)
            edge = rect.right() if is_rtl else rect.left() - _WIDTH
            self._mark.setGeometry(QRect(edge, rect.top(), _WIDTH, rect.height()))

    def _name_at(self, at: QPoint) -> int | None:
        paragraph = self._text.paragraph_at_point(at)
        if paragraph is not None and self._text.name_rect(paragraph).contains(at):
            return paragraph
        return None
