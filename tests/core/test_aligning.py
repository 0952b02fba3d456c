"""Words at the times they are said: none is lost, and none passes another."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.aligning import with_times
from app.core.transcript import Paragraph, Transcript, Word
from tests.support.builders import after, any_transcripts, times, transcript

TALK = transcript(("A", "one two three"), ("B", "four five"), ("A", "six"))
"""Words of 500 ms that touch."""


def test_words_and_paragraphs_begin_where_they_were_found() -> None:
    found = [(start + 40, end + 20) for start, end in times(TALK)]

    done = after(TALK, with_times(TALK, list(found)))

    assert [start for start, _ in times(done)] == [start for start, _ in found]
    assert [one.start_ms for one in done.paragraphs] == [
        one.words[0].start_ms for one in done.paragraphs
    ]
    assert done.text == TALK.text


def test_a_word_that_was_not_found_stays_and_none_passes_it() -> None:
    found: list[tuple[int, int] | None] = [None] * 6
    found[0], found[2] = (900, 950), (100, 200)

    done = times(after(TALK, with_times(TALK, found)))

    assert done[1] == times(TALK)[1]
    assert [start for start, _ in done] == sorted(start for start, _ in done)


def test_a_word_that_was_found_is_no_longer_estimated() -> None:
    words = (Word("so", 0, 500, is_estimated=True), Word("be", 500, 900, is_estimated=True))
    start = Transcript((Paragraph(words, None, 0, 900),), duration_ms=900)

    done = after(start, with_times(start, [(100, 400), None]))

    assert [word.is_estimated for word in done.words()] == [False, True]


def test_nothing_found_changes_nothing() -> None:
    assert with_times(TALK, [None] * 6) is None
    assert with_times(TALK, list(times(TALK))) is None
    with pytest.raises(ValueError, match="5 times for 6 words"):
        with_times(TALK, [None] * 5)


@given(any_transcripts(), st.data())
def test_whatever_is_found_words_stay_the_same_and_in_order(
    start: Transcript, data: st.DataObject
) -> None:
    span = st.tuples(st.integers(0, 99_000), st.integers(0, 99_000))
    count = start.word_count
    found = data.draw(st.lists(st.none() | span, min_size=count, max_size=count))
    change = with_times(start, found)
    if change is None:
        return
    done = after(start, with_times(start, found))

    def bare(one: Transcript) -> list[Word]:
        return [replace(word, start_ms=0, end_ms=0, is_estimated=False) for word in one.words()]

    assert bare(done) == bare(start)
    old, new = times(start), times(done)
    for place, ((one, _), (other, _)) in enumerate(pairwise(old)):
        if one <= other:
            assert new[place][0] <= new[place + 1][0]
    for place, one in enumerate(found):
        if one is None:
            assert new[place] == old[place]
