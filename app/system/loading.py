"""Bring in what is large only once it is needed, without a moment's standstill.

NumPy, the sound and the keyring take longer to load than a window may stand still, and more
memory than much of the rest. So whoever needs one imports it within the function that works
with it; where that runs on the loop, ``load_modules`` has it loaded in a thread before.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from collections.abc import Generator
from contextlib import contextmanager

_loaded: set[str] = set()


@contextmanager
def loading() -> Generator[None]:
    """Import something large within this, in whatever thread.

    Python would look for garbage among what was loaded, 20 ms for a library, while all
    threads stand still, that of the window too. A program that has told it once that what is
    there stays until the end says so of this as well.
    """
    known, was_on = len(sys.modules), gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) != known and gc.get_freeze_count():
            gc.freeze()
        if was_on:
            gc.enable()


async def load_modules(*names: str) -> None:
    """Import modules in another thread; the loop goes on meanwhile.

    Args:
        names: What an ``import`` that follows in the caller then finds ready.

    Raises:
        ImportError: One of them is not there.
    """
    # Not by ``sys.modules``: it names what another thread is only just importing, too.
    if not _loaded.issuperset(names):
        await asyncio.to_thread(_import, names)


def _import(names: tuple[str, ...]) -> None:
    with loading():
        for name in names:
            importlib.import_module(name)
            _loaded.add(name)
