"""Formats, options and preview beside each other, or under each other in a narrow window."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStyle, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_16

_FORMATS_LEAST, _FORMATS_MOST = 216, 304
_OPTIONS_WIDTH, _PREVIEW_LEAST = 304, 200
_LEAST_HIGH = 160
_LIST_HIGH, _PREVIEW_HIGH = 220, 180
"""Of what stands above or under other parts."""


class Columns(QWidget):
    """Places the three itself, in as many columns as there is room for."""

    def __init__(
        self, appearance: Appearance, formats: QWidget, options: QScrollArea, preview: QWidget
    ) -> None:
        """Make it.

        Args:
            appearance: How large the text is.
            formats: The list of formats.
            options: What shows the options of the one that is chosen, and scrolls.
            preview: How it will look.
        """
        super().__init__()
        self._appearance = appearance
        self._formats, self._options, self._preview = formats, options, preview
        for one in (formats, options, preview):
            one.setParent(self)
        self._panel = cast("QWidget", options.widget())
        self._panel.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        return self._places(arg__1, 0)[1]

    @override
    def sizeHint(self) -> QSize:
        scaled = self._appearance.scaled
        formats = self._formats_width(scaled(_FORMATS_MOST))
        width = formats + self._options_width + 2 * SPACE_16 + _PREVIEW_LEAST
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        bar = self._options.verticalScrollBar().sizeHint().width()
        widths = (
            self._panel.minimumSizeHint().width() + bar,
            self._preview.minimumSizeHint().width(),
        )
        return QSize(max(widths), _LEAST_HIGH)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self._arrange()
        return super().event(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # another format has other options
            self._arrange()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _options_width(self) -> int:
        return self._appearance.scaled(_OPTIONS_WIDTH)

    @property
    def _least_beside(self) -> int:
        """What formats and options take at least beside each other, with the gap between."""
        return self._appearance.scaled(_FORMATS_LEAST) + SPACE_16 + self._options_width

    def _formats_width(self, room: int) -> int:
        """Say how wide the list is: as its names are, within reason and where there is room."""
        scaled = self._appearance.scaled
        wanted = min(self._formats.sizeHint().width(), scaled(_FORMATS_MOST), room)
        return max(scaled(_FORMATS_LEAST), wanted)

    def _places(self, width: int, height: int) -> tuple[tuple[QRect, QRect, QRect], int]:
        """Give where the three are, and how high all of it is at least."""
        options = self._options_width
        least = self._preview.minimumSizeHint().height()
        if self._least_beside + SPACE_16 + _PREVIEW_LEAST <= width:
            high = max(_LEAST_HIGH, least, height)
            formats = self._formats_width(width - options - 2 * SPACE_16 - _PREVIEW_LEAST)
            beside = formats + options + 2 * SPACE_16
            return (
                QRect(0, 0, formats, high),
                QRect(formats + SPACE_16, 0, options, high),
                QRect(beside, 0, width - beside, high),
            ), max(_LEAST_HIGH, least)
        list_high = self._appearance.scaled(_LIST_HIGH)
        preview_high = max(self._appearance.scaled(_PREVIEW_HIGH), least)
        if self._least_beside <= width:
            formats = self._formats_width(width - options - SPACE_16)
            needed = list_high + SPACE_16 + preview_high
            more = max(0, height - needed) // 2
            list_high, preview_high = list_high + more, preview_high + more
            return (
                QRect(0, 0, formats, list_high),
                QRect(formats + SPACE_16, 0, width - formats - SPACE_16, list_high),
                QRect(0, list_high + SPACE_16, width, preview_high),
            ), needed
        options_high = self._panel.sizeHint().height()
        if self._panel.hasHeightForWidth():
            options_high = self._panel.heightForWidth(width)
        needed = list_high + options_high + preview_high + 2 * SPACE_16
        preview_high += max(0, height - needed)
        at = list_high + SPACE_16
        return (
            QRect(0, 0, width, list_high),
            QRect(0, at, width, options_high),
            QRect(0, at + options_high + SPACE_16, width, preview_high),
        ), needed

    def _arrange(self) -> None:
        self.updateGeometry()
        self._place()

    def _place(self) -> None:
        places, _ = self._places(self.width(), self.height())
        parts = (self._formats, self._options, self._preview)
        for widget, place in zip(parts, places, strict=True):
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
