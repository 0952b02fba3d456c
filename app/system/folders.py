"""Walk folders for what is in them, past bins and other programs' business."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.file_kinds import is_private_folder


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder that was walked through.

    Attributes:
        path: Where it is.
        names: Its files, in order.
        passed_over: How many folders in it were not looked into.
    """

    path: Path
    names: tuple[str, ...]
    passed_over: int = 0


def walk_folders(
    root: Path, on_error: Callable[[OSError], None] | None = None
) -> Iterator[Folder]:
    """Give a folder and all below it, in order; blocks.

    Bins, hidden folders and those of the system are passed over, but for the root: it was
    named by somebody. Links to folders are not followed.

    Args:
        root: Where to begin.
        on_error: Gets the error of a folder that may not be read.
    """
    for place, folders, names in os.walk(root, onerror=on_error):
        kept = sorted(name for name in folders if not _is_private(place, name))
        passed_over = len(folders) - len(kept)
        folders[:] = kept
        yield Folder(Path(place), tuple(sorted(names)), passed_over)


def _is_private(place: str, name: str) -> bool:
    if is_private_folder(name):
        return True
    if os.name != "nt":
        return False
    try:
        attributes = getattr(Path(place, name).lstat(), "st_file_attributes", 0)
    except OSError:
        return False
    return is_private_folder(name, attributes)
