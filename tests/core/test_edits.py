import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import edits
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word
from tests.support.builders import TEXTS, after, any_transcripts, transcript

TALK = transcript(("A", "we shall bear any burden"), ("B", "meet any hardship"))


# ------------------------------------------------------------------ correct_words


def test_word_for_word_keeps_every_time():
    done = after(TALK, edits.correct_words(TALK, 0, 1, 2, "will bare"))

    spoken = done.paragraphs[0].words
    assert done.paragraphs[0].text == "we will bare any burden"
    assert [(w.start_ms, w.end_ms) for w in spoken] == [
        (w.start_ms, w.end_ms) for w in TALK.paragraphs[0].words
    ]
    assert not any(word.is_estimated for word in spoken)


def test_corrected_word_is_no_longer_unsure_and_its_neighbour_still_is():
    unsure = replace(TALK.paragraphs[0].words[0], confidence=0.3)
    start = Transcript((replace(TALK.paragraphs[0], words=(unsure, unsure)),))

    done = after(start, edits.correct_words(start, 0, 0, 2, "he we"))

    assert [word.confidence for word in done.words()] == [None, 0.3]


def test_more_words_share_the_time_of_those_they_replace():
    done = after(TALK, edits.correct_words(TALK, 0, 1, 1, "sha all"))

    new = done.paragraphs[0].words[1:3]
    assert [(w.text, w.start_ms, w.end_ms) for w in new] == [
        ("sha", 500, 750),
        ("all", 750, 1_000),
    ]
    assert all(word.is_estimated for word in new)


def test_fewer_words_span_the_time_of_those_they_replace():
    done = after(TALK, edits.correct_words(TALK, 0, 1, 3, "endures"))

    assert done.paragraphs[0].text == "we endures burden"
    assert (done.paragraphs[0].words[1].start_ms, done.paragraphs[0].words[1].end_ms) == (
        500,
        2_000,
    )


def test_inserted_word_lies_between_its_neighbours():
    gap = Paragraph((Word("a", 0, 100), Word("b", 900, 1_000)), None, 0, 1_000)
    start = Transcript((gap,))

    done = after(start, edits.correct_words(start, 0, 1, 0, "and"))

    assert done.paragraphs[0].words[1] == Word("and", 100, 900, is_estimated=True)


def test_words_can_be_put_at_both_ends():
    front = after(TALK, edits.correct_words(TALK, 0, 0, 0, "Let"))
    back = after(TALK, edits.correct_words(TALK, 0, 5, 0, "ever"))

    assert front.paragraphs[0].text.startswith("Let we")
    assert back.paragraphs[0].text.endswith("burden ever")


def test_replacement_of_a_joined_word_stays_joined():
    start = Transcript(
        (Paragraph((Word("日", 0, 1), Word("木", 1, 2, is_joined=True)), None, 0, 2),)
    )

    assert after(start, edits.correct_words(start, 0, 1, 1, "本")).text == "日本"
    assert after(start, edits.correct_words(start, 0, 1, 1, "本 語")).text == "日本 語"


@pytest.mark.parametrize(
    ("first", "count", "text"),
    [(1, 2, "shall bear"), (1, 2, "  shall\n bear "), (2, 0, ""), (0, 5, ""), (0, 5, " \t")],
)
def test_no_change_where_nothing_would_change_or_the_turn_would_be_empty(first, count, text):
    assert edits.correct_words(TALK, 0, first, count, text) is None


@given(any_transcripts(), st.data())
def test_correction_leaves_all_other_words_as_they_are(one, data):
    at = data.draw(st.integers(0, len(one.paragraphs) - 1))
    turn = one.paragraphs[at]
    first = data.draw(st.integers(0, len(turn.words)))
    count = data.draw(st.integers(0, len(turn.words) - first))
    texts = data.draw(st.lists(TEXTS, max_size=5))

    change = edits.correct_words(one, at, first, count, " ".join(texts))

    if change is None:
        kept = [word.text for word in turn.words[first : first + count]] == texts
        emptied = not texts and count == len(turn.words)
        assert kept or emptied
        return
    done = after(one, change).paragraphs[at].words
    assert done[:first] == turn.words[:first]
    assert done[first + len(texts) :] == turn.words[first + count :]
    new = done[first : first + len(texts)]
    assert [word.text for word in new] == texts
    if count != len(texts):
        assert all(word.is_estimated and word.start_ms <= word.end_ms for word in new)
        times = [(word.start_ms, word.end_ms) for word in new]
        assert times == sorted(times)
        # none shares a moment with the next
        assert all(a.end_ms <= b.start_ms for a, b in itertools.pairwise(new))


