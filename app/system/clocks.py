"""The clocks: what time it is, and how long something takes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable


def now_ms() -> int:
    """Give the time, milliseconds since 1970; somebody may set it back."""
    return time.time_ns() // 1_000_000


def today() -> str:
    """Give the date in Greenwich as ``2026-01-31``, for the names of files."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def monotonic_ms() -> int:
    """Give a time that never jumps and never goes back; only differences mean something."""
    return time.perf_counter_ns() // 1_000_000


def precise_ms() -> float:
    """Give ``monotonic_ms`` with fractions, for what has to fit the sound."""
    return time.perf_counter_ns() / 1_000_000


def countdown(seconds: float) -> Callable[[], float]:
    """Begin now; gives what tells how many seconds are left, below 0 when it is over."""
    end_s = time.perf_counter() + seconds
    return lambda: end_s - time.perf_counter()
