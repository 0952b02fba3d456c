"""How far the work is, on the program's button in the taskbar of Windows.

By reading ``ITaskbarList3`` in Microsoft's reference only: no Windows was at hand, and this has
never run there. Qt has introduced the window's thread to COM before anything is shown.
"""

from __future__ import annotations

import ctypes
import uuid

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.system.com import ComObject

_CLASS = uuid.UUID("56fdf344-fd6d-11d0-958a-006097c9a090")
_INTERFACE = uuid.UUID("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf")
_INIT, _SET_VALUE, _SET_STATE = 3, 9, 10
"""Places in the interface's table, behind the three of ``IUnknown``."""
_NOTHING, _NORMAL = 0, 2
_WHOLE = 1_000


class TaskbarButton:
    """The button of one window."""

    def __init__(self, taskbar: ComObject, window: int) -> None:
        """Take hold of it.

        Args:
            taskbar: The system's ``ITaskbarList3``.
            window: The window's handle.
        """
        self._taskbar = taskbar
        self._window = ctypes.c_void_p(window)
        taskbar.call(_INIT)

    def show(self, share: float | None) -> None:
        """Show a share, 0 to 1; ``None`` takes it away.

        Raises:
            OSError: Windows refuses.
        """
        state = _NOTHING if share is None else _NORMAL
        self._taskbar.call(_SET_STATE, self._window, ctypes.c_int(state))
        if share is not None:
            done, whole = ctypes.c_ulonglong(round(share * _WHOLE)), ctypes.c_ulonglong(_WHOLE)
            self._taskbar.call(_SET_VALUE, self._window, done, whole)


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
    return TaskbarButton(ComObject.create(_CLASS, _INTERFACE, "ITaskbarList3"), own.winId())
