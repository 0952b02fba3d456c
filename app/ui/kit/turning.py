"""Rows that become columns where they are too narrow for what stands in them."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout


def turn_to_fit(row: QBoxLayout, width: int) -> None:
    """Let parts stand beside each other, or above each other where there is no room.

    Args:
        row: The parts: widgets, or rows of them that stay together.
        width: What there is, without the margins around the row.
    """
    items = [row.itemAt(place) for place in range(row.count())]
    shown = [item.sizeHint().width() for item in items if item and not item.isEmpty()]
    needed = sum(shown) + row.spacing() * max(0, len(shown) - 1)
    direction = QBoxLayout.Direction
    wanted = direction.LeftToRight if needed <= width else direction.TopToBottom
    if row.direction() is not wanted:
        row.setDirection(wanted)
