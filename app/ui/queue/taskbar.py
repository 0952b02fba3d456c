"""How far the work is, at the program's icon: in the dock, the launcher or the taskbar.

On Linux it is told over D-Bus in the way that Unity began and most desktops took up (GNOME
with its dock, KDE, Cinnamon, elementary), on Windows as ``taskbar_button`` does it, on macOS
as ``dock`` does. How many recordings need a person stands at the icon wherever Qt can write a
number there, on macOS and Windows as well.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from app import APP_ID
from app.system.session_bus import has_bus

if TYPE_CHECKING:
    from app.ui.queue.taskbar_button import TaskbarButton

_BUS_NAME = "wordlight-taskbar"
_PATH = "/com/canonical/unity/launcherentry/wordlight"
_INTERFACE = "com.canonical.Unity.LauncherEntry"
_STEP = 0.01
"""Less cannot be seen there."""

Tell = Callable[[float | None], None]
"""Shows a share, 0 to 1; ``None`` takes it away."""


class Taskbar:
    """Shows how far the work is at the program's icon; where there is no way, nothing."""

    def __init__(
        self, tell: Tell | None = None, badge: Callable[[int], None] | None = None
    ) -> None:
        """Show nothing yet.

        Args:
            tell: Shows a share there; the desktop's way if left out.
            badge: Shows a number there; Qt's way if left out.
        """
        self._tell = tell or way_of(sys.platform)
        self._badge = badge or _badge
        self._shown: tuple[float | None, int] = (None, 0)

    def show(self, share: float | None, attention: int) -> None:
        """Show how far the work is, and how many recordings need a person.

        Args:
            share: 0 to 1; ``None`` while nothing is at work.
            attention: How many; none are not shown.
        """
        before, number = self._shown
        rounded = None if share is None else round(share / _STEP) * _STEP
        if rounded != before:
            self._tell(rounded)
        if attention != number:
            self._badge(attention)
        self._shown = rounded, attention


def way_of(platform: str) -> Tell:
    """Give how a share is shown on a system."""
    match platform:
        case "win32":
            return _on_windows()
        case "darwin":
            from app.ui.queue.dock import DockIcon  # no other system needs it

            return DockIcon().show
        case _:
            return _on_linux


def _badge(number: int) -> None:
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        app.setBadgeNumber(number)


def _on_windows() -> Tell:
    button: TaskbarButton | None = None

    def tell(share: float | None) -> None:
        nonlocal button
        from app.ui.queue.taskbar_button import button_of_window

        with contextlib.suppress(AttributeError, OSError):  # it is a help, no more
            button = button or button_of_window()
            if button is not None:
                button.show(share)

    return tell


def _on_linux(share: float | None) -> None:
    if not has_bus():
        return
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _BUS_NAME)
    if not bus.isConnected():
        return
    update = QDBusMessage.createSignal(_PATH, _INTERFACE, "Update")
    shown = {"progress": float(share or 0.0), "progress-visible": share is not None}
    update.setArguments([f"application://{APP_ID}.desktop", shown])
    bus.send(update)
