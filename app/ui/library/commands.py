"""What can be done with transcripts of the library, and by which keys."""

from __future__ import annotations

from enum import Enum

from app.ui.translate import QT_TRANSLATE_NOOP


class Command(Enum):
    """What can be done with transcripts."""

    OPEN = QT_TRANSLATE_NOOP("LibraryView", "Open")
    RENAME = QT_TRANSLATE_NOOP("LibraryView", "Rename")
    TAGS = QT_TRANSLATE_NOOP("LibraryView", "Tags…")
    MOVE = QT_TRANSLATE_NOOP("LibraryView", "Move to project")
    EXPORT = QT_TRANSLATE_NOOP("LibraryView", "Export…")
    REVEAL = QT_TRANSLATE_NOOP("LibraryView", "Show in folder")
    DELETE = QT_TRANSLATE_NOOP("LibraryView", "Delete")
    RESTORE = QT_TRANSLATE_NOOP("LibraryView", "Restore")
    PURGE = QT_TRANSLATE_NOOP("LibraryView", "Delete permanently…")


KEYS = {
    Command.OPEN: "Return",
    Command.RENAME: "F2",
    Command.TAGS: "Ctrl+T",
    Command.DELETE: "Del",
}
"""Keys that the list itself knows; the others are those of the window's actions."""
