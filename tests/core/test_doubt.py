"""Doubtful words: how many, where, and that agreeing is one step that can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.doubt import (
    STARTING_SHARE,
    Confidences,
    accept_speaker,
    accept_words,
    doubtful_passages,
    doubtful_words,
    give_passage,
)
from app.core.transcript import Paragraph, SpeakerId, Transcript
from tests.support.builders import any_transcripts, paragraph, transcript
from tests.support.speech import any_transcripts as reviewed_transcripts


def sure(text: str, *confidences: float | None, speaker: str | None = None) -> Paragraph:
    plain = paragraph(text, speaker)
    words = tuple(
        replace(word, confidence=one)
        for word, one in zip(plain.words, confidences, strict=True)
    )
    return replace(plain, words=words)


def unsure_of(text: str, *confidences: float | None, speaker: str = "A") -> Paragraph:
    plain = paragraph(text, speaker)
    words = tuple(
        replace(word, speaker_confidence=one)
        for word, one in zip(plain.words, confidences, strict=True)
    )
    return replace(plain, words=words)


def test_the_first_threshold_is_that_of_the_lowest_few_per_cent() -> None:
    words = " ".join(["word"] * 100)
    talk = Transcript((sure(words, *(0.5 + at / 200 for at in range(100))),))
    confidences = Confidences(talk)
    threshold = confidences.starting_threshold()
    assert threshold is not None
    assert confidences.count_below(threshold) == 100 * STARTING_SHARE == 4


def test_no_threshold_where_nothing_is_known() -> None:
    assert Confidences(transcript(("A", "we shall bear"))).starting_threshold() is None
    assert Confidences(Transcript(())).starting_threshold() is None


def test_words_that_are_all_as_unsure_are_no_sea_of_doubt() -> None:
    confidences = Confidences(Transcript((sure("we shall bear", 0.5, 0.5, 0.5),)))
    assert confidences.starting_threshold() == 0.5
    assert confidences.count_below(0.5) == 0
    assert confidences.count_below(0.51) == 3


def test_the_least_sure_words_are_in_doubt_together_where_they_are_alike() -> None:
    unsure = Confidences(Transcript((sure("a b c d e f g h i j", *[0.2] * 2, *[0.9] * 8),)))
    threshold = unsure.starting_threshold()
    assert threshold is not None
    assert unsure.count_below(threshold) == 2


def test_what_counts_as_low_stays_the_same_while_words_are_accepted() -> None:
    talk = Transcript((sure("a b c d e f g h i j", 0.1, 0.2, 0.3, *[0.9] * 7),))
    before = Confidences(talk).starting_threshold()
    change = accept_words(talk, 0, range(1))
    assert change is not None
    document = Document(talk)
    document.apply(change)
    after = Confidences(document.transcript)
    assert after.starting_threshold() == before == 0.2
    assert after.count_below(0.25) == 1


@given(reviewed_transcripts, st.floats(0, 1))
def test_the_live_count_is_that_of_the_words_marked(talk: Transcript, threshold: float) -> None:
    marked = sum(len(doubtful_words(one, threshold)) for one in talk.paragraphs)
    assert Confidences(talk).count_below(threshold) == marked


@given(any_transcripts(), st.data())
def test_agreeing_is_one_step_and_goes_back_whole(
    talk: Transcript, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(talk.paragraphs) - 1))
    count = len(talk.paragraphs[number].words)
    first = data.draw(st.integers(0, count))
    places = range(first, data.draw(st.integers(first, count)))
    for accept in (accept_words, accept_speaker):
        document = Document(talk)
        change = accept(talk, number, places)
        if change is None:
            assert not places
            continue
        document.apply(change)
        after = document.transcript
        assert accept(after, number, places) is None
        assert [w.text for w in after.words()] == [w.text for w in talk.words()]
        if accept is accept_words:
            assert not set(doubtful_words(after.paragraphs[number], 2.0)) & set(places)
        document.undo()
        assert document.transcript == talk


def test_runs_of_words_whose_speaker_is_unsure_are_passages() -> None:
    talk = unsure_of("we shall bear any burden", 0.9, 0.2, 0.3, None, 0.1)
    assert doubtful_passages(talk) == (range(1, 3), range(4, 5))


@pytest.mark.parametrize(("to", "owners"), [("B", ["A", "B", "A"]), ("A", ["A"])])
def test_a_passage_is_given_away_and_agreed_to_in_one_step(to: str, owners: list[str]) -> None:
    talk = transcript(("B", "nay"), ("A", "said he"))
    doubted = unsure_of("we shall bear any burden", 0.9, 0.2, 0.3, None, None)
    talk = replace(talk, paragraphs=(*talk.paragraphs, doubted))
    document = Document(talk)
    change = give_passage(talk, 2, range(1, 3), SpeakerId(to))
    assert change is not None
    document.apply(change)
    after = document.transcript
    assert [one.speaker_id for one in after.paragraphs[2:]] == owners
    assert not any(doubtful_passages(one) for one in after.paragraphs)
    assert [w.text for w in after.words()] == [w.text for w in talk.words()]
    document.undo()
    assert document.transcript == talk
