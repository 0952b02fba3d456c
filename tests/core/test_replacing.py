"""Replacing in many places as one step, with every word's time as typing would leave it."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Document
from app.core.finding import FoundText, Query
from app.core.replacing import Hit, find_all, replace_hits
from app.core.retyping import Typed, retyped
from app.core.transcript import Layout, Paragraph, Transcript, Word
from tests.support.builders import any_transcripts, paragraph, transcript

SIGNS = str.maketrans("日本", "xy")


def replaced(before: Transcript, query: Query, text: str) -> Transcript:
    document = Document(before)
    change = replace_hits(before, find_all(before, query, text))
    assert change is not None
    document.apply(change)
    after = document.transcript
    document.undo()
    assert document.transcript == before
    return after


def one_by_one(old: Paragraph, places: list[FoundText]) -> tuple[Paragraph, ...]:
    """Type each replacement by itself, from the last to the first."""
    done: tuple[Paragraph, ...] = (old,)
    for one in reversed(places):
        done = (
            *retyped(done[:1], Typed(0, one.start, 0, one.end, one.text)),
            *done[1:],
        )
    return done


def in_order(one: Transcript) -> Transcript:
    """Leave out what typing alone would put right: scripts without spaces, times that jump."""
    count = itertools.count()
    paragraphs: list[Paragraph] = []
    for part in one.paragraphs:
        words: list[Word] = []
        for word in part.words:
            text, at = word.text.translate(SIGNS), next(count) * 100
            joined = word.is_joined and bool(words)
            words.append(
                replace(word, text=text, start_ms=at, end_ms=at + 90, is_joined=joined)
            )
        bounds = words[0].start_ms, words[-1].end_ms
        paragraphs.append(
            replace(part, words=tuple(words), start_ms=bounds[0], end_ms=bounds[1])
        )
    return replace(one, paragraphs=tuple(paragraphs))


def test_a_word_wrong_everywhere_keeps_each_time() -> None:
    before = transcript(("A", "Muller said that"), ("B", "so muller went"))
    after = replaced(before, Query("muller", is_whole_word=True), "Müller")
    assert after.text == "Müller said that\nso Müller went"
    for old, new in zip(before.words(), after.words(), strict=True):
        assert (old.start_ms, old.end_ms) == (new.start_ms, new.end_ms)


def test_two_words_become_one_and_one_becomes_two() -> None:
    before = transcript((None, "in new york today"))
    one = replaced(before, Query("new york"), "Newyork")
    assert [(w.text, w.start_ms, w.end_ms) for w in one.words()] == [
        ("in", 0, 500),
        ("Newyork", 500, 1500),
        ("today", 1500, 2000),
    ]
    two = replaced(before, Query("york"), "York City")
    assert [w.text for w in two.words()] == ["in", "new", "York", "City", "today"]
    assert [w.start_ms for w in two.words()] == [0, 500, 1000, 1333, 1500]


def test_a_subtitle_begins_where_it_began_when_its_first_word_goes() -> None:
    layout = Layout(cue=(1_000, 2_000))
    talk = transcript(("A", "so we met um today"))
    words = list(talk.paragraphs[0].words)
    words[3] = replace(words[3], layout=layout)
    before = Transcript((replace(talk.paragraphs[0], words=tuple(words)),), talk.speakers)
    for query, text, begins in (
        (Query("um"), "", "today"),
        (Query("met um"), "", "today"),
        (Query("um"), "well then", "well"),
        (Query("um"), "oh", "oh"),
    ):
        after = replaced(before, query, text)
        assert [word.text for word in after.words() if word.layout == layout] == [begins]


def test_what_is_emptied_goes() -> None:
    before = transcript(("A", "um um"), ("B", "yes um"))
    assert replaced(before, Query("um"), "").text == "yes"
    assert replaced(before, Query(".+", is_pattern=True), "").paragraphs == ()


def test_a_line_break_makes_a_paragraph() -> None:
    before = transcript(("A", "one two three two four"))
    after = replaced(before, Query(r" two ", is_pattern=True), r"\n")
    assert after.text == "one\nthree\nfour"


def test_nothing_to_do_is_no_step() -> None:
    before = transcript(("A", "one two"))
    assert replace_hits(before, find_all(before, Query("one"), "one")) is None
    assert replace_hits(before, ()) is None


def test_thousands_of_hits_in_one_paragraph() -> None:
    before = Transcript((paragraph("a b " * 5_000),))
    assert replaced(before, Query("a b"), "c").text == " ".join(["c"] * 5_000)


@given(any_transcripts().map(in_order), st.data())
def test_it_reads_as_if_each_were_typed(before: Transcript, data: st.DataObject) -> None:
    hits: list[Hit] = []
    wanted: list[Paragraph] = []
    for number, old in enumerate(before.paragraphs):
        places = sorted(data.draw(st.lists(st.integers(0, len(old.text)), max_size=6)))
        found = [
            FoundText(start, end, data.draw(st.text("ab é\n", max_size=3)))
            for start, end in zip(places[::2], places[1::2], strict=False)
            if start < end
        ]
        hits += [Hit(number, one) for one in found]
        wanted += one_by_one(old, found) if found else (old,)
    change = replace_hits(before, hits)
    document = Document(before)
    if change is not None:
        document.apply(change)
    after = document.transcript
    shown = [one for one in wanted if one.words or one in before.paragraphs]
    assert [one.text for one in after.paragraphs] == [one.text for one in shown]
    for now, then in zip(after.paragraphs, shown, strict=True):
        assert now == then
