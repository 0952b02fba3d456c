"""Parts beside each other that go on in the next line where there is no room for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget
from typing_extensions import override

from app.ui.kit.tokens import SPACE_8

_WIDE = 1 << 20
_CHANGES = frozenset(
    {
        QEvent.Type.LayoutRequest,
        QEvent.Type.FontChange,
        QEvent.Type.StyleChange,
        QEvent.Type.Polish,
        QEvent.Type.Show,
        QEvent.Type.Hide,
    }
)
"""After these the parts may ask for other sizes."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part, measured once for all that is reckoned with it.

    Attributes:
        widget: It.
        is_growing: Whether it takes what is left in its line.
        least: How narrow it can be.
        wanted: How much of a line it asks for.
    """

    widget: QWidget
    is_growing: bool
    least: int
    wanted: int

    @classmethod
    def measured(cls, widget: QWidget, grows_from: int | None) -> _Part:
        widget.ensurePolished()  # what was hidden while the text grew does not know
        floor = widget.minimumSize()
        least = widget.minimumSizeHint().expandedTo(floor).width()
        if grows_from is not None:
            wanted = max(grows_from, least)
            return cls(widget, is_growing=True, least=least, wanted=wanted)
        hint = widget.sizeHint().expandedTo(floor).boundedTo(widget.maximumSize())
        return cls(widget, is_growing=False, least=least, wanted=max(least, hint.width()))

    def height(self, width: int) -> int:
        """Give how high it is at a width."""
        widget = self.widget
        if widget.hasHeightForWidth():
            return max(widget.heightForWidth(width), widget.minimumHeight())
        hint = widget.sizeHint().expandedTo(widget.minimumSizeHint())
        return hint.expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize()).height()


class Flow(QWidget):
    """Places its parts itself, in as many lines as its width needs.

    It is as narrow as its widest part can be: what it stands in need not scroll sideways.
    """

    def __init__(self, *parts: QWidget, spacing: int = SPACE_8) -> None:
        """Make one.

        Args:
            parts: In the order in which they are read.
            spacing: What is left free between two of them.
        """
        super().__init__()
        self._spacing = spacing
        self._known: list[_Part] | None = None
        self._heights: dict[int, int] = {}
        self._parts: list[tuple[QWidget, int | None]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for one in parts:
            self.add(one)

    def add(self, widget: QWidget, grows_from: int | None = None) -> None:
        """Put a part behind the others.

        Args:
            widget: The part.
            grows_from: It takes what is left in a line that has at least so much for it;
                without, it has the width that it asks for.
        """
        self._forget()
        widget.setParent(self)
        self._parts.append((widget, grows_from))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        known = self._heights.get(arg__1)
        if known is None:
            known = self._places(self._measured(), arg__1)[1]
            if self._known is not None:
                self._heights[arg__1] = known
        return known

    @override
    def sizeHint(self) -> QSize:
        parts = self._measured()
        hints = [max(one.wanted, one.widget.sizeHint().width()) for one in parts]
        width = sum(hints) + self._spacing * max(0, len(parts) - 1)
        return QSize(width, self._places(parts, _WIDE)[1])

    @override
    def minimumSizeHint(self) -> QSize:
        parts = self._measured()
        least = max((one.least for one in parts), default=0)
        return QSize(least, self._places(parts, _WIDE)[1])

    @override
    def event(self, event: QEvent) -> bool:
        kind = QEvent.Type
        if event.type() in _CHANGES:
            self._forget()
        if event.type() in {kind.LayoutRequest, kind.FontChange, kind.Show}:
            self.updateGeometry()
            self._place()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What is above or below it makes it higher and lower, which moves nothing within.
        if self._known is None or event.size().width() != event.oldSize().width():
            self._place()

    def _forget(self) -> None:
        self._known = None
        self._heights.clear()

    def _measured(self) -> list[_Part]:
        """Measure what is shown, once: it takes long where a part is itself one of these."""
        if self._known is not None:
            return self._known
        measured = [
            _Part.measured(widget, grows_from)
            for widget, grows_from in self._parts
            if not widget.isHidden()
        ]
        if self.isVisible():  # only then Qt tells whenever a part asks for another size
            self._known = measured
        return measured

    def _lines(self, parts: Sequence[_Part], width: int) -> list[list[_Part]]:
        lines: list[list[_Part]] = []
        left = 0
        for part in parts:
            if not lines or part.wanted > left:
                lines.append([])
                left = width
            lines[-1].append(part)
            left -= part.wanted + self._spacing
        return lines

    def _places(
        self, parts: Sequence[_Part], width: int
    ) -> tuple[list[tuple[QWidget, QRect]], int]:
        """Give where each part is at a width, and how high all of it is."""
        places: list[tuple[QWidget, QRect]] = []
        top = 0
        for line in self._lines(parts, width):
            gaps = self._spacing * (len(line) - 1)
            left_over = max(0, width - gaps - sum(part.wanted for part in line))
            growing = sum(part.is_growing for part in line)
            row: list[tuple[_Part, int, int]] = []
            for part in line:
                wide = part.wanted
                if part.is_growing:
                    wide = min(wide + left_over // growing, part.widget.maximumWidth())
                wide = max(part.least, min(wide, width))
                row.append((part, wide, part.height(wide)))
            highest = max(height for _, _, height in row)
            at = 0
            for part, wide, height in row:
                place = QRect(at, top + (highest - height) // 2, wide, height)
                places.append((part.widget, place))
                at += wide + self._spacing
            top += highest + self._spacing
        return places, max(0, top - self._spacing)

    def _place(self) -> None:
        for widget, place in self._places(self._measured(), self.width())[0]:
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
