"""*Undo* in a notice is for what the notice says, and for the transcript as it is then."""

from __future__ import annotations

from typing_extensions import override

from app.core import edits
from app.core.document import Change
from app.core.transcript import Transcript
from app.ui.transcript.taking_back import say_undoable, taking_again
from tests.support.builders import transcript
from tests.support.page import OnStage, Opened

TALK = transcript(("A", "one two"), ("B", "three four"))
TOO_LATE = "The text has changed in the meantime, so this is no longer possible."


class Again(Opened):
    """A transcript that may have been opened again."""

    def __init__(self, words: Transcript) -> None:
        super().__init__(words)
        self.successor: Opened = self

    @property
    @override
    def latest(self) -> Opened:
        return self.successor

    def correct(self, paragraph: int, text: str) -> Change:
        change = edits.correct_words(self.document.transcript, paragraph, 0, 1, text)
        assert change is not None
        self.apply(change)
        return change

    @property
    def text(self) -> str:
        return self.latest.document.transcript.text


def test_it_takes_back_the_step_it_speaks_of_and_not_the_last_one() -> None:
    opened, stage = Again(TALK), OnStage()
    say_undoable(stage, "Done.", opened, opened.correct(0, "ONE"))  # type: ignore[arg-type]
    opened.correct(1, "THREE")
    stage.answers[-1]()
    assert opened.text == "one two\nTHREE four"
    assert stage.said == ["Done."]


def test_it_is_for_the_copy_that_was_opened_since_and_so_is_redo() -> None:
    opened, stage = Again(TALK), OnStage()
    step = opened.correct(0, "ONE")
    say_undoable(stage, "Done.", opened, step)  # type: ignore[arg-type]
    opened.successor = Opened(opened.document.transcript)
    stage.answers[-1]()
    assert opened.text == TALK.text
    assert opened.document.transcript.text == "ONE two\nthree four"
    taking_again(stage, opened, step)()  # type: ignore[arg-type]
    assert opened.text == "ONE two\nthree four"


def test_where_its_words_have_changed_that_is_said_and_nothing_done() -> None:
    opened, stage = Again(TALK), OnStage()
    say_undoable(stage, "Done.", opened, opened.correct(0, "ONE"))  # type: ignore[arg-type]
    opened.correct(0, "uno")
    stage.answers[-1]()
    assert opened.text == "uno two\nthree four"
    assert stage.said[-1] == TOO_LATE


def test_where_nothing_was_to_be_done_nothing_is_offered() -> None:
    opened, stage = Again(TALK), OnStage()
    say_undoable(stage, "Done.", opened, None)  # type: ignore[arg-type]
    assert stage.said == ["Done."]
    assert stage.answers == []
