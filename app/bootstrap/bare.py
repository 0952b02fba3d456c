"""The bare window: up at once, where and as it was last, with nothing in it yet.

The settings are in the database, which is opened after the first paint; what the bare
window needs of them is repeated in a small file for the moment before.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QApplication

from app import APP_ID, __version__
from app.store.paths import AppPaths
from app.ui.window import MainWindow

_NAME = "window.json"


@dataclass(frozen=True, slots=True)
class SavedWindow:
    """What the bare window needs.

    Attributes:
        geometry: Place and size, as ``MainWindow.pack_geometry`` gives them.
        middle: Colour of the middle.
        side: Colour of the side.
    """

    geometry: str = ""
    middle: str = ""
    side: str = ""

    @classmethod
    def read(cls, config: Path) -> SavedWindow:
        """Read how it was; a file that is missing or makes no sense gives the default."""
        values = _content(config)
        return cls(*(str(values.get(name, "")) for name in ("geometry", "middle", "side")))

    def save(self, config: Path) -> None:
        """Save it; blocks.

        Raises:
            StorageError: It could not be written.
        """
        from app.system.files import write_whole

        # What a newer Wordlight kept beside it stays.
        write_whole(
            config / _NAME, json.dumps(_content(config) | asdict(self), indent=1).encode()
        )


def _content(config: Path) -> dict[str, object]:
    """Give all that is in the file; nothing if it is missing or makes no sense."""
    try:
        found: object = json.loads((config / _NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def start_qt() -> QApplication:
    """Make what Qt needs before any window."""
    qt_app = QApplication([sys.argv[0]])
    qt_app.setApplicationName("Wordlight")
    qt_app.setApplicationDisplayName("Wordlight")
    qt_app.setApplicationVersion(__version__)
    qt_app.setDesktopFileName(APP_ID)
    qt_app.setQuitOnLastWindowClosed(False)
    return qt_app


def show_bare(paths: AppPaths) -> MainWindow:
    """Show the window as it looked last, with nothing in it."""
    saved = SavedWindow.read(paths.config)
    window = MainWindow(bare_colors=(saved.middle, saved.side))
    window.unpack_geometry(saved.geometry, "")
    window.show()
    return window
