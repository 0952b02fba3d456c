"""Speech without words keeps its place through edits, until words stand there."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.edits import correct_words
from app.core.retyping import Typed, retype
from app.core.transcript import Transcript
from app.core.wordless import (
    agree_to_no_words,
    span_beside,
    wordless_places,
    wordless_words,
)
from tests.support.builders import any_transcripts, paragraph, scattered_changes

HOLE = (2_500, 5_800)


def talk(*wordless: tuple[int, int]) -> Transcript:
    early, late = paragraph("one two three"), paragraph("seven eight", start_ms=6_000)
    return Transcript((early, late), duration_ms=9_000, wordless=wordless)


def test_a_hole_stands_behind_the_word_before_it() -> None:
    one = talk(HOLE)
    places = wordless_places(one)
    assert list(places.values()) == [HOLE]
    assert [wordless_words(each, places) for each in one.paragraphs] == [(2,), ()]
    assert span_beside(one.paragraphs[0], 2, places) == HOLE
    assert span_beside(one.paragraphs[0], 1, places) is None


def test_before_the_first_word_it_stands_at_that_word() -> None:
    early = replace(
        talk(), paragraphs=(paragraph("late", start_ms=4_000),), wordless=((0, 3_000),)
    )
    assert wordless_words(early.paragraphs[0], wordless_places(early)) == (0,)


def test_without_any_words_there_is_no_place_to_show_it() -> None:
    assert not wordless_places(Transcript((), wordless=(HOLE,)))


def test_a_corrected_word_keeps_the_hole_beside_it() -> None:
    document = Document(talk(HOLE))
    change = correct_words(document.transcript, 0, 2, 1, "free")
    assert change is not None
    document.apply(change)
    paragraph_now = document.transcript.paragraphs[0]
    assert wordless_words(paragraph_now, wordless_places(document.transcript)) == (2,)


def test_a_hole_that_somebody_wrote_words_into_is_none() -> None:
    document = Document(talk(HOLE))
    change = retype(document.transcript, Typed(0, 13, 0, 13, " four five six"))
    assert change is not None
    document.apply(change)
    assert not wordless_places(document.transcript)
    document.undo()
    assert wordless_places(document.transcript)
    one_block = paragraph("one two three")
    later = paragraph("seven eight", start_ms=6_000)
    both = replace(one_block, words=one_block.words + later.words, end_ms=later.end_ms)
    within = replace(talk(HOLE), paragraphs=(both,))
    assert wordless_places(within)
    change = retype(within, Typed(0, 13, 0, 13, " four five six"))
    assert change is not None
    assert not wordless_places(change.applied_to(within))


def test_agreeing_is_one_step_that_can_be_taken_back() -> None:
    other = (6_700, 8_000)
    document = Document(talk(HOLE, other))
    change = agree_to_no_words(document.transcript, 0, 2)
    assert change is not None
    document.apply(change)
    assert document.transcript.wordless == (other,)
    assert agree_to_no_words(document.transcript, 0, 2) is None
    document.undo()
    assert document.transcript == talk(HOLE, other)
    document.redo()
    assert document.transcript.wordless == (other,)


@given(any_transcripts(), st.data())
def test_after_any_edits_each_hole_has_one_place_or_none(talk_now: Transcript, data) -> None:
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 3_000)), max_size=3)
    )
    holes = tuple((start, start + length) for start, length in spans)
    document = Document(replace(talk_now, wordless=holes))
    document.apply(data.draw(scattered_changes(document.transcript)))
    places = wordless_places(document.transcript)
    assert len(places) <= len(holes)
    assert document.transcript.wordless == holes
