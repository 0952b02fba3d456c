"""Python looks for garbage among all words there are; what makes many words asks it to wait."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Generator[None]:
    """Keep Python from looking for garbage for a while.

    It looks through all words there are, half a second for a day of speech, while
    everything else stands still, the window too. Nearly all that is left behind meanwhile
    is freed without a search; what is not waits for the next one.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:  # of several at once the first to begin turns it on again
            gc.enable()
