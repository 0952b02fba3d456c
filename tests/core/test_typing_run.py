"""Typing key by key: the same words come of it as of writing it all at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.document import Document
from app.core.retyping import Typed, retype, text_of
from app.core.transcript import Transcript
from app.core.typing_run import TypingFlow, TypingRun
from tests.support.builders import any_transcripts, transcript

TALK = transcript((None, "foo bar"), (None, "and more"))
KEYS = st.text("ab É日\u0301🎤'. \n", max_size=8)


class Typist:
    """Types into a document as the page does, spaces of no word included."""

    def __init__(self, start: Transcript) -> None:
        self.document = Document(start)
        self.run: TypingRun | None = None
        self.shown = text_of(start.paragraphs)

    def put(self, begin: int, end: int, text: str) -> None:
        typed = Typed(*self.place(begin), *self.place(end), text)
        if self.run is None:
            self.run = TypingRun(self.document.transcript, typed)
        else:
            assert self.run.takes(typed)
            self.run.type(typed)
        change = self.run.change(self.document.transcript)
        self.shown = self.shown[:begin] + text + self.shown[end:]
        if change is not None:
            self.document.apply(change)

    def place(self, at: int) -> tuple[int, int]:
        before = self.shown[:at]
        return before.count("\n"), at - (before.rfind("\n") + 1)


def test_a_word_typed_before_another_leaves_its_time_alone() -> None:
    one = Typist(TALK)
    at = TALK.paragraphs[0].text.index("bar")
    for key in "the ":
        one.put(at, at, key)
        at += 1
    words = list(one.document.transcript.words())
    assert [word.text for word in words] == ["foo", "the", "bar", "and", "more"]
    assert [words[0], *words[2:]] == list(TALK.words())


def test_spaces_wait_for_the_word_that_follows() -> None:
    one = Typist(TALK)
    one.put(3, 3, " ")
    assert one.document.transcript == TALK
    one.put(4, 4, "x")
    assert one.document.transcript.paragraphs[0].text == "foo x bar"


def test_what_is_typed_and_taken_out_again_leaves_every_word_as_it_was() -> None:
    one = Typist(TALK)
    for place, key in enumerate("new word"):
        one.put(5 + place, 5 + place, key)
    for place in range(12, 4, -1):
        one.put(place, place + 1, "")
    assert one.document.transcript == TALK


def test_elsewhere_another_run_begins() -> None:
    run = TypingRun(TALK, Typed(0, 3, 0, 3, "x"))
    assert run.takes(Typed(0, 4, 0, 4, "y"))
    assert run.takes(Typed(0, 3, 0, 3, "y"))
    assert run.takes(Typed(0, 2, 0, 3, ""))
    assert not run.takes(Typed(0, 1, 0, 2, ""))
    assert not run.takes(Typed(0, 6, 0, 6, "y"))
    assert not run.takes(Typed(1, 0, 1, 0, "y"))


@given(any_transcripts(), KEYS, st.data())
@settings(max_examples=200)
def test_key_by_key_is_as_all_at_once(
    start: Transcript, keys: str, data: st.DataObject
) -> None:
    one = Typist(start)
    text = one.shown
    begin, end = sorted(
        (data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text))))
    )
    if text[begin:end] == "\n":
        end = begin  # a break taken out leaves a space, which the page then shows
    at = begin
    first = Typed(*one.place(begin), *one.place(end), keys)
    one.put(begin, end, "" if "\n" in text[begin:end] else keys[:1])
    at += 0 if "\n" in text[begin:end] else len(keys[:1])
    for key in keys[at - begin :]:
        one.put(at, at, key)
        at += 1
    at_once = Document(start)
    change = retype(start, first)
    if change is not None:
        at_once.apply(change)
    assert one.document.transcript == at_once.transcript
    while one.document.can_undo:
        one.document.undo()
    assert one.document.transcript == start


def test_a_sentence_a_paragraph_and_what_is_pasted_or_cut_are_steps_of_their_own() -> None:
    flow = TypingFlow()

    def follow(*typed: str | Typed) -> list[bool]:
        keys = [Typed(0, 0, 0, 0, one) if isinstance(one, str) else one for one in typed]
        return [flow.goes_on(one) for one in keys]

    assert follow(*"No. Yes")[1:] == [True, True, True, False, True, True]
    assert follow(*" he said.” So") == [True] * 11 + [False, True]
    assert follow("\n", "a", "b") == [False, False, True]
    assert follow(Typed(0, 0, 0, 4, ""), "a") == [True, True]  # a word put right as one types
    assert follow(Typed(0, 0, 0, 4, "", is_apart=True), "a", "b") == [False, False, True]
    assert follow(Typed(0, 0, 0, 0, "pasted", is_apart=True), "a") == [False, False]
    assert follow(Typed(0, 9, 1, 0, ""), "a") == [False, False]
    assert follow("今日。", "は", "い") == [True, False, True]
