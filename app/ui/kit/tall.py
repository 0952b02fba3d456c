"""A pane that is as high as its wrapped lines need: what it stands in scrolls if need be."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class Tall(QWidget):
    """A widget whose least height is that of its layout at the width it has.

    Qt reckons the least height of lines that wrap as if they were as wide as they like, so
    that in a narrow pane with large text they would be cut.
    """

    @override
    def minimumSizeHint(self) -> QSize:
        least, layout = super().minimumSizeHint(), self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return least
        return QSize(
            least.width(), max(least.height(), layout.minimumHeightForWidth(self.width()))
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
