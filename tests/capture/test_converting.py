"""Sound of any rate, made into that of a take."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.converting import Converter
from app.core.take import RATE_HZ


def tone(rate_hz: int, hz: float, seconds: float = 1.0) -> NDArray[np.float32]:
    at = np.arange(round(rate_hz * seconds)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * at)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 88_200, 96_000, 192_000])
def test_a_tone_keeps_its_pitch_its_loudness_and_its_place(rate_hz: int) -> None:
    heard = Converter(rate_hz).feed(tone(rate_hz, 1_000.0))
    wanted = tone(RATE_HZ, 1_000.0) * 32_768
    assert abs(len(heard) - RATE_HZ) < 500  # the end waits for what comes behind it
    middle = slice(1_000, len(heard) - 1_000)
    assert np.abs(heard[middle] - wanted[: len(heard)][middle]).max() < 60


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 192_000])
def test_however_it_is_cut_it_is_the_same_sound(rate_hz: int) -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, rate_hz // 4).astype(np.float32)
    whole = Converter(rate_hz).feed(sound)
    cut = Converter(rate_hz)
    places = np.sort(np.random.default_rng(4).integers(0, len(sound), 200))
    pieces = [cut.feed(piece) for piece in np.split(sound, places)]
    assert np.abs(np.concatenate(pieces).astype(int) - whole).max() <= 1  # rounding


def test_two_minutes_are_two_minutes() -> None:
    converter = Converter(44_100)
    block = np.zeros((4_410, 2), np.float32)
    heard = sum(len(converter.feed(block)) for _ in range(1_200))
    assert abs(heard - 120 * RATE_HZ) < 50


def test_what_is_too_high_for_a_take_does_not_come_back_as_something_lower() -> None:
    heard = Converter(96_000).feed(tone(96_000, 30_000.0))
    assert np.abs(heard[500:-500]).max() < 33  # 54 dB below the tone


@pytest.mark.parametrize("channels", [1, 2, 8, 32])
def test_all_channels_are_in_it_and_none_is_cut_off(channels: int) -> None:
    rows = np.full((4_800, channels), 0.5, np.float32)
    assert set(Converter(RATE_HZ).feed(rows)) == {16_384}
    one_of_them = np.zeros((4_800, channels), np.float32)
    one_of_them[:, -1] = 0.96
    assert abs(int(Converter(RATE_HZ).feed(one_of_them)[0]) - 31_457 // channels) <= 1


def test_what_is_too_loud_stays_at_the_loudest() -> None:
    loud = np.array([[2.0], [-2.0]], np.float32)
    assert list(Converter(RATE_HZ).feed(loud)) == [32_767, -32_768]
