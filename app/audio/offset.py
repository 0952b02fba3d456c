"""By how much one recording of the same event begins before another, found by comparing them.

Both are compared as waveforms (``core/peaks``): how loudness rises and falls, which another
microphone, codec or level changes little. Exact to a step of the waveform, 10 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.peaks import STEPS_MS, Peaks

_Signal = NDArray[np.float64]
_SMOOTH_STEPS = 100
"""Loudness is compared with that around it, within so many steps either side."""
_LEAST_OVERLAP_STEPS = 300
"""What two recordings share for less than three seconds proves nothing,"""
_LEAST_SHARE = 0.2
"""nor what is less than a fifth of the shorter one."""
_LEAST_LIKENESS = 0.35
_LEAST_LEAD = 1.35
"""The best place must fit so many times better than any other."""
_BESIDE_STEPS = 40


def find_offset(old: Peaks, new: Peaks) -> int | None:
    """Give how much later everything is in the new recording, in milliseconds.

    Negative where the new one begins later than the old one. Blocks, for a second or two
    with recordings of hours.

    Returns:
        The offset; ``None`` if the two are not surely of the same event.
    """
    a, b = _rises(old), _rises(new)
    shorter = min(len(a), len(b))
    least = max(_LEAST_OVERLAP_STEPS, int(shorter * _LEAST_SHARE))
    if shorter < _LEAST_OVERLAP_STEPS:
        return None
    size = 1 << (len(a) + len(b) - 1).bit_length()
    product = np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size))
    found: _Signal = np.fft.irfft(product, size)
    # Lags from -(len(a)-1) to len(b)-1, in this order.
    likeness = np.concatenate((found[size - len(a) + 1 :], found[: len(b)]))
    lags = np.arange(1 - len(a), len(b))
    first, last = np.maximum(0, lags), np.minimum(len(b), len(a) + lags)
    shared = last - first
    energy_b, energy_a = _energy(b), _energy(a)
    of_b = energy_b[np.maximum(first, last)] - energy_b[first]
    of_a = energy_a[np.maximum(first, last) - lags] - energy_a[first - lags]
    scale = np.sqrt(np.maximum(of_a * of_b, 1e-9))
    likeness = np.where(shared >= least, likeness / scale, 0.0)
    best = int(np.argmax(likeness))
    if likeness[best] < _LEAST_LIKENESS:
        return None
    others = likeness.copy()
    others[max(0, best - _BESIDE_STEPS) : best + _BESIDE_STEPS + 1] = 0.0
    if likeness[best] < _LEAST_LEAD * float(others.max()):
        return None
    return int(lags[best]) * STEPS_MS[0]


def _rises(peaks: Peaks) -> _Signal:
    """Give how much louder each step is than what is around it, on a scale as one hears."""
    pairs = np.frombuffer(peaks.levels[0].pairs, dtype=np.int16).astype(np.float64)
    loudness = np.log1p(np.maximum(0.0, np.maximum(pairs[1::2], -pairs[0::2])))
    if not len(loudness):
        return loudness
    around = np.concatenate(([0.0], np.cumsum(loudness)))
    places = np.arange(len(loudness))
    low = np.maximum(0, places - _SMOOTH_STEPS)
    high = np.minimum(len(loudness), places + _SMOOTH_STEPS + 1)
    return loudness - (around[high] - around[low]) / (high - low)


def _energy(signal: _Signal) -> _Signal:
    return np.concatenate(([0.0], np.cumsum(signal * signal)))
