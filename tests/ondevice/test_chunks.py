from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.chunks import Chunk, usable

words = st.lists(
    st.tuples(
        st.text(), st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0, 1), st.booleans()
    ),
    max_size=4,
).map(tuple)


spans = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=3).map(tuple)


def chunk(start_ms: int, end_ms: int, language: str = "en", model: str = "base") -> Chunk:
    return Chunk(model, start_ms, end_ms, language, (("word", start_ms, end_ms, 0.5, False),))


@given(
    st.builds(Chunk, st.text(), st.integers(0), st.integers(0), st.text(), words, spans),
)
def test_stretch_survives(made: Chunk) -> None:
    assert Chunk.from_bytes(made.to_bytes()) == made


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"[]", b"{}", b'{"model": 1, "start_ms": "x"}', b"null"]
)
def test_nonsense_is_no_stretch(raw: bytes) -> None:
    assert Chunk.from_bytes(raw) is None


FIRST, SECOND, THIRD = chunk(0, 100), chunk(100, 250), chunk(250, 300)


def test_whole_row_is_used() -> None:
    assert usable([FIRST, SECOND, THIRD], "base", "en", 300) == [FIRST, SECOND, THIRD]
    assert usable([FIRST, SECOND], "base", "", 300) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "second",
    [
        None,
        replace(SECOND, start_ms=120),
        replace(SECOND, start_ms=80),
        replace(SECOND, end_ms=100),
        replace(SECOND, end_ms=301),
        replace(SECOND, model="tiny"),
        replace(SECOND, language="de"),
    ],
)
def test_nothing_is_used_behind_what_does_not_fit(second: Chunk | None) -> None:
    assert usable([FIRST, second, THIRD], "base", "en", 300) == [FIRST]


def test_row_must_begin_at_the_beginning() -> None:
    assert usable([SECOND, THIRD], "base", "en", 300) == []


def test_a_chunk_saved_before_speech_without_words_was_known_is_read() -> None:
    raw = FIRST.to_bytes().replace(b', "wordless": []', b"")

    assert b"wordless" not in raw
    assert Chunk.from_bytes(raw) == FIRST
