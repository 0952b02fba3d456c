"""A transcript that grows is the one that all its words give, whenever they come."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import edits
from app.core.document import Change, Document, StaleChangeError
from app.core.growing import GROWTH, become, change_to, with_turns, with_words
from app.core.paragraphs import group_spoken
from app.core.transcript import Paragraph, Transcript, Word
from tests.support.builders import any_transcripts, paragraph, transcript, words

TALK = st.lists(
    st.tuples(
        st.sampled_from(["so", "no.", "word", "why?"]),
        st.sampled_from([0, 100, 2_500]),
        st.sampled_from(["", "", "", "de"]),
    ),
    max_size=400,
)


def spoken(talk: list[tuple[str, int, str]]) -> list[Word]:
    found: list[Word] = []
    at_ms = 0
    for text, pause_ms, _ in talk:
        at_ms += pause_ms
        found.append(Word(text, at_ms, at_ms + 300))
        at_ms += 300
    return found


@given(TALK, st.lists(st.integers(0, 400), max_size=6))
def test_piece_by_piece_gives_the_paragraphs_of_all_at_once(talk, cuts) -> None:
    said, languages = spoken(talk), [code for _, _, code in talk]
    places = [0, *sorted(min(cut, len(said)) for cut in cuts), len(said)]
    document, followed = Document(Transcript(())), list[Paragraph]()

    def follow(change: Change) -> None:
        for one in reversed(change.splices):
            assert tuple(followed[one.first : one.end]) == one.removed
            followed[one.first : one.end] = one.inserted

    document.subscribe(follow)
    for begin, end in pairwise(places):
        document.grow(
            with_words(document.transcript, said[begin:end], languages=languages[begin:end])
        )

    whole = group_spoken(said, [None] * len(said), languages)
    assert document.transcript.paragraphs == whole == tuple(followed)
    assert not document.can_undo


def test_only_what_comes_is_in_the_change() -> None:
    now = transcript((None, "So it goes."), (None, "Then it went."))
    later = words("Nobody knew.", start_ms=60_000)

    change = with_words(now, later, wordless=[(50_000, 52_000)])

    (splice,) = change.splices
    assert (splice.first, splice.removed) == (2, ())
    assert change.applied_to(now).wordless == ((50_000, 52_000),)
    assert change.label == GROWTH


def test_turns_come_behind_all_or_in_place_of_what_was_tentative() -> None:
    now = transcript(("A", "So it goes."), ("B", "Then it"))
    settled = paragraph("Then it went.", "B", start_ms=1_500)

    assert with_turns(now, [settled]).applied_to(now).paragraphs == (*now.paragraphs, settled)
    replaced = with_turns(now, [settled], first=1).applied_to(now)
    assert replaced.paragraphs == (now.paragraphs[0], settled)
    assert with_turns(now, [now.paragraphs[1]], first=1).splices == ()


def test_what_was_corrected_meanwhile_can_still_be_taken_back() -> None:
    document = Document(transcript(("A", "So it goes.")))
    before = document.transcript.paragraphs
    document.apply(edits.correct_words(document.transcript, 0, 0, 1, "Thus"))  # type: ignore[arg-type]
    document.grow(with_turns(document.transcript, [paragraph("Then.", "A", start_ms=9_000)]))

    document.undo()

    assert [one.text for one in document.transcript.paragraphs] == ["So it goes.", "Then."]
    assert document.transcript.paragraphs[0] == before[0]
    with pytest.raises(StaleChangeError):
        document.grow(with_turns(transcript(("C", "Who?")), []))


@given(any_transcripts(), any_transcripts())
def test_what_has_grown_becomes_the_whole(grown: Transcript, whole: Transcript) -> None:
    whole = replace(whole, language="de", duration_ms=7, wordless=((1, 2),), model="m")
    document = Document(grown)

    become(document, whole, change_to(grown, whole))

    assert document.transcript == whole


def test_equal_turns_are_left_alone() -> None:
    grown = transcript((None, "So it goes."), (None, "Then it"))
    whole = transcript((None, "So it goes."), (None, "Then it went."))

    (splice,) = change_to(grown, whole).splices

    assert splice.first == 1
    assert (splice.removed, splice.inserted) == (grown.paragraphs[1:], whole.paragraphs[1:])
