"""Rows that are dragged out of the window give files, which are written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from typing_extensions import override

from app.core.transcript import TranscriptId

WriteFiles = Callable[[Sequence[TranscriptId]], Future[Sequence[Path]]]
"""Begins to write transcripts to files of their own, away from the window's thread."""
_FILES = "text/uri-list"
_MOST_FILES = 40
"""More are moved about in their list; whoever wants so many files exports them."""
_WAIT_S = 10.0


def dragged(
    kind: str, ids: bytes, transcripts: Sequence[TranscriptId], write: WriteFiles | None
) -> QMimeData:
    """Give what is dragged: ids for lists of ours, and files for everything outside.

    Args:
        kind: As what our lists know the ids.
        ids: Of the rows.
        transcripts: Those of them that are there.
        write: Writes them; no files without it.
    """
    files = None
    if write is not None and 0 < len(transcripts) <= _MOST_FILES:
        files = write(transcripts)
    data = QMimeData() if files is None else _WithFiles(files)
    data.setData(kind, QByteArray(ids))
    return data


class _WithFiles(QMimeData):
    """Data that has files too, once they are written; whoever is quicker waits for them."""

    def __init__(self, files: Future[Sequence[Path]]) -> None:
        super().__init__()
        self._files = files

    @override
    def formats(self) -> list[str]:
        return [*super().formats(), _FILES]

    @override
    def hasFormat(self, mimetype: str) -> bool:
        return mimetype == _FILES or super().hasFormat(mimetype)

    @override
    def retrieveData(self, mimetype: str, preferredType: Any) -> object:
        if mimetype != _FILES:
            return super().retrieveData(mimetype, preferredType)
        try:
            paths = self._files.result(_WAIT_S)
        except Exception:  # noqa: BLE001 - said by whoever writes them; nothing is dropped
            paths = ()
        return [QUrl.fromLocalFile(str(path)) for path in paths]
