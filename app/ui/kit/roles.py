"""What a view may ask a model for, by name."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole)


class JobRole(IntEnum):
    """What ``JobModel`` knows of a row."""

    JOB = _FIRST + 1
    JOB_ID = _FIRST + 2
    STATE_TEXT = _FIRST + 3
    """The second line: state, numbers, how long."""
    FRACTION = _FIRST + 4
    """Share counted, 0 to 1; ``None`` where nothing is counted."""
    SENTENCE = _FIRST + 5
    """Why it needs attention; empty otherwise."""
    BUTTONS = _FIRST + 6
    """What can be pressed on the row: a tuple of ``RowButton``."""


class LibraryRole(IntEnum):
    """What ``LibraryModel`` knows of a row."""

    ROW = _FIRST + 1
    """The ``LibraryRow``."""
    SPOKEN = _FIRST + 2
    """Everything the row says."""
