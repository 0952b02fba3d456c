"""Whether anybody speaks: speech, loud or faint, is told from music and noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.system.resources import resource_path
from app.voices.speech import speech_share
from tests.audio.test_field import music
from tests.support.sounds import ffmpeg


def sound_of(path: Path) -> NDArray[np.float32]:
    raw = ffmpeg("-i", path, "-f", "f32le", "-ac", "1", "-ar", "16000", "-")
    return np.frombuffer(raw, "<f4")


def share(sound: NDArray[np.floating]) -> float:
    shares = speech_share(resource_path("voices"), [sound.astype(np.float32)])
    assert shares is not None
    return shares[0]


@pytest.mark.parametrize("level", [1.0, 0.05, 0.001])
@pytest.mark.parametrize("name", ["lj001-0004", "librispeech-1688-142285-0000", "kennedy-1961"])
def test_speech_is_speech_however_faint(clips: Path, name: str, level: float) -> None:
    assert share(sound_of(clips / f"{name}.flac") * np.float32(level)) > 0.4


def test_music_noise_and_silence_are_none() -> None:
    chance = np.random.default_rng(1)
    assert share((music(20) / 32_768).astype(np.float32)) < 0.03
    assert share(chance.normal(0, 0.1, 160_000).astype(np.float32)) < 0.03
    assert share(np.zeros(160_000, np.float32)) == 0
    assert share(np.zeros(0, np.float32)) == 0


def test_speech_over_music_is_speech(clips: Path) -> None:
    spoken = sound_of(clips / "lj001-0004.flac")
    played = (music(6) / 32_768).astype(np.float32)[: len(spoken)]
    assert share(spoken * np.float32(0.5) + played * np.float32(0.5)) > 0.4


def test_without_the_model_nothing_is_said(tmp_path: Path) -> None:
    assert speech_share(tmp_path, [np.zeros(16_000, np.float32)]) is None
