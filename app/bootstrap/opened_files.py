"""Files that the desktop opens with Wordlight while it runs: on macOS they come as events.

*Open with* and drops on the Dock do not start the program a second time there; Qt tells the
one that runs, perhaps before there is a queue to put them in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from typing_extensions import override


class OpenedFiles(QObject):
    """Takes such files, and keeps them until somebody wants them."""

    def __init__(self, qt_app: QGuiApplication) -> None:
        """Take what comes to an application from now on."""
        super().__init__(qt_app)
        self._waiting: list[Path] = []
        self._give: Callable[[list[Path]], None] | None = None
        qt_app.installEventFilter(self)

    @classmethod
    def take(cls, qt_app: QGuiApplication, platform: str = sys.platform) -> None:
        """Take such files where there are any: on macOS alone.

        Whoever listens to all events of the program has Python wrap whatever they are for,
        and with that all of Qt's classes be made: a fifth of the time to the first paint.
        """
        if platform == "darwin":
            cls(qt_app)

    @classmethod
    def of(cls, qt_app: QObject | None) -> OpenedFiles | None:
        """Give the one that takes the files of an application."""
        return None if qt_app is None else qt_app.findChild(cls)

    def follow(self, give: Callable[[list[Path]], None]) -> None:
        """Give files from now on to somebody, first those that came before."""
        self._give = give
        waiting, self._waiting = self._waiting, []
        if waiting:
            give(waiting)

    def stop(self) -> None:
        """Give them to nobody; they are kept for who comes next."""
        self._give = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        if event.file():  # an address of the web has none
            path = Path(event.file())
            if self._give is None:
                self._waiting.append(path)
            else:
                self._give([path])
        return True
