"""Rows of which each can be left out, all of them chosen at first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_TOP = QModelIndex()


class ChosenRows(QAbstractListModel, Generic[Row]):
    """The rows, and which of them are chosen; what a row says is left to who derives.

    Signals:
        chosen_changed: More, fewer or others are chosen.
    """

    chosen_changed = Signal()

    def __init__(
        self,
        rows: Iterable[Row] = (),
        left_out: Iterable[int] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows: list[Row] = list(rows)
        self._left_out: set[int] = set(left_out)

    @property
    def chosen(self) -> list[Row]:
        """The rows that are not left out."""
        return [one for at, one in enumerate(self._rows) if at not in self._left_out]

    @property
    def chosen_count(self) -> int:
        """How many these are."""
        return len(self._rows) - len(self._left_out)

    def row(self, number: int) -> Row:
        """Give what a row is about."""
        return self._rows[number]

    def choose_all(self, *, chosen: bool) -> None:
        """Choose all, or none."""
        self._left_out.clear()
        if not chosen:
            self._left_out.update(range(len(self._rows)))
        last = self.index(len(self._rows) - 1)
        self.dataChanged.emit(self.index(0), last, [Qt.ItemDataRole.CheckStateRole])
        self.chosen_changed.emit()

    def clear(self) -> None:
        """Begin anew, without any."""
        self.beginResetModel()
        self._rows.clear()
        self._left_out.clear()
        self.endResetModel()
        self.chosen_changed.emit()

    def add(self, row: Row) -> None:
        """Take up one more, chosen."""
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
        self._rows.append(row)
        self.endInsertRows()
        self.chosen_changed.emit()

    def text(self, number: int) -> str:
        """Say what a row is about."""
        raise NotImplementedError

    def spoken(self, number: int) -> str:
        """Say it to those who hear it; the same, unless who derives knows better."""
        return self.text(number)

    @override
    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else flags

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.CheckStateRole:
                is_out = index.row() in self._left_out
                return Qt.CheckState.Unchecked if is_out else Qt.CheckState.Checked
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index.row())
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(index.row())
            case _:
                return None

    @override
    def setData(
        self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)
    ) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._left_out.discard(index.row())
        else:
            self._left_out.add(index.row())
        self.dataChanged.emit(index, index, [role])
        self.chosen_changed.emit()
        return True
