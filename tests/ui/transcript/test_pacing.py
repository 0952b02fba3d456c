"""A large step comes to the page between events, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.document import Change, Document, Splice
from app.core.transcript import Transcript
from app.core.typing_run import Typewriter
from app.ui.kit.appearance import Appearance
from app.ui.transcript.view import TranscriptView
from tests.support.builders import paragraph

COUNT = 500


def talk(word: str) -> Transcript:
    said = " ".join([word] * 40)
    return Transcript(tuple(paragraph(said, start_ms=at * 20_000) for at in range(COUNT)))


def to_others(before: Transcript, after: Transcript) -> Change:
    pairs = zip(before.paragraphs, after.paragraphs, strict=True)
    splices = tuple(Splice(at, (old,), (new,)) for at, (old, new) in enumerate(pairs))
    return Change(splices, (), (), "Replace all")


def text_of(words: Transcript) -> str:
    return "\n".join(one.text for one in words.paragraphs)


OLD, NEW = talk("borrowed"), talk("taken")


class Desk:
    def __init__(self, appearance: Appearance, qtbot: QtBot) -> None:
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(760, 520)
        self.document = Document(OLD)
        typewriter = Typewriter(self.document)
        self.view.typed.connect(lambda typed: typewriter.type(typed, joins=True))
        self.view.show_document(self.document)
        self.view.show()
        qtbot.waitExposed(self.view)

    @property
    def text(self) -> str:
        return self.view.text.toPlainText()

    def begin(self) -> None:
        """Replace every word; the page has the first of them."""
        self.document.apply(to_others(OLD, NEW))
        assert self.text.startswith("taken")
        assert self.text.endswith("borrowed")


@pytest.fixture
def desk(appearance: Appearance, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(appearance, qtbot)
    yield made
    made.view.show_nothing()


def test_the_window_lives_while_a_large_step_comes_to_the_page(
    desk: Desk, qtbot: QtBot
) -> None:
    seen: set[int] = set()
    beat = QTimer(desk.view)
    beat.timeout.connect(lambda: seen.add(desk.text.count("taken")))
    beat.start(0)
    desk.begin()
    qtbot.waitUntil(lambda: desk.text == text_of(NEW))
    assert len(seen) > 3
    desk.document.undo()
    assert desk.text != text_of(OLD)
    qtbot.waitUntil(lambda: desk.text == text_of(OLD))
    assert desk.document.transcript == OLD


def test_a_key_writes_into_the_page_as_it_is_after_the_step(desk: Desk) -> None:
    desk.view.text.setFocus()
    desk.begin()
    QTest.keyClick(desk.view.text, Qt.Key.Key_X)
    desk.view.finish_typing()
    assert desk.text.count("x") == 1
    assert desk.text.replace("x", "") == text_of(NEW)
    assert text_of(desk.document.transcript) == desk.text
    desk.document.undo()
    desk.document.undo()
    desk.document.finish()
    assert desk.text == text_of(OLD)


def test_a_click_means_what_stands_there_after_the_step(desk: Desk) -> None:
    desk.begin()
    QTest.mouseClick(desk.view.text.viewport(), Qt.MouseButton.LeftButton)
    assert desk.text == text_of(NEW)


def test_what_is_taken_back_in_the_middle_is_all_taken_back(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    desk.document.undo()
    qtbot.waitUntil(lambda: desk.text == text_of(OLD))
    assert desk.document.transcript == OLD
    desk.document.redo()
    qtbot.waitUntil(lambda: desk.text == text_of(NEW))


def test_another_transcript_on_the_page_loses_nothing_of_the_one_before(desk: Desk) -> None:
    desk.begin()
    other = Document(OLD)
    desk.view.show_document(other)
    assert desk.document.transcript == NEW
    assert desk.text == text_of(OLD)
    desk.document.undo()  # nobody shows it any more
    assert desk.document.transcript == OLD
    assert other.transcript == OLD


def test_what_was_typed_is_there_at_once_however_much_it_is(desk: Desk) -> None:
    desk.view.text.setFocus()
    desk.view.text.selectAll()
    QTest.keyClick(desk.view.text, Qt.Key.Key_Delete)
    desk.view.finish_typing()
    assert desk.text == ""
    assert not any(one.words for one in desk.document.transcript.paragraphs)
    desk.document.undo()
    desk.document.finish()
    assert desk.text == text_of(OLD)
