"""A pane that is as high as its wrapped lines need: what it stands in scrolls if need be."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QWidget
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
        needed = max(layout.minimumHeightForWidth(self.width()), self._height_of_lines(layout))
        return QSize(least.width(), max(least.height(), needed))

    def _height_of_lines(self, layout: QLayout) -> int:
        """Give how high a column is, if what wraps in it is as high as a column makes it.

        Qt reckons with less for what has buttons beside wrapped lines, and then gives it
        more, at the cost of what stands below.
        """
        margins = layout.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        heights: list[int] = []
        for place in range(layout.count()):
            item = layout.itemAt(place)
            if item is None or (item.isEmpty() and item.spacerItem() is None):
                continue
            is_wrapped = item.hasHeightForWidth()
            heights.append(
                item.heightForWidth(width) if is_wrapped else item.minimumSize().height()
            )
        gaps = max(0, layout.spacing()) * max(0, len(heights) - 1)
        return sum(heights) + gaps + margins.top() + margins.bottom()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
