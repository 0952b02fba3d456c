"""Rows of controls that are made anew, without losing the keyboard of whoever was in them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget


def show_rows(layout: QBoxLayout, rows: Iterable[QWidget], otherwise: QWidget) -> None:
    """Put rows in the place of those that a layout has.

    Where the focus was in one of them, it comes to the same control of the row that stands
    there now, or of the last one: who removes a row may go on with the next.

    Args:
        layout: Has nothing but rows.
        rows: The new ones, from the first.
        otherwise: Gets the focus where no row is left; may lead to what comes before it.
    """
    place = _place_of_focus(layout)
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    made = list(rows)
    for row in made:
        layout.addWidget(row)
    if place is None:
        return
    at, within = place
    controls = _controls(made[min(at, len(made) - 1)]) if made else []
    to = controls[min(within, len(controls) - 1)] if controls else _taking(otherwise)
    if to is not None:
        to.setFocus(Qt.FocusReason.OtherFocusReason)


def _place_of_focus(layout: QBoxLayout) -> tuple[int, int] | None:
    """Give the row that has the focus and which of its controls, if one has it."""
    focused = QApplication.focusWidget()
    for at in range(layout.count()):
        item = layout.itemAt(at)
        row = item.widget() if item is not None else None
        if row is not None and focused is not None and row.isAncestorOf(focused):
            controls = _controls(row)
            return at, controls.index(focused) if focused in controls else 0
    return None


def _controls(row: QWidget) -> list[QWidget]:
    """Give what of a row the keyboard comes to."""
    return [one for one in row.findChildren(QWidget) if _takes(one)]


def _takes(widget: QWidget) -> bool:
    is_by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_by_tab and widget.isEnabled() and not widget.isHidden()


def _taking(widget: QWidget) -> QWidget | None:
    """Give the widget, or the nearest one before it that the keyboard comes to."""
    one = widget
    while not (_takes(one) and one.isVisible()):
        one = one.previousInFocusChain()
        if one is None or one is widget:
            return None
    return one
