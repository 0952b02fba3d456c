"""Words struck through, brought back and deleted; the rest reads on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.striking import delete, strike, struck_places, unstruck, without
from app.core.transcript import Layout, Paragraph, Transcript, Word, join_words
from tests.support.builders import any_transcripts, transcript, words

TALK = transcript(("A", "Um, we shall, uh, bear any burden, um."), ("B", "Uh."))
FILLERS = {0: (0, 3, 7), 1: (0,)}


def test_what_is_struck_stays_with_its_time_and_is_brought_back() -> None:
    document = Document(TALK)
    change = strike(TALK, FILLERS)
    assert change is not None
    document.apply(change)
    after = document.transcript
    assert after.text == TALK.text
    assert struck_places(after) == FILLERS
    assert [(one.start_ms, one.end_ms) for one in after.words()] == [
        (one.start_ms, one.end_ms) for one in TALK.words()
    ]
    back = strike(after, struck_places(after), struck=False)
    assert back is not None
    document.apply(back)
    assert document.transcript == TALK
    document.undo()
    document.undo()
    assert document.transcript == TALK


def test_sentences_begin_and_end_as_they_did_without_their_fillers() -> None:
    document = Document(TALK)
    change = delete(TALK, FILLERS)
    assert change is not None
    document.apply(change)
    assert document.transcript.text == "We shall, bear any burden."
    document.undo()
    assert document.transcript == TALK


@pytest.mark.parametrize(
    ("said", "gone", "left"),
    [
        ("Um, we", [0], "We"),
        ("so, um, we", [1], "so, we"),
        ("that is it, um?", [3], "that is it?"),
        ("that is it. Um.", [3], "that is it."),
        ("– um!", [1], "–"),
        ("um uh", [0, 1], ""),
    ],
)
def test_what_is_left_reads_well(said: str, gone: list[int], left: str) -> None:
    spoken = words(said)
    assert join_words(without(spoken, [at in gone for at in range(len(spoken))])) == left


def test_what_began_a_subtitle_is_begun_by_the_word_behind() -> None:
    begun = Layout(cue=(0, 900))
    said = (Word("um", 0, 400, layout=begun), Word("we", 400, 900))
    assert without(said, (True, False))[0].layout == begun


@given(any_transcripts(), st.data())
def test_deleting_goes_back_whole_and_leaves_the_others_in_their_time(
    talk: Transcript, data: st.DataObject
) -> None:
    places = {
        number: data.draw(st.sets(st.integers(0, len(one.words) - 1)))
        for number, one in enumerate(talk.paragraphs)
    }
    document = Document(talk)
    change = delete(talk, places)
    if change is not None:
        document.apply(change)
    kept = [
        (word.start_ms, word.end_ms)
        for number, one in enumerate(talk.paragraphs)
        for at, word in enumerate(one.words)
        if at not in places[number]
    ]
    assert [(one.start_ms, one.end_ms) for one in document.transcript.words()] == kept
    struck = strike(talk, places)
    if struck is not None:
        marked = Document(talk)
        marked.apply(struck)
        read = [unstruck(one) for one in marked.transcript.paragraphs]
        assert [one for one in read if one.words] == list(document.transcript.paragraphs)
    document.undo()
    assert document.transcript == talk


def test_nothing_struck_is_the_very_paragraph() -> None:
    one = Paragraph(words("we shall"), None, 0, 1)
    assert unstruck(one) is one
