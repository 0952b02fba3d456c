from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from faster_whisper.utils import get_assets_path
from faster_whisper.vad import SileroVADModel, get_vad_model
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.ondevice.hearing import as_floats
from app.ondevice.sound import SAMPLE_RATE_HZ, Sound
from app.ondevice.unheard import (
    LEAST_MS,
    really_said,
    set_voices_in_parts,
    speech_in,
    without_words,
)

spans = st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 900)), max_size=8).map(
    lambda found: [(10 * start, 10 * (start + length)) for start, length in sorted(found)]
)


def test_speech_between_words_is_found() -> None:
    assert without_words([(0, 10_000)], [(0, 900), (8_000, 10_000)]) == [(1_250, 7_650)]


def test_a_word_said_to_last_for_seconds_hides_no_hole() -> None:
    assert without_words([(0, 6_000)], [(0, 6_000)]) == [(1_550, 6_000)]


def test_silence_and_short_speech_are_no_holes() -> None:
    assert without_words([], [(0, 900)]) == []
    assert without_words([(0, 900)], []) == []


def test_a_word_of_which_nobody_is_sure_is_none() -> None:
    def word(start_ms: int, confidence: float) -> tuple[str, int, int, float, bool]:
        return "you", start_ms, start_ms + 300, confidence, False

    far, near, sure = word(4_700, 0.01), word(2_300, 0.01), word(4_700, 0.4)
    assert really_said([far, near, sure], [(0, 2_000)]) == [near, sure]
    assert really_said([far, sure], []) == [sure]


@given(spans, spans)
def test_holes_are_long_lie_in_speech_and_hold_no_word(
    speech: list[tuple[int, int]], words: list[tuple[int, int]]
) -> None:
    for start, end in without_words(speech, words):
        assert end - start >= LEAST_MS
        assert any(begin <= start and end <= until for begin, until in speech)
        assert not any(start < one < end for one, _ in words)


@pytest.mark.parametrize("steps", [1, 249, 250, 600])
def test_the_detector_of_voices_says_the_same_in_parts(steps: int) -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, steps * 512).astype(np.float32)
    whole = SileroVADModel(f"{get_assets_path()}/silero_vad_v6.onnx")
    set_voices_in_parts()
    set_voices_in_parts()

    found = cast("Any", get_vad_model())(sound.copy())

    assert found.shape == (steps,)
    assert np.allclose(found[:250], whole(sound.copy())[:250], atol=1e-6)
    if steps > 250:
        later = whole(sound[(250 - 64) * 512 : 500 * 512].copy())[64:]
        assert np.allclose(found[250:500], later, atol=0.01)


def test_in_speech_alone_parts_change_next_to_nothing(wav_of: Callable[[str], Path]) -> None:
    sound = Sound.open(wav_of("two-readers-alternating"))
    voices = as_floats(sound.read(0, sound.sample_count // 512 * 512))
    whole = SileroVADModel(f"{get_assets_path()}/silero_vad_v6.onnx")
    set_voices_in_parts()

    found = cast("Any", get_vad_model())(voices.copy())

    assert np.mean((found > 0.5) != (whole(voices.copy()) > 0.5)) < 0.02


def chords(seconds: float) -> NDArray[np.float32]:
    """Plucked, two and a half each second."""
    rng = np.random.default_rng(7)
    times = np.arange(int(1.6 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    made = np.zeros(int((seconds + 2) * SAMPLE_RATE_HZ))
    for beat in range(int(seconds / 0.4)):
        root = (0, 9, 5, 7)[beat // 8 % 4]
        for note in (48 + root, 60 + root + 4 * (beat % 3), 72 + root + int(rng.integers(3))):
            hertz = 440 * 2 ** ((note - 69) / 12)
            tone = sum(np.sin(2 * np.pi * hertz * k * times) / k**1.5 for k in range(1, 7))
            first = int(beat * 0.4 * SAMPLE_RATE_HZ)
            made[first : first + len(times)] += tone * np.exp(-times * 2.5)
    made = made[: int(seconds * SAMPLE_RATE_HZ)]
    return (0.08 * made / np.sqrt(np.square(made).mean())).astype(np.float32)


@pytest.mark.parametrize("seconds", [33, 58])
def test_who_speaks_after_music_is_noticed_from_the_first_word_on(
    seconds: int, wav_of: Callable[[str], Path]
) -> None:
    sound = Sound.open(wav_of("kennedy-1961"))
    voice = as_floats(sound.read(0, sound.sample_count))

    found = speech_in(np.concatenate([chords(seconds), voice]))

    assert seconds * 1_000 <= found[0][0] <= seconds * 1_000 + 600
    assert sum(end - start for start, end in found) > 6_500
    assert speech_in(chords(seconds)) == []
