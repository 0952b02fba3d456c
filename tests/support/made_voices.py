"""What would be heard of a recording in which everybody's voice is known: made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.voices.heard_file import add_heard, begin_heard
from app.voices.models import VECTOR_SIZE, unit
from app.voices.windows import FRAMES, MINUTE_WINDOWS, SLOTS, WINDOW_STEP_SAMPLES, Heard

RUN = (60, 230)
"""In the first half of a window, so that runs of two windows never overlap."""


def heard_of(
    whose: list[int], spread: float = 0.03, alike: float = 0.0, seed: int = 3
) -> Heard:
    """Make up what is heard: one run a window, each of one of a few voices."""
    own = unit(np.random.default_rng(3).standard_normal((12, VECTOR_SIZE)).astype(np.float32))
    rng = np.random.default_rng(seed)
    own[1] = unit(alike * own[0] + (1 - alike) * own[1])
    noise = rng.normal(0, spread, (len(whose), VECTOR_SIZE)).astype(np.float32)
    chances = np.zeros((len(whose), FRAMES, SLOTS), np.uint8)
    chances[:, RUN[0] : RUN[1], 0] = 250
    count = len(whose)
    return Heard(
        chances,
        np.arange(count, dtype=np.int32),
        np.zeros(count, np.uint8),
        np.full(count, RUN[0], np.int16),
        np.full(count, RUN[1], np.int16),
        np.ones(count, np.bool_),
        unit(own[whose] + noise).astype(np.float16),
    )


def words_of(windows: list[int]) -> list[tuple[int, int]]:
    """Give words at the runs of windows."""
    return [
        (window * 5_000 + 1_100 + at, window * 5_000 + 1_350 + at)
        for window in windows
        for at in range(0, 2_700, 300)
    ]


def write_heard(path: Path, whose: list[int], *, seed: int = 3, is_narrow: bool = False) -> int:
    """Write what is heard as if a recording had been listened to; gives its length in ms."""
    count = (len(whose) + 1) * WINDOW_STEP_SAMPLES
    begin_heard(path, count, is_narrow=is_narrow)
    good = path.stat().st_size
    for first in range(0, len(whose), MINUTE_WINDOWS):
        good = add_heard(
            path, heard_of(whose[first : first + MINUTE_WINDOWS], seed=seed + first), good
        )
    return count // 16
