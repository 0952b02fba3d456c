from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.voices.models import Models
from tests.support.sounds import ffmpeg

MODELS = Path(__file__).parents[2] / "resources" / "voices"


class Sound:
    """Samples as the recording that is listened to."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._samples = samples
        self.sample_count = samples.size

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        return self._samples[first : first + count]


@pytest.fixture(scope="session")
def models() -> Models:
    return Models.load(MODELS)


@pytest.fixture(scope="session")
def sound_of(clips: Path) -> Callable[[str], Sound]:
    def read(name: str) -> Sound:
        raw = ffmpeg(
            "-i", clips / f"{name}.flac", "-ar", "16000", "-ac", "1", "-f", "s16le", "-"
        )
        return Sound(np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(32_768))

    return read
