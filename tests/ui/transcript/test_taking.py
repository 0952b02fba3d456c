"""Words of the page that are cut, copied or dragged elsewhere, with real keys and drops."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.document import Document
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.core.typing_run import Typewriter
from app.ui.kit.appearance import Appearance
from app.ui.transcript.text import TranscriptText
from app.ui.transcript.word_places import units

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LINES = (
    ("a", "we shall pay any price"),
    ("b", "مرحبا يا صديقي 🎤 n\u0303andu\u0301"),
    ("a", "今日はいい天気 です नमस्ते"),
    ("b", "bear any burden"),
)


def talk() -> Transcript:
    made: list[Paragraph] = []
    for number, (who, line) in enumerate(LINES):
        at_ms = 10_000 * number
        words = tuple(
            Word(one, at_ms + 300 * place, at_ms + 300 * place + 250, 0.9)
            for place, one in enumerate(line.split())
        )
        made.append(Paragraph(words, SpeakerId(who), at_ms, words[-1].end_ms))
    return Transcript(
        tuple(made), (Speaker(SpeakerId("a")), Speaker(SpeakerId("b"))), duration_ms=60_000
    )


TALK = talk()


class Stage:
    def __init__(self, page: TranscriptText) -> None:
        self.page = page
        self.show(TALK)
        page.typed.connect(lambda typed: self.typewriter.type(typed, joins=False))
        page.typing_moved.connect(self._on_moved)
        page.set_writable(writable=True)

    def _on_moved(self) -> None:
        self.typewriter.end()  # of the transcript that is shown by then

    def show(self, one: Transcript) -> None:
        self.document = Document(one)
        self.typewriter = Typewriter(self.document)
        self.page.show_transcript(one)
        self.document.subscribe(
            lambda change: self.page.follow_change(change, self.document.transcript)
        )

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return self.document.transcript.paragraphs

    def texts(self) -> list[str]:
        return [one.text for one in self.paragraphs]

    def select(self, wanted: str, *, line: bool = False) -> None:
        text = self.page.toPlainText()
        at = text.index(wanted)
        begin, end = (len(one.encode("utf-16-le")) // 2 for one in (text[:at], wanted))
        cursor = self.page.textCursor()
        cursor.setPosition(begin)
        cursor.setPosition(begin + end + line, QTextCursor.MoveMode.KeepAnchor)
        self.page.setTextCursor(cursor)

    def put_caret(self, at: int) -> None:
        cursor = self.page.textCursor()
        cursor.setPosition(min(at, self.page.document().characterCount() - 1))
        self.page.setTextCursor(cursor)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page, key, CONTROL)

    def drop_at(self, at: int) -> None:
        """Drop what is selected somewhere else, as the pointer would."""
        selected = self.page.textCursor()
        data = self.page.createMimeDataFromSelection()
        self.put_caret(at)
        where = QPointF(self.page.cursorRect().center())
        self.page.setTextCursor(selected)
        event = QDropEvent(
            where,
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        self.page.dropEvent(event)


@pytest.fixture
def stage(appearance: Appearance, qtbot: QtBot) -> Stage:
    page = TranscriptText(appearance)
    qtbot.addWidget(page)
    page.resize(700, 700)
    page.show()
    return Stage(page)


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_paragraph_cut_and_pasted_elsewhere_keeps_its_sound_and_speaker(
    stage: Stage, line: int
) -> None:
    stage.select(LINES[line][1], line=line < 3)
    stage.key(Qt.Key.Key_X)
    stage.put_caret(0)
    if line == 3:  # it was the last one: there was no break behind it to be taken along
        QTest.keyClick(stage.page, Qt.Key.Key_Return)
        stage.put_caret(0)
    stage.key(Qt.Key.Key_V)
    assert stage.paragraphs[0] == TALK.paragraphs[line]
    assert stage.paragraphs[1].words == TALK.paragraphs[0].words
    assert stage.page.toPlainText() == "\n".join(stage.texts())
    while stage.document.can_undo:
        stage.document.undo()
    assert stage.document.transcript == TALK


def test_a_whole_line_pasted_at_the_end_leaves_no_empty_paragraph(stage: Stage) -> None:
    stage.select(LINES[0][1], line=True)
    stage.key(Qt.Key.Key_X)
    stage.key(Qt.Key.Key_End)
    QTest.keyClick(stage.page, Qt.Key.Key_Return)
    stage.key(Qt.Key.Key_V)
    assert stage.paragraphs == (*TALK.paragraphs[1:], TALK.paragraphs[0])


def test_what_is_selected_meanwhile_takes_nothing_from_what_was_cut(stage: Stage) -> None:
    stage.select(LINES[1][1], line=True)
    stage.key(Qt.Key.Key_X)
    for _ in range(3):  # as a pointer does where the middle button pastes
        stage.select("any")
        kept = stage.page.createMimeDataFromSelection()
        assert kept.text() == "any"
    stage.put_caret(0)
    stage.key(Qt.Key.Key_V)
    assert stage.paragraphs[0] == TALK.paragraphs[1]


def test_words_dropped_where_they_go_on_in_time_keep_their_sound(stage: Stage) -> None:
    stage.select("bear any")
    stage.drop_at(len(LINES[0][1]))
    assert stage.texts()[0] == "we shall pay any price bear any"
    assert stage.paragraphs[0].words[5:] == TALK.paragraphs[3].words[:2]


def test_in_another_transcript_they_are_new_words(stage: Stage) -> None:
    stage.select(LINES[3][1])
    stage.key(Qt.Key.Key_C)
    stage.show(Transcript((), duration_ms=5_000))
    stage.key(Qt.Key.Key_V)
    assert stage.texts() == ["bear any burden"]
    assert all(one.is_estimated for one in stage.paragraphs[0].words)
    assert stage.paragraphs[0].words[-1].end_ms <= 5_000


def test_text_of_others_is_never_taken_for_them(stage: Stage) -> None:
    stage.select(LINES[3][1])
    stage.key(Qt.Key.Key_C)
    data = QMimeData()
    data.setText(LINES[3][1])
    QGuiApplication.clipboard().setMimeData(data)
    stage.put_caret(0)
    stage.key(Qt.Key.Key_V)
    assert all(one.confidence is None for one in stage.paragraphs[0].words[:2])


def press_something(stage: Stage, chance: random.Random) -> None:
    shown = stage.page.toPlainText()
    match chance.randrange(7):
        case 0:
            QTest.keyClicks(stage.page, chance.choice(["a", "x y ", ". ", " "]))
        case 1:
            QTest.keyClick(stage.page, chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Backspace]))
        case 2:
            stage.key(chance.choice([Qt.Key.Key_X, Qt.Key.Key_C]))
        case 3:
            stage.key(Qt.Key.Key_V)
        case 4:
            stage.document.undo()
        case _:
            # Between characters, as Qt puts it; an emoji is two of its units.
            stage.put_caret(units(shown[: chance.randrange(len(shown) + 1)]))
            keys: Sequence[Qt.Key] = [Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down]
            for _ in range(chance.randint(1, 4)):
                QTest.keyClick(stage.page, chance.choice(keys), CONTROL | SHIFT)


@pytest.mark.parametrize("seed", range(16))
def test_whatever_is_carried_the_page_shows_it_and_no_word_has_the_sound_of_another(
    stage: Stage, seed: int
) -> None:
    chance = random.Random(seed)
    known = {(one.text, one.start_ms, one.end_ms) for one in TALK.words()}
    for _ in range(70):
        press_something(stage, chance)
        for one in stage.document.transcript.words():
            sound = one.text, one.start_ms, one.end_ms
            assert one.confidence is None or sound in known
    stage.page.finish_typing()
    assert stage.page.toPlainText() == ("\n".join(stage.texts()))
    while stage.document.can_undo:
        stage.document.undo()
    assert stage.document.transcript == TALK
    assert stage.page.toPlainText() == TALK.text
