"""What a person made of words stays with the words, whatever is typed around them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.edits import correct_words
from app.core.retyping import Typed, retyped
from app.core.reviewing import review_between, shared_review
from app.core.transcript import (
    Marker,
    MarkerId,
    MarkerKind,
    Paragraph,
    Review,
    Transcript,
    Word,
)
from tests.support.builders import paragraph
from tests.support.speech import any_words

NOTE = Marker(MarkerId("1"), MarkerKind.NOTE, "who says so?")
MARK = Marker(MarkerId("2"), MarkerKind.HIGHLIGHT)


def marked(text: str, first: int, last: int, *markers: Marker) -> Paragraph:
    plain = paragraph(text)
    words = tuple(
        word.reviewed(markers=markers) if first <= at < last else word
        for at, word in enumerate(plain.words)
    )
    return Paragraph(words, None, plain.start_ms, plain.end_ms)


def read(one: Paragraph) -> list[tuple[str, bool]]:
    return [(word.text, NOTE in word.markers) for word in one.words]


def typed(one: Paragraph, old: str, new: str) -> Paragraph:
    start = one.text.index(old)
    (after,) = retyped((one,), Typed(0, start, 0, start + len(old), new))
    return after


def test_what_nobody_made_anything_of_has_no_review() -> None:
    word = Word("so", 0, 1)
    assert word.reviewed(is_struck=True).is_struck
    assert word.reviewed(is_struck=True).reviewed(is_struck=False) == word


def test_a_note_stays_on_words_that_are_corrected_split_and_joined() -> None:
    talk = marked("we shall bear any burden", 1, 4, NOTE)
    assert read(typed(talk, "bear", "bare"))[2] == ("bare", True)
    assert read(typed(talk, "shall", "sh all"))[1:3] == [("sh", True), ("all", True)]
    assert read(typed(talk, "bear any", "bearany"))[2] == ("bearany", True)


def test_a_word_put_into_a_range_belongs_to_it_and_one_beside_it_does_not() -> None:
    talk = marked("we shall bear any burden", 1, 3, NOTE)
    assert read(typed(talk, "shall bear", "shall now bear"))[2] == ("now", True)
    assert read(typed(talk, "we shall", "we now shall"))[1] == ("now", False)


def test_a_note_is_on_what_is_left_of_its_words_and_goes_with_the_last() -> None:
    talk = marked("we shall bear any burden", 1, 3, NOTE)
    less = typed(talk, "shall ", "")
    assert read(less) == [("we", False), ("bear", True), ("any", False), ("burden", False)]
    assert not any(is_noted for _, is_noted in read(typed(less, "bear ", "")))


def test_correcting_words_keeps_what_is_on_them() -> None:
    talk = marked("we shall bear any burden", 1, 3, NOTE, MARK)
    change = correct_words(Transcript((talk,)), 0, 1, 2, "will gladly now carry")
    assert change is not None
    (after,) = change.splices[0].inserted
    assert [word.markers for word in after.words[1:5]] == [(NOTE, MARK)] * 4


@given(st.lists(any_words, min_size=1, max_size=5))
def test_no_marker_is_lost_between_words_and_those_that_stand_for_them(
    words: list[Word],
) -> None:
    review = shared_review(words)
    expected = dict.fromkeys(marker for word in words for marker in word.markers)
    assert (review.markers if review else ()) == tuple(expected)
    assert review is None or not review.is_accepted
    assert review is None or review.is_struck == all(word.is_struck for word in words)
    assert review != Review()


@given(any_words, any_words)
def test_only_what_is_on_both_sides_is_between(before: Word, after: Word) -> None:
    review = review_between(before, after)
    both = set(before.markers) & set(after.markers)
    assert set(review.markers if review else ()) == both
    assert review_between(None, after) is review_between(before, None) is None
