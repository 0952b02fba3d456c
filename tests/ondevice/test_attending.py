"""Sound that grows: what is said in it without a word being heard is told as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ondevice.attending import Attending
from app.ondevice.protocol import ChunkEnd, Heard
from app.ondevice.sound import Sound
from app.ondevice.timing import Timing

WavOf = Callable[[str], Path]
PER_MS = 16


class Deaf:
    """A model that hears no word in anything."""

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[list[Any], Any]:
        return [], SimpleNamespace(language="en")


@pytest.fixture
def speech(wav_of: WavOf) -> NDArray[np.int16]:
    sound = Sound.open(wav_of("kennedy-1961"))
    return sound.read(0, sound.sample_count)


def wordless(samples: NDArray[np.int16], begin_ms: int = 0) -> list[tuple[int, int]]:
    told = list(
        Attending(Deaf(), Timing()).attend(samples, "en", begin_ms=begin_ms, is_last=True)
    )
    assert not any(one.words for one in told if isinstance(one, Heard))
    return [span for one in told if isinstance(one, ChunkEnd) for span in one.wordless]


def test_speech_of_which_no_word_is_heard_is_told(speech: NDArray[np.int16]) -> None:
    spans = wordless(speech)

    assert spans == sorted(spans)
    assert all(end - start >= 1_000 for start, end in spans)
    assert all(start >= 0 and end <= 11_000 for start, end in spans)
    assert sum(end - start for start, end in spans) > 4_000


def test_what_was_settled_before_is_not_told_once_more(speech: NDArray[np.int16]) -> None:
    twice = np.concatenate([speech, np.zeros(700 * PER_MS, "<i2"), speech])

    spans = wordless(twice, begin_ms=11_700)

    assert spans
    assert all(start >= 11_700 for start, _ in spans)


def test_silence_and_hum_have_no_speech_without_words() -> None:
    hum = (3_000 * np.sin(np.arange(8_000 * PER_MS) * 0.02)).astype("<i2")
    assert wordless(hum) == []
    assert wordless(np.zeros_like(hum)) == []
