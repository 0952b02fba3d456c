"""Make the waveform of a sound while it streams by, on disk, in constant memory."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.core.peaks import BYTES_PER_STEP, HEADER_BYTES, RATE_HZ, STEPS_MS, encode_header

_FINEST = RATE_HZ * STEPS_MS[0] // 1000
_LEAST_BYTES = 1 << 16  # smaller pieces are gathered first; each costs as much as a large one
_FACTORS = tuple(STEPS_MS[i] // STEPS_MS[i - 1] for i in range(1, len(STEPS_MS)))


class PeaksWriter:
    """Takes sound in pieces of any size and writes its waveform.

    The finest level goes to disk as it comes. The coarser ones are kept in memory
    until the end: 2 MB for ten hours.

    Attributes:
        samples: How many samples have come in.
        loudest: The largest of them, up or down.
    """

    def __init__(self, target: Path) -> None:
        self._file = target.open("wb")
        self._file.write(bytes(HEADER_BYTES))
        self._rest = bytearray()
        self._count = 0
        self._coarser = [_Coarser(factor) for factor in _FACTORS]
        self.samples = 0
        self.loudest = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def duration_ms(self) -> int:
        """How much sound has come in."""
        return self.samples * 1000 // RATE_HZ

    def feed(self, sound: bytes) -> None:
        """Take the next piece of sound."""
        self._rest += sound
        if len(self._rest) >= _LEAST_BYTES:
            self._take_whole_steps()

    def finish(self) -> None:
        """Write the last, shorter step, the coarser levels and the header."""
        self._take_whole_steps()
        rest = bytes(self._rest[: len(self._rest) // 2 * 2])
        self._rest.clear()
        if rest:
            self.samples += len(rest) // 2
            self._take(np.frombuffer(rest, "<i2").reshape(1, -1))
        counts = [self._count]
        for place, level in enumerate(self._coarser):
            pairs = level.finish()
            self._file.write(pairs)
            counts.append(len(pairs) // BYTES_PER_STEP)
            if place + 1 < len(self._coarser):
                self._coarser[place + 1].feed(level.finish_last())
        self._file.seek(0)
        self._file.write(encode_header(self.duration_ms, tuple(counts)))
        self._file.flush()

    def _take_whole_steps(self) -> None:
        whole = len(self._rest) - len(self._rest) % (2 * _FINEST)
        if whole:
            steps = np.frombuffer(bytes(self._rest[:whole]), "<i2").reshape(-1, _FINEST)
            del self._rest[:whole]
            self.samples += whole // 2
            self._take(steps)

    def _take(self, steps: NDArray[np.int16]) -> None:
        pairs = np.stack((steps.min(axis=1), steps.max(axis=1)), axis=1)
        self._file.write(pairs.astype("<i2").tobytes())
        self._count += len(pairs)
        self.loudest = max(self.loudest, -int(pairs[:, 0].min()), int(pairs[:, 1].max()))
        for level in self._coarser:
            pairs = level.feed(pairs)


class _Coarser:
    """One coarser level: so many steps of the finer one make one of its own."""

    def __init__(self, factor: int) -> None:
        self._factor = factor
        self._rest: NDArray[np.int16] = np.empty((0, 2), np.int16)
        self._last: NDArray[np.int16] = self._rest
        self._made = bytearray()

    def feed(self, pairs: NDArray[np.int16]) -> NDArray[np.int16]:
        """Take steps of the finer level; give the new ones of this level."""
        pairs = np.concatenate((self._rest, pairs))
        whole = len(pairs) - len(pairs) % self._factor
        self._rest = pairs[whole:]
        groups = pairs[:whole].reshape(-1, self._factor, 2)
        made = np.stack((groups[:, :, 0].min(axis=1), groups[:, :, 1].max(axis=1)), axis=1)
        self._made += made.astype("<i2").tobytes()
        return made

    def finish(self) -> bytes:
        """Give the whole level, its last step made of what is left."""
        if len(self._rest):
            low, high = self._rest[:, 0].min(), self._rest[:, 1].max()
            self._last = np.array([[low, high]], np.int16)
            self._made += self._last.astype("<i2").tobytes()
        return bytes(self._made)

    def finish_last(self) -> NDArray[np.int16]:
        """Give the step that ``finish`` made of what was left, for the next level."""
        return self._last
