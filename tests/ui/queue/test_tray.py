"""The message beside the clock; the offscreen platform has no clock, so none is seen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app import APP_ID
from app.ui.queue.tray import TrayMessage

# what Qt says of a platform without a tray
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


@pytest.fixture
def tray(qtbot) -> TrayMessage:
    window = QWidget()
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.red)
    window.setWindowIcon(QIcon(pixmap))
    qtbot.addWidget(window)
    tray = TrayMessage(window)
    tray.setProperty("window", window)  # lives as long
    return tray


def test_without_a_place_it_is_said_in_another_way(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    said: list[str] = []
    tray = TrayMessage(window, said.append)
    assert not QSystemTrayIcon.isSystemTrayAvailable()
    tray.say("3 recordings are done.")
    assert not tray.is_shown
    assert said == ["3 recordings are done."]


@pytest.mark.skipif(sys.platform != "linux", reason="no such command there")
def test_where_there_is_none_the_desktop_s_command_says_it(
    tray: TrayMessage, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, command = tmp_path / "told", tmp_path / "notify-send"
    command.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}.new"; mv "{told}.new" "{told}"\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    tray.say("3 recordings are done.")
    qtbot.waitUntil(told.exists)
    lines = told.read_text("utf-8").splitlines()
    assert lines[-2:] == ["Wordlight", "3 recordings are done."]
    assert f"--hint=string:desktop-entry:{APP_ID}" in lines

    told.unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    tray.say("4 recordings are done.")  # nothing can say it, and nothing goes wrong
    assert not told.exists()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Qt find a place beside the clock, which the offscreen platform lacks."""
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)


@pytest.mark.usefixtures("place")
def test_the_icon_goes_once_the_message_was_pressed(tray: TrayMessage, qtbot) -> None:
    tray.say("3 recordings are done.")
    tray.say("4 recordings are done.")
    (icon,) = [one for one in tray.findChildren(QSystemTrayIcon) if one.isVisible()]
    assert icon.toolTip() == "4 recordings are done."
    with qtbot.waitSignal(tray.clicked):
        icon.messageClicked.emit()
    assert not tray.is_shown


@pytest.mark.usefixtures("place")
def test_the_icon_goes_by_itself(tray: TrayMessage, qtbot) -> None:
    (soon,) = tray.findChildren(QTimer)
    soon.setInterval(0)
    tray.say("Done.")
    qtbot.waitUntil(lambda: not tray.is_shown)
