"""An object of Windows made of plain C functions, as strict as the real one about its calls."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

from app.system.com import ComObject

REFUSED = -2147467259  # E_FAIL
_RELEASE = 2


class FakeComObject:
    """A pointer to a table of functions, which note what they get.

    Attributes:
        told: Of each call its place in the table, and what was handed over.
    """

    def __init__(self, takes: Mapping[int, tuple[Any, ...]], answer: int = 0) -> None:
        """Make it.

        Args:
            takes: What the functions that may be called take, by their places.
            answer: What they say; ``_RELEASE`` says 0.
        """
        self.told: list[tuple[Any, ...]] = []
        self._answers = dict.fromkeys(takes, answer) | {_RELEASE: 0}
        places = range(max(self._answers) + 1)
        self._functions = [self._function(place, takes.get(place, ())) for place in places]
        addresses = [ctypes.cast(one, ctypes.c_void_p).value for one in self._functions]
        self._table = (ctypes.c_void_p * len(addresses))(*addresses)
        self._object = ctypes.c_void_p(ctypes.addressof(self._table))

    @property
    def address(self) -> int:
        """Where it is."""
        return ctypes.addressof(self._object)

    def as_object(self, name: str = "ITaskbarList3") -> ComObject:
        """Take hold of it as the program does."""
        return ComObject(self.address, ctypes.CFUNCTYPE, name)

    def _function(self, place: int, takes: tuple[Any, ...]) -> Any:
        def note(own: int, *given: Any) -> int:
            assert own == self.address
            self.told.append((place, *given))
            return self._answers.get(place, REFUSED)

        return ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *takes)(note)
