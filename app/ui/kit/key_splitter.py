"""Panes whose border is moved by keys as well: Tab comes to it, the arrows move it."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget
from typing_extensions import override

_STEP, _LEAP = 16, 96
_Key = QtCore.Qt.Key


class KeySplitter(QSplitter):
    """A splitter whose borders have names and take keys."""

    def __init__(
        self,
        name: str,
        orientation: QtCore.Qt.Orientation = QtCore.Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        """Make one without panes.

        Args:
            name: What its border sets, for those who hear it.
            orientation: How the panes lie.
            parent: Where it stands.
        """
        self._border_name = name
        super().__init__(orientation, parent)
        self.setAccessibleName(name)

    @override
    def createHandle(self) -> QSplitterHandle:
        return _Border(self._border_name, self)


class _Border(QSplitterHandle):
    def __init__(self, name: str, parent: KeySplitter) -> None:
        super().__init__(parent.orientation(), parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = (
            {_Key.Key_Left: -_STEP, _Key.Key_Right: _STEP}
            if self.orientation() is QtCore.Qt.Orientation.Horizontal
            else {_Key.Key_Up: -_STEP, _Key.Key_Down: _STEP}
        )
        steps |= {_Key.Key_PageUp: -_LEAP, _Key.Key_PageDown: _LEAP}
        step = steps.get(_Key(event.key()))
        if step is None or event.modifiers() & ~QtCore.Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        is_across = self.orientation() is QtCore.Qt.Orientation.Horizontal
        at = self.x() if is_across else self.y()
        if is_across and self.isRightToLeft():  # there Qt counts from the border's other side
            at += self.width()
        self.moveSplitter(at + step)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        super().paintEvent(arg__1)
        if self.hasFocus():
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(self.palette().accent().color()))
            painter.end()
