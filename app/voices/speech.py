"""Whether somebody speaks in a sound, or whether it is music, noise or play."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.voices.features import Samples
from app.voices.models import ModelError, Segmenter, load_segmenter
from app.voices.windows import FRAME_SAMPLES, WINDOW_SAMPLES

_log = logging.getLogger(__name__)

_MOST_WINDOWS = 3
_NOBODY = 0
_LOUD_ENOUGH = 0.5
"""The model was taught with speech that is about as loud as people speak."""


def speech_share(folder: Path, sounds: list[Samples]) -> list[float] | None:
    """Give what share of each sound somebody speaks in; ``None`` without the model. Blocks.

    Half a minute of each is listened to: its first, its last and its middle.

    Args:
        folder: Where the models lie.
        sounds: At 16 kHz, one channel.
    """
    try:
        segmenter = _segmenter(folder)
    except (ModelError, ImportError, MemoryError):
        return None
    try:
        return [_share(segmenter, sound) for sound in sounds]
    except Exception:  # noqa: BLE001 - onnxruntime has a dozen kinds, and this can be missed
        _log.warning("whether somebody speaks could not be told", exc_info=True)
        return None


@lru_cache(maxsize=1)
def _segmenter(folder: Path) -> Segmenter:
    return load_segmenter(folder)


def _share(segmenter: Segmenter, sound: Samples) -> float:
    peak = float(np.abs(sound).max(initial=0.0))
    if not peak:
        return 0.0
    loud = sound * np.float32(_LOUD_ENOUGH / peak)
    count = min(_MOST_WINDOWS, -(-loud.size // WINDOW_SAMPLES))
    room = max(0, loud.size - WINDOW_SAMPLES)
    spoken = heard = 0
    for place in range(count):
        begin = room * place // max(1, count - 1)
        window = loud[begin : begin + WINDOW_SAMPLES]
        frames = max(1, window.size // FRAME_SAMPLES)
        if window.size < WINDOW_SAMPLES:
            window = np.pad(window, (0, WINDOW_SAMPLES - window.size))
        chances = segmenter.chances(window)[:frames]
        spoken += int((chances.argmax(axis=1) != _NOBODY).sum())
        heard += len(chances)
    return spoken / max(1, heard)
