"""A pane that is as high as its wrapped lines need: what it stands in scrolls if need be."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QWidget
from typing_extensions import override


class Tall(QWidget):
    """A widget that is exactly as high as its layout needs at the width it has.

    Qt reckons the least height of lines that wrap without knowing how wide they will be: in a
    narrow pane with large text they would be cut, and in a wide one there would be holes.
    """

    @override
    def minimumSizeHint(self) -> QSize:
        least, layout = super().minimumSizeHint(), self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return least
        return QSize(least.width(), self.least_height(layout, self.width()))

    @override
    def heightForWidth(self, arg__1: int) -> int:
        return self.wanted_height(arg__1)

    def wanted_height(self, width: int) -> int:
        """Give how high it would like to be at a width."""
        layout, height = self.layout(), super().heightForWidth(width)
        return height if layout is None else max(height, self.least_height(layout, width))

    def least_height(self, layout: QLayout, width: int) -> int:
        """Give how high its layout must be at a width."""
        needed = layout.minimumHeightForWidth(width)
        return max(needed, self._height_of_lines(layout, width))

    def _height_of_lines(self, layout: QLayout, width: int) -> int:
        """Give how high a column is, if what wraps in it is as high as a column makes it.

        Qt reckons with less for what has buttons beside wrapped lines, and then gives it
        more, at the cost of what stands below.
        """
        margins = layout.contentsMargins()
        width -= margins.left() + margins.right()
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
        layout = self.layout()
        is_stale = event.size() != self.size()
        if layout is not None and (is_stale or layout.geometry() != self.contentsRect()):
            # It was resized again while it was laid out, as by a scroll bar that came.
            layout.invalidate()
            layout.setGeometry(self.contentsRect())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
