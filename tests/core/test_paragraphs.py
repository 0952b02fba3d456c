from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paragraphs import (
    LONG_PAUSE_MS,
    MOST_WORDS,
    PARAGRAPH_WORDS,
    ends_sentence,
    group_spoken,
    group_words,
    languages_of,
    most_spoken,
)
from app.core.transcript import SpeakerId, Word
from tests.support.builders import any_words, words

A, B = SpeakerId("A"), SpeakerId("B")
TALK = st.lists(st.tuples(any_words(), st.sampled_from([A, B, None])), max_size=60)


@given(TALK)
def test_turns_hold_every_word_in_order_and_one_speaker_each(talk):
    spoken, speakers = [word for word, _ in talk], [who for _, who in talk]

    turns = group_words(spoken, speakers)

    assert [word for turn in turns for word in turn.words] == spoken
    assert [turn.speaker_id for turn in turns for _ in turn.words] == speakers
    assert all(turn.words for turn in turns)


@given(TALK)
def test_turn_spans_its_words(talk):
    for turn in group_words([word for word, _ in talk], [who for _, who in talk]):
        for word in turn.words:
            assert turn.start_ms <= word.start_ms <= turn.end_ms
            assert word.end_ms <= turn.end_ms


def test_change_of_speaker_starts_a_turn():
    turns = group_words(words("yes no no"), [A, B, B])

    assert [(turn.speaker_id, turn.text) for turn in turns] == [("A", "yes"), ("B", "no no")]


def test_long_pause_starts_a_turn_only_after_a_sentence():
    spoken = list(words("He stopped. Then"))
    late = replace(spoken[2], start_ms=spoken[1].end_ms + LONG_PAUSE_MS)

    assert len(group_words([*spoken[:2], late], [A] * 3)) == 2
    assert len(group_words([spoken[0], replace(spoken[1], text="stopped"), late], [A] * 3)) == 1
    just_before = replace(late, start_ms=late.start_ms - 1)
    assert len(group_words([*spoken[:2], just_before], [A] * 3)) == 1


def test_long_monologue_is_broken_at_the_next_sentence_end():
    text = " ".join(["word"] * (PARAGRAPH_WORDS + 4) + ["end."] + ["more"])

    turns = group_words(words(text), [A] * (PARAGRAPH_WORDS + 6))

    assert [len(turn.words) for turn in turns] == [PARAGRAPH_WORDS + 5, 1]


def test_nothing_said_makes_no_turn():
    assert group_words([], []) == ()


@pytest.mark.parametrize(
    "text", ["end.", "end?”", "so!)", "はい。", "ठीक।", "و؟", "well…", 'x."']
)
def test_sentence_ends_are_seen_through_quotes_and_brackets(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["end", "end,", "3.5", "", "“Dr", "e.g"])
def test_other_words_end_no_sentence(text):
    assert not ends_sentence(text)


def test_a_turn_without_sentence_ends_is_broken_at_its_longest_pause():
    spoken = [
        replace(one, start_ms=300 * place, end_ms=300 * place + 280)
        for place, one in enumerate(words(" ".join(["on"] * 400)))
    ]
    spoken[110:] = [
        replace(one, start_ms=one.start_ms + 900, end_ms=one.end_ms + 900)
        for one in spoken[110:]
    ]

    turns = group_words(spoken, [A] * len(spoken))

    assert len(turns[0].words) == 110
    assert all(len(turn.words) <= MOST_WORDS for turn in turns)
    assert [word for turn in turns for word in turn.words] == spoken


def test_a_paragraph_is_in_one_language() -> None:
    plain = [Word(str(number), 1_000 * number, 1_000 * number + 500) for number in range(6)]
    changes = [(0, "de"), (1_900, "en"), (4_000, "de")]

    assert most_spoken(plain, changes) == "de"
    spoken = languages_of(plain, changes, "de")
    assert spoken == ["", "", "en", "en", "", ""]
    paragraphs = group_spoken(plain, [None] * 6, spoken)
    assert [(one.text, one.language) for one in paragraphs] == [
        ("0 1", ""),
        ("2 3", "en"),
        ("4 5", ""),
    ]
    assert most_spoken(plain, []) == ""
    assert languages_of(plain, [], "en") == [""] * 6
