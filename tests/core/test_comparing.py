"""Two transcripts of one recording: what differs is found, and taken without harm."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.comparing import Difference, compare, corrected, take
from app.core.document import Document
from app.core.edits import correct_words
from app.core.transcript import Transcript, Word
from tests.support.builders import any_transcripts, transcript

OLD = transcript(("A", "We meat again at noon"), ("B", "no thank you"), ("A", "so it goes"))


def said(*texts: str) -> Transcript:
    """The same turns with other words, evenly over the same time."""
    start_ms = 0
    paragraphs = []
    for paragraph, text in zip(OLD.paragraphs, texts, strict=True):
        parts = text.split()
        length_ms = paragraph.end_ms - paragraph.start_ms
        start_ms = paragraph.start_ms
        words = tuple(
            Word(
                part,
                start_ms + length_ms * place // max(1, len(parts)),
                start_ms + length_ms * (place + 1) // max(1, len(parts)),
            )
            for place, part in enumerate(parts)
        )
        paragraphs.append(replace(paragraph, words=words))
    return replace(OLD, paragraphs=tuple(paragraphs))


def shown(found: tuple[Difference, ...], old: Transcript = OLD) -> list[tuple[str, str]]:
    return [(" ".join(w.text for w in one.old(old)), one.new_text) for one in found]


def taken(old: Transcript, found: tuple[Difference, ...]) -> Transcript:
    document = Document(old)
    change = take(old, found)
    assert change is not None
    document.apply(change)
    done = document.transcript
    document.undo()
    assert document.transcript == old
    return done


def test_differences_are_found_word_by_word() -> None:
    new = said("We meet again at noon", "no thank you very much", "so goes")
    found = compare(OLD, new)
    assert shown(found) == [("meat", "meet"), ("", "very much"), ("it", "")]
    assert [(one.paragraph, one.first, one.count) for one in found] == [
        (0, 1, 1),
        (1, 3, 0),
        (2, 1, 1),
    ]
    assert taken(OLD, found).text == new.text


def test_the_same_has_no_differences() -> None:
    assert compare(OLD, OLD) == ()
    assert take(OLD, ()) is None


def test_capitals_and_punctuation_are_minor() -> None:
    found = compare(OLD, said("we meet again at noon.", "No, thank you", "so it goes"))
    assert [(one.new_text, one.is_minor) for one in found] == [
        ("we", True),
        ("meet", False),
        ("noon.", True),
        ("No,", True),
    ]


def test_only_the_time_that_was_transcribed_again_is_compared() -> None:
    new = Transcript(said("x", "no thanks you", "y").paragraphs[1:2])
    assert shown(compare(OLD, new, within=(2_500, 4_000))) == [("thank", "thanks")]


def test_what_a_person_corrected_or_approved_is_never_overwritten() -> None:
    change = correct_words(OLD, 0, 1, 1, "met")
    assert change is not None
    document = Document(OLD)
    document.apply(change)
    now = document.transcript
    approved = replace(now.paragraphs[2], is_approved=True)
    now = replace(now, paragraphs=(*now.paragraphs[:2], approved))
    assert corrected(now, OLD) == {0, 2}
    found = compare(
        now, said("oh yes", "no thank me", "so what"), protected=corrected(now, OLD)
    )
    assert {one.paragraph for one in found if one.is_protected} == {0, 2}
    done = taken(now, found)
    assert [one.text for one in done.paragraphs] == [
        "We met again at noon",
        "no thank me",
        "so it goes",
    ]


@pytest.mark.parametrize(("number", "first", "count"), [(0, 4, 1), (1, 0, 1), (2, 2, 1)])
def test_a_paragraph_from_which_words_were_taken_is_corrected(
    number: int, first: int, count: int
) -> None:
    document = Document(OLD)
    change = correct_words(OLD, number, first, count, "")
    assert change is not None
    document.apply(change)
    assert number in corrected(document.transcript, OLD)
    assert corrected(OLD, OLD) == set()


def test_an_empty_result_takes_nothing_unless_it_is_wanted() -> None:
    found = compare(OLD, Transcript(()))
    assert all(not one.new for one in found)
    assert taken(OLD, found[:1]).text == "no thank you\nso it goes"


def test_words_only_the_new_one_has_are_put_where_they_were_said() -> None:
    late = replace(OLD.paragraphs[2], words=(), start_ms=4_000)
    old = replace(OLD, paragraphs=(*OLD.paragraphs[:2], late))
    found = compare(old, said("We meat again at noon", "no thank you", "so it goes"))
    assert "no thank you so it goes" in taken(old, found).text


def test_long_transcripts_are_compared_in_time() -> None:
    chance = random.Random(4)
    vocabulary = [f"word{number}" for number in range(300)]
    texts = [chance.choice(vocabulary) for _ in range(20_000)]
    old = transcript((None, " ".join(texts)), each_ms=300)
    others = list(texts)
    changed = sorted(chance.sample(range(10, 19_990), 200))
    for at in changed:
        others[at] = "other"
    new = transcript((None, " ".join(others)), each_ms=300)
    found = compare(old, new)
    assert [at for one in found for at in range(one.first, one.first + one.count)] == changed
    assert taken(old, found).text == new.text


@given(old=any_transcripts(), new=any_transcripts(), data=st.data())
def test_whatever_they_are_taking_all_gives_the_new_words_and_some_keeps_the_rest(
    old: Transcript, new: Transcript, data: st.DataObject
) -> None:
    found = compare(old, new)
    some = tuple(one for one in found if data.draw(st.booleans()))
    change = take(old, some)
    if change is None:
        return
    document = Document(old)
    document.apply(change)
    document.undo()
    assert document.transcript == old
    if len(some) == len(found):
        document.redo()
        assert [word.text for word in document.transcript.words()] == [
            word.text for word in new.words()
        ]


def test_words_that_an_offset_brought_before_the_beginning_count_too() -> None:
    early = replace(OLD.paragraphs[0].words[0], start_ms=-3, end_ms=-3)
    old = replace(OLD, paragraphs=(replace(OLD.paragraphs[0], words=(early,)),))
    (one,) = compare(old, replace(OLD, paragraphs=()))
    assert (one.paragraph, one.first, one.count, one.new) == (0, 0, 1, ())


@given(texts=st.lists(st.sampled_from("abc"), max_size=8), seed=st.integers(0, 99))
def test_times_stay_in_order(texts: list[str], seed: int) -> None:
    chance = random.Random(seed)
    at_ms, words = 0, list[Word]()
    for text in texts:
        at_ms += chance.choice([0, 100, 700])
        words.append(Word(text, at_ms, at_ms + chance.choice([0, 90])))
    new = replace(OLD, paragraphs=(replace(OLD.paragraphs[0], words=tuple(words)),))
    old = replace(OLD, paragraphs=OLD.paragraphs[:1])
    found = compare(old, new)
    some = tuple(one for one in found if chance.random() < 0.6)
    change = take(old, some)
    if change is not None:
        document = Document(old)
        document.apply(change)
        for paragraph in document.transcript.paragraphs:
            pairs = pairwise(paragraph.words)
            assert all(one.start_ms <= other.start_ms for one, other in pairs)
