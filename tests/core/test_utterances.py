"""Where growing sound is settled, whatever the detector of voices says of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.utterances import (
    BEHIND_MS,
    FIRST_MS,
    LEVEL_MS,
    MOST_MS,
    STEP_MS,
    Rhythm,
    utterances,
)

levels = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 90)), max_size=40).map(
    lambda runs: [level for level, count in runs for _ in range(count)]
)


def sound(*runs: tuple[int, float]) -> list[float]:
    """Give levels: so many milliseconds at each level."""
    return [level for ms, level in runs for _ in range(ms // LEVEL_MS)]


def test_an_utterance_is_over_at_a_pause_and_the_next_one_is_open() -> None:
    found = utterances(sound((960, 0.0), (3_200, 0.9), (960, 0.1), (1_600, 0.9)))

    ((begin, end),) = found.over
    assert 640 <= begin <= 960
    assert 4_160 <= end < 5_120
    assert found.open is not None
    assert end <= found.open[0] <= 5_120
    assert found.open[1] == 6_720
    assert found.settled_ms == found.open[0]


def test_a_breath_is_no_pause() -> None:
    found = utterances(sound((1_600, 0.9), (320, 0.0), (1_600, 0.9)))

    assert found.over == ()
    assert found.open == (0, 3_520)


def test_what_is_open_is_over_once_no_more_comes() -> None:
    found = utterances(sound((1_600, 0.9)), is_last=True)

    assert found.over == ((0, 1_600),)
    assert (found.open, found.settled_ms) == (None, 1_600)


def test_silence_is_let_go_of_but_for_its_end() -> None:
    found = utterances(sound((9_600, 0.02)))

    assert (found.over, found.open) == ((), None)
    assert 9_000 < found.settled_ms < 9_600


def test_who_never_pauses_is_cut_at_the_longest_breath() -> None:
    talk = sound((4_800, 0.9), (128, 0.0), (1_600, 0.9), (320, 0.0), (5_760, 0.9))

    found = utterances(talk)

    ((_, end),) = found.over
    assert 6_528 <= end <= 6_848
    assert found.open is not None


def test_who_does_not_even_breathe_is_cut_where_it_is_quietest() -> None:
    found = utterances(sound((6_400, 0.9), (160, 0.45), (9_600, 0.9)))

    assert next(end for _, end in found.over) == pytest.approx(6_500, abs=100)


@given(levels, st.booleans())
def test_no_speech_is_left_out_and_nothing_is_read_twice(
    found_levels: list[float], is_last: bool
) -> None:
    found = utterances(found_levels, is_last=is_last)

    spans = [*found.over, *([found.open] if found.open else [])]
    assert all(begin < end for begin, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for at, level in enumerate(found_levels):
        if level >= 0.5:
            assert any(begin <= at * LEVEL_MS < end for begin, end in spans)
    assert all(end - begin <= MOST_MS + 500 for begin, end in found.over)
    end_ms = len(found_levels) * LEVEL_MS
    assert 0 <= found.settled_ms <= end_ms
    if found.open:
        assert found.settled_ms <= found.open[0]
    if is_last:
        assert found.open is None


@given(levels, st.integers(0, 3_000))
def test_what_is_settled_stays_so_whatever_comes_behind(
    found_levels: list[float], count: int
) -> None:
    """Looked at early or late, an utterance ends at the same place."""
    early, late = utterances(found_levels[:count]), utterances(found_levels)

    assert [one[0] for one in late.over[: len(early.over)]] == [one[0] for one in early.over]
    for one, other in zip(early.over, late.over, strict=False):
        assert abs(one[1] - other[1]) <= 480  # the silence behind it is shared out differently


def test_reading_again_takes_its_time_on_a_slow_machine_and_recovers() -> None:
    rhythm = Rhythm()
    assert rhythm.wait_ms(0, 0) == FIRST_MS
    assert rhythm.wait_ms(0, FIRST_MS) == 0
    rhythm.began(0)
    rhythm.ended(200)
    assert rhythm.wait_ms(200, 5_000) == STEP_MS - 200
    rhythm.began(1_000)
    rhythm.ended(3_000)
    assert rhythm.step_ms == 4_000
    assert rhythm.wait_ms(3_000, 5_000) == 2_000
    assert rhythm.wait_ms(5_000, 5_000) == 0
    rhythm.began(5_000)
    rhythm.ended(5_100)
    assert rhythm.step_ms == STEP_MS


def test_settling_an_utterance_does_not_put_off_the_next_words() -> None:
    """It had to be done, however long it took: only what is read again is read less often."""
    rhythm = Rhythm()
    rhythm.began(0)
    rhythm.settled(1_500)
    rhythm.ended(1_700)
    assert rhythm.step_ms == STEP_MS
    assert rhythm.wait_ms(1_700, FIRST_MS) == 0
    rhythm.began(2_000)
    rhythm.settled(3_000)
    rhythm.ended(3_500)
    assert rhythm.step_ms == 1_000  # half of the time at most
    assert rhythm.wait_ms(3_500, 5_000) == 0


def test_what_will_be_read_again_is_left_out_while_the_text_lags() -> None:
    assert Rhythm.reads_open(BEHIND_MS - 1)
    assert not Rhythm.reads_open(BEHIND_MS)
