"""How the desktop wants things to look, as its portal says: Linux, whichever desktop it is.

Qt asks the portal on some desktops and not on others, and not for all of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot

from app.system.loading import load_modules
from app.system.session_bus import has_bus

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusPendingCallWatcher

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_APPEARANCE = "org.freedesktop.appearance"
_SCHEME, _CONTRAST = "color-scheme", "contrast"
_SCHEMES = {1: Qt.ColorScheme.Dark, 2: Qt.ColorScheme.Light}


async def load_bus() -> None:
    """Load what asks a portal, where there is a bus; imported later, it holds up the window."""
    if has_bus():
        with contextlib.suppress(ImportError):  # a Qt without it
            await load_modules("PySide6.QtDBus")


class DesktopPortal(QObject):
    """Asks the portal once and hears of each change; where there is none, it says nothing.

    Attributes:
        scheme: Light or dark, if it says.
        wants_contrast: Whether it wants more contrast than usual.

    Signals:
        changed: It wants something else than before.
    """

    changed = Signal()

    def __init__(self, on_answered: Callable[[], None] = lambda: None) -> None:
        """Ask, and do not wait.

        Args:
            on_answered: Called once it has said what it wants, or that it does not say.
        """
        super().__init__()
        self._on_answered = on_answered
        self.scheme = Qt.ColorScheme.Unknown
        self.wants_contrast = False
        self._unanswered = 0
        if has_bus():
            self._ask()

    @property
    def is_waiting(self) -> bool:
        """Whether it was asked and has not answered yet."""
        return self._unanswered > 0

    def _ask(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
        except ImportError:
            return
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        # PySide's stub says that this is bytes; it takes nothing but a text.
        slot: Any = SLOT("_on_setting_changed(QString,QString,QDBusVariant)")
        bus.connect("", _PATH, _INTERFACE, "SettingChanged", self, slot)
        for key in (_SCHEME, _CONTRAST):
            # ``Read`` is what every version of the portal knows.
            ask = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
            ask.setArguments([_APPEARANCE, key])
            watcher = QDBusPendingCallWatcher(bus.asyncCall(ask), self)
            watcher.finished.connect(partial(self._on_told, key, watcher))
            self._unanswered += 1

    def _on_told(self, key: str, watcher: QDBusPendingCallWatcher) -> None:
        told = watcher.reply().arguments()
        watcher.deleteLater()
        if told:
            self._take(key, told[0])
        self._unanswered -= 1
        if not self._unanswered:
            self._on_answered()

    @Slot(str, str, "QDBusVariant")
    def _on_setting_changed(self, namespace: str, key: str, value: Any) -> None:
        if namespace == _APPEARANCE:
            self._take(key, value)

    def _take(self, key: str, value: Any) -> None:
        while hasattr(value, "variant"):  # ``Read`` packs a variant into a variant
            value = value.variant()
        if not isinstance(value, int):  # an error's words
            return
        before = self.scheme, self.wants_contrast
        if key == _SCHEME:
            self.scheme = _SCHEMES.get(value, Qt.ColorScheme.Unknown)
        elif key == _CONTRAST:
            self.wants_contrast = value == 1
        if (self.scheme, self.wants_contrast) != before:
            self.changed.emit()
