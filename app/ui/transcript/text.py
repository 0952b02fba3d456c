"""The page of text: paragraphs with a name above and a time beside, the spoken word lit.

Names, times, marks and tints are painted beside and behind the text; the characters of
the document are the words and nothing else, so that selection, search and assistive
technology meet plain text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from weakref import WeakMethod

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QDropEvent,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextDocumentFragment,
    QTextLine,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QPlainTextEdit,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from app.core.document import Change, Splice
from app.core.history import changed_at
from app.core.marks import Marks
from app.core.progress import Spans, state_of
from app.core.retyping import typeable
from app.core.transcript import Paragraph, SpeakerId, Transcript
from app.core.wordless import span_beside
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_16
from app.ui.transcript.layout import LINE_HEIGHT
from app.ui.transcript.painter import BAR_WIDTH, GUTTER, TranscriptPage, Who
from app.ui.transcript.review_wording import tell_wordless, translate_state
from app.ui.transcript.taking import TakenWords
from app.ui.transcript.typist import Typist, Waiting
from app.ui.transcript.word_looks import HIGHLIGHT_REACH
from app.ui.transcript.word_places import WordPlaces, units
from app.ui.transcript.writing import replace_text
from app.ui.translate import language_name

MUCH = 12_000
"""More characters than this take longer to become words than a frame may last."""
_LISTENING_KEYS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_LEAST_LINES = 3
_PROSE = "We began with a borrowed tape recorder and a list of people who might talk. "
"""What a line is measured by: signs as often as people speak them."""
_BAND_TOP, _BAND_BOTTOM, _BAND_AIM = 0.12, 0.72, 0.3
"""Where on the page the spoken word may be, and where it is brought when it is not."""


class TranscriptText(QPlainTextEdit):
    """Show a transcript as continuous text that can be heard and written in.

    Attributes:
        is_read_first: Where nothing was typed yet, Space and Return without more are left to
            whoever plays.

    Signals:
        typed: A range of the text reads otherwise: a ``Typed``. Whoever agrees has the
            document say so before this returns; else the page goes back to what it was.
        much_pasted: More is to be pasted than is shown at once, a ``Typed``; it is whoever
            follows who has the document say so.
        typing_moved: What is typed next is another matter.
        about_to_type: A key is about to write something.
        writing_refused: A key would have written something, and may not.
        word_clicked: A word was clicked, not dragged over.
        word_meant: A word was clicked with the key down that plays it.
        name_clicked: The name above a paragraph was clicked; the paragraph's number.
        reader_moved: The reader scrolled, selected or moved the caret.
        turn_entered: The caret was moved into a turn, or to where speech has no words; what
            is to be said of it.
        menu_requested: The context menu is wanted at a point of the screen; the caret, or
            what is selected, is what it is about.
    """

    typed = Signal(object)
    much_pasted = Signal(object)
    typing_moved = Signal()
    about_to_type = Signal()
    writing_refused = Signal()
    word_clicked = Signal(int)
    word_meant = Signal(int)
    name_clicked = Signal(int)
    reader_moved = Signal()
    turn_entered = Signal(str)
    menu_requested = Signal(QPoint)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._pressed_at: QPoint | None = None
        self._dragged_from: int | None = None
        self._is_carrying = False  # what was selected when the button went down
        self._known_place = (-1, 0, 0)
        self._known_top = 0.0
        self._free_below = 0
        self._are_places_told = False
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        self._page = TranscriptPage(appearance, document)
        self._layout = self._page.layout
        self._layout.offset_at = WeakMethod(self._offset_at)
        document.setDocumentLayout(self._layout)
        self.setDocument(document)
        self._is_key_down = False
        self._is_dropping = False
        self._taken = TakenWords()
        self._pasted: tuple[Paragraph, ...] | None = None  # by the key that is down
        self._has_typed = False  # since the caret was put where it is
        self.is_read_first = False
        self._typist = Typist(self, lambda: self._page.places)
        self._typist.typed.connect(self.typed)
        self._typist.moved.connect(self._on_typing_moved)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # the layout does
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.set_writable(writable=False)
        self.setCursorWidth(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().actionTriggered.connect(self.reader_moved)
        self._caret_turn = 0
        self._caret_gap: int | None = None
        self.cursorPositionChanged.connect(self._on_caret_moved)
        appearance.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # What is shown

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript from its beginning."""
        self._dragged_from = None
        self._taken.forget()
        self._page.spoken = self._page.spoken_paragraph = None
        self._page.hits, self._page.current_hit = Marks(), None
        self._page.places = WordPlaces()
        (texts,) = self._page.places.replace((Splice(0, (), transcript.paragraphs),))
        self._page.take_transcript(transcript)
        self._typist.forget()
        with self._typist.writing():
            self.setPlainText("\n".join(texts))
        self._layout.guess_line_counts()
        self.verticalScrollBar().setValue(0)
        self._caret_turn = 0

    def follow_change(self, change: Change, transcript: Transcript) -> None:
        """Show what an edit left, without moving the reader's place.

        The marks of a search are the caller's to keep right.
        """
        self._dragged_from = None
        self._page.current_hit = None
        self._page.take_transcript(transcript)
        if self._typist.is_taking:  # the page shows it already
            self._page.places.replace(change.splices)
        else:
            self._typist.settle()
            cursor = QTextCursor(self.document())
            with self._typist.writing():
                cursor.beginEditBlock()
                self._write(cursor, change.splices)
                cursor.endEditBlock()
        self._page.spoken = None
        self._page.spoken_paragraph = _moved(self._page.spoken_paragraph, change)
        self._caret_turn = self._page.turn_of(self.textCursor().blockNumber())
        self._layout.forget_some(0, 0)  # a speaker's name may take room now, or none
        shift, is_alone = 0, len(change.splices) == 1
        for one in change.splices:
            count = len(one.inserted)
            if count != len(one.removed):
                self._layout.guess_line_counts(one.first + shift, count)
            # The one after may have become, or ceased to be, the beginning of a turn.
            if is_alone and count == len(one.removed) == 1:
                self._layout.mark_anew(one.first + shift, 2)  # it was laid out when written
            else:
                self._layout.forget_some(one.first + shift, count + 1)
            shift += len(one.inserted) - len(one.removed)
        if shift:
            self._layout.announce()
        self.viewport().update()

    def set_writable(self, *, writable: bool) -> None:
        """Let the page be written in, or only be read."""
        if not writable:
            self.finish_typing()
        self.setReadOnly(not writable)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        flags |= Qt.TextInteractionFlag.TextSelectableByKeyboard
        if writable:
            flags |= Qt.TextInteractionFlag.TextEditable
        self.setTextInteractionFlags(flags)

    def finish_typing(self) -> None:
        """Take what is being typed for finished, also what an input method still shows."""
        if self.hasFocus() and not self.isReadOnly():
            QGuiApplication.inputMethod().commit()
        self._typist.take()
        self._typist.settle()

    def set_times_shown(self, shown: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show or hide the time of each paragraph."""
        self._page.are_times_shown = shown
        self._lay_out_anew()

    def set_confidence_threshold(self, threshold: float | None) -> None:
        """Underline words the recogniser was less sure of than this; ``None`` for none."""
        if threshold != self._page.threshold:
            self._page.threshold = threshold
            self._lay_out_anew()

    def set_misspelled(self, spans: Callable[[str], Sequence[tuple[int, int]]]) -> None:
        """Draw a wave under what this gives of the text of a paragraph."""
        self._page.misspelled = spans
        self.viewport().update()

    def set_heard(self, spans: Spans) -> None:
        """Show which paragraphs were heard, and which words."""
        if spans != self._page.heard:
            self._page.heard = spans
            self.viewport().update()

    def set_unheard_paler(self, paler: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show words nobody has heard paler than the others, or alike."""
        self._page.is_unheard_paler = paler
        self.viewport().update()

    def set_dimmed(self, is_dimmed: Callable[[int], bool] | None) -> None:
        """Dim the paragraphs of which this tells so, by their numbers; ``None`` for none."""
        self._page.is_dimmed = is_dimmed
        self.viewport().update()

    @property
    def are_struck_hidden(self) -> bool:
        """Whether words that are struck out are not seen at all."""
        return self._page.are_struck_hidden

    def set_struck_hidden(self, hidden: bool) -> None:  # noqa: FBT001 – a plain setter
        """Let words that are struck out be seen, or not."""
        if hidden != self._page.are_struck_hidden:
            self._page.are_struck_hidden = hidden
            self._lay_out_anew()

    def set_spoken(self, word: int | None) -> None:
        """Light a word; only what changes is painted."""
        if word == self._page.spoken:
            return
        paragraph = (
            self._page.spoken_paragraph
            if word is None
            else self._page.places.paragraph_of(word)
        )
        self._update_word(self._page.spoken)
        self._page.spoken = word
        self._update_word(word)
        if paragraph != self._page.spoken_paragraph:
            self._update_bar(self._page.spoken_paragraph)
            self._page.spoken_paragraph = paragraph
            self._update_bar(paragraph)

    def set_hits(self, hits: Marks) -> None:
        """Mark what a search found; the caller keeps the marks right through edits."""
        self._page.hits, self._page.current_hit = hits, None
        self.viewport().update()

    def show_hit(self, number: int) -> None:
        """Bring one of the hits before the reader."""
        paragraph, place = self._page.current_hit = self._page.hits.at(number)
        cursor = self.textCursor()
        cursor.setPosition(self.document().findBlockByNumber(paragraph).position() + place)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.viewport().update()

    def select_word(self, word: int) -> None:
        """Select a word and bring it before the reader."""
        self._select_words(word, word)
        if not self.is_in_view(word):
            self.bring_into_band(word)

    def put_caret(self, word: int) -> None:
        """Put the caret before a word and bring it before the reader."""
        cursor = self.textCursor()
        cursor.setPosition(self._place_of(word)[0])
        self.setTextCursor(cursor)
        if not self.is_in_view(word):
            self.bring_into_band(word)

    def show_step(self, change: Change) -> None:
        """Bring before the reader what a step did, with the caret where it wrote."""
        at = changed_at(change)
        if at is None:
            return
        paragraph = min(at[0], self.document().blockCount() - 1)
        block = self.document().findBlockByNumber(paragraph)
        is_there = at[1] is not None and paragraph == at[0]
        place = units(block.text()[: at[1]]) if is_there else 0
        word = self._page.places.word_at(paragraph, place) if self._page.places else None
        is_seen = word is None or self.is_in_view(word)
        if at[1] is not None:  # whoever is at a word whose time was changed stays there
            cursor = self.textCursor()
            cursor.setPosition(block.position() + place)
            self.setTextCursor(cursor)
        if word is not None and not is_seen:
            self.bring_into_band(word, always=True)
        self.reader_moved.emit()

    def select_words(self, words: range) -> None:
        """Select words one after the other and bring the first before the reader."""
        self._select_words(words[-1], words[0])
        if not self.is_in_view(words[0]):
            self.bring_into_band(words[0])

    # Where things are

    @property
    def places(self) -> WordPlaces:
        """The words and their characters."""
        return self._page.places

    @property
    def is_taking(self) -> bool:
        """Whether what was typed is being taken up, which the page shows already."""
        return self._typist.is_taking

    @property
    def spoken(self) -> int | None:
        """The lit word."""
        return self._page.spoken

    def label_of(self, paragraph: int) -> str:
        """Give the name of who speaks a paragraph."""
        return self._page.who(self._page.transcript.paragraphs[paragraph].speaker_id).label

    def colour_of(self, paragraph: int) -> str:
        """Give the colour of the name of who speaks a paragraph, as ``#rrggbb``."""
        return self._page.who(self._page.transcript.paragraphs[paragraph].speaker_id).colour

    def caret_paragraph(self) -> int | None:
        """Give the paragraph the caret is in."""
        return self.textCursor().blockNumber() if self._page.transcript.paragraphs else None

    @property
    def waiting(self) -> Waiting | None:
        """The spaces just typed, of which the words know nothing yet."""
        return self._typist.waiting

    @property
    def hits(self) -> Marks:
        """What is marked as found."""
        return self._page.hits

    def wordless_spans(self) -> tuple[tuple[int, int], ...]:
        """Give from when to when speech has no words yet, the earliest first."""
        return tuple(sorted(self._page.wordless.values()))

    def write_behind(self, word: int) -> None:
        """Put the caret behind a word, to write on there."""
        paragraph = self._page.places.paragraph_of(word)
        cursor = QTextCursor(self.document().findBlockByNumber(paragraph))
        cursor.setPosition(cursor.position() + self._page.places.span(word)[1])
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def caret_word(self) -> int | None:
        """Give the word the caret is in, or stands behind."""
        paragraph = self.caret_paragraph()
        if paragraph is None:
            return None
        cursor = self.textCursor()
        return self._page.places.word_at(
            paragraph, cursor.selectionStart() - cursor.block().position()
        )

    def selected_words(self) -> range:
        """Give the words of one paragraph that are selected; else the caret's."""
        paragraph = self.caret_paragraph()
        if paragraph is None:
            return range(0)
        cursor = self.textCursor()
        if cursor.hasSelection():
            block = self.document().findBlock(cursor.selectionStart())
            start = cursor.selectionStart() - block.position()
            end = min(cursor.selectionEnd() - block.position(), block.length() - 1)
            words = self._page.places.words_between(block.blockNumber(), start, end)
            if words:
                return words
        word = self.caret_word()
        return range(0) if word is None else range(word, word + 1)

    def word_at_point(self, point: QPoint) -> int | None:
        """Give the word a person means by a point of the viewport, if any.

        That is the nearest one of the line, since nobody aims at the gap between two, nor
        at the very edge of one; beside the ends of a line it is one for a little way only.
        Click, double-click and drag all mean the same word.
        """
        paragraph = self.paragraph_at_point(point)
        if paragraph is None:
            return None
        block = self.document().findBlockByNumber(paragraph)
        top = self._top_of(block)
        down = point.y() - self._page.body_rect(block, round(top)).top()
        number = int(down // self._layout.line_step)
        if not 0 <= number < block.layout().lineCount():
            return None
        line = block.layout().lineAt(number)
        start = line.textStart()
        words = self._page.places.words_between(paragraph, start, start + line.textLength())
        at = QPointF(point.x(), top + line.y() + line.height() / 2)
        nearest, least = None, float(self._layout.line_step) / 2
        for word in words:
            for rect in self.word_rects(word):
                away = max(rect.left() - at.x(), at.x() - rect.right(), 0.0)
                if rect.top() <= at.y() < rect.bottom() and away < least:
                    nearest, least = word, away
        return nearest

    def paragraph_at_point(self, point: QPoint) -> int | None:
        """Give the paragraph at the height of a point of the viewport."""
        for block, top, bottom in self._blocks_between(point.y(), point.y()):
            if top <= point.y() < bottom and block.blockNumber() < len(
                self._page.transcript.paragraphs
            ):
                return block.blockNumber()
        return None

    def word_rects(self, word: int) -> list[QRectF]:
        """Give where a word stands in the viewport, a rectangle for each line it is on."""
        paragraph = self._page.places.paragraph_of(word)
        block = self.document().findBlockByNumber(paragraph)
        start, end = self._page.places.span(word)
        top = self._top_of(block)
        return [rect.translated(0, top) for rect in self._page.rects_in(block, start, end)]

    def is_rtl_at(self, word: int) -> bool:
        """Tell whether a word's paragraph runs from right to left."""
        paragraph = self._page.places.paragraph_of(word)
        return self._layout.is_rtl(self.document().findBlockByNumber(paragraph))

    def name_rect(self, paragraph: int) -> QRect:
        """Give where the name of a paragraph stands in the viewport; empty if nowhere."""
        if not self._page.has_name(paragraph):
            return QRect()
        block = self.document().findBlockByNumber(paragraph)
        return self._page.name_rect(block, round(self._top_of(block)))

    def paragraph_rect(self, paragraph: int) -> QRect:
        """Give where the words of a paragraph stand in the viewport, from side to side."""
        block = self.document().findBlockByNumber(paragraph)
        return self._page.body_rect(block, round(self._top_of(block))).toAlignedRect()

    def end_rect(self) -> QRect:
        """Give where on this widget a line under the last paragraph would stand."""
        block = self.document().lastBlock()
        body = self._page.body_rect(block, round(self._top_of(block)))
        empty = not self._page.transcript.paragraphs
        top = round(body.top() if empty else body.bottom())
        side = self.viewport().x()
        return QRect(
            side + GUTTER, top, int(self._layout.column_width), round(self._layout.line_step)
        )

    def keep_free_below(self, height: int) -> None:
        """Leave so much room under the last paragraph at least."""
        if height != self._free_below:
            self._free_below = height
            self._update_room_below()
            self._layout.announce()

    def look_of(self, speaker_id: SpeakerId | None) -> Who:
        """Give name and colour of a speaker, as they stand on the page."""
        return self._page.who(speaker_id)

    @property
    def is_all_rtl(self) -> bool:
        """Whether every paragraph runs from right to left."""
        return self._layout.is_all_rtl

    def is_in_view(self, word: int) -> bool:
        """Tell whether a word can be seen."""
        view = QRectF(self.viewport().rect())
        return self._is_near(word) and any(view.contains(one) for one in self.word_rects(word))

    def bring_into_band(self, word: int, *, always: bool = False) -> None:
        """Scroll so that a word is in the comfortable part of the page, if it is not."""
        height = self.viewport().height()
        if not always and self._is_near(word):
            rects = self.word_rects(word)
            if rects and (
                height * _BAND_TOP <= rects[0].top()
                and rects[-1].bottom() <= height * _BAND_BOTTOM
            ):
                return
        block = self.document().findBlockByNumber(self._page.places.paragraph_of(word))
        self.blockBoundingGeometry(block)  # lays it out
        line = block.layout().lineForTextPosition(self._page.places.span(word)[0]).lineNumber()
        left = height * _BAND_AIM - self._layout.space_above(block.blockNumber())
        left -= line * self._layout.line_step
        if left <= 0:  # a paragraph higher than the band: begin within it
            line = max(0, line - int(height * _BAND_AIM / self._layout.line_step))
        else:
            line = 0
            while left > 0 and block.previous().isValid():
                block = block.previous()
                left -= self._layout.blockBoundingRect(block).height()
        self.verticalScrollBar().setValue(block.firstLineNumber() + line)

    # Qt's part

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        self._page.width = self.viewport().width()
        painter = QPainter(self.viewport())
        clip = e.rect()
        for block, top, _ in self._blocks_between(clip.top(), clip.bottom()):
            if block.blockNumber() < len(self._page.transcript.paragraphs):
                self._page.paint(painter, block, round(top), clip)
        painter.end()
        if self._are_places_told:
            self._tell_places(are_told=False)  # Qt would draw the words there
        super().paintEvent(e)
        if QAccessible.isActive():
            self._are_places_told = True
            self._tell_places(are_told=True)
        self._paint_over(clip)

    def _paint_over(self, clip: QRect) -> None:
        """Paint what lies over the words: a veil, the foot of the selection."""
        selected = self.textCursor()
        is_veiled = self._page.is_unheard_paler or self._page.is_dimmed is not None
        if not is_veiled and not selected.hasSelection():
            return
        chosen = range(selected.selectionStart(), selected.selectionEnd())
        painter = QPainter(self.viewport())
        for block, top, _ in self._blocks_between(clip.top(), clip.bottom()):
            if block.blockNumber() < len(self._page.transcript.paragraphs):
                if is_veiled:
                    self._page.paint_over(painter, block, round(top))
                self._page.paint_selected(painter, block, round(top), chosen, clip)
        painter.end()

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        # Not QPlainTextEdit's, which would forget the layout of every paragraph.
        QAbstractScrollArea.resizeEvent(self, e)
        self._update_margins()
        self._layout.announce()

    @override
    def mousePressEvent(self, e: QMouseEvent) -> None:
        point = e.position().toPoint()
        self._pressed_at = point if e.button() is Qt.MouseButton.LeftButton else None
        self._dragged_from = None
        self._is_carrying = self._is_selected(point)
        if self._name_at(point) is None:
            super().mousePressEvent(e)

    @override
    def mouseMoveEvent(self, e: QMouseEvent) -> None:
        point = e.position().toPoint()
        pressed_at = self._pressed_at
        super().mouseMoveEvent(e)  # may carry what is selected elsewhere, and come back after
        if e.buttons() & Qt.MouseButton.LeftButton:
            if pressed_at is not None and self._is_drag(point, pressed_at):
                is_plain = not e.modifiers() and not self._is_carrying
                if is_plain and self._name_at(pressed_at) is None:
                    self._dragged_from = self._word_near(pressed_at)
                self._pressed_at = None
                self.reader_moved.emit()
            self._drag_to(point)
        else:
            is_name = self._name_at(point) is not None
            shape = Qt.CursorShape.PointingHandCursor if is_name else Qt.CursorShape.IBeamCursor
            if self.viewport().cursor().shape() is not shape:
                self.viewport().setCursor(shape)

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        pressed_at, self._pressed_at = self._pressed_at, None
        point = e.position().toPoint()
        super().mouseReleaseEvent(e)
        self._drag_to(point)
        self._dragged_from = None
        if pressed_at is None or self._is_drag(point, pressed_at):
            return
        paragraph = self._name_at(pressed_at)
        if paragraph is not None:
            self.name_clicked.emit(paragraph)
            return
        word = self.word_at_point(point)
        if word is None or self.textCursor().hasSelection():
            return
        if not e.modifiers():
            self.word_clicked.emit(word)
        elif e.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.word_meant.emit(word)

    @override
    def mouseDoubleClickEvent(self, e: QMouseEvent) -> None:
        if self._name_at(e.position().toPoint()) is not None:  # no word stands there
            self.mousePressEvent(e)
            return
        self._pressed_at = None
        super().mouseDoubleClickEvent(e)  # a third click takes the paragraph
        word = self.word_at_point(e.position().toPoint())
        if word is not None and e.button() is Qt.MouseButton.LeftButton:
            seen = self._page.places.written_as_one(word)
            self._select_words(seen[0], seen[-1])  # Qt takes what it understands as a word

    @override
    def contextMenuEvent(self, e: QContextMenuEvent) -> None:
        # Not QPlainTextEdit's, which knows of copying and nothing else.
        if e.reason() is QContextMenuEvent.Reason.Mouse:
            word = self.word_at_point(e.pos())
            if word is not None and word not in self.selected_words():
                self.put_caret(word)
            self.menu_requested.emit(e.globalPos())
        else:
            self.ask_for_menu()

    def ask_for_menu(self) -> None:
        """Ask for the menu at the caret, as the keys for it do."""
        caret = self.cursorRect().bottomLeft()
        room = self.viewport().rect()
        at = QPoint(
            min(max(caret.x(), room.left()), room.right()),
            min(max(caret.y(), room.top()), room.bottom()),
        )
        self.menu_requested.emit(self.viewport().mapToGlobal(at))

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        self.reader_moved.emit()
        super().wheelEvent(e)

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if self._is_for_listening(e) or _is_command(e, sys.platform):
            e.ignore()
            return
        is_writing = bool(e.text()) and e.text().isprintable()
        if self.isReadOnly():
            if is_writing:
                self.writing_refused.emit()
        else:
            if is_writing:
                self.about_to_type.emit()
            if e.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                if e.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    e.ignore()
                else:  # also with Shift: there are only paragraphs
                    self.begin_paragraph()
                return
        before = self.textCursor().position()
        with self._key_down():
            super().keyPressEvent(e)
        if self.textCursor().position() == before and not self.textCursor().hasSelection():
            return
        self.reader_moved.emit()
        # Qt's own idea of what is in view does not know of the room above paragraphs.
        bar = self.verticalScrollBar()
        while (
            self.cursorRect().bottom() > self.viewport().height()
            and bar.value() < bar.maximum()
        ):
            bar.setValue(bar.value() + 1)

    def begin_paragraph(self) -> None:
        """Begin another paragraph at the caret, in place of what is selected."""
        if self.isReadOnly():
            return
        with self._key_down():
            self.textCursor().insertBlock()
        self.ensureCursorVisible()
        self.reader_moved.emit()

    def _is_for_listening(self, e: QKeyEvent) -> bool:
        """Tell whether a key is left to whoever plays."""
        if e.key() not in _LISTENING_KEYS or e.modifiers():
            return False
        if self.isReadOnly():
            return True
        has_begun = self._has_typed or self.textCursor().hasSelection()
        return self.is_read_first and not has_begun

    @override
    def inputMethodEvent(self, e: QInputMethodEvent) -> None:
        if not self.isReadOnly() and (e.preeditString() or e.commitString()):
            self.about_to_type.emit()
        with self._key_down():
            super().inputMethodEvent(e)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # Files are for the whole window, whatever text goes with them.
        return not source.hasUrls() and (source.hasText() or source.hasHtml())

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        data = super().createMimeDataFromSelection()
        self._taken.take(data, self.textCursor(), self._page.places, self._page.transcript)
        return data

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        carried = self._taken.known(source)
        text = source.text()
        if not source.hasText() and source.hasHtml():
            text = QTextDocumentFragment.fromHtml(source.html()).toPlainText()
        source = QMimeData()
        source.setText(self._without_break(typeable(text)))
        if self._is_dropping:  # not at the caret but where the drop is
            source = self._apart(source)
        elif len(source.text()) > MUCH and not self.isReadOnly():
            self._typist.settle()
            typed = self._typist.over(self.textCursor(), source.text())
            self.much_pasted.emit(replace(typed, carried=carried))
            return
        with self._key_down():
            self._pasted = carried
            super().insertFromMimeData(source)

    def _without_break(self, text: str) -> str:
        """Give what is pasted without the break of a whole line where there is one already."""
        cursor = self.textCursor()
        is_end = self.document().characterAt(cursor.selectionEnd()) in {"\u2029", "\0", ""}
        return text[:-1] if is_end and len(text) > 1 and text[-1] == "\n" else text

    def _apart(self, source: QMimeData) -> QMimeData:
        """Give words that are dropped beside others a space between."""
        text, at = source.text(), self.textCursor().selectionStart()
        before = self.document().characterAt(at - 1) if at else " "
        after = self.document().characterAt(self.textCursor().selectionEnd())
        spaced = QMimeData()
        head = " " if before.isalnum() and text[:1].isalnum() else ""
        tail = " " if after.isalnum() and text[-1:].isalnum() else ""
        spaced.setText(head + text + tail)
        return spaced

    @override
    def dropEvent(self, e: QDropEvent) -> None:
        self._typist.settle()
        self._is_dropping = True
        with self._key_down():
            super().dropEvent(e)
        self._is_dropping = False

    @contextmanager
    def _key_down(self) -> Generator[None]:
        """Take what is typed meanwhile; else the caret may have gone elsewhere."""
        if self._is_key_down:  # a key that pastes, say
            yield
            return
        before = self.textCursor().position()
        was_selected = self.textCursor().hasSelection()
        self._is_key_down = True
        try:
            yield
        finally:
            self._is_key_down = False
            pasted, self._pasted = self._pasted, None
        has_typed = self._typist.take(
            was_selected=was_selected, is_pasted=pasted is not None, carried=pasted or ()
        )
        self._has_typed = self._has_typed or has_typed
        if not has_typed and self.textCursor().position() != before:
            self._typist.settle()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            paragraph = self.paragraph_at_point(event.pos())
            tip = "" if paragraph is None else self._tip(paragraph, event.pos())
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    @override
    def event(self, e: QEvent) -> bool:
        # The wheel over the margins beside the column, which belong to this frame.
        if isinstance(e, QWheelEvent):
            self.wheelEvent(e)
            return True
        if (
            e.type() is QEvent.Type.ShortcutOverride
            and isinstance(e, QKeyEvent)
            and (
                e.matches(QKeySequence.StandardKey.Undo)  # the document's, not the widget's
                or e.matches(QKeySequence.StandardKey.Redo)
                or self._is_for_listening(e)
            )
        ):
            e.ignore()
            return True
        if e.type() is QEvent.Type.DevicePixelRatioChange:
            self._layout.take_font(self.devicePixelRatioF())
            self._lay_out_anew()
        return super().event(e)

    def _tip(self, paragraph: int, at: QPoint) -> str:
        """Give what is noted where the pointer is; in the margin how far one is with it."""
        shown = self._page.transcript.paragraphs[paragraph]
        if not 0 <= at.x() - GUTTER < self._layout.column_width:
            state = state_of(shown, self._page.heard)
            spoken = language_name(shown.language) if shown.language else ""
            lines = [translate_state(state), spoken, shown.note]
            return "\n".join(line for line in lines if line)
        word = self.word_at_point(at)
        noted: list[str] = []
        if word is not None:
            first = self._page.places.words_of(paragraph).start
            noted = [one.text for one in shown.words[word - first].markers]
            if (span := span_beside(shown, word - first, self._page.wordless)) is not None:
                noted.append(tell_wordless(span))
        return "\n".join(line for line in (*noted, shown.note) if line)

    # Repainting

    def _tell_places(self, *, are_told: bool) -> None:
        """Let assistive technology know where the paragraphs in view stand.

        Qt's answer for a character is where the layout of its paragraph says that it stands,
        which for plain text is always the top of the page; and it takes off what the bar is
        scrolled by, which for plain text is a number of lines.
        """
        scrolled = self.verticalScrollBar().value()
        seen: list[int] = []
        for block, top, _ in self._blocks_between(0, self.viewport().height()):
            at = QPointF(0, top + scrolled) if are_told else QPointF()
            block.layout().setPosition(at)
            seen.append(block.blockNumber())
        if are_told and seen:
            self._layout.put_away(seen[0], seen[-1])

    def _offset_at(self, point: QPointF) -> int:
        """Give the place of the character that is seen at a point, -1 for none.

        Args:
            point: In the viewport, moved by what the bar is scrolled by, as Qt gives it.
        """
        at = point - QPointF(0, self.verticalScrollBar().value())
        for block, top, bottom in self._blocks_between(int(at.y()), int(at.y())):
            if not top <= at.y() < bottom:
                continue
            down = at.y() - top
            for number in range(block.layout().lineCount()):
                line = block.layout().lineAt(number)
                if not line.y() <= down < line.y() + line.height():
                    continue
                if not line.naturalTextRect().contains(
                    QPointF(at.x(), line.rect().center().y())
                ):
                    return -1
                place = line.xToCursor(at.x(), QTextLine.CursorPosition.CursorOnCharacter)
                return block.position() + place
        return -1

    def _update_word(self, word: int | None) -> None:
        if word is None or not self._is_near(word):
            return
        for rect in self.word_rects(word):
            reach = HIGHLIGHT_REACH + 2
            self.viewport().update(rect.toAlignedRect().adjusted(-reach, -reach, reach, reach))

    def _update_bar(self, paragraph: int | None) -> None:
        if paragraph is None or paragraph >= self.document().blockCount():
            return
        block = self.document().findBlockByNumber(paragraph)
        if not self._is_block_near(paragraph):
            return
        top, height = int(self._top_of(block)), int(self.blockBoundingRect(block).height())
        left = int(self._page.bar_left(block))
        self.viewport().update(QRect(left - 2, top, BAR_WIDTH + 4, height))

    def _top_of(self, block: QTextBlock) -> float:
        """Give where a paragraph begins in the viewport; asked often for the same one."""
        place = (block.blockNumber(), self.verticalScrollBar().value(), self._layout.generation)
        if place != self._known_place:
            origin = self.blockBoundingGeometry(block).translated(self.contentOffset())
            self._known_top = origin.top()
            # Asking may have laid paragraphs out.
            self._known_place = (place[0], place[1], self._layout.generation)
        return self._known_top

    def _is_near(self, word: int) -> bool:
        return self._is_block_near(self._page.places.paragraph_of(word))

    def _is_block_near(self, number: int) -> bool:
        """Tell cheaply whether a paragraph may be on the page."""
        first = self.firstVisibleBlock().blockNumber()
        most = int(self.viewport().height() / self._layout.line_step) + 1
        return first <= number <= first + most

    def _blocks_between(
        self, top: int, bottom: int
    ) -> Iterator[tuple[QTextBlock, float, float]]:
        block = self.firstVisibleBlock()
        if not block.isValid():
            return
        at = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and at <= bottom:
            below = at + self.blockBoundingRect(block).height()
            if below >= top:
                yield block, at, below
            at = below
            block = block.next()

    # Measures

    def _update_margins(self) -> None:
        """Keep the column as wide as reads well, in the middle of the room there is."""
        # Not the font's own average: fonts of today reckon signs into it that nobody speaks.
        width = QFontMetricsF(self.font()).horizontalAdvance(_PROSE) / len(_PROSE)
        wanted = round(width * self._appearance.line_chars) + 2 * GUTTER
        bar = self.verticalScrollBar()
        room = self.width() - (bar.sizeHint().width() if bar.isVisible() else 0)
        side = max(SPACE_16, (room - wanted) // 2)
        self.setViewportMargins(side, 0, side, 0)
        column = float(max(120, room - 2 * side - 2 * GUTTER))
        self._layout.indent = GUTTER
        self._update_room_below()
        if column != self._layout.column_width:
            self._layout.column_width = column
            self._lay_out_anew()

    def _update_room_below(self) -> None:
        room = self.viewport().height() // 3
        self._layout.space_below = max(room, self._free_below)

    def _lay_out_anew(self) -> None:
        self._layout.forget()
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        theme = self._appearance.theme
        self.setFont(self._appearance.reading_font())
        self.document().setDefaultFont(self.font())
        self._page.take_theme()
        palette = QPalette(QApplication.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(theme.window))
        palette.setColor(QPalette.ColorRole.Text, QColor(theme.text))
        self.setPalette(palette)
        # The program's sheet frames fields; this is a page.
        self.setStyleSheet(
            "QPlainTextEdit, QPlainTextEdit:focus { border: 0; padding: 0; border-radius: 0; "
            f"background: {theme.window}; selection-background-color: {theme.selection}; "
            f"selection-color: {theme.text}; }}"
        )
        # Three lines at least; where that is too much, all of the window scrolls.
        self.setMinimumHeight(round(_LEAST_LINES * LINE_HEIGHT * self.font().pixelSize()))
        self._layout.take_font(self.devicePixelRatioF())
        self._update_margins()
        self._lay_out_anew()

    def _on_caret_moved(self) -> None:
        """Names are not in the text, so that they are told when the caret comes to them."""
        if not self._is_key_down and not self._typist.is_taking:
            self._typist.settle()
        turn = self._page.turn_of(self.textCursor().blockNumber())
        if turn != self._caret_turn:
            self._caret_turn = turn
            if turn < len(self._page.transcript.paragraphs):
                self.turn_entered.emit(self.label_of(turn))
        self._tell_gap()

    def _tell_gap(self) -> None:
        """The mark of speech without words is drawn, so that it is told as names are."""
        word = self.caret_word() if self._page.wordless else None
        if word == self._caret_gap:
            return
        self._caret_gap = word
        if word is None:
            return
        number = self._page.places.paragraph_of(word)
        place = word - self._page.places.words_of(number).start
        shown = self._page.transcript.paragraphs[number]
        if (span := span_beside(shown, place, self._page.wordless)) is not None:
            self.turn_entered.emit(tell_wordless(span))

    def _on_typing_moved(self) -> None:
        self._has_typed = False
        self.typing_moved.emit()

    # Changes of text

    def _write(self, cursor: QTextCursor, splices: Sequence[Splice]) -> None:
        """Write only what differs, so that caret and selection stay where they are."""
        texts = list(self._page.places.texts)  # as they are before
        written = self._page.places.replace(splices)
        behind: tuple[int, list[str]] | None = None  # what stands behind a place by now
        for one, given in zip(reversed(splices), reversed(written), strict=True):
            first, old, new = one.first, texts[one.first : one.end], given
            after = texts[one.end : one.end + 1]
            if behind is not None and behind[0] == one.end:
                after = behind[1]
            behind = first, (new + after)[:1]
            if not old or not new:  # a paragraph comes or goes with the break beside it
                if after:
                    old, new = old + after, new + after
                elif before := texts[max(0, first - 1) : first]:
                    first -= 1
                    old, new = before + old, before + new
            begin = self.document().findBlockByNumber(first).position()
            replace_text(cursor, begin, "\n".join(old), "\n".join(new))

    def _name_at(self, point: QPoint) -> int | None:
        paragraph = self.paragraph_at_point(point)
        if paragraph is not None and self.name_rect(paragraph).contains(point):
            return paragraph
        return None

    def _word_near(self, point: QPoint) -> int | None:
        """Give the word a drag begins or ends with: the one meant, else that of Qt's caret."""
        word = self.word_at_point(point)
        if word is not None:
            return word
        cursor = self.cursorForPosition(point)
        paragraph = cursor.blockNumber()
        if paragraph >= len(self._page.transcript.paragraphs):
            return None
        return self._page.places.word_at(
            paragraph, cursor.position() - cursor.block().position()
        )

    def _drag_to(self, point: QPoint) -> None:
        """Select whole words from the one a drag began with; Qt would cut words in two."""
        word = None if self._dragged_from is None else self._word_near(point)
        if self._dragged_from is None or word is None:
            return
        if word != self._dragged_from:  # within one word, a part of it may be meant
            self._select_words(self._dragged_from, word)

    def _select_words(self, first: int, last: int) -> None:
        """Select from one word to another, with the caret at the other."""
        start, end = self._place_of(first), self._place_of(last)
        cursor = self.textCursor()
        cursor.setPosition(start[0] if first <= last else start[1])
        cursor.setPosition(end[1] if first <= last else end[0], QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _place_of(self, word: int) -> tuple[int, int]:
        """Give where in the document a word begins and ends."""
        block = self.document().findBlockByNumber(self._page.places.paragraph_of(word))
        start, end = self._page.places.span(word)
        return block.position() + start, block.position() + end

    def _is_selected(self, point: QPoint) -> bool:
        """Tell whether a point of the viewport lies on what is selected."""
        cursor, at = self.textCursor(), self.cursorForPosition(point).position()
        return cursor.hasSelection() and cursor.selectionStart() <= at <= cursor.selectionEnd()

    def _is_drag(self, point: QPoint, pressed_at: QPoint | None = None) -> bool:
        start = pressed_at or self._pressed_at
        if start is None:
            return False
        return (point - start).manhattanLength() >= QApplication.startDragDistance()


def _is_command(e: QKeyEvent, platform: str) -> bool:
    """Tell whether a key was meant for an action there is none of, and not to write with.

    Qt writes the letter all the same, over what is selected. On macOS such keys write signs; on
    Windows AltGr counts as both.
    """
    held = e.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return platform != "darwin" and held == Qt.KeyboardModifier.AltModifier and bool(e.text())


def _moved(paragraph: int | None, change: Change) -> int | None:
    """Give the number a paragraph has after a change."""
    for one in reversed(change.splices):
        if paragraph is None or paragraph < one.first:
            continue
        if paragraph >= one.end:
            paragraph += len(one.inserted) - len(one.removed)
        elif one.inserted:
            paragraph = min(paragraph, one.first + len(one.inserted) - 1)
        else:
            paragraph = None
    return paragraph
