"""A label of one line that ends in dots instead of pushing others aside."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

_PATH = re.compile(r"[/~\\]|[A-Za-z]:[\\/]")
"""How the place of a file begins, which is read from the left in every language."""


class ElidedLabel(QLabel):
    """Shows as much as fits; the whole text is in the tooltip and the accessible name."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    @override
    def setText(self, arg__1: str) -> None:
        super().setText(arg__1)
        self.setAccessibleName(arg__1)
        self.setToolTip(arg__1)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height()
        )

    @override
    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, self.fontMetrics().height() + 2)

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        if _PATH.match(self.text()):  # its first slash would stand at its end
            text = f"\u2066{text}\u2069"
        painter.drawText(self.rect(), self.alignment(), text)
        painter.end()
