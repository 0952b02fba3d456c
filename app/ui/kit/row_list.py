"""A list of rows as queue and library have them: how it scrolls and selects, its menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame
from typing_extensions import override

from app.ui.kit.choosing import ChoosingList


class RowList(ChoosingList):
    """Rows under each other that are selected together and edited in place only.

    Signals:
        menu_requested: The context menu is wanted at a point of the screen.
    """

    menu_requested = Signal(QPoint)

    def set_up(self) -> None:
        """Scroll, select and look as rows do; once there is a model and what paints it."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    def selected_rows(self) -> list[int]:
        """Give the places of the selected rows, in their order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def lay_out_some(self, rows: int) -> None:
        """Lay many rows out so many at a time, between events."""
        self.setLayoutMode(ChoosingList.LayoutMode.Batched)
        self.setBatchSize(rows)

    @override
    def contextMenuEvent(self, arg__1: QContextMenuEvent) -> None:
        index = self.currentIndex()
        if arg__1.reason() is QContextMenuEvent.Reason.Keyboard and index.isValid():
            corner = self.visualRect(index).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(corner))
        else:
            self.menu_requested.emit(arg__1.globalPos())
