"""Anything a person may do to the page, in any order, through the real text widget.

``WORDLIGHT_TYPING_RUNS`` makes it thousands of sequences.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core import edits, structure
from app.core.document import Change, Document
from app.core.finding import Query
from app.core.paragraphs import ParagraphRules
from app.core.replacing import find_all, replace_hits
from app.core.retyping import Typed
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.core.typing_run import Typewriter
from app.store.transcript_blob import pack
from app.ui.kit.appearance import Appearance
from app.ui.transcript.text import TranscriptText
from tests.ui.transcript.test_layout import lines_of

RUNS = int(os.environ.get("WORDLIGHT_TYPING_RUNS", "25"))
NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MOVES = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp),
)
PIECES = ("a", "word", "x y", " ", ", ", "don't ", "É", "e\u0301", "日本", "שלום", "🎤", "-")
SPEAKERS = tuple(Speaker(SpeakerId(one), one.upper()) for one in "abc")
PASTED = (
    *("one two", "a\nb c", "\r\n", "\x00\x07bell\x1b", "\t", "日本語テキスト", "x" * 200),
    *("half\ud800 a sign", "line\u2028break\u2029more", "  spaced  out  ", "👩‍👩‍👧 é"),
)
LINES = (
    *("foo bar baz", "second one with a longer line of words that has to wrap for once"),
    *("last", "שלום עולם again", "今日 は いい 天気", "n\u0303andu\u0301 🎤 loud"),
)


def talk() -> Transcript:
    """Give words of their own in several scripts, one speaker after the other."""
    made: list[Paragraph] = []
    for number, line in enumerate(LINES):
        at_ms = 10_000 * number
        words = tuple(
            Word(one, at_ms + 300 * place, at_ms + 300 * place + 250, 0.9)
            for place, one in enumerate(line.split())
        )
        made.append(Paragraph(words, SPEAKERS[number % 2].speaker_id, at_ms, at_ms + 9_000))
    return Transcript(tuple(made), SPEAKERS[:2], duration_ms=60_000)


_SPACES = 8
"""More are never typed one after the other here."""
TALK = talk()
PAGES: list[TranscriptText] = []


class Writing(RuleBasedStateMachine):
    """The page, the document, and all that can be done to them."""

    @initialize()
    def begin(self) -> None:
        self.page, self.fresh = PAGES
        self.document = Document(TALK)
        self.typewriter = Typewriter(self.document)
        self.page.show_transcript(TALK)
        self.page.set_writable(writable=True)
        self.touched: list[object] = []  # what a slot of Qt raises would not be heard here
        self.ends = [self.document.subscribe(self._follow)]
        self.page.typed.connect(self._on_typed)
        self.page.typing_moved.connect(self.typewriter.end)

    @override
    def teardown(self) -> None:
        if not hasattr(self, "ends"):
            return
        try:
            self._check_at_the_end()
        finally:
            self.page.typed.disconnect(self._on_typed)
            self.page.typing_moved.disconnect(self.typewriter.end)
            self.ends[0]()

    def _check_at_the_end(self) -> None:
        self.page.finish_typing()
        assert self.page.toPlainText() == "\n".join(self._said())
        self.fresh.show_transcript(self.document.transcript)
        assert lines_of(self.page) == lines_of(self.fresh)
        while self.document.can_undo:
            self.document.undo()
        assert pack(self.document.transcript) == pack(TALK)
        assert self.page.toPlainText() == "\n".join(one.text for one in TALK.paragraphs)

    def _follow(self, change: Change) -> None:
        self.page.follow_change(change, self.document.transcript)

    def _on_typed(self, typed: Typed) -> None:
        """Words that what is typed does not touch are the very same afterwards."""
        before = self.document.transcript
        head, tail = _untouched(self.page, before, self._range(typed))
        self.typewriter.type(typed, joins=True)
        after = list(self.document.transcript.words())
        beside = [*zip(head, after, strict=False), *zip(tail[::-1], after[::-1], strict=False)]
        # What was itself typed may take another share of the time there is.
        if any(old != new for old, new in beside if old.confidence is not None):
            self.touched.append((typed, before.text, after))

    def _range(self, typed: Typed) -> tuple[tuple[int, int], tuple[int, int]]:
        """Give from where to where it is typed: with all that was typed there just before.

        That is worked out anew with each key, also where a word reads as an old one does.
        """
        first, last = (typed.first, typed.start), (typed.last, typed.end)
        run = self.typewriter.run
        if run is not None and run.takes(typed):
            begin, end = (run.text[:at] for at in run.span)
            ends = [
                (run.first + one.count("\n"), len(one) - (one.rfind("\n") + 1))
                for one in (begin, end)
            ]
            first, last = min(first, ends[0]), max(last, ends[1])
        return first, last

    def _said(self) -> list[str]:
        return [one.text for one in self.document.transcript.paragraphs] or [""]

    # What a person does

    @rule(text=st.sampled_from(PIECES))
    def type_text(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.page, text)
        else:
            self.page.insertPlainText(text)  # as assistive technology does
            QApplication.processEvents()

    @rule(
        key=st.sampled_from((Qt.Key.Key_Backspace, Qt.Key.Key_Delete)),
        modifier=st.sampled_from((NONE, NONE, CONTROL)),
        count=st.integers(1, 4),
    )
    def delete(self, key: Qt.Key, modifier: Qt.KeyboardModifier, count: int) -> None:
        for _ in range(count):
            QTest.keyClick(self.page, key, modifier)

    @rule(modifier=st.sampled_from((NONE, SHIFT)))
    def press_return(self, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.page, Qt.Key.Key_Return, modifier)

    @rule(
        key=st.sampled_from(MOVES),
        modifier=st.sampled_from((NONE, SHIFT, CONTROL, CONTROL | SHIFT)),
    )
    def move(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.page, key, modifier)

    @rule(begin=st.floats(0, 1), end=st.none() | st.floats(0, 1))
    def put_caret(self, begin: float, end: float | None) -> None:
        last = self.page.document().characterCount() - 1
        cursor = QTextCursor(self.page.document())
        cursor.setPosition(self._between_signs(round(begin * last)))
        if end is not None:
            at = self._between_signs(round(end * last))
            cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
        self.page.setTextCursor(cursor)

    def _between_signs(self, at: int) -> int:
        """Give a place where a caret can be: never within the two halves of a sign."""
        return at - ("\udc00" <= self.page.document().characterAt(at) <= "\udfff")

    @rule(
        shown=st.sampled_from(("n", "にほ", "e")),
        committed=st.sampled_from(("日本", "é", "🎤", "")),
    )
    def compose(self, shown: str, committed: str) -> None:
        before = self.document.transcript
        selected = self.page.textCursor().hasSelection()
        self._compose(shown, "")
        if not selected:
            assert self.document.transcript is before
        self._compose("", committed)

    def _compose(self, shown: str, committed: str) -> None:
        event = QInputMethodEvent(shown, [])
        event.setCommitString(committed)
        QApplication.sendEvent(self.page, event)

    @rule(text=st.sampled_from(PASTED), is_rich=st.booleans())
    def paste(self, text: str, is_rich: bool) -> None:
        data = QMimeData()
        if is_rich:
            data.setHtml("<p>rich <b>text</b></p><p>two</p>")
        else:
            data.setText(text)
        self.page.insertFromMimeData(data)

    @rule()
    def cut(self) -> None:
        QTest.keyClick(self.page, Qt.Key.Key_X, CONTROL)

    # What else is done to the document

    @rule()
    def undo(self) -> None:
        self.document.undo()

    @rule()
    def redo(self) -> None:
        self.document.redo()

    @rule(data=st.data())
    def change_structure(self, data: st.DataObject) -> None:
        now = self.document.transcript
        if not now.paragraphs:
            return
        at = data.draw(st.integers(0, len(now.paragraphs) - 1))
        word = data.draw(st.integers(0, max(1, len(now.paragraphs[at].words))))
        who = data.draw(st.sampled_from(SPEAKERS)).speaker_id
        words = range(word, word + data.draw(st.integers(1, 8)))
        kind = data.draw(st.integers(0, 4))
        change = (
            lambda: structure.merge_with_next(now, at),
            lambda: structure.give_words(now, words, who),
            lambda: structure.merge_speakers(now, SpeakerId("b"), SpeakerId("a")),
            lambda: structure.cut_anew(
                now, ParagraphRules(None, 3, 6), range(at, len(now.paragraphs))
            ),
            lambda: edits.rename_speaker(now, SpeakerId("a"), f"Anna {word}"),
        )[kind]()
        if change is not None:
            self.document.apply(change)

    @rule(
        old=st.sampled_from(("a", "word", "日", "one")), new=st.sampled_from(("", "b", "x y"))
    )
    def replace_everywhere(self, old: str, new: str) -> None:
        now = self.document.transcript
        change = replace_hits(now, list(find_all(now, Query(old), new)))
        if change is not None:
            self.document.apply(change)

    @rule()
    def look(self) -> None:
        self.page.grab()

    # What holds at any time

    @precondition(lambda self: hasattr(self, "ends"))
    @invariant()
    def the_page_shows_the_document(self) -> None:
        shown = self.page.toPlainText().split("\n")
        said = self._said()
        waiting = self.page.waiting
        if waiting is not None:
            line = shown[waiting.paragraph]
            end = waiting.start + len(waiting.text)
            assert line[waiting.start : end] == waiting.text
            shown[waiting.paragraph] = line[: waiting.start] + line[end:]
        assert shown == said

    @precondition(lambda self: hasattr(self, "ends"))
    @invariant()
    def times_never_run_backwards(self) -> None:
        assert self.touched == []
        for paragraph in self.document.transcript.paragraphs:
            starts = [word.start_ms for word in paragraph.words]
            assert starts == sorted(starts)
            assert all(word.text and word.end_ms >= word.start_ms for word in paragraph.words)


def _untouched(
    page: TranscriptText,
    before: Transcript,
    typed: tuple[tuple[int, int], tuple[int, int]],
) -> tuple[list[Word], list[Word]]:
    """Give the words before and behind what is typed that it does not reach.

    Words that were made up while typing stand where their neighbours leave room.
    """
    places = page.places
    words = list(before.words())
    if not words:
        return [], []

    def place(word: int, *, is_end: bool) -> tuple[int, int]:
        paragraph = places.paragraph_of(word)
        line = places.texts[paragraph]
        offset = places.span(word)[1 if is_end else 0]
        return paragraph, len(line.encode("utf-16-le")[: 2 * offset].decode("utf-16-le"))

    # On the page there may have been spaces that are no word's.
    first, last = (typed[0][0], typed[0][1] - _SPACES), typed[1]
    head = [at for at in range(len(words)) if place(at, is_end=True) < first]
    tail = [at for at in range(len(words)) if place(at, is_end=False) > last]
    return [words[at] for at in head], [words[at] for at in tail]


@pytest.fixture
def pages(appearance: Appearance, qtbot: QtBot) -> Iterator[None]:
    PAGES[:] = [TranscriptText(appearance), TranscriptText(appearance)]
    for page in PAGES:
        qtbot.addWidget(page)
        page.resize(420, 400)
        page.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # as wide, both
        page.show()
    yield
    PAGES.clear()


@pytest.mark.timeout(3_000)
def test_whatever_is_done_to_the_page(pages: None) -> None:
    run_state_machine_as_test(
        Writing,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
        ),
    )
