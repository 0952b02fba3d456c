"""Sounds nobody records on purpose: nothing is invented in them, and nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.models import Device
from app.core.names import key
from app.ondevice.catalog import PACKAGES
from app.ondevice.hearing import Hearing, Piece
from app.ondevice.installed import ModelFolders
from app.ondevice.loading import maker
from app.ondevice.protocol import Request
from app.ondevice.sound import Sound
from app.ondevice.timing import Timing

Hear = Callable[[NDArray[np.floating]], Piece]
_RATE = 16_000
ALL_WORDS = (
    "and so my fellow americans ask not what your country can do for you"
    " ask what you can do for your country"
)

# Each loads or hears with a real model, which takes its time where much else is at work.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@pytest.fixture(scope="module")
def hear(folders: ModelFolders) -> Hear:
    """Hears with the quick model."""
    package = PACKAGES["tiny.en"]
    timing = package.timing or Timing()
    request = Request(str(folders.ready(package)), "", heads=list(timing.heads))
    hearing = Hearing(maker(1, 1)(request, Device.CPU), timing)

    def heard(sound: NDArray[np.floating]) -> Piece:
        samples = np.clip(np.round(sound), -32_768, 32_767).astype(np.int16)
        *_, piece = hearing.hear(samples, "en")
        assert isinstance(piece, Piece)
        return piece

    return heard


@pytest.fixture(scope="module")
def speech(wav_of: Callable[[str], Path]) -> NDArray[np.float64]:
    """*Ask not what your country can do for you*, and more."""
    sound = Sound.open(wav_of("kennedy-1961"))
    return sound.read(0, sound.sample_count).astype(np.float64)


def times(seconds: float) -> NDArray[np.float64]:
    return np.arange(int(seconds * _RATE)) / _RATE


def tone(seconds: float, *hertz: float, on_s: float = 9.0, of_s: float = 9.0) -> NDArray:
    at = times(seconds)
    whole = sum(np.sin(2 * np.pi * one * at) for one in hertz)
    return 5_000 * whole * (at % of_s < on_s)


def whistles() -> NDArray[np.float64]:
    at = times(10)
    swing = np.sin(2 * np.pi * (3_000 * at + 800 * np.sin(2 * np.pi * 6 * at) / 6))
    return 6_500 * swing * (at % 1.2 < 0.3)


def swelling(seconds: float, hertz: float, every_s: float) -> NDArray[np.float64]:
    """One tone that swells and dies away, as a siren far off or a singing glass does."""
    at = times(seconds)
    return (
        30_000
        * np.sin(2 * np.pi * hertz * at)
        * np.clip(np.sin(2 * np.pi * at / every_s), 0, 1)
    )


def clicks(seconds: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(4)
    sound = np.zeros(int(seconds * _RATE))
    for begin in range(2_000, sound.size - 600, 7_000):
        sound[begin : begin + 600] = rng.normal(0, 9_000, 600) * np.exp(-np.arange(600) / 60)
    return sound


def breath(seconds: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(5)
    noise = np.convolve(rng.normal(0, 900, int(seconds * _RATE)), np.ones(4) / 2, "same")
    return noise * np.clip(np.sin(2 * np.pi * times(seconds) / 3.5), 0, 1)


WORDLESS: dict[str, NDArray[np.float64]] = {
    "a swing of one hertz": 20_000 * np.sin(2 * np.pi * times(12)),
    "a constant": np.full(5 * _RATE, 9_000.0),
    "a jump": np.repeat([0.0, 16_000.0, 0.0], 2 * _RATE),
    "a dial tone": tone(6, 350, 440),
    "ringing": tone(12, 440, 480, on_s=2, of_s=6),
    "engaged": tone(6, 480, 620, on_s=0.5, of_s=1),
    "one beep": tone(0.4, 1_000),
    "whistles": whistles(),
    "clicks": clicks(6),
    "breath": breath(10),
    "a tone that swells": swelling(16, 140, 2),
    "a higher one": swelling(16, 250, 2),
    "one sample": np.full(1, 20_000.0),
}


@pytest.mark.parametrize("name", WORDLESS)
def test_nothing_is_invented_and_no_voice_is_imagined(name: str, hear: Hear) -> None:
    assert hear(WORDLESS[name]) == Piece()


@pytest.mark.parametrize(
    "drift", [np.float64(9_000.0), 12_000 * np.sin(2 * np.pi * times(11))], ids=["dc", "1 Hz"]
)
def test_words_are_heard_whatever_the_sound_swings_about(
    drift: NDArray[np.float64], hear: Hear, speech: NDArray[np.float64]
) -> None:
    sound = speech[: 11 * _RATE] * 0.5
    swinging = sound + (drift if drift.ndim == 0 else drift[: sound.size])

    assert " ".join(key(word[0]) for word in hear(swinging).words) == ALL_WORDS


@pytest.mark.parametrize(
    ("word", "from_s", "until_s"),
    [
        ("ask", 3.24, 3.90),
        ("not", 3.95, 4.35),
        ("country", 5.83, 6.47),
        ("you", 7.03, 7.55),
        ("and", 0.27, 0.58),
    ],
)
def test_a_file_of_a_single_word_has_it(
    word: str, from_s: float, until_s: float, hear: Hear, speech: NDArray[np.float64]
) -> None:
    piece = hear(speech[int(from_s * _RATE) : int(until_s * _RATE)])

    assert [key(one[0]) for one in piece.words] == [word]
    (_, start_ms, end_ms, *_), length_ms = piece.words[0], round((until_s - from_s) * 1_000)
    assert 0 <= start_ms < 0.3 * length_ms
    assert 0.6 * length_ms < end_ms <= length_ms


@pytest.mark.parametrize(
    ("from_s", "seconds"), [(1.0, 0.2), (1.0, 0.5), (5.4, 0.3), (8.2, 0.3)]
)
def test_a_scrap_of_speech_is_not_finished_to_a_phrase(
    from_s: float, seconds: float, hear: Hear, speech: NDArray[np.float64]
) -> None:
    """Two of them came out as *Thank you*."""
    first = int(from_s * _RATE)

    heard = [key(one[0]) for one in hear(speech[first : first + int(seconds * _RATE)]).words]

    assert "thank" not in heard
    assert len(heard) <= 1


def test_a_file_that_begins_within_a_word_has_all_others(
    hear: Hear, speech: NDArray[np.float64]
) -> None:
    words = [key(one[0]) for one in hear(speech[int(5.45 * _RATE) :]).words]

    rest = "your country can do for you ask what you can do for your country"
    assert " ".join(words).endswith(rest)
    assert len(words) <= len(rest.split()) + 1
