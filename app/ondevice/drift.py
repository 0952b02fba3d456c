"""Sound that is far off its middle, or swings there too slowly to be heard, put right.

A cheap sound card adds a constant; a thump or wind on a microphone swings a few times a
second. Nobody hears that, but to a recogniser and a detector of voices it is all there is:
words go unnoticed beside a constant, and a slow swing alone was taken for a voice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.ondevice.sound import SAMPLE_RATE_HZ, Samples

_SPAN = SAMPLE_RATE_HZ // 20
"""What takes longer than this to swing is no voice: the deepest swings in an eightieth."""
_AT_ONCE = 200 * _SPAN
_LEAST = 33.0
"""A thousandth of full scale: less disturbs nobody."""
_LEAST_SHARE = 0.5
"""Of what can be heard; less disturbs nobody either, and a sound stays as it was."""
_PASSES = 2


def without_drift(samples: Samples) -> Samples:
    """Give a sound without what is too slow to be heard; itself where that is little.

    Args:
        samples: The sound.
    """
    if samples.size <= _SPAN or not _drifts(samples):
        return samples
    margin = _PASSES * _SPAN
    found = np.empty_like(samples)
    for begin in range(0, samples.size, _AT_ONCE):
        end = min(samples.size, begin + _AT_ONCE)
        first, last = max(0, begin - margin), min(samples.size, end + margin)
        part = samples[first:last].astype(np.float64)
        for _ in range(_PASSES):
            part -= _slow(part)
        found[begin:end] = np.clip(np.round(part), -32_768, 32_767)[begin - first : end - first]
    return found


def _drifts(samples: Samples) -> bool:
    """Tell whether much of a sound is too slow to be heard."""
    slow = heard = 0.0
    for begin in range(0, samples.size - _SPAN + 1, _AT_ONCE):
        part = samples[begin : begin + _AT_ONCE]
        spans = part[: part.size // _SPAN * _SPAN].reshape(-1, _SPAN).astype(np.float32)
        means = spans.mean(axis=1, dtype=np.float64)
        slow += float(np.square(means).sum())
        heard += float(spans.var(axis=1, dtype=np.float64).sum())
    count = samples.size // _SPAN
    return slow > count * _LEAST**2 and slow > heard * _LEAST_SHARE**2


def _slow(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean around each sample; at the ends the sound is thought to go on."""
    half = min(_SPAN // 2, sound.size - 1)
    longer = np.pad(sound, (half + 1, half), mode="reflect", reflect_type="odd")
    sums = np.cumsum(longer)
    return (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
