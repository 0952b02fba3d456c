"""How far the work is, on the program's button in the taskbar of Windows.

By reading ``ITaskbarList3`` in Microsoft's reference only: no Windows was at hand, and this has
never run there. Qt has introduced the window's thread to COM before anything is shown.
"""

from __future__ import annotations

import ctypes
import uuid
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

_CLASS = uuid.UUID("56fdf344-fd6d-11d0-958a-006097c9a090")
_INTERFACE = uuid.UUID("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf")
_IN_PROCESS = 1
_INIT, _SET_VALUE, _SET_STATE = 3, 9, 10
"""Places in the interface's table, behind the three of ``IUnknown``."""
_NOTHING, _NORMAL = 0, 2
_WHOLE = 1_000


class TaskbarButton:
    """The button of one window."""

    def __init__(self, taskbar: int, window: int, make: Callable[..., Any]) -> None:
        """Take hold of it.

        Args:
            taskbar: Address of the system's ``ITaskbarList3``.
            window: The window's handle.
            make: Makes a type of function as Windows calls them; gives what ctypes does.
        """
        self._taskbar = ctypes.c_void_p(taskbar)
        self._window = ctypes.c_void_p(window)
        self._make = make
        self._call(_INIT)

    def show(self, share: float | None) -> None:
        """Show a share, 0 to 1; ``None`` takes it away.

        Raises:
            OSError: Windows refuses.
        """
        state = _NOTHING if share is None else _NORMAL
        self._call(_SET_STATE, self._window, ctypes.c_int(state))
        if share is not None:
            done, whole = ctypes.c_ulonglong(round(share * _WHOLE)), ctypes.c_ulonglong(_WHOLE)
            self._call(_SET_VALUE, self._window, done, whole)

    def _call(self, place: int, *given: Any) -> None:
        table = ctypes.cast(self._taskbar, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))
        address = table[0][place]
        kind = self._make(ctypes.c_long, ctypes.c_void_p, *(type(one) for one in given))
        answer = kind(address)(self._taskbar, *given)
        if answer < 0:
            raise _refusal(f"ITaskbarList3[{place}]", answer)


def button_of_window() -> TaskbarButton | None:
    """Give the button of the program's window; ``None`` without a window.

    Raises:
        OSError: Windows refuses.
        AttributeError: This is no Windows.
    """
    windows = QGuiApplication.topLevelWindows()
    own = next((one for one in windows if one.type() is Qt.WindowType.Window), None)
    if own is None:
        return None
    found = ctypes.c_void_p()
    answer = ctypes.WinDLL("ole32").CoCreateInstance(
        _CLASS.bytes_le, None, _IN_PROCESS, _INTERFACE.bytes_le, ctypes.byref(found)
    )
    if answer or not found.value:
        raise _refusal("CoCreateInstance", answer)
    return TaskbarButton(found.value, own.winId(), ctypes.WINFUNCTYPE)


def _refusal(called: str, answer: int) -> OSError:
    return OSError(f"{called}: {answer & 0xFFFFFFFF:#x}")
