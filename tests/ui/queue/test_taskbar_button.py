"""The button in the taskbar of Windows, on a taskbar made of plain C functions."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from app.ui.queue.taskbar_button import TaskbarButton

_REFUSED = -2147467259  # E_FAIL


class FakeTaskbar:
    """An object as COM has it: a pointer to a table of functions, which note what they get."""

    def __init__(self, answer: int = 0) -> None:
        self.told: list[tuple[Any, ...]] = []
        kinds: dict[int, tuple[Any, ...]] = {
            3: (),
            9: (ctypes.c_void_p, ctypes.c_ulonglong, ctypes.c_ulonglong),
            10: (ctypes.c_void_p, ctypes.c_int),
        }

        def noting(place: int) -> Any:
            def note(_own: int, *given: Any) -> int:
                self.told.append((place, *given))
                return 0 if place == 3 else answer

            return note

        self._functions = [
            ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *kinds.get(place, ()))(
                noting(place)
            )
            for place in range(21)
        ]
        addresses = [ctypes.cast(one, ctypes.c_void_p) for one in self._functions]
        self._table = (ctypes.c_void_p * len(addresses))(*[one.value for one in addresses])
        self._object = ctypes.c_void_p(ctypes.addressof(self._table))

    @property
    def address(self) -> int:
        return ctypes.addressof(self._object)


def test_the_share_of_the_window_is_shown_and_taken_away() -> None:
    taskbar = FakeTaskbar()
    button = TaskbarButton(taskbar.address, 77, ctypes.CFUNCTYPE)
    button.show(0.25)
    button.show(None)
    assert taskbar.told == [(3,), (10, 77, 2), (9, 77, 250, 1_000), (10, 77, 0)]


def test_what_is_refused_is_told() -> None:
    button = TaskbarButton(FakeTaskbar(_REFUSED).address, 77, ctypes.CFUNCTYPE)
    with pytest.raises(OSError, match=r"ITaskbarList3\[10\]: 0x80004005"):
        button.show(0.5)
