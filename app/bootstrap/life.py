"""The life of the program on its loop, from the first paint to the last farewell."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qasync  # pyright: ignore[reportMissingTypeStubs]  # it ships no types
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from app.bootstrap.bare import show_bare
from app.bootstrap.program import open_program
from app.bootstrap.restoring import restore
from app.core.errors import AppError
from app.core.messages import Message
from app.store.paths import AppPaths
from app.system.start_watch import StartWatch
from app.ui.translate import load_translations, translated
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from app.core.messages import Message

REFUSED = 1
RESTART = -1
"""No exit status, but the wish that Wordlight is started once more in place of this one."""
TURN_S = 0.0005
"""How long a busy thread may keep the window's waiting for Python's lock. Qt asks Python
dozens of times a picture, and with the usual 5 ms a turn each may wait: a visible stall."""
_MOST_THREADS = 10


def run(qt_app: QApplication, living: Coroutine[Any, Any, int]) -> int:
    """Run the program's coroutine on Qt's loop; gives the exit status."""
    sys.setswitchinterval(TURN_S)
    with asyncio.Runner(loop_factory=lambda: _make_loop(qt_app)) as runner:
        return runner.run(living)


def _make_loop(qt_app: QApplication) -> qasync.QEventLoop:
    """Make the loop, with threads that begin as there is work; qasync's begin all at once."""
    loop = qasync.QEventLoop(qt_app)
    threads = ThreadPoolExecutor(_MOST_THREADS, "worker")
    loop.set_default_executor(threads)  # pyright: ignore[reportUnknownMemberType]
    return loop


async def live(
    qt_app: QApplication,
    window: MainWindow,
    paths: AppPaths,
    files: Sequence[Path],
) -> int:
    """Be the program behind a bare window; gives the exit status, or ``RESTART``.

    Args:
        qt_app: Qt's application.
        window: Painted once, with nothing in it.
        paths: The program's folders.
        files: To be queued at once.
    """
    is_unwanted = asyncio.Event()
    window.close_requested.connect(is_unwanted.set)
    end = is_unwanted.set

    def on_told_to_end() -> None:
        end()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such telling
            loop.add_signal_handler(number, on_told_to_end)
    try:
        notice: Message | None = None
        while True:
            async with open_program(qt_app, window, paths) as program:
                if not is_unwanted.is_set():
                    window.close_requested.disconnect(is_unwanted.set)
                    end = program.leave
                    await program.run(files, notice)
            end = is_unwanted.set
            if program.is_restarting:
                return RESTART
            if program.backup_wanted is None:
                break
            # The library is another one then, so everything is made anew.
            notice = await asyncio.to_thread(restore, paths, program.backup_wanted)
            files = ()
            window.close_for_good()
            window = show_bare(paths)
            window.close_requested.connect(is_unwanted.set)
    except AppError as error:
        await tell(qt_app, error.message)
        return REFUSED
    finally:
        window.close_for_good()
    return 0


async def tell(qt_app: QApplication, reason: Message) -> int:
    """Show why Wordlight cannot start; ends when that was read."""
    StartWatch.end()  # from here on it waits for a person
    # That of the system: what a person chose is among what cannot be read.
    translators = load_translations(qt_app, "")
    sentence = translated(reason)
    print(f"wordlight: {sentence}", file=sys.stderr)  # noqa: T201 - there may be no screen
    box = QMessageBox(QMessageBox.Icon.Warning, "Wordlight", sentence)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    read = asyncio.Event()
    box.finished.connect(read.set)
    box.open()
    await read.wait()
    for translator in translators:
        qt_app.removeTranslator(translator)
    return REFUSED
