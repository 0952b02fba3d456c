"""Milliseconds to text and back."""

from __future__ import annotations

import re


def clock(ms: int) -> str:
    """Write a time for reading: ``1:03``, ``52:14``, ``1:02:03``."""
    seconds = max(0, ms) // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def full_clock(ms: int) -> str:
    """Write a time with its hours, as programs read it: ``00:01:03``."""
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def timestamp(ms: int, *, decimal: str = ".", hours: bool = True) -> str:
    """Write a time in full, to the millisecond: ``00:01:03.250``.

    Args:
        ms: Time; a negative one is written as zero.
        decimal: Sign before the milliseconds (SRT wants a comma).
        hours: Whether to write hours when there are none.
    """
    ms = max(0, ms)
    head = f"{ms // 3_600_000:02}:" if hours or ms >= 3_600_000 else ""
    return f"{head}{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{decimal}{ms % 1000:03}"


_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:[.,](\d{1,3})\d*)?")


def parse_time(text: str) -> int:
    """Read a time as people type it: ``90``, ``1:30``, ``1:02:03.5``.

    Returns:
        Milliseconds.

    Raises:
        ValueError: The text is no time.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds, fraction = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))
