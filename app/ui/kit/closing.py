"""Esc closes a panel while the focus is in it, whatever the key does elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class _Esc(QObject):
    def __init__(self, panel: QWidget, close: Callable[[], object]) -> None:
        super().__init__(panel)
        self._close = close
        panel.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress:
            self._close()
            return True
        return False


def close_on_esc(panel: QWidget, close: Callable[[], object]) -> None:
    """Do something when Esc is pressed in a panel and nothing in it wants the key.

    Args:
        panel: Where.
        close: Hides it, and lets the keys go where they went before.
    """
    _Esc(panel, close)
