"""A small bar that moves with the sound, so that one sees there is some."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance

_FALL = 0.75


class LevelMeter(QWidget):
    """Show how loud the sound is at the moment."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._level = 0.0
        self.setFixedSize(QSize(4, 20))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def level(self) -> float:
        """What is shown, 0 to 1."""
        return self._level

    def show_level(self, level: float) -> None:
        """Rise at once, fall slowly."""
        level = max(level, self._level * _FALL)
        if level < 0.01:
            level = 0.0
        if level != self._level:
            self._level = level
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._appearance.theme.hover))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        height = self.height() * min(1.0, self._level**0.5)
        painter.setBrush(QColor(self._appearance.theme.good))
        painter.drawRoundedRect(QRectF(0, self.height() - height, self.width(), height), 2, 2)
