from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paragraphs import group_words
from app.core.speakers import (
    NOBODY,
    speaker_id,
    spoken_spans,
    told_anew,
    unsure_share,
    with_links,
    with_speakers,
)
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word


def talk(count: int) -> Transcript:
    words = [Word(f"w{n}", n * 400, n * 400 + 300, 0.9) for n in range(count)]
    return Transcript(group_words(words, [None] * count), language="en", duration_ms=99_000)


@given(st.lists(st.integers(NOBODY, 4), max_size=60), st.integers(0, 100))
def test_words_stay_as_they_are_and_turns_follow_the_speakers(people, sure):
    before = talk(len(people))
    after = with_speakers(before, people, [sure / 100] * len(people))

    assert [word.text for word in after.words()] == [word.text for word in before.words()]
    told = [paragraph.speaker_id for paragraph in after.paragraphs for _ in paragraph.words]
    assert told == [None if one == NOBODY else speaker_id(one) for one in people]
    assert [one.speaker_id for one in after.speakers] == list(
        dict.fromkeys(one for one in told if one is not None)
    )
    for word, person in zip(after.words(), people, strict=True):
        assert word.speaker_confidence == (None if person == NOBODY else sure / 100)
    assert (after.language, after.duration_ms) == ("en", 99_000)


def test_every_word_has_to_be_told():
    with pytest.raises(ValueError, match="shorter"):
        with_speakers(talk(3), [0, 1], [1, 1])


def test_share_of_unsure_words_counts_only_those_that_were_told():
    assert unsure_share(talk(4)) == 0
    assert unsure_share(with_speakers(talk(4), [0, 0, 1, NOBODY], [0.9, 0.5, 0.69, 0])) == (
        pytest.approx(2 / 3)
    )


ANNA, SECOND = SpeakerId("speaker_0"), SpeakerId("speaker_1")


def edited() -> Transcript:
    """Four paragraphs of three words: Anna's, two of an unnamed one, an approved one."""
    words = [Word(f"w{n}", n * 400, n * 400 + 300) for n in range(12)]

    def paragraph(first: int, speaker: SpeakerId, **marks: object) -> Paragraph:
        mine = tuple(words[first : first + 3])
        return replace(Paragraph(mine, speaker, mine[0].start_ms, mine[-1].end_ms), **marks)

    return Transcript(
        (
            paragraph(0, ANNA),
            paragraph(3, SECOND, note="look", is_highlighted=True),
            paragraph(6, SECOND),
            paragraph(9, SECOND, is_approved=True),
        ),
        (Speaker(ANNA, "Anna"), Speaker(SECOND)),
    )


def test_what_a_person_did_stays_when_voices_are_told_anew():
    before = edited()
    # Anna is person 1 now, and says the end of the third paragraph too.
    after = told_anew(before, [1, 1, 1, 0, 0, 2, 0, 1, 1, 0, 0, 0], [0.8] * 12)

    assert after.paragraphs[0] == before.paragraphs[0]
    assert after.paragraphs[-1] == before.paragraphs[-1]
    assert [word.text for word in after.words()] == [word.text for word in before.words()]
    second, third, fourth, fifth = after.paragraphs[1:-1]
    assert (len(second.words), len(third.words)) == (2, 1)
    assert (second.note, third.note) == ("look", "")
    assert second.is_highlighted
    assert third.is_highlighted
    assert fifth.speaker_id == ANNA
    assert second.speaker_id == SECOND  # who is heard in what was approved, elsewhere too
    assert third.speaker_id not in {ANNA, SECOND, None}
    assert fourth.speaker_id == second.speaker_id
    assert Speaker(ANNA, "Anna") in after.speakers


@given(st.lists(st.integers(NOBODY, 5), min_size=12, max_size=12))
def test_telling_anew_loses_no_word_and_leaves_the_named_and_approved(people):
    before = edited()
    after = told_anew(before, people, [0.5] * 12)

    assert [(w.text, w.start_ms, w.end_ms) for w in after.words()] == [
        (w.text, w.start_ms, w.end_ms) for w in before.words()
    ]
    assert after.paragraphs[0] == before.paragraphs[0]
    assert after.paragraphs[-1] == before.paragraphs[-1]
    heard = {one.speaker_id for one in after.paragraphs} - {None}
    assert {one.speaker_id for one in after.speakers} == heard
    assert told_anew(after, people, [0.5] * 12).word_count == 12


def test_as_many_people_as_words_are_wanted():
    with pytest.raises(ValueError, match="words"):
        told_anew(edited(), [0], [1.0])


def test_linked_speakers_are_one_and_known_ones_need_no_part():
    words = [Word(f"w{n}", n * 400, n * 400 + 300) for n in range(4)]
    ids = [SpeakerId(one) for one in "abcd"]
    parts = [0, 2, 2, 2]
    before = Transcript(
        group_words(words, ids),
        tuple(Speaker(one, part=part) for one, part in zip(ids, parts, strict=True)),
    )
    after = with_links(before, {ids[1]: ids[0]}, {ids[0], ids[2]})

    assert [one.speaker_id for one in after.paragraphs] == [ids[0], ids[0], ids[2], ids[3]]
    assert after.speakers == (Speaker(ids[0]), Speaker(ids[2]), Speaker(ids[3], part=2))


def test_spans_of_a_speaker_end_at_pauses():
    words = [Word("a", 0, 300), Word("b", 400, 700), Word("c", 2_000, 1_900)]
    transcript = Transcript(group_words(words, [ANNA] * 3))

    assert spoken_spans(transcript, ANNA) == [(0, 700), (2_000, 2_000)]
    assert spoken_spans(transcript, SECOND) == []
