from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core import edits
from app.core.document import Change, Document, Splice, StaleChangeError, joined
from app.core.transcript import Paragraph, SpeakerId, Transcript
from tests.support.builders import (
    TEXTS,
    any_transcripts,
    paragraph,
    scattered_changes,
    transcript,
)


class EditingSession(RuleBasedStateMachine):
    """Random edits, undos and redos, with every state remembered beside the document."""

    @initialize(start=any_transcripts())
    def open(self, start: Transcript) -> None:
        self.document = Document(start)
        self.past = [start]
        self.future: list[Transcript] = []
        self.mirror = start.paragraphs
        self.document.subscribe(self.follow)

    def follow(self, change: Change) -> None:
        """Do what a view does: move only the rows that the change names."""
        for one in reversed(change.splices):
            assert self.mirror[one.first : one.end] == one.removed
            self.mirror = self.mirror[: one.first] + one.inserted + self.mirror[one.end :]

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        before = self.document.transcript
        change = data.draw(any_changes(before))
        if change is None:
            return
        self.document.apply(change)
        self.past.append(self.document.transcript)
        self.future.clear()

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        assert self.document.undo() is not None
        self.future.append(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        assert self.document.redo() is not None
        self.past.append(self.future.pop())

    @invariant()
    def document_is_where_history_says(self) -> None:
        assert self.document.transcript == self.past[-1]
        assert self.document.can_undo == (len(self.past) > 1)
        assert self.document.can_redo == bool(self.future)

    @invariant()
    def follower_shows_the_same_turns(self) -> None:
        assert self.mirror == self.document.transcript.paragraphs


TestEditingSession = EditingSession.TestCase
TestEditingSession.settings = settings(max_examples=40, stateful_step_count=20)


@st.composite
def any_changes(draw: st.DrawFn, on: Transcript) -> Change | None:
    """Draw a wish of each kind that people have."""
    kinds = ["words", "mark", "assign", "rename", "split", "scatter"]
    kind = draw(st.sampled_from(kinds))
    if kind == "scatter" or not on.paragraphs:
        return draw(scattered_changes(on))
    at = draw(st.integers(0, len(on.paragraphs) - 1))
    speaker_ids = [one.speaker_id for one in on.speakers]
    if kind == "rename" and speaker_ids:
        return edits.rename_speaker(on, draw(st.sampled_from(speaker_ids)), draw(TEXTS))
    if kind == "assign" and speaker_ids:
        return edits.assign_speaker(on, at, draw(st.sampled_from(speaker_ids)))
    if kind == "mark":
        return edits.mark_paragraph(on, at, is_approved=draw(st.booleans()), note=draw(TEXTS))
    turn = on.paragraphs[at]
    if kind == "split" and len(turn.words) > 1:
        place = draw(st.integers(1, len(turn.words) - 1))
        halves = (
            replace(turn, words=turn.words[:place]),
            replace(turn, words=turn.words[place:]),
        )
        return Change(
            (Splice(at, (turn,), halves),), on.speakers, on.speakers, "Split paragraph"
        )
    first = draw(st.integers(0, len(turn.words)))
    count = draw(st.integers(0, len(turn.words) - first))
    return edits.correct_words(
        on, at, first, count, " ".join(draw(st.lists(TEXTS, max_size=4)))
    )


def rename(document: Document, name: str) -> Change:
    change = edits.rename_speaker(document.transcript, SpeakerId("A"), name)
    assert change is not None
    return change


def test_change_of_another_state_is_refused_and_changes_nothing():
    document = Document(transcript(("A", "one two"), ("B", "three")))
    before = document.transcript
    stale = rename(document, "Ida")
    document.apply(rename(document, "Eva"))
    now = document.transcript

    with pytest.raises(StaleChangeError):
        document.apply(stale)

    assert document.transcript is now
    document.undo()
    assert document.transcript == before
    assert not document.can_undo


@pytest.mark.parametrize("first", [-1, 2, 99])
def test_change_beyond_the_turns_is_refused(first):
    document = Document(transcript(("A", "one")))
    speakers = document.transcript.speakers

    beyond = Change((Splice(first, (), (paragraph("new", "A"),)),), speakers, speakers)

    with pytest.raises(StaleChangeError):
        document.apply(beyond)


def test_a_change_in_one_place_that_is_stale_leaves_the_other_places_too():
    document = Document(transcript(("A", "one"), ("A", "two"), ("A", "three")))
    now = document.transcript
    one, two, three = now.paragraphs
    new = (paragraph("new", "A"),)
    good, bad = Splice(0, (one,), new), Splice(2, (two,), new)
    backwards = (Splice(2, (three,), new), Splice(0, (one,), new))

    for splices in ((good, bad), backwards, (good, Splice(0, (one,), new))):
        with pytest.raises(StaleChangeError):
            document.apply(Change(splices, now.speakers, now.speakers))

    assert document.transcript is now
    assert not document.can_undo


def test_places_far_apart_are_one_step_there_and_back():
    document = Document(transcript(("A", "one"), ("A", "two"), ("A", "three")))
    before = document.transcript
    one, _, three = before.paragraphs
    more = (paragraph("a", "A"), paragraph("b", "A"))
    splices = (Splice(0, (one,), more), Splice(2, (three,), more), Splice(3, (), more))

    document.apply(Change(splices, before.speakers, before.speakers))

    assert document.transcript.text == "a\nb\ntwo\na\nb\na\nb"
    document.undo()
    assert document.transcript == before


def test_turn_can_be_added_at_the_end():
    document = Document(transcript(("A", "one")))
    speakers = document.transcript.speakers

    new = Splice(1, (), (paragraph("two", "A"),))
    document.apply(Change((new,), speakers, speakers))

    assert document.transcript.text == "one\ntwo"


def test_new_change_forgets_what_was_undone():
    document = Document(transcript(("A", "one")))
    document.apply(rename(document, "Ida"))
    document.undo()
    document.apply(rename(document, "Eva"))

    assert document.redo() is None
    assert document.transcript.speakers[0].name == "Eva"


def test_nothing_to_undo_or_redo_tells_nobody():
    document = Document(transcript(("A", "one")))
    told: list[Change] = []
    document.subscribe(told.append)

    assert document.undo() is None
    assert document.redo() is None
    assert told == []


def test_listeners_hear_until_they_unsubscribe():
    document = Document(transcript(("A", "one")))
    told: list[str] = []
    stop = document.subscribe(lambda change: told.append(change.speakers_after[0].name))

    document.apply(rename(document, "Ida"))
    document.undo()
    stop()
    stop()
    document.redo()

    assert told == ["Ida", ""]


def test_listener_may_unsubscribe_while_it_is_told():
    document = Document(transcript(("A", "one")))
    told: list[str] = []

    def once(_change: Change) -> None:
        told.append("once")
        stop()

    stop = document.subscribe(once)
    document.subscribe(lambda _change: told.append("always"))

    document.apply(rename(document, "Ida"))
    document.undo()

    assert told == ["once", "always", "always"]


@given(any_transcripts(), st.data())
def test_inverting_twice_gives_the_same_change(one, data):
    change = data.draw(scattered_changes(one))

    assert change.inverted().inverted() == change


def test_change_keeps_language_and_the_rest():
    start = replace(transcript(("A", "one")), language="de", duration_ms=9, model="pulse")
    document = Document(start)

    document.apply(Change((Splice(0, start.paragraphs, ()),), start.speakers, start.speakers))

    assert document.transcript == replace(start, paragraphs=())
    assert isinstance(start.paragraphs[0], Paragraph)


@given(any_transcripts(), st.data())
def test_steps_that_are_joined_are_taken_back_and_again_as_one(one, data):
    document = Document(one)
    at = data.draw(st.integers(0, len(one.paragraphs) - 1))
    for place in range(data.draw(st.integers(1, 5))):
        now = document.transcript
        change = edits.correct_words(now, at, 0, 1, f"w{place}")
        assert change is not None
        document.apply(change, joins=place > 0)
    after = document.transcript

    assert document.history == ("Correct words",)
    document.undo()
    assert document.transcript == one
    document.redo()
    assert document.transcript == after


def test_steps_in_places_apart_are_not_joined():
    document = Document(transcript(("A", "one"), ("A", "two")))
    for at in (0, 1):
        change = edits.correct_words(document.transcript, at, 0, 1, "new")
        assert change is not None
        document.apply(change, joins=True)

    assert document.history == ("Correct words", "Correct words")
    document.undo()
    assert document.transcript.text == "new\ntwo"
    assert joined(rename(document, "Ida"), rename(document, "Eva")) is None


def test_one_step_is_taken_back_though_others_were_taken_since() -> None:
    document = Document(transcript(("A", "one two"), ("B", "three four")))
    first = _corrected(document, 0, "ONE")
    document.apply(first)
    document.apply(_corrected(document, 1, "THREE"))
    assert document.take_back(first)
    assert document.transcript.text == "one two\nTHREE four"
    assert document.take_again(first)
    assert document.transcript.text == "ONE two\nTHREE four"
    document.undo()
    document.undo()
    document.undo()  # by then it is the last one, and is not taken back a second time
    document.undo()
    assert document.take_back(first)
    assert document.transcript.text == "one two\nthree four"
    assert document.take_again(first)
    assert document.transcript.text == "ONE two\nthree four"


def test_a_step_whose_words_have_changed_since_is_not_taken_back() -> None:
    document = Document(transcript(("A", "one two"), ("B", "three four")))
    first = _corrected(document, 0, "ONE")
    document.apply(first)
    document.apply(_corrected(document, 0, "uno"))
    before = document.transcript, document.steps
    assert not document.take_back(first)
    assert (document.transcript, document.steps) == before


def _corrected(document: Document, paragraph: int, text: str) -> Change:
    change = edits.correct_words(document.transcript, paragraph, 0, 1, text)
    assert change is not None
    return change


@given(any_transcripts(), st.data())
def test_taking_a_step_back_later_does_so_or_does_nothing(
    start: Transcript, data: st.DataObject
) -> None:
    document = Document(start)
    taken: list[Change] = []
    for _ in range(4):
        change = data.draw(any_changes(document.transcript))
        if change is not None:
            document.apply(change)
            taken.append(change)
    for step in data.draw(st.permutations(taken)):
        before = document.transcript
        if document.take_back(step):
            assert document.take_again(step)
        assert document.transcript == before
