"""The rows of the library: keys, and how many are laid out at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.row_list import RowList
from app.ui.library.model import LibraryModel
from app.ui.library.rows import LibraryDelegate

_LAID_OUT_AT_ONCE = 1000


class LibraryList(RowList):
    """The rows, with the keyboard.

    Signals:
        key_pressed: A key the list has no use for itself: the event.
    """

    key_pressed = Signal(object)

    def __init__(self, appearance: Appearance, model: LibraryModel) -> None:
        super().__init__()
        self.setModel(model)
        self.delegate = LibraryDelegate(self, appearance)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Library"))
        self.set_up()
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        # Ten thousand rows are as high as one, and laid out some at a time, between events.
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.lay_out_first(0)

    def lay_out_first(self, row: int) -> None:
        """Lay all rows out in one go where this one is far down: it is to be scrolled to."""
        is_near = row < _LAID_OUT_AT_ONCE
        mode = QListView.LayoutMode
        self.setLayoutMode(mode.Batched if is_near else mode.SinglePass)
        self.setBatchSize(_LAID_OUT_AT_ONCE)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)
