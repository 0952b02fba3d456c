"""What swings too slowly to be heard is taken away where it is much, and else left alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ondevice.drift import without_drift


def swinging(hertz: float, amplitude: float, seconds: float = 23.0) -> NDArray[np.float64]:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(int(seconds * 16_000)) / 16_000)


def as_sound(wanted: NDArray[np.floating]) -> NDArray[np.int16]:
    return np.clip(np.round(wanted), -32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("hertz", [0.2, 1, 2])
def test_a_swing_nobody_hears_leaves_nothing(hertz: float) -> None:
    left = without_drift(as_sound(swinging(hertz, 20_000)))

    assert np.abs(left).max() <= 10


@pytest.mark.parametrize("length", [801, 900, 160_000, 163_999, 500_001])
@pytest.mark.parametrize("level", [-32_768, -500, 9_000, 32_767])
def test_a_constant_leaves_silence_of_the_same_length(length: int, level: int) -> None:
    left = without_drift(np.full(length, level, np.int16))

    assert left.size == length
    assert left.dtype == np.int16
    assert not left.any()


@pytest.mark.parametrize("hertz", [120, 150, 300, 3_000])
@pytest.mark.parametrize("slow", [9_000, -20_000])
def test_a_voice_is_as_it_was_without_the_constant(hertz: int, slow: int) -> None:
    voice = swinging(hertz, 5_000)
    inside = slice(800, -800)

    left = without_drift(as_sound(voice + slow))

    off = np.abs(left[inside] - voice[inside])
    assert off.max() < 5_000 * 0.12


@pytest.mark.parametrize("slow", [0, 20, 1_000])
def test_a_sound_with_little_of_it_is_not_touched(slow: int) -> None:
    sound = as_sound(swinging(150, 5_000) + slow)

    assert without_drift(sound) is sound


@pytest.mark.parametrize("length", [0, 1, 799, 800])
def test_what_is_too_short_to_tell_is_not_touched(length: int) -> None:
    sound = np.full(length, 9_000, np.int16)

    assert without_drift(sound) is sound
