"""Paragraphs and speakers as wholes: words keep their order and their times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import structure
from app.core.document import Change, Document
from app.core.paragraphs import ParagraphRules
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from tests.support.builders import after, any_transcripts, split_before, transcript

A, B = SpeakerId("A"), SpeakerId("B")
TALK = transcript(("A", "one two three"), ("B", "four five"), ("B", "six"), ("A", "seven"))


def shown(one: Transcript) -> list[tuple[str | None, str]]:
    return [(paragraph.speaker_id, paragraph.text) for paragraph in one.paragraphs]


def test_a_paragraph_is_split_before_a_word_and_merged_again() -> None:
    split = after(TALK, split_before(TALK, 0, 2))
    assert shown(split)[:2] == [("A", "one two"), ("A", "three")]
    assert [(one.start_ms, one.end_ms) for one in split.paragraphs[:2]] == [
        (0, 1_000),
        (1_000, 1_500),
    ]
    assert after(split, structure.merge_with_next(split, 0)) == TALK
    assert after(split, structure.merge_with_previous(split, 1)) == TALK


def test_what_cannot_be_merged_is_no_change() -> None:
    assert structure.merge_with_next(TALK, 3) is None
    assert structure.merge_with_previous(TALK, 0) is None


def test_a_merge_keeps_all_notes_and_is_approved_only_if_both_were() -> None:
    first = replace(TALK.paragraphs[0], note="a", is_approved=True)
    second = replace(TALK.paragraphs[1], note="b", is_highlighted=True)
    start = replace(TALK, paragraphs=(first, second))
    (merged,) = after(start, structure.merge_with_next(start, 0)).paragraphs
    assert (merged.note, merged.is_approved, merged.is_highlighted) == ("a b", False, True)
    assert merged.speaker_id == "A"
    assert (merged.start_ms, merged.end_ms) == (0, 2_500)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (range(1, 2), [("A", "one"), ("B", "two"), ("A", "three")]),
        (range(3), [("B", "one two three")]),
        (range(2, 4), [("A", "one two"), ("B", "three")]),
    ],
)
def test_a_range_of_words_is_given_to_a_speaker(
    words: range, expected: list[tuple[str, str]]
) -> None:
    done = after(TALK, structure.give_words(TALK, words, B))
    assert shown(done) == [*expected, *shown(TALK)[1:]]


def test_words_can_be_given_to_somebody_new() -> None:
    new, added = structure.add_speaker(TALK, " Ida  B. ")
    with_new = after(TALK, added)
    assert with_new.speaker_label(new) == "Ida B."
    done = after(with_new, structure.give_words(with_new, range(4, 6), new))
    assert shown(done)[1:4] == [("B", "four"), (new, "five"), (new, "six")]
    other = SpeakerId("other")
    done = after(TALK, structure.give_words(TALK, range(1), other))
    assert done.speakers[-1] == Speaker(other)
    assert structure.give_words(TALK, range(2), A) is None
    assert structure.give_words(TALK, range(0), B) is None


def test_speakers_are_merged_and_removed() -> None:
    done = after(TALK, structure.merge_speakers(TALK, B, A))
    assert {who for who, _ in shown(done)} == {"A"}
    assert [one.speaker_id for one in done.speakers] == ["A"]
    done = after(TALK, structure.remove_speaker(TALK, B))
    assert [who for who, _ in shown(done)] == ["A", None, None, "A"]
    assert structure.merge_speakers(TALK, A, A) is None
    assert structure.merge_speakers(TALK, A, SpeakerId("nobody")) is None
    assert structure.remove_speaker(TALK, SpeakerId("nobody")) is None


def test_paragraphs_are_cut_anew_by_rules_and_edits_stay() -> None:
    starts = [at * 1_000 + (5_000 if at > 4 else 0) for at in range(8)]
    said = [Word(f"w{start}.", start, start + 900) for start in starts]
    halves = tuple(Paragraph(tuple(part), A, 0, 20_000) for part in (said[:2], said[2:]))
    start = Transcript(halves, (Speaker(A),))

    def cut(rules: ParagraphRules, within: range = range(2)) -> list[int]:
        done = after(start, structure.cut_anew(start, rules, within))
        assert list(done.words()) == said
        return [len(one.words) for one in done.paragraphs]

    assert cut(ParagraphRules(pause_ms=2_000, words=None)) == [5, 3]
    assert cut(ParagraphRules(pause_ms=None, words=3)) == [3, 3, 2]
    assert cut(ParagraphRules(None, None, None)) == [8]
    assert cut(ParagraphRules(pause_ms=None, words=3), range(1, 2)) == [2, 3, 3]
    noted = replace(start, paragraphs=(replace(halves[0], note="stays"), halves[1]))
    assert structure.cut_anew(noted, ParagraphRules(None, None, None), range(2)) is None


Wish = Callable[[Transcript, st.DataObject], Change | None]
WISHES: list[Wish] = [
    lambda one, data: structure.merge_with_next(
        one, data.draw(st.integers(-1, len(one.paragraphs)))
    ),
    lambda one, data: structure.give_words(
        one,
        range(*sorted((data.draw(st.integers(0, 20)), data.draw(st.integers(0, 20))))),
        SpeakerId(data.draw(st.sampled_from("ABX"))),
    ),
    lambda one, data: structure.merge_speakers(
        one,
        SpeakerId(data.draw(st.sampled_from("ABCD"))),
        SpeakerId(data.draw(st.sampled_from("ABCD"))),
    ),
    lambda one, data: structure.cut_anew(
        one, ParagraphRules(500, data.draw(st.integers(1, 3)), 4), range(len(one.paragraphs))
    ),
]


@given(any_transcripts(), st.data())
def test_no_word_is_lost_moved_or_retimed_and_all_can_be_taken_back(start, data) -> None:
    # That a person gave a word to somebody is noted with it.
    said = [replace(word, is_joined=False, review=None) for word in start.words()]
    document = Document(start)
    for _ in range(data.draw(st.integers(1, 6))):
        change = data.draw(st.sampled_from(WISHES))(document.transcript, data)
        if change is not None:
            document.apply(change)
        now = document.transcript
        read = [replace(word, is_joined=False, review=None) for word in now.words()]
        assert read == said
        known = {None, *(one.speaker_id for one in now.speakers)}
        assert {one.speaker_id for one in now.paragraphs} <= known
    while document.can_undo:
        document.undo()
    assert document.transcript == start


def test_a_paragraph_too_long_to_type_in_is_cut_at_ends_of_sentences() -> None:
    said = " ".join("and so we go." if at % 9 else "Then more" for at in range(1_200))
    talk = transcript(("A", "short one"), ("B", said), ("A", "last"))
    cut = after(talk, structure.cut_long(talk))
    assert structure.longest(talk) > structure.LONG > structure.longest(cut)
    assert list(cut.words()) == list(talk.words())
    assert all(one.text.endswith(".") for one in cut.paragraphs[1:-1])
    assert {one.speaker_id for one in cut.paragraphs[1:-1]} == {B}
    assert structure.cut_long(cut) is None
