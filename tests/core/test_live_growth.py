"""A live text grows behind what a person does, and never through it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core import edits
from app.core.document import Document
from app.core.live_growth import may_extend, with_utterance
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript
from tests.support.speech import words

YOU, THEY = SpeakerId("speaker_0"), SpeakerId("speaker_1")


class Growing:
    """A document that grows as the live text of a take does."""

    def __init__(self, *speakers: Speaker) -> None:
        self.document = Document(Transcript((), speakers))
        self.grown: Paragraph | None = None
        self.at_ms = 0

    def say(self, text: str, who: SpeakerId | None = None, pause_ms: int = 300) -> None:
        said = words(text, self.at_ms + pause_ms)
        extends = may_extend(self.document, self.grown)
        now = self.document.transcript
        self.document.grow(with_utterance(now, said, who, extends=extends))
        self.grown = self.document.transcript.paragraphs[-1]
        self.at_ms = said[-1].end_ms

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.document.transcript.paragraphs]


def test_somebody_who_goes_on_stays_in_their_paragraph_and_another_begins_one() -> None:
    growing = Growing(Speaker(YOU, "You"), Speaker(THEY, "They"))
    growing.say("We came", YOU)
    growing.say("late today.", YOU)
    growing.say("No matter.", THEY)
    growing.say("Shall we begin?", THEY, pause_ms=4_000)

    assert growing.texts == ["We came late today.", "No matter.", "Shall we begin?"]
    assert [one.speaker_id for one in growing.document.transcript.paragraphs] == [
        YOU,
        THEY,
        THEY,
    ]


def test_a_paragraph_that_was_corrected_is_left_alone() -> None:
    growing = Growing()
    growing.say("We came lait")
    now = growing.document.transcript
    correction = edits.correct_words(now, 0, 2, 1, "late")
    assert correction is not None
    growing.document.apply(correction)
    growing.say("today.")

    assert growing.texts == ["We came late", "today."]
    growing.document.undo()
    assert growing.texts == ["We came lait", "today."]
    growing.say("And then")
    growing.document.redo()
    assert growing.texts[0] == "We came late"


@given(st.lists(st.sampled_from(["say", "correct", "undo", "redo"]), max_size=14))
def test_whatever_is_done_between_nothing_that_was_said_is_lost(steps: list[str]) -> None:
    growing = Growing()
    count = 0
    for step in steps:
        paragraphs = growing.document.transcript.paragraphs
        if step == "say":
            growing.say(f"word{count} again.")
            count += 1
        elif step == "correct" and paragraphs:
            place = len(paragraphs) - 1
            change = edits.correct_words(
                growing.document.transcript, place, 1, 1, f"once{len(growing.document.steps)}."
            )
            if change is not None:
                growing.document.apply(change)
        elif step == "undo":
            growing.document.undo()
        elif step == "redo":
            growing.document.redo()
    text = " ".join(growing.texts)
    assert all(f"word{number}" in text for number in range(count))
