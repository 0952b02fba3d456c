"""Words put elsewhere in their transcript take their sound along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core import edits
from app.core.document import Document
from app.core.markers import put_marker
from app.core.retyping import Typed, retype, typeable
from app.core.transcript import Marker, MarkerId, MarkerKind, Paragraph, Transcript, Word
from app.core.typing_run import Typewriter
from tests.support.builders import transcript

TALK = transcript(("A", "we shall bear"), ("B", "any burden"), ("A", "meet any hardship"))
FIRST, SECOND, THIRD = TALK.paragraphs


def part(paragraph: Paragraph, begin: int, end: int) -> Paragraph:
    return replace(paragraph, words=paragraph.words[begin:end], note="")


def put(start: Transcript, typed: Typed) -> Transcript:
    change = retype(start, typed)
    assert change is not None
    after = change.applied_to(start)
    assert change.inverted().applied_to(after) == start
    return after


def told(one: Transcript) -> list[tuple[str | None, str]]:
    return [(each.speaker_id, each.text) for each in one.paragraphs]


def carried_in(typewriter: Typewriter, typed: Typed) -> None:
    typewriter.end()
    typewriter.type(typed, joins=False)


@pytest.mark.parametrize(
    "typed",
    [
        Typed(1, 17, 1, 17, "\nany burden", (SECOND,)),
        Typed(1, 0, 1, 0, "any burden\n", (SECOND,)),
        Typed(0, 13, 0, 13, "\nany burden", (SECOND,)),
    ],
)
def test_a_paragraph_put_elsewhere_has_its_words_times_and_speaker(typed: Typed) -> None:
    document = Document(TALK)
    typewriter = Typewriter(document)
    typewriter.type(Typed(1, 0, 2, 0, ""), joins=False)
    assert document.transcript.paragraphs == (FIRST, THIRD)
    carried_in(typewriter, typed)
    assert sorted(document.transcript.paragraphs, key=lambda one: one.start_ms) == [
        *(FIRST, SECOND, THIRD),
    ]
    document.undo()
    document.undo()
    assert document.transcript == TALK


def test_words_keep_their_time_where_it_goes_on_from_their_neighbours() -> None:
    after = put(TALK, Typed(0, 13, 0, 13, " any burden", (SECOND,)))
    assert after.paragraphs[0].words == (*FIRST.words, *SECOND.words)
    assert after.paragraphs[0].end_ms == SECOND.end_ms
    assert after.paragraphs[1:] == (SECOND, THIRD)


def test_where_time_would_run_backwards_they_share_the_silence() -> None:
    after = put(TALK, Typed(0, 2, 0, 2, " any burden", (SECOND,)))
    words = after.paragraphs[0].words
    assert (words[0], *words[3:]) == FIRST.words
    assert [one.text for one in words[1:3]] == ["any", "burden"]
    assert all(one.is_estimated for one in words[1:3])
    assert [one.start_ms for one in words] == sorted(one.start_ms for one in words)


def test_of_a_paragraph_only_what_is_dragged_within_it_has_another_time() -> None:
    talk = transcript(("A", "a b c d e f g"))
    (whole,) = talk.paragraphs
    after = put(talk, Typed(0, 0, 0, 13, "f g a b c d e", (part(whole, 0, 5),)))
    words = after.paragraphs[0].words
    assert words[:2] == whole.words[5:]
    assert all(one.is_estimated for one in words[2:])


def test_words_that_grow_together_with_others_leave_the_rest_their_sound() -> None:
    after = put(TALK, Typed(0, 13, 0, 13, "meet any hardship", (THIRD,)))
    words = after.paragraphs[0].words
    assert [one.text for one in words] == ["we", "shall", "bearmeet", "any", "hardship"]
    assert words[3:] == THIRD.words[1:]


def test_what_a_person_made_of_words_goes_along_and_is_never_there_twice() -> None:
    note = Marker(MarkerId("n"), MarkerKind.NOTE, "check")
    marked = put_marker(TALK, range(3, 5), note)
    assert marked is not None
    noted = marked.applied_to(TALK)
    remark = edits.mark_paragraph(noted, 1, is_highlighted=True, note="whose?")
    assert remark is not None
    noted = remark.applied_to(noted)
    taken = noted.paragraphs[1]
    copied = put(noted, Typed(2, 17, 2, 17, "\nany burden", (taken,)))
    assert copied.paragraphs[1] == taken
    assert [one.markers for one in copied.paragraphs[3].words] == [(), ()]
    assert not copied.paragraphs[3].note
    assert copied.paragraphs[3].words[0].start_ms == taken.words[0].start_ms
    cut = put(noted, Typed(1, 0, 2, 0, ""))
    moved = put(cut, Typed(1, 17, 1, 17, "\nany burden", (taken,)))
    assert moved.paragraphs[2] == taken


def test_a_copy_has_the_sound_as_well() -> None:
    after = put(TALK, Typed(0, 0, 0, 0, "meet any hardship\n", (THIRD,)))
    assert after.paragraphs[0].words == after.paragraphs[3].words == THIRD.words


def test_what_is_typed_into_carried_words_leaves_the_others_their_sound() -> None:
    document = Document(TALK)
    typewriter = Typewriter(document)
    typewriter.type(Typed(2, 17, 2, 17, "\nany burden ", (SECOND,)), joins=False)
    typewriter.type(Typed(3, 11, 3, 11, "x"), joins=False)
    typewriter.type(Typed(3, 12, 3, 12, "y"), joins=True)
    last = document.transcript.paragraphs[3]
    assert last.text == "any burden xy"
    assert last.words[:2] == SECOND.words
    document.undo()
    document.undo()
    assert document.transcript == TALK


def test_words_of_which_nothing_is_found_change_nothing() -> None:
    plain = put(TALK, Typed(0, 2, 0, 2, " other"))
    stranger = Paragraph((Word("unheard", 9, 10),), None, 9, 10)
    assert put(TALK, Typed(0, 2, 0, 2, " other", (stranger,))) == plain


# ------------------------------------------------------------------ whose words are left


def test_a_paragraph_that_goes_leaves_the_next_one_to_whoever_says_it() -> None:
    noted = edits.mark_paragraph(TALK, 1, note="gone with its words", is_highlighted=True)
    assert noted is not None
    talk = noted.applied_to(TALK)
    assert put(talk, Typed(1, 0, 2, 0, "")).paragraphs == (FIRST, THIRD)
    assert put(talk, Typed(0, 13, 1, 10, "")).paragraphs == (FIRST, THIRD)
    assert told(put(talk, Typed(0, 0, 1, 4, ""))) == [
        ("B", "burden"),
        ("A", "meet any hardship"),
    ]


def test_an_empty_paragraph_that_goes_gives_its_speaker_to_nobody() -> None:
    emptied = put(TALK, Typed(1, 0, 1, 10, ""))
    assert put(emptied, Typed(1, 0, 2, 0, "")).paragraphs == (FIRST, THIRD)
    assert put(emptied, Typed(0, 13, 1, 0, "")).paragraphs == (FIRST, THIRD)


def test_two_that_are_joined_are_of_the_first() -> None:
    assert told(put(TALK, Typed(0, 13, 1, 0, " "))) == [
        ("A", "we shall bear any burden"),
        ("A", "meet any hardship"),
    ]


def test_lines_pasted_over_the_seam_of_two_leave_the_rest_of_each_theirs() -> None:
    after = put(TALK, Typed(0, 8, 1, 4, " x\ny\nz "))
    assert told(after) == [
        ("A", "we shall x"),
        ("A", "y"),
        ("B", "z burden"),
        ("A", "meet any hardship"),
    ]
    assert after.paragraphs[2].words[1] == SECOND.words[1]


def test_a_note_stays_with_the_words_when_a_paragraph_is_begun_before_them() -> None:
    noted = edits.mark_paragraph(TALK, 1, note="whose?")
    assert noted is not None
    after = put(noted.applied_to(TALK), Typed(1, 0, 1, 0, "\n"))
    assert [one.note for one in after.paragraphs] == ["", "", "whose?", ""]


def test_empty_lines_of_other_programs_begin_no_empty_paragraphs() -> None:
    assert typeable("Title\r\n\r\nFirst.\n \t\n\nSecond.\n\n") == "Title\nFirst.\nSecond.\n"
    assert typeable("\n\n") == "\n"
    assert typeable("\n\nx") == "\nx"
    assert typeable("one") == "one"
