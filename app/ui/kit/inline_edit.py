"""A line to type in, put over what it replaces."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.kit.focus_back import FocusBack
from app.ui.kit.line_field import LineField

_LEAST_WIDTH = 140
_SPARE_WIDTH = 48
_HEIGHT, _ABOVE = 30, 5
_REACH = 8
"""How far it goes beyond what it is about, so that its text stands where that stood."""


class InlineEdit(LineField):
    """Edit a short text in place: Return or leaving keeps it, Esc does not.

    It is as wide as what it says, and grows while one types.

    Signals:
        accepted: What was typed, if it is another text.
        closed: It is gone, kept or not.
    """

    accepted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._host = parent
        self._text_before = ""
        self._over = QRect()
        self._is_below = False
        self._focus_back = FocusBack()
        self.hide()
        self.textChanged.connect(self._fit)
        self.returnPressed.connect(self.finish)

    def open(
        self,
        text: str,
        over: QRect,
        name: str,
        *,
        is_below: bool = False,
        font: QFont | None = None,
        foreground: str = "",
    ) -> None:
        """Begin.

        Args:
            text: What stands there now.
            over: Where, in the parent's coordinates.
            name: What is edited, for those who hear it.
            is_below: Stand below that place and as wide, so that it can still be read.
            font: Of what stands there, so that it does not change as it is written in; the
                host's if left out.
            foreground: Its colour, as ``#rrggbb``; that of fields if left out.
        """
        self.setFont(font or self._host.font())
        self.setStyleSheet(f"QLineEdit {{ color: {foreground}; }}" if foreground else "")
        self._text_before = text
        self._focus_back.remember(self)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setText(text)
        self._over, self._is_below = over, is_below
        self.ensurePolished()  # the sizes of the program's sheet, not the system's
        self._fit()
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
            self.accepted.emit(text.strip())

    @override
    def event(self, arg__1: QEvent) -> bool:
        # Esc is for this line first, whatever it does in the window.
        if (
            arg__1.type() is QEvent.Type.ShortcutOverride
            and isinstance(arg__1, QKeyEvent)
            and arg__1.key() == Qt.Key.Key_Escape
        ):
            arg__1.accept()
            return True
        return super().event(arg__1)

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

    def _fit(self) -> None:
        """Take the room that the text needs, or the words that stand for it."""
        over, parent, metrics = self._over, self._host.rect(), self.fontMetrics()
        said = max(
            metrics.horizontalAdvance(one) for one in (self.text(), self.placeholderText())
        )
        width = max(_LEAST_WIDTH, said + _SPARE_WIDTH)
        height = max(_HEIGHT, metrics.height() + 2 * _ABOVE)
        top = over.center().y() - height // 2
        if self._is_below:
            width = max(width, over.width() + 2 * _REACH)
            top = over.bottom() + 1
        width = min(width, parent.width())
        left = min(max(0, over.left() - _REACH), parent.width() - width)
        self.setGeometry(left, min(max(0, top), parent.height() - height), width, height)

    def _close(self) -> None:
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._focus_back.give(self._host)
        self.closed.emit()
