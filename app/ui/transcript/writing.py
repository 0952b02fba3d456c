"""Write a text over another, as far as they differ, so that caret and selection stay."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtGui import QTextCursor

from app.ui.transcript.word_places import units


def replace_text(cursor: QTextCursor, begin: int, old: str, new: str) -> None:
    """Write a text over another that begins at a place of the document.

    Args:
        cursor: Writes; it need not be anywhere.
        begin: Where the old text begins, as Qt counts.
        old: What stands there.
        new: What is to stand there.
    """
    if old == new:
        return
    least = min(len(old), len(new))
    head = _count_equal(least, lambda count: old[:count] == new[:count])
    tail = _count_equal(
        least - head, lambda count: old[len(old) - count :] == new[len(new) - count :]
    )
    cursor.setPosition(begin + units(old[:head]))
    cursor.setPosition(begin + units(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(new[head : len(new) - tail])


def _count_equal(most: int, are_equal: Callable[[int], bool]) -> int:
    """Give how many characters two texts have in common, by halving."""
    return bisect_left(range(1, most + 1), 1, key=lambda count: not are_equal(count))
