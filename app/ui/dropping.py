"""What people drop on the window or paste into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped or pasted.

    Attributes:
        paths: Files and folders.
        links: Web links.
        listing: More of both, one a line; ten thousand take too long to read to do it
            in the window's thread.
    """

    paths: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    listing: str = ""


def listing_of(data: QMimeData) -> str:
    """Give the files, folders and links somebody drags or pastes, one a line."""
    if data.hasUrls():
        return bytes(data.data("text/uri-list").data()).decode("utf-8", "replace")
    return data.text() if data.hasText() else ""
