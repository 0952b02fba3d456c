"""Anything a person may do to a transcript, in any order, by the rules of ``core`` alone.

``WORDLIGHT_EDITING_RUNS`` makes it more sequences. What is typed is counted in the text of the
words; the page itself is tried in ``tests/ui/transcript/test_typing_machine.py``.
"""

from __future__ import annotations

import os
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.core import doubt, edits, markers, retiming, striking, structure, turns
from app.core.document import Change, Document
from app.core.fillers import find_fillers, places_of
from app.core.finding import Query
from app.core.paragraphs import ParagraphRules
from app.core.replacing import find_all, replace_hits
from app.core.retiming import Edge
from app.core.retyping import Typed, text_of, typeable
from app.core.structure import add_speaker
from app.core.transcript import (
    Marker,
    MarkerId,
    MarkerKind,
    Paragraph,
    Speaker,
    SpeakerId,
    Transcript,
    Word,
)
from app.core.typing_run import Typewriter
from app.export.formats import FORMATS
from app.export.source import ExportDocument
from app.store.transcript_blob import pack, unpack

RUNS = int(os.environ.get("WORDLIGHT_EDITING_RUNS", "12"))
STEPS = 150
LINES = (
    *("we shall um pay any price", "bear any burden, you know, meet any hardship"),
    *(
        "support any friend",
        "مرحبا يا صديقي",
        "今日はいい天気 です",
        "नमस्ते दोस्तों 🎤 n\u0303andu\u0301",
    ),
)
PIECES = (
    *(
        "a",
        "word",
        " ",
        ". ",
        "x y",
        "don't ",
        "\n",
        "日本語テキストです",
        "שלום ",
        "👩‍👩‍👧",
        "\u0301",
    ),
    *(
        "one\ntwo",
        "\n\nlate\n\nlines\n",
        "\t",
        "\u00a0",
        "x" * 200,
        "half\ud800",
        "a\u2028b",
        "",
    ),
)
Step = Callable[["Editing"], Change | None]


def talk() -> Transcript:
    made: list[Paragraph] = []
    for number, line in enumerate(LINES):
        at_ms = 10_000 * number
        words = tuple(
            Word(one, at_ms + 300 * place, at_ms + 300 * place + 250, 0.9)
            for place, one in enumerate(line.split())
        )
        who = SpeakerId("abc"[number % 3])
        made.append(Paragraph(words, who, at_ms, at_ms + 9_000, note=f"n{number}"))
    people = tuple(Speaker(SpeakerId(one), one.upper()) for one in "abc")
    return Transcript(tuple(made), people, language="en", duration_ms=60_000)


