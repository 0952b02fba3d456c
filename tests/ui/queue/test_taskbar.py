"""How far the work is, at the program's icon."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from app import APP_ID
from app.ui.queue.taskbar import Taskbar


def test_only_what_can_be_seen_is_told_and_at_the_end_it_goes() -> None:
    told: list[float | None] = []
    numbers: list[int] = []
    taskbar = Taskbar(told.append, numbers.append)
    taskbar.show(None, 0)
    assert (told, numbers) == ([], [])
    for share in (0.0, 0.101, 0.102, 0.5):
        taskbar.show(share, 0)
    taskbar.show(0.5, 2)
    taskbar.show(None, 2)
    taskbar.show(None, 0)
    assert told == [0.0, pytest.approx(0.1), pytest.approx(0.5), None]
    assert numbers == [2, 0]


_SHOW = """
from PySide6.QtCore import QCoreApplication
from app.ui.queue.taskbar import Taskbar
app = QCoreApplication([])
bar = Taskbar(badge=print)
bar.show(0.25, 0)
bar.show(None, 0)
"""
_LISTEN = (
    'dbus-monitor --session "interface=com.canonical.Unity.LauncherEntry" & m=$!; sleep 0.3'
)


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, ("dbus-run-session", "dbus-monitor"))),
    reason="no bus to listen to",
)
def test_a_dock_hears_it_over_the_bus() -> None:
    script = f'{_LISTEN}; "$0" -c "$1"; sleep 0.3; kill $m'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, _SHOW],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    said = done.stdout
    assert said.count("member=Update") == 2
    assert f'"application://{APP_ID}.desktop"' in said
    first, second = said.split("member=Update")[1:]
    assert "double 0.25" in first
    assert "boolean true" in first
    assert "boolean false" in second
