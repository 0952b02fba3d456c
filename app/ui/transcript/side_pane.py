"""A pane beside the text: notes, bookmarks and highlights, or what is left to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.transcript import MarkerKind
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.closing import close_on_esc
from app.ui.kit.fields import Picker
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.tokens import HIT_SIZE, SPACE_8, SPACE_12
from app.ui.kit.turning import turn_to_fit

_ICONS = {
    MarkerKind.NOTE: "note",
    MarkerKind.BOOKMARK: "bookmark",
    MarkerKind.HIGHLIGHT: "star-filled",
}


class Listing(StrEnum):
    """What the pane lists."""

    NOTES = "notes"
    UNREVIEWED = "unreviewed"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class SideRow:
    """A row of the pane.

    Attributes:
        head: Time and speaker.
        text: What was noted; empty where nothing was written.
        quote: The words it is about.
        kind: What was put there; ``None`` for a paragraph left to review.
        key: What the row stands for, for whoever listed it.
    """

    head: str
    text: str
    quote: str
    kind: MarkerKind | None
    key: object

    @property
    def lines(self) -> str:
        """The row as it is shown and read."""
        quote = f"“{self.quote}”" if self.quote else ""
        return "\n".join(line for line in (self.head, self.text, quote) if line)


class SideModel(QAbstractListModel):
    """The rows as they were listed last."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: tuple[SideRow, ...] = ()

    def show_rows(self, rows: Sequence[SideRow]) -> None:
        """Show other rows."""
        if tuple(rows) != self._rows:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()

    def row_at(self, row: int) -> SideRow | None:
        """Give a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return row.lines
        if role == Qt.ItemDataRole.DecorationRole and row.kind is not None:
            return self._appearance.icon(_ICONS[row.kind], "muted")
        return None


class _Rows(ChoosingList):
    """The list; Return goes there, Del removes, F2 writes."""

    entered_row = Signal(int)
    removed_row = Signal(int)
    edited_row = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_row.emit(row)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed_row.emit(row)
        elif event.key() == Qt.Key.Key_F2:
            self.edited_row.emit(row)
        else:
            super().keyPressEvent(event)


class SidePane(QFrame):
    """Lists what a person put on words, and leads there.

    Signals:
        listing_changed: Something else is to be listed: a ``Listing``.
        chosen: Go where a row is about: the ``SideRow``.
        copy_requested: Put the list on the clipboard.
        remove_requested: Take what a row stands for away.
        rewrite_requested: A row, and what it is to say.
        closed: The pane is not wanted any more.
    """

    listing_changed = Signal(object)
    chosen = Signal(object)
    copy_requested = Signal()
    remove_requested = Signal(object)
    rewrite_requested = Signal(object, str)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Notes"))
        self.model = SideModel(appearance)
        self._listing = Picker(appearance, self.tr("Show"))
        self._listing.setAccessibleDescription(self._listing.accessibleName())
        for text, value in (
            (self.tr("Notes and highlights"), Listing.NOTES),
            (self.tr("Left to review"), Listing.UNREVIEWED),
            (self.tr("Notes in all transcripts"), Listing.LIBRARY),
        ):
            self._listing.addItem(text, value.value)
        self._listing.currentIndexChanged.connect(self._on_listing)
        close = ToolButton()
        close.setAccessibleName(self.tr("Close notes"))
        close.setToolTip(close.accessibleName())
        close.setMinimumSize(HIT_SIZE, HIT_SIZE)
        close.clicked.connect(self.closed)
        appearance.apply_icon(close, "close", "muted")
        self.list = self._make_list()
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._editor = InlineEdit(self.list.viewport())
        self._copy = self._button(self.tr("Copy list"))
        self._copy.clicked.connect(self.copy_requested)
        self._write = self._button(self.tr("Edit"))
        self._write.clicked.connect(lambda: self._edit(self.list.currentIndex().row()))
        self._remove = self._button(self.tr("Remove"))
        self._remove.clicked.connect(
            lambda: self._emit(self.remove_requested, self.list.currentIndex().row())
        )
        head = QHBoxLayout()
        head.addWidget(self._listing, 1)
        head.addWidget(close)
        foot = self._foot = QHBoxLayout()
        foot.setSpacing(SPACE_8)
        for button in (self._copy, self._write, self._remove):
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_12, 0, SPACE_12, SPACE_8)
        column.setSpacing(SPACE_8)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        column.addLayout(foot)
        self.setMinimumWidth(220)
        self._enable()
        close_on_esc(self, self.closed.emit)
        self.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn_to_fit(self._foot, self.width() - 2 * SPACE_12)

    def _make_list(self) -> _Rows:
        rows = _Rows()
        rows.setModel(self.model)
        rows.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        rows.setAccessibleName(self.tr("Notes"))
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setWordWrap(True)
        rows.setResizeMode(ChoosingList.ResizeMode.Adjust)
        rows.setSpacing(SPACE_8 // 2)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setVerticalScrollMode(ChoosingList.ScrollMode.ScrollPerPixel)
        rows.clicked.connect(self._on_clicked)
        rows.chosen.connect(self._on_clicked)
        rows.entered_row.connect(partial(self._emit, self.chosen))
        rows.removed_row.connect(partial(self._emit, self.remove_requested))
        rows.edited_row.connect(self._edit)
        rows.selectionModel().currentChanged.connect(self._enable)
        self.model.modelReset.connect(self._enable)
        return rows

    @property
    def listing(self) -> Listing:
        """What is listed."""
        return Listing(self._listing.currentData())

    def show_listing(self, listing: Listing) -> None:
        """List something else."""
        self._listing.setCurrentIndex(self._listing.findData(listing.value))

    def take_focus(self) -> None:
        """Get the focus: the rows, or the choice of what is listed where there are none."""
        if self.list.isHidden():
            self._listing.setFocus()
            announce(self, self._nothing.text())
        else:
            self.list.setFocus()

    def say_listing(self) -> None:
        """Tell those who hear the page what is listed now."""
        announce(self, self._listing.currentText())

    def show_rows(self, rows: Sequence[SideRow], nothing: str) -> None:
        """Show rows; where there are none, say so."""
        if not rows and self.window().focusWidget() is self.list:  # it is about to go, and
            # the window may be waiting behind the list of commands, so that nothing has it
            self._listing.setFocus()
        if not rows and self.isVisible() and nothing != self._nothing.text():
            announce(self, nothing)
        self.model.show_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._nothing.setText(nothing)
        self._enable()

    def _enable(self) -> None:
        row = self.model.row_at(self.list.currentIndex().row())
        is_own = self.listing is Listing.NOTES and row is not None
        is_note = is_own and row is not None and row.kind is MarkerKind.NOTE
        self._copy.refuse("" if self.model.rowCount() else self._nothing.text())
        self._remove.refuse("" if is_own else self.tr("Choose an entry of your own first."))
        self._write.refuse("" if is_note else self.tr("Choose a note first."))

    def _emit(self, signal: Any, number: int) -> None:
        row = self.model.row_at(number)
        if row is not None:
            signal.emit(row)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._emit(self.chosen, index.row())

    def _edit(self, number: int) -> None:
        row = self.model.row_at(number)
        if row is None or row.kind is not MarkerKind.NOTE or self.listing is not Listing.NOTES:
            return
        self._editor.deleteLater()
        self._editor = InlineEdit(self.list.viewport())
        self._editor.accepted.connect(partial(self.rewrite_requested.emit, row))
        rect = self.list.visualRect(self.model.index(number))
        self._editor.open(row.text, rect, self.tr("Note"))

    def _on_listing(self) -> None:
        self.listing_changed.emit(self.listing)

    def _button(self, text: str) -> Button:
        button = Button(text)
        button.setAccessibleName(text)
        button.setMinimumHeight(HIT_SIZE)
        return button
