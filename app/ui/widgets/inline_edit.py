"""A line to type in, put over what it replaces."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

_LEAST_WIDTH = 140
_SPARE_WIDTH = 48
_HEIGHT = 30


class InlineEdit(QLineEdit):
    """Edit a short text in place: Return or leaving keeps it, Esc does not.

    Signals:
        kept: What was typed, if it is another text.
        closed: It is gone, kept or not.
    """

    kept = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._text_before = ""
        self.hide()
        self.returnPressed.connect(self.finish)

    def open(self, text: str, over: QRect, name: str) -> None:
        """Begin.

        Args:
            text: What stands there now.
            over: Where, in the parent's coordinates.
            name: What is edited, for those who hear it.
        """
        self._text_before = text
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setText(text)
        parent = self._host.rect()
        width = max(_LEAST_WIDTH, self.fontMetrics().horizontalAdvance(text) + _SPARE_WIDTH)
        width = min(width, parent.width())
        left = min(max(0, over.left() - 8), parent.width() - width)
        top = over.center().y() - _HEIGHT // 2
        self.setGeometry(left, min(max(0, top), parent.height() - _HEIGHT), width, _HEIGHT)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """Keep what was typed, as leaving does; nothing happens if it is not open."""
        if self.isHidden():
            return
        text = self.text()
        is_new = text.strip() != self._text_before
        self._close()
        if is_new:
            self.kept.emit(text.strip())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()  # QLineEdit passes it on to the view beneath, which acts on it

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self.finish()

    def _close(self) -> None:
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
