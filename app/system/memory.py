"""Give memory that is free back to the system."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache

_MMAP_THRESHOLD = -3
"""The name of the setting in GNU's ``malloc.h``."""
_LARGE_BYTES = 2_000_000
"""At half of it recognising with four workers takes a third more time, at twice of it as much
memory as without."""


def give_back_memory() -> None:
    """Give back what this process holds and does not use.

    The C library of Linux keeps what was freed, for each thread apart, so that a process
    that computes with large arrays in several threads grows with each of them. Elsewhere
    the system does it by itself.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


def give_back_large_at_once() -> None:
    """Let all that is large be given back as soon as it is free, from now on.

    It takes some more time, and less memory where several threads compute: between what is
    small and stays, what was large and is free cannot be given back otherwise.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


@cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            return ctypes.CDLL(None).malloc_trim
    return None
