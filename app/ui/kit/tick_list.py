"""A list of rows with a box each, which assistive technology can tick as keys and pointer do.

Qt offers it the action *Toggle* on each row and only selects the row then.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from app.ui.kit.choosing import AssistedList
from app.ui.kit.chosen_rows import ChosenRows

_Flag = QItemSelectionModel.SelectionFlag
_Index = QModelIndex | QPersistentModelIndex


class TickList(AssistedList):
    """Rows of which each can be left out: by Space, by a click on its box, by *Toggle*.

    Keys and pointer keep one row selected, the current one. So whatever else is selected, or
    no longer selected, is what assistive technology has asked to be ticked, or not.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # With one at most, Qt would not let it take the selected row out again.
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @override
    def selectionCommand(
        self, index: _Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        is_drag = event is not None and event.type() is QEvent.Type.MouseMove
        return _Flag.ClearAndSelect if index.isValid() and not is_drag else _Flag.NoUpdate

    @override
    def selectAll(self) -> None:
        model = self.model()
        if isinstance(model, ChosenRows):
            model.choose_all(chosen=True)

    @override
    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self.selectionModel().isSelected(current):
            self.selectionModel().select(current, _Flag.ClearAndSelect)  # came with the focus

    @override
    def look_at_selection(self) -> None:
        current, selected = self.currentIndex(), self.selectionModel().selectedIndexes()
        asked = [one for one in selected if one != current]
        if not selected and current.isValid():
            asked = [current]
        for one in asked:
            self.setCurrentIndex(one)  # of no other row Qt tells that its box has changed
            self.selectionModel().select(one, _Flag.ClearAndSelect)
            self._toggle(one)

    def _toggle(self, index: QModelIndex) -> None:
        role = Qt.ItemDataRole.CheckStateRole
        is_ticked = Qt.CheckState(index.data(role)) is Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        self.model().setData(index, wanted, role)
