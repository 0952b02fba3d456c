"""Show the window at once, then bring up what is behind it.

Until the first paint nothing is imported or opened that the bare window does not need,
not even asyncio, which alone takes as long as the window. The rest is imported in a
thread, so that the window answers meanwhile, and takes over in ``life.py``.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.bootstrap.bare import show_bare, start_qt
from app.bootstrap.opened_files import OpenedFiles
from app.core.errors import AppError
from app.core.messages import Message, message
from app.store.paths import AppPaths
from app.system.locks import InstanceLock
from app.system.start_watch import StartWatch
from app.ui.window import MainWindow

_REST = "app.bootstrap.life"
_SILENT = message("Wordlight is already open and does not respond. Quit it, then start again.")
_UNREACHABLE = message(
    "Wordlight is already open, but files cannot reach it from outside. Add them in its window."
)
_REFUSED = message(
    "Another version of Wordlight is open and cannot take files from this one. Add them in "
    "its window, or quit it and start again."
)


def run_window(arguments: Sequence[str]) -> int:
    """Open the window with files queued; gives the exit status.

    A Wordlight that is open already on the same folders gets the files instead.
    """
    paths = AppPaths.find()
    files = [Path(argument).absolute() for argument in arguments]
    qt_app = start_qt()
    OpenedFiles.take(qt_app)
    try:
        paths.create()
        lock = InstanceLock(paths.data / "window.lock")
        is_first = lock.acquire()
    except AppError as error:
        return _tell(qt_app, error.message)
    if not is_first:
        from app.bootstrap.single import Outcome, hand_over

        match hand_over(paths, lock, files):
            case Outcome.TAKEN:
                return 0
            case Outcome.SILENT:
                return _tell(qt_app, _SILENT)
            case Outcome.UNREACHABLE:
                return _tell(qt_app, _UNREACHABLE)
            case Outcome.REFUSED:
                return _tell(qt_app, _REFUSED)
            case Outcome.FIRST:
                pass
    with contextlib.suppress(OSError):  # of a window that crashed
        paths.unreachable.unlink(missing_ok=True)
    try:
        StartWatch.begin(paths.logs)
        told_to_end: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):  # until asyncio sees to them
            signal.signal(number, lambda number, _: told_to_end.append(number))
        opening = _Opening(show_bare(paths))
        # The one loop that is not asyncio's: before it, never inside. It ends by itself.
        qt_app.exec()
        if opening.is_unwanted or told_to_end:
            opening.window.close_for_good()
            return 0
        from app.bootstrap import life

        status = life.run(qt_app, life.live(qt_app, opening.window, paths, files))
    finally:
        StartWatch.end()
        lock.release()
    if status != life.RESTART:
        return status
    from app.bootstrap.restarting import start_once_more

    problem = start_once_more()
    return 0 if problem is None else _tell(qt_app, problem)


class _Opening(QObject):
    """From the bare window to the end of the imports, which ends Qt's first loop.

    Attributes:
        window: The window.
        is_unwanted: Whether somebody closed it meanwhile.
    """

    _imported = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.window = window
        self.is_unwanted = False
        self._is_importing = False
        self._imported.connect(self._on_imported)  # comes from the thread, is queued
        window.first_painted.connect(self._on_painted)
        window.close_requested.connect(self._on_close_requested)

    def _on_painted(self) -> None:
        if self.is_unwanted:  # closed while it was painted: the process may be at its end
            return
        self._is_importing = True
        threading.Thread(target=self._import_rest, name="import").start()

    def _import_rest(self) -> None:
        try:
            importlib.import_module(_REST)
        finally:  # if it failed, the one who imports it next says so
            self._imported.emit()

    def _on_imported(self) -> None:
        self.window.close_requested.disconnect(self._on_close_requested)
        QApplication.exit()

    def _on_close_requested(self) -> None:
        self.is_unwanted = True
        if not self._is_importing:  # closed in the taskbar, before it was ever painted
            QApplication.exit()


def _tell(qt_app: QApplication, sentence: Message) -> int:
    from app.bootstrap import life

    return life.run(qt_app, life.tell(qt_app, sentence))
