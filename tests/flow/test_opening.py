"""The first moments of the window, in the real program."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.bootstrap import program
from app.bootstrap.single import Outcome, hand_over
from app.store.paths import AppPaths
from app.system.locks import InstanceLock
from app.ui.window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
CLOSING = textwrap.dedent(
    """
    import sys
    from PySide6 import QtWidgets
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Closer(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type[sys.argv[1]] and isinstance(
                watched, QtWidgets.QMainWindow
            ):
                print("closing", flush=True)
                QTimer.singleShot(0, watched.close)
            return False

    class Application(QtWidgets.QApplication):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.closer = Closer()
            self.installEventFilter(self.closer)

    QtWidgets.QApplication = Application
    from app.__main__ import main

    sys.exit(main([]))
    """
)


def surroundings(home: Path) -> dict[str, str]:
    return {**os.environ, "WORDLIGHT_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.slow
@pytest.mark.parametrize("when", ["Show", "Paint"])
def test_window_can_be_closed_before_anything_is_behind_it(tmp_path: Path, when: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOSING, when],
        cwd=ROOT,
        env=surroundings(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.splitlines()[:1] == ["closing"]
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows tells no program to end in this way")
def test_second_start_hands_over_and_the_first_ends_in_order(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app"]
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings(tmp_path), stderr=subprocess.PIPE, text=True
    ) as first:
        while not list(tmp_path.rglob("wordlight.db")):
            assert first.poll() is None
        second = subprocess.run(
            command,
            cwd=ROOT,
            env=surroundings(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        first.send_signal(signal.SIGTERM)
        _, said = first.communicate(timeout=60)

    assert (second.returncode, second.stderr) == (0, "")
    assert first.returncode == 0, said


@pytest.mark.usefixtures("qapp")
def test_start_whose_forerunner_is_gone_is_the_first(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path / "window.lock")

    assert hand_over(AppPaths.below(tmp_path), lock, []) is Outcome.FIRST
    assert lock.is_held
    lock.release()


@pytest.mark.usefixtures("_hooks_put_back")
def test_garbage_is_not_looked_for_in_what_was_loaded_while_the_window_is_furnished(
    qapp: QApplication, run_async, tmp_path: Path
) -> None:
    gc.unfreeze()
    window = MainWindow()

    async def opened() -> None:
        async with program.open_program(qapp, window, AppPaths.below(tmp_path)) as running:
            assert gc.get_freeze_count()
        for thing in (running.front.model, running.front.appearance):
            thing.deleteLater()

    run_async(opened())
    window.close_for_good()
    window.deleteLater()
