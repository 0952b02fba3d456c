"""Wait for what other threads and processes do, of which no event tells a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_LOOK_S = 0.005


async def until(is_so: Callable[[], object], timeout_s: float = 100) -> None:
    """Let the loop turn until something is so.

    Args:
        is_so: Looks; what it gives need only be true or false.
        timeout_s: How long at most; a busy machine is no fault.
    """
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 – children and threads are at work too
            await asyncio.sleep(_LOOK_S)
