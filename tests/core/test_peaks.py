from __future__ import annotations

import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.peaks import STEPS_MS, Level, Peaks, decode_peaks, encode_header

SAMPLES = st.integers(-32_768, 32_767)


@st.composite
def waveforms(draw: st.DrawFn) -> Peaks:
    levels = tuple(
        Level(step_ms, array("h", [side for pair in pairs for side in sorted(pair)]))
        for step_ms, pairs in (
            (step_ms, draw(st.lists(st.tuples(SAMPLES, SAMPLES), max_size=40)))
            for step_ms in STEPS_MS
        )
    )
    return Peaks(draw(st.integers(0, 10**9)), levels)


def encode_peaks(peaks: Peaks) -> bytes:
    """Write a waveform as the program does bit by bit while sound streams by."""
    body = array("h", [side for level in peaks.levels for side in level.pairs])
    if sys.byteorder == "big":
        body.byteswap()
    counts = tuple(len(level) for level in peaks.levels)
    return encode_header(peaks.duration_ms, counts) + body.tobytes()


@given(waveforms())
def test_a_waveform_comes_back_from_its_bytes(peaks: Peaks) -> None:
    assert decode_peaks(encode_peaks(peaks)) == peaks


@given(waveforms(), st.data())
def test_bytes_cut_short_are_refused(peaks: Peaks, data: st.DataObject) -> None:
    whole = encode_peaks(peaks)
    with pytest.raises(ValueError, match=r"header|version"):
        decode_peaks(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_columns_come_from_the_level_that_fits() -> None:
    levels = tuple(Level(step, array("h", [-step, step] * 100)) for step in STEPS_MS)
    peaks = Peaks(1_000, levels)

    assert peaks.columns(0, 100, 10) == [(-10, 10)] * 10
    assert peaks.columns(0, 800, 10) == [(-80, 80)] * 10
    assert peaks.columns(0, 64_000, 10) == [(-640, 640)] * 10
    assert peaks.columns(100_000, 100_100, 2) == [(0, 0)] * 2
    assert peaks.columns(0, 0, 5) == []
    assert peaks.loudest == 640
