"""An X screen whose pixels can be looked at a thousand times a second.

Xvfb keeps them in a file. Asking the server itself, as xdotool does, would measure how often
one asks: half a second apart.
"""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import CannotMeasureError

_SIZE = "1280x800x24"
_LINE = 350
"""A line of pixels that any window in question covers, and no pointer stands on."""
_PAUSE_S = 0.001


class Screen:
    """One screen.

    Attributes:
        display: What ``DISPLAY`` has to be for it.
    """

    def __init__(self, display: str, pixels: mmap.mmap) -> None:
        self.display = display
        self._pixels = pixels
        # The head of a file of xwd: its own length, how many bytes a line has, the colours.
        fields = struct.unpack(">25I", pixels[:100])
        start = fields[0] + fields[19] * 12
        self._line = slice(start + _LINE * fields[12], start + (_LINE + 1) * fields[12])
        self._empty = pixels[self._line]

    def is_empty(self) -> bool:
        """Tell whether nothing is on it."""
        return self._pixels[self._line] == self._empty

    def wait(self, *, is_empty: bool, longest_s: float) -> float:
        """Wait until something is painted on it, or nothing is left; gives when that was.

        Raises:
            CannotMeasureError: It did not happen.
        """
        began, pause = time.monotonic(), threading.Event()
        while self.is_empty() is not is_empty:
            if time.monotonic() - began > longest_s:
                raise CannotMeasureError(f"no window in {longest_s:.0f} s")
            pause.wait(_PAUSE_S)
        return time.monotonic()


@contextmanager
def screen() -> Iterator[Screen]:
    """Open a screen of its own, without a window manager."""
    read, write = os.pipe()
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as folder:
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", _SIZE, "-nocursor"]
        with subprocess.Popen(
            [*command, "-fbdir", folder], pass_fds=[write], stderr=subprocess.DEVNULL
        ) as server:
            os.close(write)
            try:
                with os.fdopen(read) as told:
                    display = f":{told.readline().strip()}"
                with (
                    Path(folder, "Xvfb_screen0").open("rb") as file,
                    mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pixels,
                ):
                    yield Screen(display, pixels)
            finally:
                server.terminate()
