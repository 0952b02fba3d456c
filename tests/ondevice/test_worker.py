"""The same sound gives the same words, and none behind the last sound."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ondevice.worker import Worker, last_sound_ms


@dataclass
class Said:
    word: str
    start: float
    end: float
    probability: float = 0.9


@dataclass
class Part:
    end: float
    words: Any = None


@dataclass
class About:
    language: str = "en"


class Model:
    """Hears a word within the sound, one at its end, and one that nobody spoke."""

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Part], About]:
        words = [Said(" we", 0.5, 0.8), Said(" meet", 1.9, 2.3), Said(" thanks", 4.0, 4.4)]
        return [Part(5.0, words)], About()


def tone(seconds: float, amplitude: int = 5_000) -> NDArray[np.int16]:
    times = np.arange(int(seconds * 16_000)) / 16_000
    return (amplitude * np.sin(2 * np.pi * 300 * times)).astype(np.int16)


@pytest.mark.parametrize("noise", [0, 1, 2])
@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.0])
def test_where_the_last_sound_ends(seconds: float, noise: int) -> None:
    quiet = np.random.default_rng(1).integers(-noise, noise + 1, 16_000 * 3).astype(np.int16)
    samples = np.concatenate((tone(seconds), quiet))

    assert abs(last_sound_ms(samples) - seconds * 1_000) <= 20


def test_words_behind_the_last_sound_are_none(tmp_path: Path) -> None:
    samples = np.concatenate((tone(2.0), np.zeros(48_000, np.int16)))
    told = io.BytesIO()
    worker = Worker(told)

    worker._recognise_piece(Model(), samples, 10_000, "en")

    (heard,) = [json.loads(line) for line in told.getvalue().splitlines()]
    assert [word[0] for word in heard["words"]] == ["we", "meet"]
