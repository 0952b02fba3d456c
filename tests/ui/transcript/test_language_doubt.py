"""A language that may be the wrong one is asked about once, and nothing is done unasked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from app.core.document import Document
from app.core.options import AUTO, ModelId, TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.ui.transcript.language_doubt import LanguageDoubtController
from tests.support.builders import heard
from tests.support.page import OnStage


class Reading(QObject):
    opened = Signal(object)


@dataclass
class Stored:
    options: TranscriptionOptions


@dataclass
class Opened:
    transcript_id: TranscriptId
    stored: Stored
    document: Document


@dataclass
class Page:
    stage: OnStage = field(default_factory=OnStage)
    reading: Reading = field(default_factory=Reading)
    current: Any = None
    again: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.controller = LanguageDoubtController(
            stage=self.stage,  # type: ignore[arg-type]
            current=lambda: self.current,
            opened=self.reading.opened,
            again=self.again.append,
            parent=self.reading,
        )

    def open(self, talk: Transcript, options: TranscriptionOptions, name: str = "t") -> None:
        self.current = Opened(TranscriptId(name), Stored(options), Document(talk))
        self.reading.opened.emit(None)


UNSURE = replace(heard(*[0.5] * 30), model="on-device:base")
GERMAN = TranscriptionOptions(language="de")


@pytest.fixture
def page(qapp) -> Page:
    return Page()


def test_it_asks_once_and_offers_to_detect(page: Page) -> None:
    page.open(UNSURE, GERMAN)
    assert page.stage.said == ["Many words are uncertain. Is this German?"]
    assert not page.again
    page.stage.answers[-1]()
    assert page.again == [AUTO]
    page.open(UNSURE, GERMAN)
    assert len(page.stage.said) == 1
    page.open(UNSURE, GERMAN, "another")
    assert len(page.stage.said) == 2


def test_what_was_found_out_wrongly_is_for_a_person_to_say(page: Page) -> None:
    page.open(replace(UNSURE, language="cy"), TranscriptionOptions(language=AUTO))
    assert page.stage.said == ["Many words are uncertain. Is this Welsh?"]
    page.stage.answers[-1]()
    assert page.again == [""]


@pytest.mark.parametrize(
    ("talk", "options"),
    [
        (replace(heard(*[0.9] * 30), model="on-device:base"), GERMAN),
        (replace(UNSURE, language=""), TranscriptionOptions(language=AUTO)),
        (UNSURE, TranscriptionOptions(model=ModelId.PULSE, language="de")),
        (replace(UNSURE, model="pulse"), GERMAN),
    ],
)
def test_it_keeps_quiet(page: Page, talk: Transcript, options: TranscriptionOptions) -> None:
    page.open(talk, options)
    assert not page.stage.said


def test_an_answer_that_comes_too_late_is_for_no_other_transcript(page: Page) -> None:
    page.open(UNSURE, GERMAN)
    page.open(replace(heard(*[0.9] * 30), model="on-device:base"), GERMAN, "another")
    page.stage.answers[-1]()
    assert not page.again


def test_the_question_goes_with_its_transcript_and_comes_back_with_it(page: Page) -> None:
    page.open(UNSURE, GERMAN)
    page.open(replace(heard(*[0.9] * 30), model="on-device:base"), GERMAN, "another")
    assert not page.stage.notices[0].is_shown
    page.open(UNSURE, GERMAN)
    assert len(page.stage.said) == 2
    page.stage.answers[-1]()
    assert page.again == [AUTO]


def test_a_question_that_was_put_away_does_not_come_back(page: Page) -> None:
    page.open(UNSURE, GERMAN)
    page.stage.notices[0].dismiss()
    page.open(replace(heard(*[0.9] * 30), model="on-device:base"), GERMAN, "another")
    page.open(UNSURE, GERMAN)
    assert len(page.stage.said) == 1


def test_an_answer_counts_when_its_transcript_was_opened_again(page: Page) -> None:
    page.open(UNSURE, GERMAN)
    page.open(UNSURE, GERMAN)
    page.stage.answers[0]()
    assert page.again == [AUTO]
