"""Rows that become columns where they are too narrow for what stands in them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayoutItem, QWidget
from typing_extensions import override

_ANY_WIDTH = 1 << 20


class _Turner(QObject):
    """Turns rows when there is another width, and when parts ask for another one."""

    def __init__(self, widget: QWidget, turn: Callable[[], object]) -> None:
        super().__init__(widget)
        self._turn = turn
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = QEvent.Type
        if event.type() in {kind.Resize, kind.LayoutRequest, kind.Show}:
            self._turn()
        return False


def keep_turned(widget: QWidget, turn: Callable[[], object]) -> None:
    """Turn what is in a widget as it needs, at any width and size of text.

    Args:
        widget: What the rows are in.
        turn: Turns them; called often, and so to be quick where nothing changes.
    """
    _Turner(widget, turn)


def turn_to_fit(row: QBoxLayout, width: int) -> None:
    """Let parts stand beside each other, or above each other where there is no room.

    A part that is a row itself stays one if it has room of its own then; else its parts
    stand above each other as well.

    Args:
        row: The parts: widgets, or rows of them that stay together as long as they can.
        width: What there is, without the margins around the row.
    """
    is_wide = row_width(row) <= width
    wanted = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
    if row.direction() is not wanted:
        row.setDirection(wanted)
    for part in _parts(row):
        if isinstance(part, QHBoxLayout):
            turn_to_fit(part, _ANY_WIDTH if is_wide else width)


def row_width(row: QBoxLayout) -> int:
    """Give how wide a row is, or would be if nothing in it was turned."""
    shown = [
        row_width(one) if isinstance(one, QHBoxLayout) else one.sizeHint().width()
        for one in _parts(row)
        if not one.isEmpty()
    ]
    return sum(shown) + row.spacing() * max(0, len(shown) - 1)


def _parts(row: QBoxLayout) -> list[QLayoutItem]:
    return [item for place in range(row.count()) if (item := row.itemAt(place)) is not None]
