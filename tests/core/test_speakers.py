from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.segmenting import group_words
from app.core.speakers import NOBODY, speaker_id, unsure_share, with_speakers
from app.core.transcript import Transcript, Word


def talk(count: int) -> Transcript:
    words = [Word(f"w{n}", n * 400, n * 400 + 300, 0.9) for n in range(count)]
    return Transcript(group_words(words, [None] * count), language="en", duration_ms=99_000)


@given(st.lists(st.integers(NOBODY, 4), max_size=60), st.integers(0, 100))
def test_words_stay_as_they_are_and_turns_follow_the_speakers(people, sure):
    before = talk(len(people))
    after = with_speakers(before, people, [sure / 100] * len(people))

    assert [word.text for word in after.words()] == [word.text for word in before.words()]
    told = [segment.speaker_id for segment in after.segments for _ in segment.words]
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
