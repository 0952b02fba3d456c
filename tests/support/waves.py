"""WAV files of any shape, written byte by byte: any number of channels, any header."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8_000


def wav_bytes(
    samples: NDArray[np.generic],
    rate_hz: int = RATE_HZ,
    *,
    claims_bytes: int | None = None,
    riff_bytes: int | None = None,
    after: bytes = b"",
) -> bytes:
    """Give a WAV of samples, a column for each channel, with the header one likes.

    Args:
        samples: Of type int16, int32, uint8 or float32.
        rate_hz: Samples a second.
        claims_bytes: What the header says of the samples' length; the truth if left out.
        riff_bytes: What it says of the whole; what follows from the other if left out.
        after: Chunks behind the samples.
    """
    channels = samples.shape[1]
    width = samples.dtype.itemsize
    kind = 3 if samples.dtype.kind == "f" else 1
    data = samples.tobytes()
    claimed = len(data) if claims_bytes is None else claims_bytes
    riff = 36 + claimed + len(after) if riff_bytes is None else riff_bytes
    rates = (rate_hz, rate_hz * channels * width, channels * width)
    form = struct.pack("<HHIIHH", kind, channels, *rates, width * 8)
    head = b"RIFF" + struct.pack("<I", riff & 0xFFFF_FFFF) + b"WAVEfmt "
    head += struct.pack("<I", 16) + form + b"data" + struct.pack("<I", claimed & 0xFFFF_FFFF)
    return head + data + after


def write_wav(path: Path, samples: NDArray[np.generic], rate_hz: int = RATE_HZ) -> Path:
    """Write a WAV of samples, a column for each channel."""
    path.write_bytes(wav_bytes(samples, rate_hz))
    return path
