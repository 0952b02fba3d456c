"""Keep the computer awake for a while; where that cannot be had, nothing happens."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QProcess

from app.system.session_bus import has_bus

_BUS_NAME = "wordlight-awake"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001


def stay_awake(reason: str) -> Callable[[], None]:
    """Ask the system not to fall asleep; gives a function that takes this back.

    Args:
        reason: What the system may show a person who wonders why.
    """
    if sys.platform == "win32":
        return _on_windows()
    if sys.platform == "darwin":
        return _on_macos()
    return _on_linux(reason)


def _nothing() -> None:
    pass


def _on_linux(reason: str) -> Callable[[], None]:
    if not has_bus():
        return _nothing
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return _nothing
    # A connection of its own: the wish ends with it, whatever the desktop's cookie was.
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _BUS_NAME)
    if not bus.isConnected():
        return _nothing
    name = "org.freedesktop.ScreenSaver"
    ask = QDBusMessage.createMethodCall(name, "/org/freedesktop/ScreenSaver", name, "Inhibit")
    ask.setArguments(["Wordlight", reason])
    bus.send(ask)
    return lambda: QDBusConnection.disconnectFromBus(_BUS_NAME)


def _on_macos() -> Callable[[], None]:
    caffeinate = QProcess()
    # -w: ends with this process, even if it is killed
    caffeinate.start("/usr/bin/caffeinate", ["-i", "-w", str(os.getpid())])

    def release() -> None:
        caffeinate.kill()
        caffeinate.waitForFinished(1000)

    return release


def _on_windows() -> Callable[[], None]:
    import ctypes

    def tell(flags: int) -> None:
        with contextlib.suppress(AttributeError, OSError):
            ctypes.WinDLL("kernel32").SetThreadExecutionState(flags)

    tell(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)
    return lambda: tell(_ES_CONTINUOUS)


def reason() -> str:
    """Say why the computer is kept awake."""
    return QCoreApplication.translate("Awake", "Recordings are being transcribed")
