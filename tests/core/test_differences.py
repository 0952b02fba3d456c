"""Two states of a transcript side by side, word by word."""

from __future__ import annotations

from hypothesis import given

from app.core.differences import Difference, differences
from app.core.transcript import Transcript
from tests.support.builders import any_transcripts, transcript


def told(one: Difference) -> list[tuple[str, str]]:
    return [
        (" ".join(w.text for w in piece.old), " ".join(w.text for w in piece.new))
        for piece in one.pieces
    ]


def test_what_came_went_and_is_another() -> None:
    old = transcript(("A", "we met Muller there today"), ("B", "yes"), ("A", "right"))
    new = transcript(("A", "we met Müller today again"), ("B", "yes"), ("B", "right"))
    first, second = differences(old, new)
    assert told(first) == [
        ("we met", "we met"),
        ("Muller there", "Müller"),
        ("today", "today"),
        ("", "again"),
    ]
    assert [piece.is_same for piece in first.pieces] == [True, False, True, False]
    assert not first.are_speakers_changed
    assert (second.old_speakers, second.new_speakers) == (("A",), ("B",))
    assert told(second) == [("right", "right")]
    assert (second.old, second.new) == (range(2, 3), range(2, 3))


def test_the_same_has_none() -> None:
    talk = transcript(("A", "we met"), ("B", "yes"))
    assert list(differences(talk, talk)) == []


@given(any_transcripts(), any_transcripts())
def test_with_the_differences_one_is_made_of_the_other(
    old: Transcript, new: Transcript
) -> None:
    made, at = [], 0
    for one in differences(old, new):
        made += [paragraph.text for paragraph in old.paragraphs[at : one.old.start]]
        made += [paragraph.text for paragraph in new.paragraphs[one.new.start : one.new.stop]]
        before = [
            w
            for paragraph in old.paragraphs[one.old.start : one.old.stop]
            for w in paragraph.words
        ]
        after = [
            w
            for paragraph in new.paragraphs[one.new.start : one.new.stop]
            for w in paragraph.words
        ]
        assert [w for piece in one.pieces for w in piece.old] == before
        assert [w for piece in one.pieces for w in piece.new] == after
        at = one.old.stop
    made += [paragraph.text for paragraph in old.paragraphs[at:]]
    assert made == [paragraph.text for paragraph in new.paragraphs]
