from __future__ import annotations

import io
import itertools
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.ondevice.sound import (
    PIECE_MS,
    Sound,
    UnreadableSoundError,
    cut_place,
    most_ms,
    most_pieces,
)

PER_MS = 16


def header(data_bytes: int, *, riff: bytes = b"RIFF", before: bytes = b"") -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    return (
        riff
        + struct.pack("<I", 0)
        + b"WAVE"
        + before
        + form
        + b"data"
        + struct.pack("<I", data_bytes)
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(0, 30_000),
    longest_ms=st.integers(1, 700),
    search_ms=st.integers(1, 700),
)
@settings(max_examples=60, deadline=None)
def test_pieces_are_the_whole_and_never_too_long(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    length: int,
    longest_ms: int,
    search_ms: int,
) -> None:
    samples = np.random.default_rng(seed).integers(-32_768, 32_767, length).astype("<i2")
    path = tmp_path_factory.mktemp("sound") / "made.wav"
    path.write_bytes(header(2 * length) + samples.tobytes())

    pieces = list(Sound.open(path).pieces(longest_ms, search_ms))

    assert [start for start, _ in pieces] == list(
        np.cumsum([0, *(piece.size for _, piece in pieces)])[: len(pieces)]
    )
    joined = np.concatenate([np.empty(0, "<i2"), *(piece for _, piece in pieces)])
    assert np.array_equal(joined, samples)
    assert all(0 < piece.size <= longest_ms * PER_MS for _, piece in pieces)


