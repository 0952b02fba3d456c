from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.ondevice.pauses import beside_pauses, in_order, pauses_in

spans = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), max_size=12)
pauses = st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 2_000)), max_size=6).map(
    lambda found: [(start, start + length) for start, length in sorted(found)]
)


def sound_with(pauses_ms: list[tuple[int, int]], seconds: int = 4) -> NDArray[np.int16]:
    noise = np.random.default_rng(2).normal(0, 1, seconds * 16_000)
    level = np.full(seconds * 16_000, 3_000.0)
    for start_ms, end_ms in pauses_ms:
        level[start_ms * 16 : end_ms * 16] = 8
    return (noise * level).astype(np.int16)


def test_pauses_are_where_the_sound_is_quiet() -> None:
    found = pauses_in(sound_with([(1_000, 1_400), (2_500, 2_800)]))

    assert len(found) == 2
    for got, true in zip(found, [(1_000, 1_400), (2_500, 2_800)], strict=True):
        assert abs(got[0] - true[0]) <= 30
        assert abs(got[1] - true[1]) <= 30


def test_a_short_dip_is_no_pause() -> None:
    assert pauses_in(sound_with([(1_000, 1_060)])) == []
    assert pauses_in(np.zeros(0, np.int16)) == []


def test_words_end_and_begin_at_the_pause_between_them() -> None:
    words = [(200, 900), (1_150, 1_900)]

    assert beside_pauses(words, [(1_000, 1_400)]) == [(200, 1_000), (1_400, 1_900)]


def test_a_pause_far_from_every_seam_moves_nothing() -> None:
    words = [(200, 2_900), (2_900, 3_500)]

    assert beside_pauses(words, [(1_000, 1_400)]) == words


@given(spans, pauses)
def test_words_never_change_places(
    times: list[tuple[int, int]], quiet: list[tuple[int, int]]
) -> None:
    ordered = in_order(times)
    for found in (ordered, beside_pauses(ordered, quiet)):
        assert len(found) == len(times)
        assert all(start <= end for start, end in found)
        assert all(one[0] <= other[0] and one[1] <= other[0] for one, other in pairwise(found))


def test_a_sentence_that_has_no_time_to_begin_before_a_pause_begins_behind_it() -> None:
    words = [(200, 1_000), (1_000, 1_900), (1_900, 2_100)]

    moved = beside_pauses(words, [(1_160, 1_600)], [0, 210, 0])

    assert moved == [(200, 1_160), (1_600, 1_900), (1_900, 2_100)]


def test_a_short_word_that_is_said_before_a_pause_stays_there() -> None:
    words = [(200, 1_000), (1_000, 1_300), (1_600, 2_100)]

    assert beside_pauses(words, [(1_200, 1_600)], [0, 70, 0]) == [
        (200, 1_000),
        (1_000, 1_200),
        (1_600, 2_100),
    ]
