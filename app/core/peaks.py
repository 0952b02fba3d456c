"""The waveform of a sound at several zoom levels, to be drawn.

A level holds, for each step of time, the lowest and the highest sample in it, as
16-bit numbers. On disk: a header of fixed size, then the levels, finest first, as
pairs of low and high, little-endian. The header tells every length, so that a writer
can put it in front last.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass

RATE_HZ = 16_000
"""Rate of the sound that it is made of: 16-bit, mono."""

STEPS_MS = (10, 80, 640)
"""Length of a step at each level; each a multiple of the one before."""

_MAGIC = b"WLPEAKS1"
_HEADER = struct.Struct(f"<8sQ{'II' * len(STEPS_MS)}")
HEADER_BYTES = _HEADER.size
BYTES_PER_STEP = 4


@dataclass(frozen=True, slots=True)
class Level:
    """The waveform at one zoom level.

    Attributes:
        step_ms: Time covered by one step.
        pairs: Lowest and highest sample of each step in turn, -32768 to 32767.
    """

    step_ms: int
    pairs: array[int]

    def __len__(self) -> int:
        return len(self.pairs) // 2


@dataclass(frozen=True, slots=True)
class Peaks:
    """The waveform of a whole recording.

    Attributes:
        duration_ms: Length of the sound.
        levels: Finest first.
    """

    duration_ms: int
    levels: tuple[Level, ...]

    @property
    def loudest(self) -> int:
        """The largest sample, up or down, so that a quiet recording can be drawn larger."""
        pairs = self.levels[-1].pairs
        return max((abs(sample) for sample in pairs), default=0)

    def columns(self, start_ms: int, end_ms: int, count: int) -> list[tuple[int, int]]:
        """Give lowest and highest sample for each column of a drawing.

        Takes the coarsest level that is still finer than a column, so that the work
        depends on the number of columns, not on the length of the recording.

        Args:
            start_ms: Time at the left edge.
            end_ms: Time at the right edge.
            count: Number of columns.

        Returns:
            One pair a column; ``(0, 0)`` where there is no sound.
        """
        if count <= 0 or end_ms <= start_ms:
            return []
        width_ms = (end_ms - start_ms) / count
        fits = bisect_right([level.step_ms for level in self.levels], width_ms)
        level = self.levels[max(0, fits - 1)]
        columns: list[tuple[int, int]] = []
        for column in range(count):
            first = int((start_ms + column * width_ms) / level.step_ms)
            last = max(first + 1, int((start_ms + (column + 1) * width_ms) / level.step_ms))
            pairs = level.pairs[2 * max(0, first) : 2 * max(0, last)]
            columns.append((min(pairs[0::2]), max(pairs[1::2])) if pairs else (0, 0))
        return columns


def encode_header(duration_ms: int, counts: tuple[int, ...]) -> bytes:
    """Give the bytes in front of the levels.

    Args:
        duration_ms: Length of the sound.
        counts: Number of steps at each level of ``STEPS_MS``.
    """
    sizes = [number for pair in zip(STEPS_MS, counts, strict=True) for number in pair]
    return _HEADER.pack(_MAGIC, duration_ms, *sizes)


def decode_peaks(data: bytes) -> Peaks:
    """Read a waveform.

    Raises:
        ValueError: These bytes are no waveform, or not a whole one.
    """
    if len(data) < HEADER_BYTES:
        raise ValueError("shorter than its header")
    magic, duration_ms, *sizes = _HEADER.unpack_from(data)
    if magic != _MAGIC or tuple(sizes[0::2]) != STEPS_MS:
        raise ValueError("not a waveform of this version")
    if len(data) != HEADER_BYTES + BYTES_PER_STEP * sum(sizes[1::2]):
        raise ValueError("its length is not what its header says")
    levels: list[Level] = []
    place = HEADER_BYTES
    for step_ms, count in zip(sizes[0::2], sizes[1::2], strict=True):
        pairs: array[int] = array("h")
        pairs.frombytes(data[place : place + BYTES_PER_STEP * count])
        levels.append(Level(step_ms, _little(pairs)))
        place += BYTES_PER_STEP * count
    return Peaks(duration_ms, tuple(levels))


def _little(pairs: array[int]) -> array[int]:
    """Turn the machine's byte order into little-endian or back."""
    if sys.byteorder == "little":
        return pairs
    swapped = array("h", pairs)
    swapped.byteswap()
    return swapped
