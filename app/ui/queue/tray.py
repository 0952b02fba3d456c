"""A message beside the clock, where the system has a place for one, else a notice of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app import APP_ID
from app.system.session_bus import has_bus

_SHOWN_MS = 10_000


class TrayMessage(QObject):
    """Says something outside the window; the icon stands there only as long as that.

    Signals:
        clicked: Somebody pressed the message, or the icon.
    """

    clicked = Signal()

    def __init__(self, window: QWidget, notify: Callable[[str], object] | None = None) -> None:
        """Say nothing yet.

        Args:
            window: Whose icon it bears.
            notify: Says it where there is no place beside the clock.
        """
        super().__init__(window)
        self._notify = notify or _notify
        self._window = window
        self._icon: QSystemTrayIcon | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SHOWN_MS)
        self._soon.timeout.connect(self.take_back)

    @property
    def is_shown(self) -> bool:
        """Whether a message stands there."""
        return self._icon is not None

    def say(self, text: str) -> None:
        """Show a message for a while; where there is no way, nothing happens."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._show(text)
        else:
            self._notify(text)

    def take_back(self) -> None:
        """Let the message and the icon go."""
        self._soon.stop()
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _show(self, text: str) -> None:
        self.take_back()
        self._icon = QSystemTrayIcon(self._window.windowIcon(), self)
        self._icon.setToolTip(text)
        self._icon.messageClicked.connect(self._on_clicked)
        self._icon.activated.connect(self._on_clicked)
        self._icon.show()
        self._icon.showMessage("Wordlight", text, self._window.windowIcon(), _SHOWN_MS)
        self._soon.start()

    def _on_clicked(self) -> None:
        self.take_back()
        self.clicked.emit()


def _notify(text: str) -> None:
    """Say it by the desktop's own command: GNOME has no place beside the clock.

    A press on the notice brings the program forward there, by the name of its desktop file.
    """
    command = shutil.which("notify-send") if has_bus() else None
    if command is not None:
        hint = f"--hint=string:desktop-entry:{APP_ID}"
        QProcess.startDetached(
            command, ["--app-name=Wordlight", f"--icon={APP_ID}", hint, "Wordlight", text]
        )