@given(any_transcripts(), st.data())
def test_estimated_words_stay_within_the_time_they_replace(one, data):
    turn = one.paragraphs[0]
    count = data.draw(st.integers(1, len(turn.words)))
    old = turn.words[:count]
    texts = data.draw(st.lists(TEXTS, min_size=count + 1, max_size=count + 3))

    new = after(one, edits.correct_words(one, 0, 0, count, " ".join(texts))).paragraphs[0].words

    start_ms = old[0].start_ms
    end_ms = max(start_ms, *(word.end_ms for word in old))
    assert new[0].start_ms == start_ms
    assert new[len(texts) - 1].end_ms == end_ms


# -------------------------------------------------------------- speakers and marks


def test_speaker_is_renamed_everywhere_at_once():
    done = after(TALK, edits.rename_speaker(TALK, SpeakerId("A"), "  John \n F. "))

    assert done.speaker_label(SpeakerId("A")) == "John F."
    assert done.paragraphs == TALK.paragraphs


def test_renaming_to_the_same_name_or_of_nobody_is_no_change():
    named = after(TALK, edits.rename_speaker(TALK, SpeakerId("A"), "Ida"))

    assert edits.rename_speaker(named, SpeakerId("A"), " Ida ") is None
    assert edits.rename_speaker(named, SpeakerId("nobody"), "Ida") is None


def test_empty_name_gives_the_number_back():
    named = after(TALK, edits.rename_speaker(TALK, SpeakerId("A"), "Ida"))

    again = after(named, edits.rename_speaker(named, SpeakerId("A"), "  "))
    assert again.speaker_label(SpeakerId("A")) == "Speaker 1"


def test_turn_is_given_to_another_speaker():
    done = after(TALK, edits.assign_speaker(TALK, 0, SpeakerId("B")))

    assert [turn.speaker_id for turn in done.paragraphs] == ["B", "B"]
    assert edits.assign_speaker(TALK, 0, SpeakerId("A")) is None


def test_marks_are_set_one_by_one_and_cleared():
    approved = after(TALK, edits.mark_paragraph(TALK, 1, is_approved=True))
    noted = after(
        approved, edits.mark_paragraph(approved, 1, note="check", is_highlighted=True)
    )
    cleared = after(noted, edits.mark_paragraph(noted, 1, note="", is_approved=False))

    turn = noted.paragraphs[1]
    assert (turn.is_approved, turn.is_highlighted, turn.note) == (True, True, "check")
    assert cleared.paragraphs[1] == replace(TALK.paragraphs[1], is_highlighted=True)
    assert edits.mark_paragraph(TALK, 1) is None
    assert edits.mark_paragraph(TALK, 1, is_approved=False, note="") is None


@given(any_transcripts(), any_transcripts())
def test_what_another_says_is_taken_over_and_can_be_taken_back(one, other):
    change = edits.take_over(one, other, "Restore")

    if change is None:
        assert (one.paragraphs, one.speakers) == (other.paragraphs, other.speakers)
        return
    done = after(one, change)
    assert (done.paragraphs, done.speakers) == (other.paragraphs, other.speakers)
    assert after(done, change.inverted()) == one


def test_only_what_differs_of_another_is_taken_over():
    other = after(TALK, edits.correct_words(TALK, 1, 0, 1, "face"))

    change = edits.take_over(TALK, other, "Restore")

    assert change is not None
    assert [(one.first, len(one.removed)) for one in change.splices] == [(1, 1)]


def test_a_mark_is_called_by_what_it_does() -> None:
    now, called = TALK, list[str]()
    steps: tuple[dict[str, Any], ...] = (
        {"is_approved": True},
        {"is_highlighted": True},
        {"note": "check"},
        {"note": "check again"},
        {"note": ""},
        {"is_highlighted": False},
        {"is_approved": False},
    )
    for marks in steps:
        change = edits.mark_paragraph(now, 1, **marks)
        assert change is not None
        called.append(change.label)
        now = after(now, change)
    assert called == [
        "Approve paragraph",
        "Highlight",
        "Add note",
        "Change note",
        "Remove marker",
        "Remove marker",
        "Take back the approval",
    ]
