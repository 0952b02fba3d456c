"""How far a person is: unheard, heard, approved, and what is next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.progress import (
    ReviewState,
    heard_ms,
    next_unreviewed,
    percent,
    reviewed_share,
    state_of,
    unreviewed,
)
from app.core.transcript import Paragraph, Transcript
from tests.support.builders import any_transcripts, transcript

TALK = transcript(("A", "we shall bear any burden"), ("B", "meet any hardship"), ("A", "so"))


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.lists(st.integers(0, 5_000), unique=True, max_size=8)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


def test_a_paragraph_is_heard_when_nearly_all_of_it_was_and_approved_when_said_so() -> None:
    first = TALK.paragraphs[0]  # 0 to 2,500 ms
    assert state_of(first, ()) is ReviewState.UNHEARD
    assert state_of(first, ((0, 1_900),)) is ReviewState.UNHEARD
    assert state_of(first, ((0, 1_500), (1_900, 2_500))) is ReviewState.HEARD
    assert state_of(replace(first, is_approved=True), ()) is ReviewState.APPROVED
    assert state_of(Paragraph((), None, 0, 9), ((0, 9),)) is ReviewState.UNHEARD


def test_the_share_counts_words() -> None:
    assert reviewed_share(TALK, ((0, 2_500),)) == 5 / 9
    assert reviewed_share(Transcript(()), ()) == 0.0


@pytest.mark.parametrize(
    ("share", "shown"), [(0, 0), (0.001, 1), (0.623, 62), (0.999, 99), (1, 100)]
)
def test_a_hundred_per_cent_is_all_of_it(share: float, shown: int) -> None:
    assert percent(share) == shown


def test_next_goes_round_the_end() -> None:
    assert next_unreviewed(TALK, (), 0) == 1
    assert next_unreviewed(TALK, ((2_500, 4_500),), 0) == 0
    assert next_unreviewed(TALK, ((0, 4_500),), 1) is None
    assert next_unreviewed(Transcript(()), (), 0) is None


@given(spans(), st.integers(0, 5_000), st.integers(0, 5_000))
def test_what_was_heard_is_counted_to_the_millisecond(
    heard: tuple[tuple[int, int], ...], start: int, end: int
) -> None:
    told = sum(any(low <= ms < high for low, high in heard) for ms in range(start, end))
    assert heard_ms(start, end, heard) == told


@given(any_transcripts(), spans())
def test_next_steps_through_all_that_is_left(
    talk: Transcript, heard: tuple[tuple[int, int], ...]
) -> None:
    left = list(unreviewed(talk, heard))
    at, met = len(talk.paragraphs) - 1, []
    for _ in left:
        following = next_unreviewed(talk, heard, at)
        assert following is not None
        met.append(at := following)
    assert sorted(met) == left
    assert (reviewed_share(talk, heard) == 1.0) == (not left)
