"""Notes, bookmarks and highlights on ranges: put, read, removed, and with their words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.markers import (
    bookmark_chapters,
    highlight_on_all,
    placed_markers,
    put_marker,
    remove_marker,
    rewrite_marker,
    written,
)
from app.core.recording import Chapter
from app.core.retyping import Typed, retype
from app.core.transcript import Marker, MarkerId, MarkerKind, Transcript
from tests.support.builders import any_transcripts, transcript

TALK = transcript(("A", "we shall bear any burden"), ("B", "meet any hardship"))
NOTE = Marker(MarkerId("n"), MarkerKind.NOTE, "who?")
OTHER = Marker(MarkerId("o"), MarkerKind.HIGHLIGHT)


def put(document: Document, words: range, marker: Marker) -> None:
    change = put_marker(document.transcript, words, marker)
    assert change is not None
    document.apply(change)


def test_a_range_over_two_paragraphs_is_one_note_with_time_speaker_and_quote() -> None:
    document = Document(TALK)
    put(document, range(3, 6), NOTE)
    (one,) = placed_markers(document.transcript)
    assert (one.text, one.quote, one.speaker_id) == ("who?", "any burden meet", "A")
    assert (one.start_ms, one.end_ms, one.word, one.count) == (1_500, 3_000, 3, 3)
    assert one.paragraph == 0


def test_notes_that_overlap_are_two_and_one_is_taken_off_alone() -> None:
    document = Document(TALK)
    put(document, range(4), NOTE)
    put(document, range(2, 6), OTHER)
    assert [one.marker_id for one in placed_markers(document.transcript)] == ["n", "o"]
    change = remove_marker(document.transcript, NOTE.marker_id)
    assert change is not None
    document.apply(change)
    assert [one.marker_id for one in placed_markers(document.transcript)] == ["o"]
    assert remove_marker(document.transcript, NOTE.marker_id) is None
    document.undo()
    document.undo()
    document.undo()
    assert document.transcript == TALK


def test_a_note_over_words_that_are_deleted_goes_with_them_and_comes_back_with_them() -> None:
    document = Document(TALK)
    put(document, range(1, 3), NOTE)
    gone = retype(document.transcript, Typed(0, 2, 0, 13, ""))
    assert gone is not None
    document.apply(gone)
    assert document.transcript.paragraphs[0].text == "we any burden"
    assert placed_markers(document.transcript) == ()
    document.undo()
    assert [one.text for one in placed_markers(document.transcript)] == ["who?"]


def test_a_note_is_rewritten_everywhere_at_once() -> None:
    document = Document(TALK)
    put(document, range(8), NOTE)
    change = rewrite_marker(document.transcript, NOTE.marker_id, "Kennedy")
    assert change is not None
    document.apply(change)
    assert {marker.text for word in document.transcript.words() for marker in word.markers} == {
        "Kennedy"
    }
    assert rewrite_marker(document.transcript, NOTE.marker_id, "Kennedy") is None


def test_paragraphs_that_were_marked_before_are_listed_too() -> None:
    noted = replace(TALK.paragraphs[1], note="loud", is_highlighted=True)
    found = placed_markers(replace(TALK, paragraphs=(TALK.paragraphs[0], noted)))
    assert [(one.kind, one.text, one.marker_id) for one in found] == [
        (MarkerKind.HIGHLIGHT, "", None),
        (MarkerKind.NOTE, "loud", None),
    ]
    assert found[0].word == 5


def test_a_highlight_is_on_all_words_or_on_none() -> None:
    document = Document(TALK)
    put(document, range(1, 3), OTHER)
    words = list(document.transcript.words())
    assert highlight_on_all(words[1:3]) == OTHER
    assert highlight_on_all(words[0:3]) is None
    assert highlight_on_all([]) is None


def test_a_list_is_written_with_times_speakers_and_quotes() -> None:
    document = Document(TALK)
    put(document, range(5, 8), NOTE)
    put(document, range(1), OTHER)
    text = written(placed_markers(document.transcript), lambda one: one or "")
    assert text == "[0:00] A: “we”\n[0:02] B: “meet any hardship” – who?"


@given(any_transcripts(), st.data())
def test_putting_and_taking_off_leaves_everything_as_it_was(
    talk: Transcript, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, talk.word_count - 1))
    last = data.draw(st.integers(first + 1, talk.word_count))
    document = Document(talk)
    put(document, range(first, last), NOTE)
    (one,) = placed_markers(document.transcript)
    assert (one.word, one.count) == (first, last - first)
    change = remove_marker(document.transcript, NOTE.marker_id)
    assert change is not None
    document.apply(change)
    assert document.transcript == talk


def test_moments_a_recording_marks_are_bookmarks_on_the_words_said_then() -> None:
    ids = iter("abcd")
    marked = bookmark_chapters(
        TALK,
        (Chapter(0, "Opening"), Chapter(1_200), Chapter(1_300, "twice"), Chapter(9_000)),
        lambda: MarkerId(next(ids)),
    )
    found = [(one.word, one.text, one.kind) for one in placed_markers(marked)]
    assert found == [
        (0, "Opening", MarkerKind.BOOKMARK),
        (2, "", MarkerKind.BOOKMARK),
        (2, "twice", MarkerKind.BOOKMARK),
    ]
    assert bookmark_chapters(TALK, (), lambda: MarkerId("x")) is TALK
