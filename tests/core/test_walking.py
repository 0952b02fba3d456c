"""A walk meets every place once, in order, whatever is done to them on the way."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.doubt import accept_words, doubtful_words
from app.core.edits import correct_words
from app.core.transcript import Paragraph, Transcript
from app.core.walking import Walk
from tests.support.builders import any_transcripts, scattered_changes, transcript


def doubts(paragraph: Paragraph) -> tuple[range, ...]:
    return tuple(range(at, at + 1) for at in doubtful_words(paragraph, 0.5))


def unsure(talk: Transcript, *given: tuple[int, int]) -> Transcript:
    places = set(given)
    return replace(
        talk,
        paragraphs=tuple(
            replace(
                one,
                words=tuple(
                    replace(word, confidence=0.1 if (number, at) in places else 0.9)
                    for at, word in enumerate(one.words)
                ),
            )
            for number, one in enumerate(talk.paragraphs)
        ),
    )


TALK = unsure(
    transcript(("A", "we shall bear any burden"), ("B", "meet any hardship")),
    *((0, 1), (0, 3), (1, 0), (1, 2)),
)


def walk_on(document: Document) -> Walk:
    walk = Walk(document.transcript, doubts)
    document.subscribe(lambda change: walk.follow(change, document.transcript))
    return walk


def accept(document: Document, walk: Walk) -> None:
    assert walk.current is not None
    change = accept_words(document.transcript, *walk.current)
    assert change is not None
    document.apply(change)


def test_places_are_met_in_order_counted_and_round_the_end() -> None:
    walk = Walk(TALK, doubts)
    assert (walk.number, walk.total, walk.current) == (0, 4, None)
    met = []
    for _ in range(5):
        assert walk.step()
        met.append((walk.current, walk.number))
    assert [at for at, _ in met] == [
        (0, range(1, 2)),
        (0, range(3, 4)),
        (1, range(1)),
        (1, range(2, 3)),
        (0, range(1, 2)),
    ]
    assert [number for _, number in met] == [1, 2, 3, 4, 1]


def test_a_place_that_is_accepted_counts_as_been_to() -> None:
    document = Document(TALK)
    walk = walk_on(document)
    walk.step()
    accept(document, walk)
    assert not walk.is_current_left
    walk.step()
    assert (walk.current, walk.number, walk.total) == ((0, range(3, 4)), 2, 4)
    assert walk.back()
    assert walk.current == (0, range(1, 2))
    document.undo()
    assert walk.is_current_left
    assert (walk.number, walk.left) == (1, 4)


def test_a_place_whose_word_goes_moves_nothing_else() -> None:
    document = Document(TALK)
    walk = walk_on(document)
    walk.step()
    change = correct_words(document.transcript, 0, 1, 1, "")
    assert change is not None
    document.apply(change)
    assert walk.step()
    assert walk.current == (0, range(2, 3))
    assert (walk.number, walk.total) == (2, 4)


def test_the_walk_is_over_when_all_are_dealt_with() -> None:
    document = Document(TALK)
    walk = walk_on(document)
    numbers = []
    while walk.step():
        numbers.append(walk.number)
        accept(document, walk)
    assert numbers == [1, 2, 3, 4]
    assert walk.left == 0


def test_it_begins_where_one_is() -> None:
    walk = Walk(TALK, doubts)
    assert walk.go_from(1, 1)
    assert (walk.current, walk.number) == ((1, range(2, 3)), 4)
    assert not Walk(transcript(("A", "sure")), doubts).go_from(0, 0)


@given(any_transcripts(), st.data())
def test_it_stays_right_through_any_edits(talk: Transcript, data: st.DataObject) -> None:
    document = Document(talk)
    walk = walk_on(document)
    walk.step()
    for _ in range(data.draw(st.integers(0, 4))):
        document.apply(data.draw(scattered_changes(document.transcript)))
        fresh = Walk(document.transcript, doubts)
        assert walk.left == fresh.left <= walk.total
        assert 0 <= walk.number <= walk.total
        if walk.step():
            assert walk.current is not None
            paragraph, words = walk.current
            assert words in doubts(document.transcript.paragraphs[paragraph])
        walk.back()
        if walk.current is not None and walk.is_current_left:
            assert walk.current[0] < len(document.transcript.paragraphs)


def test_a_hundred_thousand_doubtful_words_are_walked_without_waiting() -> None:
    long = transcript(*[("A", " ".join(["word"] * 100))] * 1_000)
    talk = unsure(long, *((number, at) for number in range(1_000) for at in range(100)))
    document = Document(talk)
    walk = walk_on(document)
    assert walk.total == 100_000
    began = time.perf_counter()
    for _ in range(50):
        walk.step()
        accept(document, walk)
    assert (time.perf_counter() - began) / 50 < 0.05
    assert walk.left == 100_000 - 50
