"""The library's list as a Qt model: transcripts, or places in them that were searched for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from app.core.transcript import TranscriptId
from app.store.listing import TranscriptEntry
from app.store.search import Hit, HitPlace
from app.ui.dragging import WriteFiles, dragged
from app.ui.library import wording

DRAGGED = "application/x-wordlight-transcripts"
"""What is dragged from the list: ids as a JSON array."""
_Index = QModelIndex | QPersistentModelIndex
_FIRST = int(Qt.ItemDataRole.UserRole)


class LibraryRole(IntEnum):
    """What ``LibraryModel`` knows of a row."""

    ROW = _FIRST + 1
    """The ``LibraryRow``."""
    SPOKEN = _FIRST + 2
    """Everything the row says."""


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A transcript, or a place in it where what was searched for was found.

    Attributes:
        entry: The transcript.
        hit: The place; ``None`` for the transcript as such.
        place: When that is spoken and by whom; ``None`` while it is not known.
    """

    entry: TranscriptEntry
    hit: Hit | None = None
    place: HitPlace | None = None


class LibraryModel(QAbstractListModel):
    """The rows as they were loaded; has no rules of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[LibraryRow] = []
        self._write_files: WriteFiles | None = None

    def write_files_by(self, write: WriteFiles) -> None:
        """Let rows that are dragged out of the window be files there."""
        self._write_files = write

    def show_rows(self, rows: Sequence[LibraryRow]) -> None:
        """Show these rows and no others; rows that only changed keep their selection."""
        if len(rows) == len(self._rows) and all(map(_is_same, rows, self._rows)):
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_at(self, row: int) -> LibraryRow:
        """Give a row."""
        return self._rows[row]

    def find(self, transcript_id: TranscriptId) -> int | None:
        """Give the first row of a transcript."""
        for place, row in enumerate(self._rows):
            if row.entry.transcript_id == transcript_id:
                return place
        return None

    # -- Qt -------------------------------------------------------------------

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.entry.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.entry.name}\n{row.entry.source}"
            case Qt.ItemDataRole.AccessibleTextRole | LibraryRole.SPOKEN:
                if row.hit is not None:
                    return wording.spoken_hit(row.entry, row.hit, row.place)
                return wording.spoken(row.entry)
            case LibraryRole.ROW:
                return row
            case _:
                return None

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
            | Qt.ItemFlag.ItemIsDragEnabled
        )

    @override
    def mimeTypes(self) -> list[str]:
        return [DRAGGED]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        ids = dict.fromkeys(self._rows[one.row()].entry.transcript_id for one in indexes)
        return dragged(DRAGGED, json.dumps(list(ids)).encode(), list(ids), self._write_files)


def dragged_ids(data: QMimeData) -> list[TranscriptId]:
    """Read which transcripts are dragged; none where it is something else."""
    if not data.hasFormat(DRAGGED):
        return []
    return [TranscriptId(one) for one in json.loads(bytes(data.data(DRAGGED).data()))]


def _is_same(one: LibraryRow, other: LibraryRow) -> bool:
    """Tell whether two rows stand for the same place, whatever is said of it."""
    return one.entry.transcript_id == other.entry.transcript_id and one.hit == other.hit
