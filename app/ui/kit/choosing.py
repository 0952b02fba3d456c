"""What assistive technology selects is chosen, as if by a click.

It selects rows without making them current, which nothing listens to: a format it chose
would be marked, and another one written.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QModelIndex, QTimer, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QListView
from typing_extensions import override


class AssistedList(QListView):
    """A list that looks, a moment later, at what assistive technology may have selected.

    The list itself sees to it: an object beside it, which Qt owns and Python holds as well,
    is taken apart by the garbage collector in an order that crashes.
    """

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if QAccessible.isActive():
            # Keys and pointer select a row just before they make it current.
            QTimer.singleShot(0, self, self.look_at_selection)

    def look_at_selection(self) -> None:
        """Do what assistive technology meant, if it was that which selected rows."""
        raise NotImplementedError


class ChoosingList(AssistedList):
    """A list in which the one row that is selected and not current is chosen.

    Signals:
        chosen: A row was chosen by selecting it; it is the current one now.
    """

    chosen = Signal(QModelIndex)

    @override
    def look_at_selection(self) -> None:
        model = self.selectionModel()
        selected = model.selectedIndexes()
        if len(selected) == 1 and not model.isSelected(self.currentIndex()):
            self.setCurrentIndex(selected[0])
            self.chosen.emit(selected[0])
