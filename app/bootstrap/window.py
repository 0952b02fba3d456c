"""Show the window at once, then put everything behind it.

Until the first paint nothing is imported or opened that the bare window does not need;
the rest is imported in a thread, so that the window answers meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qasync  # pyright: ignore[reportMissingTypeStubs]  # it ships no types
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication, QMessageBox

from app import __version__
from app.bootstrap.first_look import FirstLook
from app.core.errors import AppError
from app.store.locks import InstanceLock
from app.store.paths import AppPaths
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from app.bootstrap.program import Program
    from app.core.messages import Message

REFUSED = 1
TURN_S = 0.0005
"""How long a busy thread may keep the window's waiting for Python's lock. Qt asks Python
dozens of times a picture, and with the usual 5 ms a turn each may wait: a visible stall."""


def run_window(arguments: Sequence[str]) -> int:
    """Open the window with files queued; gives the exit status.

    A Wordlight that is open already on the same folders gets the files instead.
    """
    paths = AppPaths.find()
    files = [Path(argument).absolute() for argument in arguments]
    qt_app = _start_qt()
    try:
        paths.create()
        lock = InstanceLock(paths.data / "window.lock")
        is_first = lock.acquire()
    except AppError as error:
        return _run(qt_app, _tell(error.message.fill()))
    if not is_first:
        from app.bootstrap.single import hand_over

        if hand_over(paths, files):
            return 0
        return _run(qt_app, _tell("Wordlight is open already and does not answer."))
    try:
        return _run(qt_app, _live(qt_app, _show_bare(paths), paths, files))
    finally:
        lock.release()


def _start_qt() -> QApplication:
    qt_app = QApplication([sys.argv[0]])
    qt_app.setApplicationName("Wordlight")
    qt_app.setApplicationDisplayName("Wordlight")
    qt_app.setApplicationVersion(__version__)
    qt_app.setDesktopFileName("wordlight")
    qt_app.setQuitOnLastWindowClosed(False)
    return qt_app


def _run(qt_app: QApplication, living: Coroutine[Any, Any, int]) -> int:
    sys.setswitchinterval(TURN_S)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qt_app)) as runner:
        return runner.run(living)


async def _live(
    qt_app: QApplication,
    window: MainWindow,
    paths: AppPaths,
    files: Sequence[Path],
) -> int:
    """Be the program from the first paint to the last farewell; gives the exit status."""
    painted = asyncio.Event()
    is_unwanted = asyncio.Event()
    window.first_painted.connect(painted.set)
    window.close_requested.connect(is_unwanted.set)
    end = is_unwanted.set

    def on_told_to_end() -> None:
        end()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such telling
            loop.add_signal_handler(number, on_told_to_end)
    await painted.wait()
    try:
        open_program = await asyncio.to_thread(_import_rest)
        notice: Message | None = None
        while True:
            async with open_program(qt_app, window, paths) as program:
                if not is_unwanted.is_set():
                    window.close_requested.disconnect(is_unwanted.set)
                    end = program.leave
                    await program.run(files, notice)
            end = is_unwanted.set
            if program.backup_wanted is None:
                break
            # The library is another one then, so everything is made anew.
            notice = await asyncio.to_thread(_restore, paths, program.backup_wanted)
            files = ()
            window.close_for_good()
            window = _show_bare(paths)
            window.close_requested.connect(is_unwanted.set)
    except AppError as error:
        await _tell(error.message.fill())
        return REFUSED
    finally:
        window.close_for_good()
    return 0


def _show_bare(paths: AppPaths) -> MainWindow:
    first_look = FirstLook.read(paths.config)
    window = MainWindow(bare_colors=(first_look.middle, first_look.side))
    window.unpack_geometry(first_look.geometry, "")
    window.show()
    return window


def _restore(paths: AppPaths, backup: Path) -> Message:
    from app.bootstrap.restoring import restore

    return restore(paths, backup)


def _import_rest() -> Callable[..., AbstractAsyncContextManager[Program]]:
    from app.bootstrap.program import open_program

    return open_program


async def _tell(sentence: str) -> int:
    """Show why Wordlight cannot start; ends when that was read."""
    print(f"wordlight: {sentence}", file=sys.stderr)  # noqa: T201 - there may be no screen
    box = QMessageBox(QMessageBox.Icon.Warning, "Wordlight", sentence)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    read = asyncio.Event()
    box.finished.connect(read.set)
    box.open()
    await read.wait()
    return REFUSED
