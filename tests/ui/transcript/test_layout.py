"""Paragraphs on the page: each as high as a fresh layout makes it, its lines evenly apart."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QTextDocument, QTextOption
from pytestqt.qtbot import QtBot

from app.core import edits
from app.core.document import Change, Document, Splice
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.ui.kit.appearance import Appearance
from app.ui.transcript.layout import ParagraphLayout
from app.ui.transcript.text import TranscriptText

SPEAKERS = (Speaker(SpeakerId("a"), "Anna"), Speaker(SpeakerId("b")))


def paragraph(count: int, speaker: str | None = None, text: str = "word") -> Paragraph:
    """Make a paragraph of so many words; twelve or so fill a line of the page."""
    words = tuple(Word(text, place * 100, place * 100 + 90) for place in range(count))
    return Paragraph(words, None if speaker is None else SpeakerId(speaker), 0, count * 100)


PARAGRAPHS = st.builds(
    paragraph,
    st.sampled_from([1, 5, 15, 30, 90]),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from(["word", "日本", "كلمة", "🎤"]),
)
TALKS = st.lists(PARAGRAPHS, min_size=1, max_size=8).map(
    lambda paragraphs: Transcript(tuple(paragraphs), SPEAKERS)
)


@st.composite
def edits_of(draw: st.DrawFn, on: Transcript) -> Change | None:
    """Draw a split, a merge, a correction, another speaker, or several places at once."""
    speakers = on.speakers
    count = len(on.paragraphs)
    kind = draw(st.sampled_from(["split", "merge", "correct", "assign", "scatter"]))
    if kind == "scatter" or not count:
        bounds = sorted(draw(st.lists(st.integers(0, count), max_size=6)))
        splices = tuple(
            Splice(
                first,
                on.paragraphs[first:end],
                draw(st.lists(PARAGRAPHS, max_size=3).map(tuple)),
            )
            for first, end in zip(bounds[::2], bounds[1::2], strict=False)
        )
        return Change(splices, speakers, speakers)
    at = draw(st.integers(0, count - 1))
    one = on.paragraphs[at]
    place = draw(st.integers(0, len(one.words)))
    if kind == "split":
        halves = (replace(one, words=one.words[:place]), replace(one, words=one.words[place:]))
        return Change((Splice(at, (one,), halves),), speakers, speakers)
    if kind == "merge":
        both = on.paragraphs[at : at + 2]
        words = tuple(word for part in both for word in part.words)
        return Change((Splice(at, both, (replace(one, words=words),)),), speakers, speakers)
    if kind == "assign":
        return edits.assign_speaker(on, at, draw(st.sampled_from(speakers)).speaker_id)
    text = draw(st.sampled_from(["", "one", "very many words " * 9]))
    return edits.correct_words(on, at, place, len(one.words) - place, text)


def lines_of(text: TranscriptText) -> list[tuple[str, float, list[float]]]:
    """Give text, height and the places of the lines of each paragraph."""
    found: list[tuple[str, float, list[float]]] = []
    block = text.document().begin()
    while block.isValid():
        height = text.blockBoundingRect(block).height()
        layout = block.layout()
        tops = [layout.lineAt(number).y() for number in range(layout.lineCount())]
        assert block.lineCount() == len(tops)
        found.append((block.text(), height, tops))
        block = block.next()
    return found


@pytest.fixture
def pages(appearance: Appearance, qtbot: QtBot) -> tuple[TranscriptText, TranscriptText]:
    """Two pages of the same size: one that is edited, one that is laid out afresh."""
    both = TranscriptText(appearance), TranscriptText(appearance)
    for page in both:
        qtbot.addWidget(page)
        page.resize(700, 400)
        page.show()
    return both


@given(TALKS, st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_heights_are_those_of_a_fresh_layout_after_any_edits(pages, talk, data) -> None:
    page, fresh = pages
    document = Document(talk)
    page.show_transcript(talk)
    stop = document.subscribe(lambda change: page.follow_change(change, document.transcript))
    for _ in range(data.draw(st.integers(1, 8))):
        match data.draw(st.sampled_from(["edit", "edit", "edit", "undo", "redo", "look"])):
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case "look":
                page.grab()
            case _:
                change = data.draw(edits_of(document.transcript))
                if change is not None:
                    document.apply(change)
    fresh.show_transcript(document.transcript)
    assert lines_of(page) == lines_of(fresh)
    shown = "\n".join(one.text for one in document.transcript.paragraphs)
    assert page.toPlainText() == shown
    stop()


def test_a_split_in_the_middle_leaves_all_later_paragraphs_as_high_as_they_were(pages) -> None:
    page, _ = pages
    paragraphs = tuple(paragraph(count) for count in (40, 3, 80, 1, 25, 60, 2))
    document = Document(Transcript(paragraphs))
    page.show_transcript(document.transcript)
    document.subscribe(lambda change: page.follow_change(change, document.transcript))
    before = lines_of(page)
    one = paragraphs[0]
    halves = (replace(one, words=one.words[:20]), replace(one, words=one.words[20:]))
    document.apply(Change((Splice(0, (one,), halves),), (), ()))
    assert lines_of(page)[2:] == before[1:]
    document.undo()
    assert lines_of(page) == before


def test_a_word_without_end_is_broken_anywhere_and_others_stay_whole(qapp) -> None:
    document = QTextDocument()
    layout = ParagraphLayout(document, lambda _number: 0, lambda _number: [])
    document.setDocumentLayout(layout)
    document.setPlainText("x" * 100_000 + "\n" + "whole words " * 1_000)
    endless, usual = document.begin(), document.begin().next()
    heights = [layout.blockBoundingRect(one).height() for one in (endless, usual)]
    assert all(height > layout.line_step * 10 for height in heights)
    # Qt would look through all of the word once more for each of its lines.
    assert endless.layout().textOption().wrapMode() is QTextOption.WrapMode.WrapAnywhere
    starts = [usual.layout().lineAt(one).textStart() for one in range(usual.lineCount())]
    assert {usual.text()[one] for one in starts} == {"w"}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", range(9, 33, 2))
@pytest.mark.parametrize("above", [0, 17])
def test_lines_step_evenly_on_the_screen(qapp, ratio: float, size: int, above: int) -> None:
    font = QFont(qapp.font())
    font.setPixelSize(size)
    document = QTextDocument()
    document.setDefaultFont(font)
    layout = ParagraphLayout(document, lambda _number: above, lambda _number: [])
    layout.take_font(ratio)
    document.setDocumentLayout(layout)
    # A sign of another font must not move its line.
    document.setPlainText("words in Latin letters and a sign 日本 🎤 of another font " * 20)
    block = document.begin()
    layout.blockBoundingRect(block)
    lines = [block.layout().lineAt(number) for number in range(block.layout().lineCount())]
    assert len(lines) > 5
    baselines = [round((line.y() + line.ascent()) * ratio, 1) for line in lines]
    steps = {round(after - before, 1) for before, after in itertools.pairwise(baselines)}
    assert len(steps) == 1
    assert steps.pop().is_integer()
    assert all(baseline.is_integer() for baseline in baselines)
