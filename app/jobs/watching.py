"""Watched folders: which of their files are new recordings that are all there.

A recorder writes for minutes and a copy arrives in pieces, so a file counts only once
two looks, some seconds apart, found it the same. What was there when a folder was first
watched is not new. Each file is given out once, ever.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.file_kinds import is_recording_name
from app.core.preferences import WatchFolder
from app.store.watched import SeenFile, WatchedFiles
from app.system.files import is_folder
from app.system.folders import walk_folders

SETTLED_AFTER_MS = 4_000
"""How long a file must have stayed the same."""
_MOST_FOLDERS = 500


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What one look at a watched folder gave.

    Attributes:
        folder: Which.
        ready: New recordings that have stopped growing.
        before: Recordings that were there when it was first looked at.
        is_growing: Whether others may be ready soon, so that another look is worth it.
        folders: The folder and those below it.
        is_missing: Whether it cannot be looked into (a disk that is not there).
    """

    folder: WatchFolder
    ready: tuple[Path, ...] = ()
    before: tuple[Path, ...] = ()
    is_growing: bool = False
    folders: tuple[Path, ...] = ()
    is_missing: bool = False


class Watch:
    """Look at folders whenever asked; one look at a time."""

    def __init__(self, seen: WatchedFiles, now_ms: Callable[[], int]) -> None:
        self._seen = seen
        self._now_ms = now_ms
        self._unsettled: dict[str, dict[SeenFile, int]] = {}

    def scan(self, folder: WatchFolder) -> FolderScan:
        """Look through a folder and remember what is ready. Blocks: call it in a thread.

        Raises:
            StorageError: It could not be remembered; nothing is given out then.
        """
        root = Path(folder.path)
        if not is_folder(root):
            return FolderScan(folder, is_missing=True)
        folders: list[Path] = []
        found = tuple(_recordings(root, folders))
        known = self._seen.seen(folder.path)
        if known is None:
            self._seen.remember(folder.path, found)
            before = tuple(one.path for one in found)
            return FolderScan(folder, before=before, folders=tuple(folders))
        now = self._now_ms()
        earlier = self._unsettled.get(folder.path, {})
        unsettled = {one: earlier.get(one, now) for one in found if one not in known}
        ready = [
            one
            for one, since_ms in unsettled.items()
            if one.size_bytes > 0 and now - since_ms >= SETTLED_AFTER_MS
        ]
        if ready:
            self._seen.remember(folder.path, ready)
        for one in ready:
            del unsettled[one]
        self._unsettled[folder.path] = unsettled
        return FolderScan(
            folder,
            ready=tuple(one.path for one in ready),
            is_growing=bool(unsettled),
            folders=tuple(folders),
        )

    def keep_only(self, folders: Sequence[WatchFolder]) -> None:
        """Forget folders that are no longer in the settings. Blocks."""
        paths = {folder.path for folder in folders}
        self._seen.forget_all_but(paths)
        for path in self._unsettled.keys() - paths:
            del self._unsettled[path]


def folder_of(source: Path, folders: Sequence[WatchFolder]) -> WatchFolder | None:
    """Give the watched folder a recording lies in, the innermost if they are nested."""
    holding = [one for one in folders if one.is_on and source.is_relative_to(one.path)]
    return max(holding, key=lambda one: len(Path(one.path).parts), default=None)


def _recordings(root: Path, folders: list[Path]) -> Iterator[SeenFile]:
    for folder in walk_folders(root):
        folders.append(folder.path)
        for name in folder.names:
            if not is_recording_name(name):
                continue
            path = folder.path / name
            try:
                status = path.stat()
            except OSError:
                continue  # gone between listing and looking
            if stat.S_ISREG(status.st_mode):
                yield SeenFile(path, status.st_size, status.st_mtime_ns)
        if len(folders) >= _MOST_FOLDERS:
            return
