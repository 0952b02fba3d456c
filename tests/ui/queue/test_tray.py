"""The message beside the clock; the offscreen platform has no clock, so none is seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

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


def test_without_a_place_nothing_is_said(tray: TrayMessage) -> None:
    assert not QSystemTrayIcon.isSystemTrayAvailable()
    tray.say("3 recordings are done.")
    assert not tray.is_shown


def test_the_icon_goes_once_the_message_was_pressed(tray: TrayMessage, qtbot) -> None:
    tray._show("3 recordings are done.")
    tray._show("4 recordings are done.")
    (icon,) = [one for one in tray.findChildren(QSystemTrayIcon) if one is tray._icon]
    assert icon.toolTip() == "4 recordings are done."
    with qtbot.waitSignal(tray.clicked):
        icon.messageClicked.emit()
    assert not tray.is_shown


def test_the_icon_goes_by_itself(tray: TrayMessage, qtbot) -> None:
    tray._soon.setInterval(0)
    tray._show("Done.")
    qtbot.waitUntil(lambda: not tray.is_shown)
