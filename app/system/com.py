"""Objects of Windows: a pointer to a table of functions, called by their places in it."""

from __future__ import annotations

import ctypes
import uuid
from collections.abc import Callable
from typing import Any

_IN_PROCESS = 1
_RELEASE = 2


class ComObject:
    """One object of Windows, as COM hands it out."""

    def __init__(self, address: int, make: Callable[..., Any], name: str) -> None:
        """Take hold of it.

        Args:
            address: Where it is.
            make: Makes a type of function as Windows calls them; gives what ctypes does.
            name: Of its interface, for what goes wrong.
        """
        self._address = ctypes.c_void_p(address)
        self._make = make
        self._name = name

    @classmethod
    def create(
        cls,
        class_id: uuid.UUID,
        interface: uuid.UUID,
        name: str,
        *,
        ole: Any = None,
        make: Callable[..., Any] | None = None,
    ) -> ComObject:
        """Have Windows make one, on a thread that has been introduced to COM.

        Args:
            class_id: Of what it is to be.
            interface: By which it is used.
            name: Of that interface.
            ole: The library that makes it; that of this system if left out.
            make: As for the object; as Windows calls functions if left out.

        Raises:
            OSError: Windows refuses.
            AttributeError: This is no Windows.
        """
        found = ctypes.c_void_p()
        ole = ole or ctypes.WinDLL("ole32")
        answer = ole.CoCreateInstance(
            class_id.bytes_le, None, _IN_PROCESS, interface.bytes_le, ctypes.byref(found)
        )
        if answer or not found.value:
            raise refusal("CoCreateInstance", answer)
        return cls(found.value, make or ctypes.WINFUNCTYPE, name)

    def call(self, place: int, *given: Any) -> None:
        """Call one of its functions, the three of ``IUnknown`` counted.

        Args:
            place: In its table.
            given: What is handed over, as ctypes has it.

        Raises:
            OSError: The object refuses.
        """
        answer = self._at(place, ctypes.c_long, *given)
        if answer < 0:
            raise refusal(f"{self._name}[{place}]", answer)

    def release(self) -> None:
        """Let go of it."""
        self._at(_RELEASE, ctypes.c_ulong)

    def _at(self, place: int, gives: type, *given: Any) -> int:
        table = ctypes.cast(self._address, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))
        kind = self._make(gives, ctypes.c_void_p, *(type(one) for one in given))
        return kind(table[0][place])(self._address, *given)


def refusal(called: str, answer: int) -> OSError:
    """Say what Windows refused, with its number."""
    return OSError(f"{called}: {answer & 0xFFFFFFFF:#x}")
