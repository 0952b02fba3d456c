"""Finding what is cut off in a window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QToolButton, QWidget

from app.ui.kit.elided_label import ElidedLabel

_ROUNDING = 2  # pixels


def cut_texts(top: QWidget) -> list[str]:
    """Give each label and button that is smaller than its text, or outside of what it is in."""
    return [f"{type(one).__name__} {_text(one)!r}: {why}" for one, why in _cut(top)]


def _cut(top: QWidget) -> Iterator[tuple[QWidget, str]]:
    for one in top.findChildren(QWidget):
        if not isinstance(one, QLabel | QAbstractButton) or not one.isVisibleTo(top):
            continue
        if isinstance(one, QToolButton) and not one.icon().isNull():
            continue  # an icon is shown, and its text only told
        if one.window() is not top.window() or not _text(one) or isinstance(one, ElidedLabel):
            continue
        if isinstance(one, QLabel) and one.wordWrap():
            needed = one.heightForWidth(one.width())
            if one.height() + _ROUNDING < needed:
                yield one, f"{one.height()} of {needed} pixels high"
        else:
            needed = one.minimumSizeHint().width()
            if one.width() + _ROUNDING < needed:
                yield one, f"{one.width()} of {needed} pixels wide"
        if (room := _room(one, top)) is not None and not room.contains(_place(one, top)):
            yield one, f"{_place(one, top).getRect()} in {room.getRect()}"


def _room(one: QWidget, top: QWidget) -> QRect | None:
    """Give where it can be seen; ``None`` if one can scroll to it."""
    above = one.parentWidget()
    while above is not None and above is not top:
        if isinstance(above.parentWidget(), QAbstractScrollArea):
            return None
        above = above.parentWidget()
    return top.rect().adjusted(-_ROUNDING, -_ROUNDING, _ROUNDING, _ROUNDING)


def _place(one: QWidget, top: QWidget) -> QRect:
    return QRect(one.mapTo(top, QPoint(0, 0)), one.size())


def _text(one: QWidget) -> str:
    return one.text() if isinstance(one, QLabel | QAbstractButton) else ""
