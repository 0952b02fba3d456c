"""Who says what, as a person decides it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Change
from app.core.edits import rename_speaker
from app.core.speakers import told_anew
from app.core.transcript import SpeakerId, Transcript
from app.core.turns import give_all, give_words, move_turn, same_name, sample_of, turn_start
from tests.support import builders
from tests.support.builders import any_transcripts, transcript

A, B = SpeakerId("A"), SpeakerId("B")
TALK = transcript(("A", "a1 a2 a3"), ("B", "b1 b2"), ("B", "b3"), ("A", "a4"))


def after(before: Transcript, change: Change | None) -> Transcript:
    """Take a step, and back: both must fit, and no word is said at another time."""
    made = builders.after(before, change)
    assert [w.start_ms for w in made.words()] == [w.start_ms for w in before.words()]
    return made


def said(one: Transcript) -> list[tuple[str | None, str]]:
    return [(paragraph.speaker_id, paragraph.text) for paragraph in one.paragraphs]


def test_half_a_paragraph_goes_to_somebody_new() -> None:
    made = after(TALK, give_words(TALK, range(1, 2), None, "  Carla  May "))
    carla = made.speakers[-1]
    assert carla.name == "Carla May"
    assert said(made)[:3] == [("A", "a1"), (carla.speaker_id, "a2"), ("A", "a3")]
    decided = [w.text for w in made.words() if w.review and w.review.is_speaker_accepted]
    assert decided == ["a2"]


def test_all_of_theirs_go_to_another_or_to_somebody_new() -> None:
    made = after(TALK, give_all(TALK, B, A))
    assert {owner for owner, _ in said(made)} == {"A"}
    assert [one.speaker_id for one in made.speakers] == ["A"]
    new = after(TALK, give_all(TALK, B, None, "Carla"))
    assert [one.name for one in new.speakers] == ["", "Carla"]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        (4, ["a1 a2 a3 b1", "b2", "b3", "a4"]),
        (5, ["a1 a2 a3 b1 b2", "b3", "a4"]),
        (6, ["a1 a2 a3 b1 b2", "b3", "a4"]),
        (9, ["a1 a2 a3 b1 b2", "b3", "a4"]),
        (2, ["a1 a2", "a3 b1 b2", "b3", "a4"]),
        (0, ["a1 a2 a3 b1 b2", "b3", "a4"]),
    ],
)
def test_a_turn_begins_at_another_word(word: int, wanted: list[str]) -> None:
    made = after(TALK, move_turn(TALK, 1, word))
    assert [text for _, text in said(made)] == wanted
    owners = [one.speaker_id for one in made.paragraphs for _ in one.words]
    word = min(word, 6)
    assert owners == ["A"] * word + ["B"] * (6 - word) + ["A"]


def test_where_no_turn_begins_none_is_moved() -> None:
    assert move_turn(TALK, 0, 1) is None
    assert move_turn(TALK, 2, 4) is None
    assert move_turn(TALK, 1, 3) is None
    assert [turn_start(TALK, at) for at in range(4)] == [0, 1, 1, 3]


@given(any_transcripts(), st.data())
def test_no_word_is_lost_or_reordered_by_moving_a_turn(
    talk: Transcript, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(talk.paragraphs) - 1))
    change = move_turn(talk, number, data.draw(st.integers(-1, talk.word_count + 1)))
    if change is not None:
        made = after(talk, change)
        assert [w.text for w in made.words()] == [w.text for w in talk.words()]
        assert all(one.words for one in made.paragraphs)


def test_what_a_person_decided_stays_when_voices_are_told_apart_again() -> None:
    given_one = after(TALK, give_words(TALK, range(3, 5), A))
    told = told_anew(given_one, [0, 0, 0, 1, 1, 1, 0], [0.9] * 7)
    (kept,) = [one for one in told.paragraphs if one.text == "b1 b2"]
    assert kept.speaker_id == "A"


def test_a_name_given_twice_is_seen_whatever_its_case() -> None:
    one = after(TALK, rename_speaker(TALK, A, "Anna"))
    two = after(one, rename_speaker(one, B, "anna"))
    assert same_name(two, B) == "A"
    assert same_name(one, B) is None
    assert same_name(TALK, B) is None


def test_a_sample_is_the_longest_they_say_and_no_longer_than_needed() -> None:
    assert sample_of(TALK, B) == (1_500, 3_000)
    long = transcript(("A", "hm"), ("B", "yes"), ("A", "word " * 30))
    assert sample_of(long, A) == (1_000, 7_000)
    assert sample_of(TALK, SpeakerId("nobody")) is None


def test_half_a_paragraph_a_person_gave_away_stays_theirs_too() -> None:
    moved = after(TALK, move_turn(TALK, 1, 4))  # "b1" goes to A, into the paragraph before
    told = told_anew(moved, [0, 0, 0, 0, 1, 1, 0], [0.9] * 7)
    owners = [one.speaker_id for one in told.paragraphs for _ in one.words]
    assert owners[:4] == ["A"] * 4
    assert owners[4] != "A"
