"""Bring sound of any rate and number of channels to what a take is made of. Pure."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from app.capture.backend import Block
from app.core.take import RATE_HZ

_LOBES = 16
"""How many zero crossings of the filter lie on each side of a sample."""
_PASSED = 0.92
"""So much of the narrower band is kept; the rest is where the filter falls off."""


class Converter:
    """Makes one channel of 16 bit at 48 kHz of blocks as a device gives them.

    What is heard through one converter goes on from block to block without a seam.
    """

    def __init__(self, rate_hz: int) -> None:
        """Begin.

        Args:
            rate_hz: Samples a second of what will come.
        """
        common = gcd(rate_hz, RATE_HZ)
        self._step, self._phases = rate_hz // common, RATE_HZ // common
        self._place = 0
        """Of the next sample, in ``_phases`` parts of a sample of what waits."""
        self._kernel = _kernel(rate_hz, self._phases)
        self._waiting = np.zeros(self._kernel.shape[1] // 2 - 1, np.float32)

    def feed(self, sound: NDArray[np.float32]) -> Block:
        """Give what can be made with the next block.

        Args:
            sound: A row a moment, a column a channel; 1 is full.
        """
        heard = sound.mean(axis=1, dtype=np.float32) if sound.ndim > 1 else sound
        if self._step == self._phases:
            return _as_block(heard)
        waiting = np.concatenate((self._waiting, heard))
        taps = self._kernel.shape[1]
        room = (len(waiting) - taps + 1) * self._phases - self._place
        count = max(0, -(-room // self._step))
        places = self._place + np.arange(count, dtype=np.int64) * self._step
        firsts, phases = np.divmod(places, self._phases)
        found = np.einsum(
            "ij,ij->i", waiting[firsts[:, None] + np.arange(taps)], self._kernel[phases]
        )
        gone, self._place = divmod(self._place + count * self._step, self._phases)
        if gone > len(waiting):  # a step may be longer than what waits
            self._place += (gone - len(waiting)) * self._phases
            gone = len(waiting)
        self._waiting = waiting[gone:]
        return _as_block(found)


def _kernel(rate_hz: int, phases: int) -> NDArray[np.float32]:
    """Make the weights of the samples around a place, a row for each place between two."""
    band = _PASSED * min(1.0, RATE_HZ / rate_hz)
    half = int(np.ceil(_LOBES / band))
    at = np.arange(1 - half, half + 1) - np.arange(phases)[:, None] / phases
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(at / half, -1, 1))
    weights = np.sinc(band * at) * window
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _as_block(heard: NDArray[np.float32]) -> Block:
    return np.clip(np.rint(heard * 32_768), -32_768, 32_767).astype(np.int16)
