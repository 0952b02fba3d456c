"""Which recordings of watched folders have been seen already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.store.database import Database
from app.store.records import plain_text

_LOOKED_THROUGH = ""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when it was seen; with another size or time it is another one."""

    path: Path
    size_bytes: int
    modified_ns: int


class WatchedFiles:
    """Remember what was seen; each method is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, folder: str) -> frozenset[SeenFile] | None:
        """Give what was seen of a folder; ``None`` if it was never looked through."""
        rows = self._database.read(
            "SELECT path, size_bytes, modified_ns FROM watched_files WHERE folder = ?",
            (json.dumps(folder),),
        )
        if not rows:
            return None
        named = [(plain_text(row[0]), row[1], row[2]) for row in rows]
        return frozenset(
            SeenFile(Path(path), size_bytes, modified_ns)
            for path, size_bytes, modified_ns in named
            if path != _LOOKED_THROUGH
        )

    def remember(self, folder: str, files: Iterable[SeenFile]) -> None:
        """Note that files of a folder were seen, and that it was looked through."""
        key = json.dumps(folder)
        rows = [(key, json.dumps(_LOOKED_THROUGH), 0, 0)]
        rows += [
            (key, json.dumps(str(one.path)), one.size_bytes, one.modified_ns) for one in files
        ]
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO watched_files (folder, path, size_bytes, modified_ns) "
                "VALUES (?, ?, ?, ?)",
                rows,
            )

    def forget_all_but(self, folders: Collection[str]) -> None:
        """Forget folders that are watched no longer."""
        kept = {json.dumps(folder) for folder in folders}
        found = {row[0] for row in self._database.read("SELECT folder FROM watched_files")}
        gone = [(folder,) for folder in found - kept]
        if gone:
            with self._database.writing() as connection:
                connection.executemany("DELETE FROM watched_files WHERE folder = ?", gone)
