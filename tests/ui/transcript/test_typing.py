"""Typing in the page with real keys: what stands there is what the document says."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.document import Document
from app.core.edits import mark_paragraph
from app.core.retyping import Typed, retype
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.core.typing_run import Typewriter
from app.ui.kit.appearance import Appearance
from app.ui.transcript.text import TranscriptText

NO_MODIFIER = Qt.KeyboardModifier(0)
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Stage:
    page: TranscriptText
    document: Document

    def put_caret(self, paragraph: int, offset: int, to: int | None = None) -> None:
        block = self.page.document().findBlockByNumber(paragraph)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + offset)
        if to is not None:
            cursor.setPosition(block.position() + to, QTextCursor.MoveMode.KeepAnchor)
        self.page.setTextCursor(cursor)

    def keys(self, text: str) -> None:
        QTest.keyClicks(self.page, text)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.keyClick(self.page, key, modifier)

    def compose(self, shown: str, committed: str = "") -> None:
        event = QInputMethodEvent(shown, [])
        event.setCommitString(committed)
        QApplication.sendEvent(self.page, event)

    def texts(self) -> list[str]:
        return [one.text for one in self.document.transcript.paragraphs]

    def words(self) -> list[Word]:
        return list(self.document.transcript.words())

    def is_shown(self) -> bool:
        """Whether the page shows the document, but for spaces at the caret."""
        shown = self.page.toPlainText().split("\n")
        caret = self.page.textCursor()
        if caret.hasSelection():
            return shown == (self.texts() or [""])
        at = caret.blockNumber()
        line = shown[at]
        offset = caret.position() - caret.block().position()
        before, after = line[:offset].rstrip(" "), line[offset:].lstrip(" ")
        rest = [one for place, one in enumerate(shown) if place != at]
        said = self.texts() or [""]
        return rest == [one for place, one in enumerate(said) if place != at] and said[at] in {
            line,
            before + after,
            f"{before} {after}",
        }


def words_of(text: str, start_ms: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(one, start_ms + 500 * place, start_ms + 500 * place + 400)
        for place, one in enumerate(text.split())
    )


TALK = Transcript(
    (
        Paragraph(words_of("foo bar baz"), SpeakerId("a"), 0, 1_500),
        Paragraph(words_of("second one", 2_000), SpeakerId("b"), 2_000, 3_000),
        Paragraph(words_of("last", 4_000), SpeakerId("a"), 4_000, 4_400),
    ),
    (Speaker(SpeakerId("a")), Speaker(SpeakerId("b"))),
)


@pytest.fixture
def stage(appearance: Appearance, qtbot: QtBot) -> Stage:
    page = TranscriptText(appearance)
    qtbot.addWidget(page)
    page.resize(700, 400)
    page.show()
    document = Document(TALK)
    typewriter = Typewriter(document)
    page.show_transcript(TALK)
    document.subscribe(lambda change: page.follow_change(change, document.transcript))
    page.typed.connect(lambda typed: typewriter.type(typed, joins=True))
    page.typing_moved.connect(typewriter.end)
    page.set_writable(writable=True)
    return Stage(page, document)


def test_a_word_is_typed_and_each_other_one_keeps_its_time(stage: Stage) -> None:
    stage.put_caret(0, 4)
    stage.keys("new word ")
    assert stage.texts()[0] == "foo new word bar baz"
    assert stage.page.toPlainText().split("\n")[0] == "foo new word bar baz"
    assert [stage.words()[0], *stage.words()[3:]] == list(TALK.words())
    assert stage.document.history == ("Typing",)
    stage.document.undo()
    assert stage.document.transcript == TALK
    assert stage.page.toPlainText() == "foo bar baz\nsecond one\nlast"


def test_a_word_typed_over_one_that_begins_alike_is_one_step_with_its_first_letter(
    stage: Stage,
) -> None:
    apart: list[bool] = []
    stage.page.typed.connect(lambda typed: apart.append(typed.is_apart))
    stage.put_caret(0, 4, 7)
    stage.keys("bus")
    assert stage.texts()[0] == "foo bus baz"
    assert apart == [False] * 3
    stage.put_caret(0, 4, 7)
    stage.key(Qt.Key.Key_Delete)
    assert apart[3:] == [True]


def test_a_space_waits_at_the_caret_and_goes_with_it(stage: Stage) -> None:
    stage.put_caret(0, 3)
    stage.keys(" ")
    assert stage.page.toPlainText().startswith("foo  bar")
    assert stage.document.transcript == TALK
    stage.keys("x")
    assert stage.texts()[0] == "foo x bar baz"
    stage.keys("  ")
    stage.key(Qt.Key.Key_Down)
    assert stage.page.toPlainText().startswith("foo x bar baz\n")


def test_words_are_found_where_they_stand_while_a_space_waits(stage: Stage) -> None:
    before = stage.page.word_rects(1)[0]
    stage.put_caret(0, 3)
    stage.keys("  ")
    after = stage.page.word_rects(1)[0]
    assert after.left() > before.left() + 4
    assert stage.page.word_at_point(after.center().toPoint()) == 1
    assert stage.page.word_rects(0)[0] == stage.page.word_rects(0)[0]


def test_return_splits_and_the_keys_at_the_ends_merge(stage: Stage) -> None:
    stage.put_caret(0, 4)
    stage.key(Qt.Key.Key_Return)
    assert stage.texts()[:2] == ["foo", "bar baz"]
    assert stage.page.toPlainText().startswith("foo\nbar baz\n")
    stage.key(Qt.Key.Key_Backspace)
    assert stage.texts()[0] == "foo bar baz"
    assert stage.words() == list(TALK.words())
    stage.put_caret(0, 11)
    stage.key(Qt.Key.Key_Delete)
    assert stage.texts() == ["foo bar baz second one", "last"]
    assert stage.page.toPlainText() == "foo bar baz second one\nlast"
    assert stage.words() == list(TALK.words())
    stage.key(Qt.Key.Key_Return, SHIFT)
    assert len(stage.texts()) == 3
    while stage.document.can_undo:
        stage.document.undo()
    assert stage.document.transcript == TALK
    assert stage.is_shown()


def test_a_space_that_waits_parts_what_is_merged(stage: Stage) -> None:
    stage.put_caret(1, 0, 6)
    stage.key(Qt.Key.Key_Backspace)
    assert stage.page.toPlainText().split("\n")[1] == " one"
    stage.key(Qt.Key.Key_Backspace)
    assert stage.texts()[0] == "foo bar baz one"
    stage.key(Qt.Key.Key_Backspace)
    assert stage.texts()[0] == "foo bar ba one"
    assert stage.page.toPlainText().startswith("foo bar ba one\n")
    assert [*stage.words()[:2], stage.words()[3]] == [*TALK.words()][:2] + [*TALK.words()][4:5]


def test_a_word_is_typed_before_the_next_paragraph_is_drawn_up(stage: Stage) -> None:
    stage.put_caret(0, 11)
    stage.keys(" and ")
    stage.key(Qt.Key.Key_Delete)
    assert stage.texts()[0] == "foo bar baz and second one"
    stage.keys("the ")
    assert stage.texts()[0] == "foo bar baz and the second one"
    assert stage.page.toPlainText().startswith("foo bar baz and the second one\n")
    assert stage.words()[5:] == [*TALK.words()][3:]


def test_an_empty_paragraph_can_be_begun_and_filled(stage: Stage) -> None:
    stage.put_caret(0, 11)
    stage.key(Qt.Key.Key_Return)
    assert stage.texts()[:2] == ["foo bar baz", ""]
    stage.keys("here")
    assert stage.texts()[:2] == ["foo bar baz", "here"]
    assert stage.is_shown()


def test_what_an_input_method_shows_is_no_word_until_it_is_committed(stage: Stage) -> None:
    stage.put_caret(0, 3)
    stage.compose("ni")
    stage.compose("nih")
    assert stage.document.transcript == TALK
    stage.compose("", "日本")
    assert stage.texts()[0] == "foo日本 bar baz"
    assert stage.document.history == ("Typing",)
    assert stage.words()[2:] == list(TALK.words())[1:]
    assert stage.is_shown()


def test_a_letter_pressed_with_alt_writes_nothing_over_what_is_selected(stage: Stage) -> None:
    stage.put_caret(0, 0, 7)
    alt = Qt.KeyboardModifier.AltModifier
    for key in (Qt.Key.Key_1, Qt.Key.Key_H):
        stage.key(key, alt)
    stage.key(Qt.Key.Key_H, alt | SHIFT)
    assert stage.document.transcript == TALK
    stage.keys("x")
    assert stage.texts()[0] == "x baz"


def test_a_space_that_breaks_no_line_stays_one(stage: Stage) -> None:
    stage.put_caret(0, 3)
    stage.compose("", "\u00a0")
    assert stage.texts()[0] == "foo bar baz"  # it waits for what it holds together
    assert stage.page.document().firstBlock().text() == "foo\u00a0 bar baz"
    stage.keys("!")
    assert stage.texts()[0] == stage.page.document().firstBlock().text() == "foo\u00a0! bar baz"
    assert stage.words()[1:] == list(TALK.words())[1:]
    assert stage.words()[0].start_ms == 0
    stage.key(Qt.Key.Key_Home)
    assert stage.page.document().firstBlock().text() == "foo\u00a0! bar baz"
    while stage.document.can_undo:
        stage.document.undo()
    assert stage.document.transcript == TALK


def test_pasted_text_becomes_words_and_paragraphs(stage: Stage) -> None:
    data = QMimeData()
    data.setHtml("<b>ignored</b>")
    data.setText("one  two\r\nthree\t4\x07\n")
    QGuiApplication.clipboard().setMimeData(data)
    stage.put_caret(1, 7)
    stage.key(Qt.Key.Key_V, CONTROL)
    assert stage.texts() == ["foo bar baz", "second one two", "three 4", "one", "last"]
    assert stage.is_shown()
    stage.document.undo()
    assert stage.document.transcript == TALK


def test_everything_can_be_selected_and_written_over(stage: Stage) -> None:
    stage.page.selectAll()
    stage.key(Qt.Key.Key_X)
    assert stage.texts() == ["x"]
    stage.key(Qt.Key.Key_Backspace)
    assert stage.texts() == [""]
    stage.document.undo()
    assert stage.document.transcript == TALK
    assert stage.is_shown()


def test_what_nobody_takes_up_does_not_stay_on_the_page(
    appearance: Appearance, qtbot: QtBot
) -> None:
    page = TranscriptText(appearance)
    qtbot.addWidget(page)
    page.show_transcript(TALK)
    page.set_writable(writable=True)
    QTest.keyClicks(page, "ab")
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert page.toPlainText() == "foo bar baz\nsecond one\nlast"


def test_a_page_that_is_read_cannot_be_typed_into(stage: Stage) -> None:
    stage.page.set_writable(writable=False)
    stage.keys("abc")
    stage.key(Qt.Key.Key_Backspace)
    assert stage.document.transcript == TALK
    assert stage.is_shown()


def test_what_is_taken_back_out_of_sight_is_brought_before_the_reader(stage: Stage) -> None:
    long = replace(TALK, paragraphs=TALK.paragraphs * 40)
    document = Document(long)
    stage.page.show_transcript(long)
    document.subscribe(lambda change: stage.page.follow_change(change, document.transcript))
    typed = retype(long, Typed(60, 4, 60, 7, "barrel"))
    assert typed is not None
    document.apply(typed)
    for change, offset in ((document.undo(), 7), (document.redo(), 10)):
        stage.put_caret(0, 0)
        stage.page.verticalScrollBar().setValue(0)
        assert change is not None
        stage.page.show_step(change)
        caret = stage.page.textCursor()
        assert (caret.blockNumber(), caret.positionInBlock()) == (60, offset)
        room = stage.page.viewport().height()
        assert room * 0.1 < stage.page.cursorRect().top() < room * 0.75
    marked = mark_paragraph(document.transcript, 3, is_approved=True)
    assert marked is not None
    stage.page.show_step(marked)  # its words are seen, and the caret has no place there
    assert stage.page.textCursor().blockNumber() == 60
    assert stage.page.is_in_view(stage.page.places.words_of(3).start)


def press_something(stage: Stage, rnd: random.Random) -> None:  # noqa: C901, PLR0912 - one of each
    """Do one of the things that people do with a keyboard."""
    match rnd.randrange(14):
        case 0 | 1 | 2:
            stage.keys(rnd.choice(["a", "word", "x y", " ", ", ", ". "]))
        case 3:
            for _ in range(rnd.randint(1, 4)):
                stage.key(Qt.Key.Key_Backspace)
        case 4:
            stage.key(Qt.Key.Key_Delete)
        case 5:
            stage.key(Qt.Key.Key_Return)
        case 6:
            stage.key(rnd.choice([Qt.Key.Key_Backspace, Qt.Key.Key_Delete]), CONTROL)
        case 7:
            stage.compose("ka")
            stage.compose("", rnd.choice(["日本", "é", "🎤", ""]))
        case 8:
            QGuiApplication.clipboard().setText(
                rnd.choice(["one two", "日本語", "a\nb c", " "])
            )
            stage.key(Qt.Key.Key_V, CONTROL)
        case 9:
            stage.document.undo()
        case 10:
            stage.document.redo()
        case 11:
            stage.key(
                rnd.choice([Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_End]),
                rnd.choice([NO_MODIFIER, SHIFT, CONTROL, CONTROL | SHIFT]),
            )
        case 12:
            stage.key(Qt.Key.Key_X, CONTROL)
        case _:
            at = rnd.randrange(stage.page.document().blockCount())
            size = stage.page.document().findBlockByNumber(at).length()
            stage.put_caret(at, rnd.randrange(size))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_pressed_the_page_shows_what_the_document_says(
    stage: Stage, seed: int
) -> None:
    rnd = random.Random(seed)
    for _ in range(60):
        press_something(stage, rnd)
        assert stage.is_shown(), (stage.page.toPlainText(), stage.texts())
        for paragraph in stage.document.transcript.paragraphs:
            times = [word.start_ms for word in paragraph.words]
            assert times == sorted(times)
    stage.page.set_writable(writable=False)
    assert stage.page.toPlainText() == "\n".join(stage.texts())
    while stage.document.can_undo:
        stage.document.undo()
    assert stage.document.transcript == TALK
    assert stage.page.toPlainText() == "foo bar baz\nsecond one\nlast"
