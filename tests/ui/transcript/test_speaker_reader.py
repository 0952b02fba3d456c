"""Those who hear the page are told what is painted beside it, and what a step did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from app.core import edits, structure
from app.core.document import Document
from app.core.retyping import LABEL as TYPING
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.transcript.speaker_reader import SpeakerReader, about_paragraph
from app.ui.transcript.step_teller import StepTeller
from app.ui.transcript.view import TranscriptView

ANNA, BO = SpeakerId("a"), SpeakerId("b")


def paragraph(text: str, who: SpeakerId, start_ms: int, **marks: object) -> Paragraph:
    words = tuple(
        Word(one, start_ms + 100 * place, start_ms + 100 * place + 90, confidence=0.9)
        for place, one in enumerate(text.split())
    )
    return Paragraph(words, who, start_ms, start_ms + 900, **marks)  # type: ignore[arg-type]


TALK = Transcript(
    (
        paragraph("one two three", ANNA, 1_000),
        paragraph("four five six", ANNA, 63_000, is_highlighted=True, note="Ask her"),
        paragraph("seven", BO, 3_723_000, is_approved=True),
    ),
    (Speaker(ANNA, "Anna"), Speaker(BO, "Bo")),
)


@pytest.mark.parametrize(
    ("number", "heard", "below", "said"),
    [
        (0, (), None, "Anna, 1 second, Not heard yet"),
        (0, ((0, 5_000),), 0.95, "Anna, 1 second, 3 uncertain words, Heard, not approved yet"),
        (
            1,
            (),
            0.5,
            "Anna, 1 minute 3 seconds, Not heard yet, Highlighted, Note: Ask her",
        ),
        (2, (), None, "Anna, 1 hour 2 minutes 3 seconds, Approved"),
    ],
)
def test_a_paragraph_is_told_with_all_that_is_seen_of_it(
    number: int, heard: tuple[tuple[int, int], ...], below: float | None, said: str
) -> None:
    assert about_paragraph(TALK.paragraphs[number], "Anna", heard, below) == said


class Page:
    def __init__(self, appearance: Appearance, qtbot: QtBot) -> None:
        self.view = TranscriptView(appearance)
        self.view.resize(800, 600)
        qtbot.addWidget(self.view)
        self.document = Document(TALK)
        self.view.show_document(self.document)
        self.view.show()
        qtbot.waitActive(self.view)
        self.view.text.setFocus()
        self.actions = Actions(appearance)
        self.said: list[str] = []
        self.opened = SimpleNamespace(
            document=self.document,
            place=SimpleNamespace(listened=(), doubt_below=None),
        )
        self.opened.latest = self.opened
        self.reader = SpeakerReader(
            actions=self.actions,
            text=self.view.text,
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            doubt_below=lambda: None,
            is_on=False,
            say=lambda _widget, text: self.said.append(text),
        )
        self.stage = SimpleNamespace(
            say=lambda text, *, button, answer: self.shown.append((text, button, answer))
        )
        self.shown: list[tuple[str, str, Callable[[], None]]] = []
        self.teller = StepTeller(
            stage=self.stage,  # type: ignore[arg-type]
            page=self.view.text,
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            say=lambda _widget, text: self.said.append(text),
        )
        self.teller.follow()

    def go_to(self, paragraph: int) -> None:
        cursor = self.view.text.textCursor()
        block = self.view.text.document().findBlockByNumber(paragraph)
        cursor.setPosition(block.position())
        self.view.text.setTextCursor(cursor)


@pytest.fixture
def page(appearance: Appearance, qtbot: QtBot) -> Page:
    return Page(appearance, qtbot)


def test_without_the_mode_only_another_speaker_is_said(page: Page) -> None:
    page.go_to(1)
    assert page.said == []
    page.go_to(2)
    assert page.said == ["Bo"]


def test_with_it_each_paragraph_is_told_once(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.reader.switched) as switched:
        page.actions[ActionId.READ_SPEAKERS].trigger()
    assert switched.args == [True]
    assert page.said == ["Read aloud with speakers: on", "Anna, 1 second, Not heard yet"]
    page.go_to(1)
    cursor = page.view.text.textCursor()
    cursor.movePosition(cursor.MoveOperation.Right)
    page.view.text.setTextCursor(cursor)
    assert page.said[2:] == [
        "Anna, 1 minute 3 seconds, Not heard yet, Highlighted, Note: Ask her"
    ]


def test_steps_are_told_when_done_undone_and_done_again(page: Page) -> None:
    change = edits.assign_speaker(TALK, 0, BO)
    assert change is not None
    page.document.apply(change)
    page.document.undo()
    page.document.redo()
    first, second, third = page.said
    assert first
    assert second == f"Undone: {first}"
    assert third == f"Redone: {first}"


def test_a_step_that_reaches_far_is_shown_when_undone_and_brought_back_by_its_button(
    page: Page,
) -> None:
    merged = structure.merge_speakers(TALK, BO, ANNA)
    assert merged is not None
    page.document.apply(merged)
    assert page.shown == []
    page.document.undo()
    (undone,) = page.shown
    assert undone[:2] == ("Undone: Merge speakers", "Redo")
    assert page.said == ["Merge speakers"]  # the notice is heard by itself
    undone[2]()
    assert len(page.document.transcript.speakers) == 1
    assert page.shown[1][:2] == ("Redone: Merge speakers", "Undo")
    page.shown[1][2]()
    assert page.document.transcript == TALK


def test_what_a_step_did_is_told_in_words_and_not_in_signs(page: Page) -> None:
    renamed = edits.rename_speaker(TALK, BO, "Bob")
    assert renamed is not None
    page.document.apply(renamed)
    page.document.undo()
    assert page.said == [
        "Rename speaker: Bo becomes Bob",
        "Undone: Rename speaker: Bo becomes Bob",
    ]


def test_a_paragraph_that_is_begun_is_told_and_other_typing_is_not(page: Page) -> None:
    merged = structure.merge_with_previous(TALK, 1)
    corrected = edits.correct_words(TALK, 0, 0, 1, "won")
    assert merged is not None
    assert corrected is not None
    page.document.apply(replace(corrected, label=TYPING))
    page.document.undo()
    page.said.clear()
    page.document.apply(merged)
    page.document.apply(replace(merged.inverted(), label=TYPING))
    assert page.said == ["Merge paragraphs", "New paragraph"]
