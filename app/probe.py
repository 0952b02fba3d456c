"""Look at one side of this computer in a process of its own, since each may crash or hang.

``app/__main__.py`` starts it when it is told to; ``app/diagnostics.py`` reads what it tells,
and ``app/store/secrets.py`` whether there is a key.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """What can be looked at."""

    SCREEN = "screen"
    SOUND = "sound"
    KEYRING = "keyring"
    KEY = "key"


def main(arguments: Sequence[str]) -> None:
    """Write as one line of JSON what is there, and end without tidying up."""
    told = _LOOKS[Side(arguments[0])]()
    print(json.dumps(told))  # noqa: T201 – the one who started us reads it
    sys.stdout.flush()
    os._exit(0)


def may_have_screen() -> bool:
    """Tell whether Qt can be tried: without a display it would abort the process."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


def _screen() -> dict[str, Any]:
    from PySide6.QtGui import QGuiApplication

    return {"platform": QGuiApplication(sys.argv[:1]).platformName()}


def _sound() -> dict[str, Any]:
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtMultimedia import QMediaDevices

    _application = QCoreApplication(sys.argv[:1])  # sound needs no screen
    return {
        "outputs": [one.description() for one in QMediaDevices.audioOutputs()],
        "inputs": [one.description() for one in QMediaDevices.audioInputs()],
    }


def _keyring() -> dict[str, Any]:
    import keyring

    backend = keyring.get_keyring()
    return {"keyring": f"{type(backend).__module__}.{type(backend).__name__}"}


def _key() -> dict[str, Any]:
    from app.store.secrets import SERVICE, USER, system_keyring

    found = system_keyring()
    return {"is_kept": found is not None and bool(found.get_password(SERVICE, USER))}


_LOOKS: dict[Side, Callable[[], dict[str, Any]]] = {
    Side.SCREEN: _screen,
    Side.SOUND: _sound,
    Side.KEYRING: _keyring,
    Side.KEY: _key,
}
