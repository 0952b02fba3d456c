"""Speech told from pauses by level, whatever the recording's own loudness and noise."""

from __future__ import annotations

from array import array

import pytest

from app.core.peaks import Level, Peaks
from app.core.speech_level import speech_spans


def outline(*parts: tuple[int, int]) -> Peaks:
    """Make an outline of parts, each so long and so loud."""
    pairs = array("h")
    for length_ms, loudness in parts:
        for place in range(length_ms // 10):
            level = loudness - (loudness // 4) * (place % 2)
            pairs.extend((-level, level))
    return Peaks(len(pairs) * 5, (Level(10, pairs),))


@pytest.mark.parametrize(("speech", "noise"), [(12_000, 300), (600, 60), (30_000, 4_000)])
def test_speech_is_told_from_pauses(speech: int, noise: int) -> None:
    peaks = outline((300, noise), (500, speech), (400, noise), (200, speech), (300, noise))
    assert speech_spans(peaks, 0, 1_700) == ((290, 810), (1_190, 1_410))


def test_a_gap_within_a_word_is_no_pause_and_a_click_no_speech() -> None:
    peaks = outline((200, 9_000), (40, 0), (200, 9_000), (300, 0), (10, 9_000), (300, 0))
    assert speech_spans(peaks, 0, 1_050) == ((0, 450),)


def test_only_the_stretch_asked_for_is_looked_at() -> None:
    peaks = outline((500, 0), (500, 9_000), (500, 0), (500, 9_000))
    assert speech_spans(peaks, 900, 1_400) == ((890, 1_010),)


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-500, 0), (2_000, 9_000), (700, 700)])
def test_where_there_is_nothing_nobody_speaks(start_ms: int, end_ms: int) -> None:
    assert speech_spans(outline((500, 0), (500, 9_000)), start_ms, end_ms) == ()


def test_silence_is_no_speech() -> None:
    assert speech_spans(outline((900, 12)), 0, 900) == ()
