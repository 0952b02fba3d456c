"""Import modules as Python does, from the first one on that comes after Qt's.

PySide puts itself in the way of every ``import``, for a switch to other names of its methods
that nobody here uses: it reads the source of each module that is imported, looks for its own
name in it, and keeps all the lines. That is 16 MB, and a sixth of what importing takes.
"""

from __future__ import annotations

import builtins
import importlib


def import_plainly() -> None:
    """Take what PySide has put in the way out of it again."""
    importlib.import_module("PySide6.QtCore")  # this is what does it
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
