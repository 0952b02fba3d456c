"""Put the window together, and let it live until it is closed for good."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import qasync  # pyright: ignore[reportMissingTypeStubs]  # it ships no types
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from app import __version__
from app.bootstrap.program import Program
from app.bootstrap.services import Kept
from app.core.errors import AppError
from app.diagnostics import LogFile, Redactor, catch_unhandled, follow_loop, follow_qt
from app.store.locks import InstanceLock
from app.store.paths import AppPaths
from app.ui.actions import Actions
from app.ui.models.job_model import JobModel
from app.ui.theme import Appearance, Look
from app.ui.translate import load_translations, translated
from app.ui.window import MainWindow

_log = logging.getLogger(__name__)
REFUSED = 1


def run_window(arguments: Sequence[str]) -> int:
    """Open the window with files queued; gives the exit status.

    A Wordlight that is open already on the same folders gets the files instead.
    """
    paths = AppPaths.find()
    files = [Path(argument).absolute() for argument in arguments]
    # What is kept is opened while Qt is still getting up.
    with ThreadPoolExecutor(1) as opener:
        opening = opener.submit(_open, paths)
        qt_app = _start_qt()
        try:
            lock, kept = opening.result()
        except AppError as error:
            return _refuse(qt_app, translated(error.message))
        if kept is None:
            from app.bootstrap.single import hand_over

            if hand_over(paths, files):
                return 0
            return _refuse(qt_app, qt_app.tr("Wordlight is open already and does not answer."))
        with contextlib.ExitStack() as closing:
            closing.callback(lock.release)
            closing.callback(kept.close)
            return _run(qt_app, kept, files)


def _open(paths: AppPaths) -> tuple[InstanceLock, Kept | None]:
    """Open what is kept, unless another window has."""
    paths.create()
    lock = InstanceLock(paths.data / "window.lock")
    return lock, Kept.open(paths) if lock.acquire() else None


def _start_qt() -> QApplication:
    qt_app = QApplication([sys.argv[0]])
    qt_app.setApplicationName("Wordlight")
    qt_app.setApplicationDisplayName("Wordlight")
    qt_app.setApplicationVersion(__version__)
    qt_app.setDesktopFileName("wordlight")
    qt_app.setQuitOnLastWindowClosed(False)
    return qt_app


def _run(qt_app: QApplication, kept: Kept, files: Sequence[Path]) -> int:
    redactor = Redactor()
    log = LogFile(kept.paths.logs, redactor)
    catch_unhandled()
    follow_qt()
    settings = kept.settings.settings
    locale = QLocale(settings.interface_language) if settings.interface_language else QLocale()
    _translators = load_translations(qt_app, locale)
    appearance = Appearance(qt_app, Look(settings.theme.value))
    actions = Actions(appearance, {name: keys.split() for name, keys in settings.key_bindings})
    model = JobModel()
    window = MainWindow(appearance, actions, model)
    window.unpack_geometry(settings.geometry, settings.panes)
    window.options.show_options(settings.options)
    window.show()

    async def live() -> None:
        follow_loop(asyncio.get_running_loop())
        program = Program(
            window=window,
            actions=actions,
            appearance=appearance,
            model=model,
            kept=kept,
            redactor=redactor,
        )
        await program.run(files)

    try:
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qt_app)) as runner:
            runner.run(live())
    finally:
        log.close()
    return 0


def _refuse(qt_app: QApplication, sentence: str) -> int:
    """Show why Wordlight cannot start, and end when that was read."""
    print(f"wordlight: {sentence}", file=sys.stderr)  # noqa: T201 - there may be no screen
    box = QMessageBox(QMessageBox.Icon.Warning, "Wordlight", sentence)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    async def until_read() -> None:
        read = asyncio.Event()
        box.finished.connect(read.set)
        box.open()
        await read.wait()

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qt_app)) as runner:
        runner.run(until_read())
    return REFUSED
