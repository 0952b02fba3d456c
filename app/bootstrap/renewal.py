"""Notice that another build was put in the place of the one that runs.

The window that is open then goes on with what it has loaded, and may lack what it has not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from app.core.messages import Message
from app.system.children import UPDATED_MEANWHILE, frozen_program

_File = tuple[int, int, int]


class Renewal(QObject):
    """Looks whenever somebody turns to the window, and says it once."""

    def __init__(
        self,
        parent: QObject,
        say: Callable[[Message], object],
        program: Path | None = None,
    ) -> None:
        """Look at the program that runs, if it is a bundle's.

        Args:
            parent: As long as it lives, somebody looks.
            say: Says a sentence that stays.
            program: The file to look at; found out without it.
        """
        super().__init__(parent)
        self._say = say
        self._program = program or frozen_program()
        self._before = self._look()
        application = QGuiApplication.instance()
        if self._before is not None and isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state_changed)

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive or self._before is None:
            return
        now = self._look()
        # While it is being put in place there may be no file at all.
        if now is not None and now != self._before:
            self._before = None
            self._say(UPDATED_MEANWHILE)

    def _look(self) -> _File | None:
        try:
            found = None if self._program is None else self._program.stat()
        except OSError:
            return None
        return None if found is None else (found.st_ino, found.st_mtime_ns, found.st_size)
