"""Shift+F10 opens the menu of what has the focus, which Qt leaves to a key of its own."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


def ask_for_menu(within: QWidget, event: QKeyEvent) -> bool:
    """Open the menu of what has the focus, if the key is Shift+F10.

    On Windows the system itself asks for the menu then; on macOS no key does.

    Args:
        within: Where it must be.
        event: A key that nobody took so far.

    Returns:
        Whether somebody was asked; the event is accepted then.
    """
    is_asked = (
        event.key() == Qt.Key.Key_F10
        and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        and sys.platform not in {"win32", "darwin"}
    )
    focused = QApplication.focusWidget()
    if not is_asked or focused is None or not within.isAncestorOf(focused):
        return False
    event.accept()
    at = caret_of(focused).center()
    asked = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, at, focused.mapToGlobal(at), event.modifiers()
    )
    to: QWidget | None = focused
    while to is not None and to is not within:
        asked.setAccepted(True)
        if QApplication.sendEvent(to, asked) and asked.isAccepted():
            break
        to = to.parentWidget()
    return True


def caret_of(widget: QWidget) -> QRect:
    """Give where the caret of a widget is, or the middle of it."""
    caret = widget.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    if isinstance(caret, QRectF):
        caret = caret.toRect()
    if isinstance(caret, QRect) and not caret.isEmpty():
        return caret
    return QRect(widget.rect().center(), QSize(1, 1))