class Editing:
    """One person at work, seeded."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.document = Document(talk())
        self.typewriter = Typewriter(self.document)
        self.clipboard: tuple[str, tuple[Paragraph, ...]] = ("", ())

    @property
    def now(self) -> Transcript:
        return self.document.transcript

    def range_of_words(self) -> range:
        start = self.chance.randint(0, max(0, self.now.word_count - 1))
        return range(start, min(self.now.word_count, start + self.chance.randint(1, 9)))

    def paragraph(self) -> int:
        return self.chance.randrange(len(self.now.paragraphs))

    def who(self) -> SpeakerId:
        return self.chance.choice(self.now.speakers).speaker_id

    def selected(self) -> tuple[Typed, str, tuple[Paragraph, ...]]:
        """Select a part of the text: gives it as nothing typed over it, and what it is."""
        text = text_of(self.now.paragraphs)
        begin = self.chance.randint(0, len(text))
        end = begin
        if self.chance.random() < 0.5:
            end = min(len(text), begin + self.chance.randint(0, 90))
        if self.chance.random() < 0.3:  # a whole paragraph, as three clicks take it
            begin = text.rfind("\n", 0, begin) + 1
            end = text.find("\n", begin) + 1 or len(text)
        places = [
            (text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)) for at in (begin, end)
        ]
        return Typed(*places[0], *places[1], ""), text[begin:end], self._words_in(begin, end)

    def _words_in(self, begin: int, end: int) -> tuple[Paragraph, ...]:
        taken: list[Paragraph] = []
        at = 0
        for one in self.now.paragraphs:
            words: list[Word] = []
            for place, word in enumerate(one.words):
                at += bool(place and not word.is_joined)
                if begin <= at and at + len(word.text) <= end:
                    words.append(word)
                at += len(word.text)
            at += 1
            if words:
                note = one.note if len(words) == len(one.words) else ""
                taken.append(replace(one, words=tuple(words), note=note))
        return tuple(taken)

    def type(self, typed: Typed) -> None:
        self.typewriter.end()
        before = self.now
        self.typewriter.type(typed, joins=self.chance.random() < 0.5)
        untouched = [*before.paragraphs[: typed.first], *before.paragraphs[typed.last + 1 :]]
        after = self.now.paragraphs
        behind = len(before.paragraphs) - typed.last - 1
        kept = [*after[: typed.first], *(after[-behind:] if behind > 0 else ())]
        assert untouched == kept

    def act(self) -> None:
        kind = self.chance.randrange(10)
        if kind < 3 or not self.now.paragraphs:
            typed, _, _ = self.selected()
            self.type(replace(typed, text=self.chance.choice(PIECES)))
        elif kind == 3:
            typed, text, words = self.selected()
            self.clipboard = text, words
            if self.chance.random() < 0.7:
                self.type(typed)
        elif kind == 4:
            typed, _, _ = self.selected()
            text, words = self.clipboard
            self.type(replace(typed, text=typeable(text), carried=words))
        elif kind == 5:
            self.document.undo()
        elif kind == 6:
            self.document.redo()
        else:
            done = self.chance.choice(DONE)
            change = done(self) if self.now.speakers else add_speaker(self.now, "New")[1]
            if change is not None:
                self.document.apply(change)


DONE: tuple[Step, ...] = (
    lambda one: structure.merge_with_next(one.now, one.paragraph()),
    lambda one: structure.merge_with_previous(one.now, one.paragraph()),
    lambda one: structure.cut_anew(
        one.now, ParagraphRules(None, 3, 6), range(one.paragraph(), len(one.now.paragraphs))
    ),
    lambda one: structure.merge_speakers(one.now, one.who(), one.who()),
    lambda one: structure.remove_speaker(one.now, one.who()),
    lambda one: turns.give_words(one.now, one.range_of_words(), one.who()),
    lambda one: turns.give_words(one.now, one.range_of_words(), None, "New"),
    lambda one: turns.move_turn(one.now, one.paragraph(), one.range_of_words().start),
    lambda one: edits.rename_speaker(one.now, one.who(), "Zoë"),
    lambda one: edits.assign_speaker(one.now, one.paragraph(), one.who()),
    lambda one: edits.mark_paragraph(one.now, one.paragraph(), is_approved=True, note="look"),
    lambda one: doubt.accept_words(one.now, one.paragraph(), range(3)),
    lambda one: markers.put_marker(
        one.now,
        one.range_of_words(),
        Marker(MarkerId(str(one.chance.random())), MarkerKind.NOTE, "note"),
    ),
    lambda one: striking.strike(one.now, places_of(find_fillers(one.now))),
    lambda one: striking.delete(one.now, places_of(find_fillers(one.now))),
    lambda one: striking.strike(one.now, {one.paragraph(): (0, 2)}),
    lambda one: replace_hits(one.now, list(find_all(one.now, Query("any"), r"\1 (.*) $"))),
    lambda one: replace_hits(one.now, list(find_all(one.now, Query("a"), ""))),
    lambda one: retiming.shift(one.now, one.range_of_words(), one.chance.randint(-400, 400)),
    lambda one: (
        retiming.nudge(one.now, one.range_of_words().start, Edge.END, 50)
        if one.now.word_count
        else None
    ),
)


def check(one: Transcript, known: set[tuple[str, int, int]] | None) -> None:
    """What holds at any time."""
    assert unpack(pack(one)) == one
    people = {each.speaker_id for each in one.speakers}
    noted: dict[MarkerId, list[int]] = {}
    for place, word in enumerate(one.words()):
        assert word.text
        assert {"Cc", "Cs"}.isdisjoint(map(unicodedata.category, word.text))
        assert not any(map(str.isspace, (word.text[0], word.text[-1])))
        assert word.end_ms >= word.start_ms
        for marker in word.markers:
            noted.setdefault(marker.marker_id, []).append(place)
        if known is not None and word.confidence is not None:
            assert (word.text, word.start_ms, word.end_ms) in known  # its own sound, or none
    for paragraph in one.paragraphs:
        assert paragraph.end_ms >= paragraph.start_ms
        assert paragraph.speaker_id is None or paragraph.speaker_id in people
        assert not paragraph.words or not paragraph.words[0].is_joined


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("seed", range(RUNS))
def test_whatever_is_done_to_a_transcript(seed: int) -> None:
    one = Editing(seed)
    start = one.now
    for number in range(STEPS):
        one.act()
        check(one.now, None)
        if number % 50 == 49:
            document = ExportDocument(one.now, "Talk", "talk.flac", "2026-03-04T10:20", "")
            for each in FORMATS.values():
                assert each.write(document) is not None
    end = one.now
    steps = len(one.document.steps)
    while one.document.can_undo:
        one.document.undo()
        check(one.now, None)
    assert pack(one.now) == pack(start)
    while len(one.document.steps) < steps:
        one.document.redo()
    assert pack(one.now) == pack(end)


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("seed", range(RUNS))
def test_however_words_are_typed_and_carried_they_have_their_own_sound_or_an_estimated_one(
    seed: int,
) -> None:
    one = Editing(seed)
    known = {(word.text, word.start_ms, word.end_ms) for word in one.now.words()}
    for _ in range(STEPS):
        typed, text, words = one.selected()
        match one.chance.randrange(4):
            case 0:
                one.type(replace(typed, text=one.chance.choice(PIECES)))
            case 1:
                one.clipboard = text, words
                one.type(typed)
            case 2:
                text, words = one.clipboard
                one.type(replace(typed, text=typeable(text), carried=words))
            case _:
                one.document.undo()
        check(one.now, known)
