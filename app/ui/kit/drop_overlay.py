"""Says what a drop will do, over everything else."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_16, SPACE_32, TEXT_BASE


class DropOverlay(QWidget):
    """Lies over the whole window while something that can be dropped hovers."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = self._more = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def answer(self, text: str, more: str = "") -> None:
        """Cover the window and say what a drop will do.

        Args:
            text: That.
            more: What else is worth knowing, smaller.
        """
        self._text, self._more = text, more
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.window)
        ground.setAlpha(247)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        frame = QRectF(self.rect()).adjusted(SPACE_16, SPACE_16, -SPACE_16, -SPACE_16)
        painter.drawRoundedRect(frame, 12, 12)
        icon = self._appearance.pixmap("drop", 48, self.devicePixelRatioF(), "accent")
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - 24, middle.y() - 64, icon)
        painter.setPen(QColor(theme.text))
        painter.setFont(self._appearance.font(24, weight=600))
        room = self.rect().adjusted(0, SPACE_32 + SPACE_4, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._text)
        if self._more:
            below = painter.boundingRect(
                room, Qt.AlignmentFlag.AlignCenter, self._text
            ).bottom()
            painter.setFont(self._appearance.font(TEXT_BASE))
            painter.drawText(
                frame.adjusted(SPACE_16, below + SPACE_8 - frame.top(), -SPACE_16, 0),
                Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap,
                self._more,
            )
        painter.end()
