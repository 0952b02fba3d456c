"""The names of the pages of the settings, each with its sign."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.tokens import ICON_SIZE, SPACE_24, SPACE_32

_AnyIndex = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class _PageModel(QAbstractListModel):
    """Title and icon of each page."""

    def __init__(
        self, appearance: Appearance, pages: Sequence[tuple[str, str]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.appearance = appearance
        self.pages = tuple(pages)

    @override
    def rowCount(self, parent: _AnyIndex = _TOP) -> int:
        return 0 if parent.isValid() else len(self.pages)

    @override
    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        title, icon = self.pages[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return title
        if role == Qt.ItemDataRole.DecorationRole:
            return self.appearance.icon(icon, "muted")
        return None


class PageList(ChoosingList):
    """The pages, of which one is open."""

    def __init__(
        self,
        appearance: Appearance,
        pages: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """Make the list.

        Args:
            appearance: The theme.
            pages: Of each page its title and the name of its icon.
            parent: What it is shown in.
        """
        super().__init__(parent)
        self._pages = _PageModel(appearance, pages, self)
        self.setModel(self._pages)
        self.setAccessibleName(self.tr("Pages of the settings"))
        self.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)

    @property
    def row(self) -> int:
        """Which page is open; -1 for none."""
        return self.currentIndex().row()

    def turn_to(self, row: int) -> None:
        """Open a page."""
        self.setCurrentIndex(self._pages.index(row))

    def show_only(self, rows: Collection[int]) -> None:
        """List these pages and no others."""
        for row in range(self._pages.rowCount()):
            self.setRowHidden(row, row not in rows)

    def wanted_width(self) -> int:
        """Give the width in which every title has room."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(title) for title, _ in self._pages.pages)
        icon = self._pages.appearance.scaled(ICON_SIZE)
        return widest + icon + SPACE_32 + SPACE_24
