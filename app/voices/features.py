"""What the voice model is given of a sound: mel energies as Kaldi computes them."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""Sound at 16 kHz, one channel, within -1 and 1."""
Features: TypeAlias = NDArray[np.float32]
"""Log energies, a row every 10 ms, ``BANDS`` columns."""

RATE_HZ = 16_000
FRAME_SAMPLES = 400
STEP_SAMPLES = 160
BANDS = 80
_FFT = 512
_LOWEST_HZ = 20.0
_EMPHASIS = np.float32(0.97)
_FLOOR = np.float32(1.192_092_9e-07)
_BLOCK_ROWS = 1_000
"""So many rows are worked out at once: the spectra of ten seconds take 2 MB."""


def features_of(samples: Samples) -> Features:
    """Give the log mel energies of a sound; no rows if it is shorter than 25 ms."""
    count = max(0, (samples.size - FRAME_SAMPLES) // STEP_SAMPLES + 1)
    rows = np.empty((count, BANDS), np.float32)
    for first in range(0, count, _BLOCK_ROWS):
        many = min(_BLOCK_ROWS, count - first)
        begin = first * STEP_SAMPLES
        part = samples[begin : begin + (many - 1) * STEP_SAMPLES + FRAME_SAMPLES]
        frames = np.lib.stride_tricks.sliding_window_view(part, FRAME_SAMPLES)[::STEP_SAMPLES]
        level = frames - frames.mean(axis=1, keepdims=True)
        sharp = np.empty_like(level)
        sharp[:, 1:] = level[:, 1:] - _EMPHASIS * level[:, :-1]
        sharp[:, 0] = (1 - _EMPHASIS) * level[:, 0]
        spectra = np.fft.rfft(sharp * _window(), _FFT).astype(np.complex64)
        energy = np.square(np.abs(spectra)) @ _bank()
        rows[first : first + many] = np.log(np.maximum(energy, _FLOOR))
    return rows


def cleaned(samples: NDArray[np.floating]) -> Samples:
    """Make sound of whatever numbers there are: no NaN, nothing beyond full scale."""
    sound = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(sound, -1.0, 1.0).astype(np.float32)


def _mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1_127.0 * np.log1p(hz / 700.0)


@lru_cache(maxsize=1)
def _bank() -> NDArray[np.float32]:
    """Give the triangles, even on the mel scale, as a matrix from spectrum to bands."""
    low, high = (float(_mel(np.array(hz))) for hz in (_LOWEST_HZ, RATE_HZ / 2))
    step = (high - low) / (BANDS + 1)
    left = low + np.arange(BANDS)[:, None] * step
    place = _mel(np.arange(_FFT // 2, dtype=np.float64) * (RATE_HZ / _FFT))[None]
    rising, falling = (place - left) / step, (left + 2 * step - place) / step
    bank = np.maximum(0.0, np.minimum(rising, falling))
    return np.pad(bank, ((0, 0), (0, 1))).T.astype(np.float32)


@lru_cache(maxsize=1)
def _window() -> NDArray[np.float32]:
    """Give Kaldi's "povey" window; a model trained with it is worse with any other."""
    turn = 2 * np.pi * np.arange(FRAME_SAMPLES) / (FRAME_SAMPLES - 1)
    return ((0.5 - 0.5 * np.cos(turn)) ** 0.85).astype(np.float32)