@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(0, 60_000),
    longest_steps=st.integers(2, 40),
    search_steps=st.integers(1, 40),
)
@settings(max_examples=60, deadline=None)
def test_pieces_begun_at_the_end_of_one_are_the_same_as_without_a_break(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    length: int,
    longest_steps: int,
    search_steps: int,
) -> None:
    samples = np.random.default_rng(seed).integers(-32_768, 32_767, length).astype("<i2")
    path = tmp_path_factory.mktemp("sound") / "made.wav"
    path.write_bytes(header(2 * length) + samples.tobytes())
    sound = Sound.open(path)
    longest_ms, search_ms = 20 * longest_steps, 20 * search_steps
    whole = list(sound.pieces(longest_ms, search_ms))

    for place, (start, _) in enumerate(whole):
        assert start % PER_MS == 0
        rest = list(sound.pieces(longest_ms, search_ms, begin_ms=start // PER_MS))
        assert [begin for begin, _ in rest] == [begin for begin, _ in whole[place:]]
        assert all(
            np.array_equal(one, other)
            for (_, one), (_, other) in zip(rest, whole[place:], strict=True)
        )


def lengths_of(duration_ms: int) -> list[int]:
    lengths: list[int] = []
    while (left_ms := duration_ms - sum(lengths)) > 0:
        lengths.append(min(left_ms, most_ms(sum(lengths), left_ms)))
    return lengths


def ends_of(lengths: list[int], workers: int) -> list[int]:
    """Give when the words of each piece are told, in order, if a second takes a second."""
    free, told = [0] * workers, list[int]()
    for length in lengths:
        worker = free.index(min(free))
        free[worker] += length
        told.append(max(free[worker], told[-1] if told else 0))
    return told


@given(duration_ms=st.integers(181_000, 5_000_000), workers=st.integers(1, 2))
def test_words_come_early_and_go_on_coming_and_all_workers_end_together(
    duration_ms: int, workers: int
) -> None:
    lengths = lengths_of(duration_ms)

    told = ends_of(lengths, workers)

    assert sum(lengths) == duration_ms
    assert len(lengths) == most_pieces(0, duration_ms)
    assert told[0] == 30_000
    waits = [after - before for before, after in itertools.pairwise(told)]
    assert max(waits) <= min(PIECE_MS, told[-1] / 2)
    assert told[-1] <= duration_ms / workers + 45_000


def test_of_400_seconds_something_is_told_at_a_sixth_of_the_time() -> None:
    lengths = lengths_of(400_000)
    told = ends_of(lengths, 2)
    assert len(lengths) == 6
    assert told[0] <= told[-1] / 6
    assert [round(100 * one / told[-1]) for one in told] == [14, 28, 71, 71, 100, 100]


@pytest.mark.parametrize("duration_ms", [150_001, 167_000, 180_000])
def test_what_is_soon_heard_is_cut_but_once(duration_ms: int) -> None:
    first, second = lengths_of(duration_ms)
    assert first == duration_ms // 2
    assert second <= 90_000


@pytest.mark.parametrize("duration_ms", [0, 1, 30_000, 90_000])
def test_what_is_short_is_heard_as_a_whole(duration_ms: int) -> None:
    assert most_pieces(0, duration_ms) == 1
    assert most_ms(0, duration_ms) >= duration_ms


def test_a_long_recording_that_goes_on_is_cut_where_it_would_have_been(
    wav_with: Callable[[NDArray[np.int16]], Path],
) -> None:
    samples = np.random.default_rng(4).integers(-9_000, 9_000, 400_007 * PER_MS)
    sound = Sound.open(wav_with(samples.astype("<i2")))
    whole = [(start, piece.size) for start, piece in sound.pieces()]

    assert len(whole) >= 6
    assert whole[0][1] <= 30_000 * PER_MS
    assert sum(size for _, size in whole) == samples.size
    for place, (start, _) in enumerate(whole):
        rest = sound.pieces(begin_ms=start // PER_MS)
        assert [(begin, piece.size) for begin, piece in rest] == whole[place:]


@given(st.integers(500, 2_500), st.integers(450, 900))
@settings(max_examples=40, deadline=None)
def test_cut_falls_into_the_pause(pause_at_ms: int, pause_ms: int) -> None:
    samples = np.random.default_rng(1).integers(-9_000, 9_000, 4_000 * PER_MS).astype("<i2")
    samples[pause_at_ms * PER_MS : (pause_at_ms + pause_ms) * PER_MS] = 3

    cut_ms = cut_place(samples, 4_000) / PER_MS

    assert pause_at_ms + 100 <= cut_ms <= pause_at_ms + pause_ms - 100


def test_latest_of_equal_pauses_is_cut() -> None:
    assert cut_place(np.zeros(10_000 * PER_MS, "<i2"), 5_000) > 9_700 * PER_MS


@pytest.mark.parametrize("declared", [0, 8, 0xFFFF_FFFF])
@pytest.mark.parametrize("riff", [b"RIFF", b"RF64"])
def test_length_is_found_whatever_the_header_says(
    tmp_path: Path, declared: int, riff: bytes
) -> None:
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    path = tmp_path / "odd.wav"
    path.write_bytes(header(declared, riff=riff, before=extra) + b"\1\0\2\0\3\0\4\0" + b"\5")

    sound = Sound.open(path)

    assert sound.sample_count == 4
    assert [list(piece) for _, piece in sound.pieces()] == [[1, 2, 3, 4]]


def test_chunk_after_the_samples_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "tail.wav"
    path.write_bytes(header(4) + b"\1\0\2\0" + b"LIST" + struct.pack("<I", 4) + b"abcd")

    assert Sound.open(path).sample_count == 2


def stereo() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as stream:
        stream.setnchannels(2)
        stream.setsampwidth(2)
        stream.setframerate(16_000)
        stream.writeframes(bytes(64))
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"hello, I am no sound", b"RIFF\0\0\0\0WAVE", stereo(), header(0)[:30]]
)
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)

    with pytest.raises(UnreadableSoundError):
        Sound.open(path)


def test_file_that_shrank_ends_early(
    wav_with: Callable[[NDArray[np.int16]], Path],
) -> None:
    path = wav_with(np.ones(2_000, "<i2"))
    sound = Sound.open(path)
    path.write_bytes(path.read_bytes()[:-2_000])

    assert sum(piece.size for _, piece in sound.pieces(20, 5)) == 1_000
