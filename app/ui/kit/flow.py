"""Parts beside each other that go on in the next line where there is no room for them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget
from typing_extensions import override

from app.ui.kit.tokens import SPACE_8

_WIDE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Part:
    widget: QWidget
    grows_from: int | None

    @property
    def least(self) -> int:
        """How narrow it can be."""
        return self.widget.minimumSizeHint().expandedTo(self.widget.minimumSize()).width()

    @property
    def wanted(self) -> int:
        """How much of a line it asks for."""
        if self.grows_from is not None:
            return max(self.grows_from, self.least)
        hint = self.widget.sizeHint().expandedTo(self.widget.minimumSize())
        return max(self.least, hint.boundedTo(self.widget.maximumSize()).width())

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
        self._parts: list[_Part] = []
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
        widget.setParent(self)
        self._parts.append(_Part(widget, grows_from))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        return self._places(arg__1)[1]

    @override
    def sizeHint(self) -> QSize:
        shown = self._shown()
        hints = [max(one.wanted, one.widget.sizeHint().width()) for one in shown]
        width = sum(hints) + self._spacing * max(0, len(shown) - 1)
        return QSize(width, self.heightForWidth(_WIDE))

    @override
    def minimumSizeHint(self) -> QSize:
        least = max((one.least for one in self._shown()), default=0)
        return QSize(least, self.heightForWidth(_WIDE))

    @override
    def event(self, event: QEvent) -> bool:
        kind = QEvent.Type
        if event.type() in {kind.LayoutRequest, kind.FontChange, kind.Show}:
            self.updateGeometry()
            self._place()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _shown(self) -> list[_Part]:
        shown = [one for one in self._parts if not one.widget.isHidden()]
        for one in shown:
            one.widget.ensurePolished()  # what was hidden while the text grew does not know
        return shown

    def _lines(self, width: int) -> list[list[_Part]]:
        lines: list[list[_Part]] = []
        left = 0
        for part in self._shown():
            if not lines or part.wanted > left:
                lines.append([])
                left = width
            lines[-1].append(part)
            left -= part.wanted + self._spacing
        return lines

    def _places(self, width: int) -> tuple[list[tuple[QWidget, QRect]], int]:
        """Give where each part is at a width, and how high all of it is."""
        places: list[tuple[QWidget, QRect]] = []
        top = 0
        for line in self._lines(width):
            gaps = self._spacing * (len(line) - 1)
            left_over = max(0, width - gaps - sum(part.wanted for part in line))
            growing = sum(part.grows_from is not None for part in line)
            row: list[tuple[_Part, int, int]] = []
            for part in line:
                wide = part.wanted
                if part.grows_from is not None:
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
        for widget, place in self._places(self.width())[0]:
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
