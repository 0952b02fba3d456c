from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from faster_whisper.utils import get_assets_path
from faster_whisper.vad import SileroVADModel, get_vad_model
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.unheard import (
    LEAST_MS,
    really_said,
    set_voices_in_parts,
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


@pytest.mark.parametrize("steps", [1, 999, 1_000, 2_345])
def test_the_detector_of_voices_says_the_same_in_parts(steps: int) -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, steps * 512).astype(np.float32)
    sound[steps * 100 : steps * 200] = 0
    whole = SileroVADModel(f"{get_assets_path()}/silero_vad_v6.onnx")
    set_voices_in_parts()
    set_voices_in_parts()

    found = cast("Any", get_vad_model())(sound.copy())

    assert found.shape == (steps,)
    assert np.allclose(found, whole(sound.copy()), atol=1e-6)
