"""What a step did, in short."""

from __future__ import annotations

from app.core import edits
from app.core.finding import Query
from app.core.history import brief, changed_at, is_bulk
from app.core.replacing import find_all, replace_hits
from app.core.retyping import Typed, retype
from tests.support.builders import transcript


def test_a_step_is_told_by_the_words_that_it_made_others() -> None:
    talk = transcript(("A", "we met Muller there"), ("B", "yes"))
    corrected = edits.correct_words(talk, 0, 2, 1, "Müller")
    assert corrected is not None
    assert brief(corrected) == ("Muller", "Müller")
    renamed = edits.assign_speaker(talk, 1, talk.speakers[0].speaker_id)
    assert renamed is not None
    assert brief(renamed) == ("", "")
    named = edits.rename_speaker(talk, talk.speakers[1].speaker_id, "Bo")
    assert named is not None
    assert brief(named) == ("", "Bo")
    long = edits.correct_words(talk, 0, 0, 4, "a b c d e f g h")
    assert long is not None
    assert brief(long) == ("we met Muller there", "a b c d e f …")


def test_what_is_done_in_many_places_is_much() -> None:
    talk = transcript(*[("A", "um yes")] * 5)
    change = replace_hits(talk, find_all(talk, Query("um"), ""))
    assert change is not None
    assert is_bulk(change)
    one = edits.correct_words(talk, 0, 0, 1, "so")
    assert one is not None
    assert not is_bulk(one)
    other = transcript(*[("B", "other")] * 20)
    taken = edits.take_over(transcript(*[("A", "word")] * 20), other, "Restore a version")
    assert taken is not None
    assert is_bulk(taken)


def test_a_step_is_looked_for_where_its_text_became_another() -> None:
    talk = transcript(("A", "we met Muller there"), ("B", "yes"), ("A", "no"))

    def at(typed: Typed) -> tuple[int, int | None] | None:
        change = retype(talk, typed)
        assert change is not None
        return changed_at(change)

    assert at(Typed(0, 8, 0, 9, "ü")) == (0, 9)
    assert at(Typed(0, 7, 0, 14, "")) == (0, 7)
    assert at(Typed(0, 6, 0, 7, "\n")) == (0, 6)
    assert at(Typed(0, 19, 1, 0, " ")) == (0, 19)
    assert at(Typed(1, 0, 2, 0, "")) == (1, 0)
    given = edits.assign_speaker(talk, 1, talk.speakers[0].speaker_id)
    assert given is not None
    assert changed_at(given) == (1, None)
    named = edits.rename_speaker(talk, talk.speakers[1].speaker_id, "Bo")
    assert named is not None
    assert changed_at(named) is None
