"""Give memory that is free back to the system."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache


def give_back_memory() -> None:
    """Give back what this process holds and does not use.

    The C library of Linux keeps what was freed, for each thread apart, so that a process
    that computes with large arrays in several threads grows with each of them. Elsewhere
    the system does it by itself.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            return ctypes.CDLL(None).malloc_trim
    return None
