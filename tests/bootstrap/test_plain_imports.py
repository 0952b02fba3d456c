"""What is imported after Qt is imported as Python does it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_CODE = """
import linecache
from app.bootstrap.plain_imports import import_plainly
import_plainly()
before = set(linecache.cache)
import app.bootstrap.life
from PySide6.QtWidgets import QApplication
import PySide6.QtSvg
print(sorted(set(linecache.cache) - before))
QApplication([]).setApplicationName("still works")
"""


def test_no_source_is_read_for_what_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
