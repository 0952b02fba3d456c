"""What lies where on this computer, and how much room it takes: for people who ask."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.store.paths import AppPaths
from app.system.files import is_folder


class Kept(StrEnum):
    """What is kept."""

    LIBRARY = "library"
    BACKUPS = "backups"
    RECORDINGS = "recordings"
    MODELS = "models"
    VOICES = "voices"
    CACHE = "cache"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """One thing that is kept, and where.

    Attributes:
        kept: What.
        path: Its file or folder.
        size_bytes: What it takes; 0 where there is nothing yet.
    """

    kept: Kept
    path: Path
    size_bytes: int

    @property
    def folder(self) -> Path:
        """The folder to show: itself, or the one it lies in."""
        return self.path if is_folder(self.path) else self.path.parent


def stored_places(paths: AppPaths, models: Path) -> tuple[StoredPlace, ...]:
    """Look what there is. Blocks.

    Args:
        paths: The program's folders.
        models: Where models are downloaded to.
    """
    return tuple(
        StoredPlace(kept, path, _size_of(path))
        for kept, path in (
            (Kept.LIBRARY, paths.database),
            (Kept.BACKUPS, paths.backups),
            (Kept.RECORDINGS, paths.copies),
            (Kept.MODELS, models),
            (Kept.VOICES, paths.known_voices),
            (Kept.CACHE, paths.cache),
            (Kept.LOGS, paths.logs),
        )
    )


def _size_of(path: Path) -> int:
    """Add up a file or all files below a folder; what cannot be read counts nothing."""
    try:
        if not path.is_dir():
            return path.stat().st_size
    except OSError:
        return 0
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += Path(folder, name).lstat().st_size
            except OSError:
                continue  # gone meanwhile
    return total
