"""Speakers made one, and one made two, leave what a person said about them as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.document import Change, Document
from app.core.edits import assign_speaker, mark_paragraph, rename_speaker
from app.core.regrouping import (
    as_one_person,
    as_two_people,
    reason_against_merging,
    reason_against_parting,
)
from app.core.speakers import is_settled, told_anew
from app.core.transcript import SpeakerId, Transcript
from tests.support.builders import transcript

A, B, C = SpeakerId("speaker_0"), SpeakerId("speaker_1"), SpeakerId("speaker_2")


@pytest.fixture
def document() -> Document:
    return Document(
        transcript((A, "one two three"), (B, "four five"), (A, "six"), (C, "seven eight"))
    )


def do(document: Document, change: Change | None) -> None:
    assert change is not None
    document.apply(change)


def whose(made: Transcript) -> list[SpeakerId | None]:
    return [one.speaker_id for one in made.paragraphs for _ in one.words]


def test_two_become_one_in_one_step(document: Document) -> None:
    before = document.transcript
    change = as_one_person(before, A, B)
    assert change is not None
    document.apply(change)

    assert whose(document.transcript) == [A] * 6 + [C] * 2
    assert [one.speaker_id for one in document.transcript.speakers] == [A, C]
    assert document.transcript.text == before.text
    document.undo()
    assert document.transcript == before


def test_the_one_with_a_name_stays(document: Document) -> None:
    do(document, rename_speaker(document.transcript, C, "Carla"))
    for pair in ((A, C), (C, A)):
        change = as_one_person(document.transcript, *pair)
        assert change is not None
        document.apply(change)
        assert whose(document.transcript) == [C] * 3 + [B] * 2 + [C] * 3
        assert [one.name for one in document.transcript.speakers] == ["", "Carla"]
        document.undo()


def test_two_with_names_stay_two_and_it_says_why(document: Document) -> None:
    do(document, rename_speaker(document.transcript, A, "Ann"))
    do(document, rename_speaker(document.transcript, C, "Carla"))
    reason = reason_against_merging(document.transcript, A, C)
    assert reason is not None
    assert "You named both" in reason.fill()
    assert as_one_person(document.transcript, A, C) is None
    assert as_one_person(document.transcript, A, A) is None
    assert as_one_person(document.transcript, A, SpeakerId("nobody")) is None


def test_what_was_approved_or_given_by_hand_is_not_merged(document: Document) -> None:
    do(document, mark_paragraph(document.transcript, 1, is_approved=True))
    do(document, assign_speaker(document.transcript, 2, C))
    change = as_one_person(document.transcript, A, C)
    assert change is not None
    document.apply(change)

    assert whose(document.transcript) == [A] * 3 + [B] * 2 + [C] + [A] * 2
    change = as_one_person(document.transcript, A, B)
    assert change is None  # all B says is approved


def test_one_becomes_two_in_one_step(document: Document) -> None:
    before = document.transcript
    change = as_two_people(before, A, [0, 1, 0, 0], [0.9, 0.4, 0.8, 0.7])
    assert change is not None
    document.apply(change)

    new = SpeakerId("speaker_3")
    assert whose(document.transcript) == [A, new, A, B, B, A, C, C]
    words = list(document.transcript.words())
    assert [words[at].speaker_confidence for at in (0, 1, 2, 5)] == [0.9, 0.4, 0.8, 0.7]
    assert [one.speaker_id for one in document.transcript.speakers] == [A, B, C, new]
    assert document.transcript.text.split() == before.text.split()
    document.undo()
    assert document.transcript == before


def test_who_says_more_goes_on_as_the_speaker(document: Document) -> None:
    change = as_two_people(document.transcript, A, [1, 1, 1, 0], [1.0] * 4)
    assert change is not None
    document.apply(change)

    assert whose(document.transcript)[:3] == [A] * 3
    assert whose(document.transcript)[5] == SpeakerId("speaker_3")


def test_parting_leaves_what_a_person_said(document: Document) -> None:
    do(document, mark_paragraph(document.transcript, 2, is_approved=True))
    assert as_two_people(document.transcript, A, [0, 0, 0, 1], [1.0] * 4) is None
    do(document, assign_speaker(document.transcript, 1, A))
    change = as_two_people(document.transcript, A, [0, 0, 0, 1, 1, 1], [1.0] * 6)
    assert change is None  # given by hand, and approved
    do(document, rename_speaker(document.transcript, A, "Ann"))
    reason = reason_against_parting(document.transcript, A)
    assert reason is not None
    assert as_two_people(document.transcript, A, [1, 0, 0, 0, 0, 0], [1.0] * 6) is None
    with pytest.raises(ValueError, match="as many"):
        as_two_people(document.transcript, B, [0] * 9, [1.0] * 9)


def test_voices_told_anew_leave_words_that_were_given_by_hand(document: Document) -> None:
    do(document, assign_speaker(document.transcript, 1, C))
    given = document.transcript.paragraphs[1].words
    assert all(is_settled(word) for word in given)

    told = told_anew(document.transcript, [0] * 8, [0.5] * 8)

    assert told.paragraphs[1] == document.transcript.paragraphs[1]
    # Whoever is heard there is the one they were given to, elsewhere too.
    assert set(whose(told)) == {C}
    other = told_anew(document.transcript, [0, 0, 0, 1, 1, 0, 0, 0], [0.5] * 8)
    assert whose(other) == [A] * 3 + [C] * 2 + [A] * 3


def test_voices_told_anew_part_a_paragraph_around_a_word_that_was_agreed_to() -> None:
    made = transcript((A, "one two three"))
    words = made.paragraphs[0].words
    agreed = words[1].reviewed(is_speaker_accepted=True)
    made = replace(
        made, paragraphs=(replace(made.paragraphs[0], words=(words[0], agreed, words[2])),)
    )

    told = told_anew(made, [1, 0, 1], [0.5] * 3)

    assert whose(told) == [SpeakerId("speaker_1"), A, SpeakerId("speaker_1")]
    assert told.paragraphs[1].words == (agreed,)
