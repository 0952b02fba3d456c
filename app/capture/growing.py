"""Read the sound of a take while it is written: one source, as recognisers want it."""

from __future__ import annotations

import functools
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.capture.journal import HEADER_BYTES, TakeFolder
from app.core.live import LIVE_RATE_HZ
from app.core.take import RATE_HZ, SAMPLE_BYTES
from app.system.loading import loading

if TYPE_CHECKING:  # it comes with the first sound, in the thread that reads it
    import numpy as np
    from numpy.typing import NDArray

_EACH = RATE_HZ // LIVE_RATE_HZ
_TAPS = 61
_PASSED = 7_200 / RATE_HZ
"""What is higher would come back as something lower, once two samples of three are gone."""


class GrowingSound:
    """One channel of a take, at a third of its rate, from its first sample on.

    It follows from part to part: where another process went on with the take, so does this.
    All methods block on the disk.
    """

    def __init__(self, folder: TakeFolder, channel: int = 0) -> None:
        """Begin.

        Args:
            folder: Of the take; it need not have any sound yet.
            channel: Which source, from 0.
        """
        self._folder = folder
        self._channel = channel
        self._part: Path | None = None
        self._file: BinaryIO | None = None
        self._frame = SAMPLE_BYTES
        self._waiting: NDArray[np.float32] | None = None

    def read(self, most_ms: int = 1_000) -> bytes:
        """Give what has come since the last time, at most so much; empty if nothing has.

        Raises:
            OSError: The disk does not give it.
        """
        with loading():
            import numpy as np
            from numpy.lib.stride_tricks import sliding_window_view

        sound = self._next(most_ms * RATE_HZ // 1_000)
        if not sound.size:
            return b""
        before = np.zeros(_TAPS // 2, np.float32) if self._waiting is None else self._waiting
        waiting = np.concatenate((before, sound.astype(np.float32)))
        if waiting.size < _TAPS:
            self._waiting = waiting
            return b""
        windows = sliding_window_view(waiting, _TAPS)[::_EACH]
        self._waiting = waiting[len(windows) * _EACH :]
        found = np.clip(np.rint(windows @ _kernel()), -32_768, 32_767)
        return found.astype("<i2").tobytes()

    def unread_ms(self) -> int:
        """Tell how much has come and was not read yet.

        Raises:
            OSError: The disk does not tell.
        """
        parts = self._folder.parts()
        at = parts.index(self._part) if self._part in parts else -1
        unread = sum(one.stat().st_size - HEADER_BYTES for one in parts[at + 1 :])
        if self._file is not None:
            unread += max(0, os.fstat(self._file.fileno()).st_size - self._file.tell())
        return unread // (RATE_HZ // 1_000 * self._frame)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next(self, frames: int) -> NDArray[np.int16]:
        """Give the next samples of the channel, of this part or else of the next."""
        import numpy as np

        while True:
            if self._file is not None:
                raw = self._file.read(frames * self._frame)
                whole = len(raw) // self._frame * self._frame
                if whole:
                    self._file.seek(whole - len(raw), 1)
                    rows = np.frombuffer(raw[:whole], "<i2")
                    return rows[self._channel :: self._frame // SAMPLE_BYTES]
                self._file.seek(-len(raw), 1)
            if not self._open_next():
                return np.zeros(0, np.int16)

    def _open_next(self) -> bool:
        parts = self._folder.parts()
        at = parts.index(self._part) + 1 if self._part in parts else 0
        if at >= len(parts):
            return False
        self.close()
        file = parts[at].open("rb")
        channels = struct.unpack_from("<H", file.read(HEADER_BYTES), 22)[0]
        self._frame = SAMPLE_BYTES * max(1, channels)
        self._part, self._file = parts[at], file
        return True


@functools.cache
def _kernel() -> NDArray[np.float32]:
    import numpy as np

    at = np.arange(_TAPS) - _TAPS // 2
    kernel = 2 * _PASSED * np.sinc(2 * _PASSED * at) * np.hamming(_TAPS)
    return (kernel / kernel.sum()).astype(np.float32)
