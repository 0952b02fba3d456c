"""What assistive technology selects is chosen, as if by a click.

It selects rows without making them current, which nothing listens to: a format it chose
would be marked, and another one written.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView


class SelectionChooses(QObject):
    """Has the one row of a list that is selected and not current be chosen.

    It knows its list as its parent only: a reference of its own would make a circle with
    what Qt owns, which Python's garbage collector takes apart in the wrong order.

    Signals:
        chosen: A row was chosen.
    """

    chosen = Signal(QModelIndex)

    def __init__(self, view: QAbstractItemView) -> None:
        """Watch a list that has its model."""
        super().__init__(view)
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)

    def _on_selection_changed(self) -> None:
        if QAccessible.isActive():
            # Keys and pointer select a row just before they make it current.
            QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        view = cast("QAbstractItemView", self.parent())
        model = view.selectionModel()
        selected = model.selectedIndexes()
        if len(selected) == 1 and not model.isSelected(view.currentIndex()):
            self.chosen.emit(selected[0])


def follow_selection(view: QAbstractItemView) -> None:
    """Make what assistive technology selects in a list the current row."""
    SelectionChooses(view).chosen.connect(view.setCurrentIndex)
