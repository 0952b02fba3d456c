from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Change, Document, Splice
from app.core.pieces import in_pieces
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript
from tests.support.builders import paragraph


def talk(count: int, words: int = 40, text: str = "word") -> Transcript:
    said = " ".join([text] * words)
    return Transcript(tuple(paragraph(said, start_ms=at * 10_000) for at in range(count)))


def all_others(before: Transcript, text: str) -> Change:
    """Give a step after which each paragraph reads otherwise."""
    splices = tuple(
        Splice(at, (one,), talk(1, len(one.words), text).paragraphs)
        for at, one in enumerate(before.paragraphs)
    )
    return Change(splices, before.speakers, before.speakers, "Replace all")


def in_place_of(before: Transcript, first: int, end: int, new: tuple[Paragraph, ...]) -> Change:
    splice = Splice(first, before.paragraphs[first:end], new)
    return Change((splice,), before.speakers, before.speakers, "Typing")


class Follower:
    """Follows a document as a page does, by what it is told alone."""

    def __init__(self, document: Document) -> None:
        self.paragraphs = document.transcript.paragraphs
        self.told = 0
        self._document = document
        document.subscribe(self.follow)

    def follow(self, change: Change) -> None:
        self.told += 1
        for one in reversed(change.splices):
            assert self.paragraphs[one.first : one.end] == one.removed
            self.paragraphs = (
                self.paragraphs[: one.first] + one.inserted + self.paragraphs[one.end :]
            )
        # Whoever is told of a piece sees the words as they are after it.
        assert self._document.transcript.paragraphs == self.paragraphs


class OneByOne:
    """A pace at which no piece but the first comes by itself."""

    def __init__(self) -> None:
        self.begun = 0

    def pieces(self, change: Change) -> list[Change]:
        return in_pieces(change)

    def begin(self, steps: object) -> None:
        self.begun += 1
        self.steps = steps


@pytest.fixture
def pace() -> OneByOne:
    return OneByOne()


def paced(words: Transcript, pace: OneByOne) -> Document:
    document = Document(words)
    document.pace = pace
    return document


_TALK = talk(12, 700)


@given(
    sizes=st.lists(st.sampled_from([0, 1, 40, 250, 5_000]), max_size=9),
    old=st.integers(0, 12),
    data=st.data(),
)
def test_pieces_come_to_the_same_as_the_step(
    sizes: list[int], old: int, data: st.DataObject
) -> None:
    before = _TALK
    first = data.draw(st.integers(0, 12))
    new = tuple(paragraph("x " * size) for size in sizes)
    change = in_place_of(before, first, min(12, first + old), new)
    now = before
    for piece in in_pieces(change):
        now = piece.applied_to(now)
    assert now == change.applied_to(before)
    for piece in in_pieces(change.inverted()):
        now = piece.applied_to(now)
    assert now == before


def test_a_small_step_is_one_piece() -> None:
    change = all_others(talk(3), "other")
    assert in_pieces(change) == [change]


def test_speakers_change_with_all_of_the_words() -> None:
    change = all_others(talk(400), "other")
    assert len(in_pieces(change)) > 1
    named = replace(change, speakers_after=(Speaker(SpeakerId("1"), "Anna"),))
    assert in_pieces(named) == [named]


def test_whoever_asks_in_the_middle_has_the_whole_step(pace: OneByOne) -> None:
    document = paced(talk(400), pace)
    follower = Follower(document)
    change = all_others(document.transcript, "other")
    after = change.applied_to(document.transcript)

    document.apply(change)

    assert follower.told == 1
    assert follower.paragraphs != after.paragraphs
    assert document.transcript == after
    assert follower.paragraphs == after.paragraphs
    assert follower.told == len(in_pieces(change))
    assert document.history == ("Replace all",)


def test_a_step_is_taken_back_in_the_middle_of_it(pace: OneByOne) -> None:
    before = talk(400)
    document = paced(before, pace)
    follower = Follower(document)

    document.apply(all_others(before, "other"))
    document.undo()
    document.redo()
    document.undo()
    document.finish()

    assert follower.paragraphs == before.paragraphs
    assert document.transcript == before
    assert document.can_redo
    assert not document.can_undo


def test_another_step_comes_behind_one_that_is_in_the_middle(pace: OneByOne) -> None:
    document = paced(talk(400), pace)
    follower = Follower(document)

    document.apply(all_others(document.transcript, "other"))
    document.apply(in_place_of(document.transcript, 0, 400, ()))
    document.finish()

    assert follower.paragraphs == ()
    assert document.history == ("Replace all", "Typing")
    document.undo()
    document.undo()
    assert document.transcript == talk(400)
    assert follower.paragraphs == talk(400).paragraphs


def test_a_step_is_told_once_to_whoever_wants_it_whole(pace: OneByOne) -> None:
    document = paced(talk(400), pace)
    told: list[Change] = []
    done: list[str] = []
    document.subscribe(told.append, is_whole=True)
    change = all_others(document.transcript, "other")

    document.apply(change)
    document.afterwards(lambda: done.append("then"))
    assert (told, done) == ([], [])
    document.finish()
    assert (told, done) == ([change], ["then"])
    document.afterwards(lambda: done.append("now"))
    assert done == ["then", "now"]


def test_the_words_are_what_they_were_to_be_though_a_listener_fails(pace: OneByOne) -> None:
    document = paced(talk(400), pace)
    change = all_others(document.transcript, "other")
    after = change.applied_to(document.transcript)
    told: list[Change] = []

    def fail(piece: Change) -> None:
        told.append(piece)
        if len(told) == 2:
            raise RuntimeError("it cannot show this")

    saved: list[Change] = []
    document.subscribe(saved.append, is_whole=True)
    document.subscribe(fail)
    document.apply(change)
    with pytest.raises(RuntimeError, match="cannot show"):
        document.finish()
    assert document.transcript == after
    assert saved == [change]
    document.undo()
    assert document.transcript == talk(400)
