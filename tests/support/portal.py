"""A desktop that says how it wants things to look: the settings of ``xdg-desktop-portal``."""

from __future__ import annotations

import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

_NAME = "org.freedesktop.portal.Desktop"
_SETTINGS = DBusAddress(
    "/org/freedesktop/portal/desktop", _NAME, "org.freedesktop.portal.Settings"
)
APPEARANCE = "org.freedesktop.appearance"
LIGHT, DARK = 2, 1


class Portal:
    """Answers who asks for settings on a session bus, and tells all of each change."""

    def __init__(self, bus: str) -> None:
        """Take the portal's name, with a light desktop.

        Args:
            bus: Address of the session bus.
        """
        self._settings = {"color-scheme": LIGHT, "contrast": 0, "reduced-motion": 0}
        self.asked: list[str] = []
        self._bus: DBusConnection = open_dbus_connection(bus)
        self._bus.send(message_bus.RequestName(_NAME))
        self._answering = threading.Thread(target=self._answer, name="portal", daemon=True)
        self._answering.start()

    def close(self) -> None:
        """Leave the bus."""
        self._bus.interrupt()
        self._answering.join(10)
        self._bus.close()

    def set(self, **settings: int) -> None:
        """Change settings as a person does in the desktop's, ``_`` written for ``-``."""
        for name, value in settings.items():
            key = name.replace("_", "-")
            self._settings[key] = value
            self._bus.send(
                new_signal(_SETTINGS, "SettingChanged", "ssv", (APPEARANCE, key, ("u", value)))
            )

    def _answer(self) -> None:
        while True:
            try:
                asked = self._bus.receive()
            except ReceiveStopped:
                return
            if asked.header.message_type is MessageType.method_call:
                self._bus.send(self._reply(asked))

    def _reply(self, asked: Message) -> Message:
        fields = asked.header.fields
        method, body = fields[HeaderFields.member], asked.body
        self.asked.append(method)
        if fields.get(HeaderFields.interface) != _SETTINGS.interface:
            return new_error(asked, "org.freedesktop.DBus.Error.UnknownInterface")
        match method, body:
            case "ReadAll", _:
                known = {key: ("u", value) for key, value in self._settings.items()}
                return new_method_return(asked, "a{sa{sv}}", ({APPEARANCE: known},))
            case "Read", (namespace, key) if namespace == APPEARANCE and key in self._settings:
                inner: Any = ("v", ("u", self._settings[key]))  # a variant in a variant
                return new_method_return(asked, "v", (inner,))
            case "ReadOne", (namespace, key) if (
                namespace == APPEARANCE and key in self._settings
            ):
                return new_method_return(asked, "v", (("u", self._settings[key]),))
            case _:
                return new_error(asked, "org.freedesktop.portal.Error.NotFound")
