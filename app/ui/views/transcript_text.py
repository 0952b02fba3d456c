"""The page of text: paragraphs with a name above and a time beside, the spoken word lit.

Names, times, marks and washes are painted beside and behind the text; the characters of
the document are the words and nothing else, so that selection, search and assistive
technology meet plain text.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
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

from app.core.document import Change
from app.core.timecode import clock
from app.core.transcript import Segment, SpeakerId, Transcript
from app.ui.models.word_places import WordPlaces, units
from app.ui.theme import (
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    TEXT_BASE,
    TEXT_READING,
    TEXT_SMALL,
    Appearance,
)
from app.ui.widgets.paragraph_layout import ParagraphLayout

MEASURE = 68
"""Characters of a line, about."""
_BAR_WIDTH = 3
_GUTTER = 60
"""Room at either side of the text: for bar and marks, and for the time."""
_MARK_SIZE = 14
_WASH_REACH = 3
_WASH_RADIUS = 5
_BAND_TOP, _BAND_BOTTOM, _BAND_AIM = 0.12, 0.72, 0.3
"""Where on the page the spoken word may be, and where it is brought when it is not."""


@dataclass(frozen=True, slots=True)
class _Who:
    label: str
    colour: str


class TranscriptText(QPlainTextEdit):
    """Show a transcript as continuous text that can be heard.

    Signals:
        word_clicked: A word was clicked, not dragged over.
        word_double_clicked: A word was double-clicked.
        name_clicked: The name above a paragraph was clicked; the paragraph's number.
        reader_moved: The reader scrolled, selected or moved the caret.
    """

    word_clicked = Signal(int)
    word_double_clicked = Signal(int)
    name_clicked = Signal(int)
    reader_moved = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._transcript = Transcript(())
        self._places = WordPlaces()
        self._whos: dict[SpeakerId | None, _Who] = {}
        self._spoken: int | None = None
        self._spoken_segment: int | None = None
        self._hits = array("i")
        self._hit_length = 0
        self._current_hit: int | None = None
        self._threshold: float | None = None
        self._are_times_shown = True
        self._are_speakers_shown = True
        self._pressed_at: QPoint | None = None
        self._known_place = (-1, 0, 0)
        self._known_top = 0.0
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        self._layout = ParagraphLayout(document, self._space_above, self._formats_of)
        document.setDocumentLayout(self._layout)
        self.setDocument(document)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # the layout does
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().actionTriggered.connect(self.reader_moved)
        appearance.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # What is shown

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript from its beginning."""
        self._spoken = self._spoken_segment = None
        self._hits = array("i")
        self._current_hit = None
        self._places = WordPlaces()
        texts = self._places.replace(0, 0, transcript.segments)
        self._take(transcript)
        self.setPlainText("\n".join(texts))
        self._layout.guess_line_counts()
        self.verticalScrollBar().setValue(0)

    def follow_change(self, change: Change, transcript: Transcript) -> None:
        """Show what an edit left, without moving the reader's place."""
        self._hits = array("i")  # their places are no longer right; the view looks anew
        self._current_hit = None
        old = "\n".join(self._shown(change.first, len(change.removed)))
        texts = self._places.replace(change.first, len(change.removed), change.inserted)
        self._take(transcript)
        if not change.removed or not change.inserted:
            if change.removed or change.inserted:
                self._show_anew()
        else:
            self._write(change.first, old, "\n".join(texts))
        self._spoken = None
        # The one after may have become, or ceased to be, the beginning of a turn.
        self._layout.forget(change.first, change.first + len(change.inserted))
        self.viewport().update()

    def set_times_shown(self, shown: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show or hide the time of each paragraph."""
        self._are_times_shown = shown
        self._lay_out_anew()

    def set_speakers_shown(self, shown: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show or hide the names."""
        self._are_speakers_shown = shown
        self._lay_out_anew()

    def set_confidence_threshold(self, threshold: float | None) -> None:
        """Underline words the recogniser was less sure of than this; ``None`` for none."""
        if threshold != self._threshold:
            self._threshold = threshold
            self._lay_out_anew()

    def set_spoken(self, word: int | None) -> None:
        """Light a word; only what changes is painted."""
        if word == self._spoken:
            return
        segment = self._spoken_segment if word is None else self._places.segment_of(word)
        self._update_word(self._spoken)
        self._spoken = word
        self._update_word(word)
        if segment != self._spoken_segment:
            self._update_bar(self._spoken_segment)
            self._spoken_segment = segment
            self._update_bar(segment)

    def clear_spoken_turn(self) -> None:
        """Take the bar beside the spoken turn away too."""
        self.set_spoken(None)
        self._update_bar(self._spoken_segment)
        self._spoken_segment = None

    def set_hits(self, positions: array[int], length: int) -> None:
        """Mark what a search found, by place in the document."""
        self._hits, self._hit_length, self._current_hit = positions, length, None
        self.viewport().update()

    def show_hit(self, number: int) -> None:
        """Bring one of the hits before the reader."""
        self._current_hit = number
        cursor = self.textCursor()
        cursor.setPosition(self._hits[number])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.viewport().update()

    # Where things are

    @property
    def places(self) -> WordPlaces:
        """The words and their characters."""
        return self._places

    @property
    def spoken(self) -> int | None:
        """The lit word."""
        return self._spoken

    def label_of(self, segment: int) -> str:
        """Give the name of who speaks a paragraph."""
        return self._who(self._transcript.segments[segment].speaker_id).label

    def caret_segment(self) -> int | None:
        """Give the paragraph the caret is in."""
        return self.textCursor().blockNumber() if self._transcript.segments else None

    def caret_word(self) -> int | None:
        """Give the word the caret is in, or stands behind."""
        segment = self.caret_segment()
        if segment is None:
            return None
        cursor = self.textCursor()
        return self._places.word_at(
            segment, cursor.selectionStart() - cursor.block().position()
        )

    def selected_words(self) -> range:
        """Give the words of one paragraph that are selected; else the caret's."""
        segment = self.caret_segment()
        if segment is None:
            return range(0)
        cursor = self.textCursor()
        if cursor.hasSelection():
            block = self.document().findBlock(cursor.selectionStart())
            start = cursor.selectionStart() - block.position()
            end = min(cursor.selectionEnd() - block.position(), block.length() - 1)
            words = self._places.words_between(block.blockNumber(), start, end)
            if words:
                return words
        word = self.caret_word()
        return range(0) if word is None else range(word, word + 1)

    def word_at_point(self, point: QPoint) -> int | None:
        """Give the word under a point of the viewport, if there is one."""
        cursor = self.cursorForPosition(point)
        segment = cursor.blockNumber()
        if segment >= len(self._transcript.segments):
            return None
        word = self._places.word_at(segment, cursor.position() - cursor.block().position())
        if word is None:
            return None
        words = self._places.words_of(segment)
        for near in (word, word + 1, word - 1):  # the hit may be beyond half a letter
            if near in words and any(
                rect.toAlignedRect().contains(point) for rect in self.word_rects(near)
            ):
                return near
        return None

    def segment_at_point(self, point: QPoint) -> int | None:
        """Give the paragraph at the height of a point of the viewport."""
        for block, top, bottom in self._blocks_between(point.y(), point.y()):
            if top <= point.y() < bottom and block.blockNumber() < len(
                self._transcript.segments
            ):
                return block.blockNumber()
        return None

    def word_rects(self, word: int) -> list[QRectF]:
        """Give where a word stands in the viewport, a rectangle for each line it is on."""
        segment = self._places.segment_of(word)
        block = self.document().findBlockByNumber(segment)
        start, end = self._places.span(word)
        top = self._top_of(block)
        return [rect.translated(0, top) for rect in self._rects_in(block, start, end)]

    def name_rect(self, segment: int) -> QRect:
        """Give where the name of a paragraph stands in the viewport; empty if nowhere."""
        if not self._has_name(segment):
            return QRect()
        block = self.document().findBlockByNumber(segment)
        return self._name_rect(block, round(self._top_of(block)))

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
        block = self.document().findBlockByNumber(self._places.segment_of(word))
        self.blockBoundingGeometry(block)  # lays it out
        line = block.layout().lineForTextPosition(self._places.span(word)[0]).lineNumber()
        left = height * _BAND_AIM - self._layout.space_above(block.blockNumber())
        left -= line * self._layout.line_step
        if left <= 0:  # a paragraph higher than the band: begin within it
            line = max(0, line - int(height * _BAND_AIM) // self._layout.line_step)
        else:
            line = 0
            while left > 0 and block.previous().isValid():
                block = block.previous()
                left -= self._layout.blockBoundingRect(block).height()
        self.verticalScrollBar().setValue(block.firstLineNumber() + line)

    # Qt's part

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        clip = e.rect()
        for block, top, _ in self._blocks_between(clip.top(), clip.bottom()):
            if block.blockNumber() < len(self._transcript.segments):
                self._paint_beneath(painter, block, round(top), clip)
        painter.end()
        super().paintEvent(e)

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
        if self._name_at(point) is None:
            super().mousePressEvent(e)

    @override
    def mouseMoveEvent(self, e: QMouseEvent) -> None:
        point = e.position().toPoint()
        if e.buttons() & Qt.MouseButton.LeftButton:
            if self._pressed_at is not None and self._is_drag(point):
                self._pressed_at = None
                self.reader_moved.emit()
        else:
            is_name = self._name_at(point) is not None
            shape = Qt.CursorShape.PointingHandCursor if is_name else Qt.CursorShape.IBeamCursor
            if self.viewport().cursor().shape() is not shape:
                self.viewport().setCursor(shape)
        super().mouseMoveEvent(e)

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        pressed_at, self._pressed_at = self._pressed_at, None
        point = e.position().toPoint()
        super().mouseReleaseEvent(e)
        if pressed_at is None or self._is_drag(point, pressed_at):
            return
        segment = self._name_at(pressed_at)
        if segment is not None:
            self.name_clicked.emit(segment)
            return
        word = self.word_at_point(point)
        if word is not None and not e.modifiers() and not self.textCursor().hasSelection():
            self.word_clicked.emit(word)

    @override
    def mouseDoubleClickEvent(self, e: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseDoubleClickEvent(e)
        word = self.word_at_point(e.position().toPoint())
        if word is not None and e.button() is Qt.MouseButton.LeftButton:
            self.word_double_clicked.emit(word)

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        self.reader_moved.emit()
        super().wheelEvent(e)

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.key() == Qt.Key.Key_Space:
            e.ignore()  # plays and pauses; Qt would turn the page
            return
        before = self.textCursor().position()
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

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            segment = self.segment_at_point(event.pos())
            note = "" if segment is None else self._transcript.segments[segment].note
            QToolTip.showText(event.globalPos(), note, self.viewport())
            return True
        return super().viewportEvent(event)

    @override
    def event(self, e: QEvent) -> bool:
        # The wheel over the margins beside the column, which belong to this frame.
        if isinstance(e, QWheelEvent):
            self.wheelEvent(e)
            return True
        return super().event(e)

    # Painting

    def _paint_beneath(
        self, painter: QPainter, block: QTextBlock, top: int, clip: QRect
    ) -> None:
        number = block.blockNumber()
        segment = self._transcript.segments[number]
        theme = self._appearance.theme
        above = self._space_above(number)
        height = above + block.layout().lineCount() * self._layout.line_step
        body = QRectF(_GUTTER, top + above, self._layout.column_width, height - above)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if segment.is_highlighted:
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(body.adjusted(-8, 0, 8, 0), 6, 6)
        if number == self._spoken_segment:
            self._paint_bar(painter, block, body, segment)
        origin = QPoint(0, top)
        painter.setBrush(QColor(theme.found))
        for hit, start in self._hits_in(block):
            is_current = hit == self._current_hit
            painter.setPen(QColor(theme.text) if is_current else Qt.PenStyle.NoPen)
            for rect in self._rects_in(block, start, start + self._hit_length):
                painter.drawRoundedRect(rect.translated(origin), 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._spoken is not None and self._places.segment_of(self._spoken) == number:
            painter.setBrush(QColor(theme.wash))
            for rect in self._rects_in(block, *self._places.span(self._spoken)):
                reach = rect.translated(origin).adjusted(-_WASH_REACH, -1, _WASH_REACH, 1)
                painter.drawRoundedRect(reach, _WASH_RADIUS, _WASH_RADIUS)
        beside = clip.right() > self._page_width() - _GUTTER or clip.left() < _GUTTER
        if clip.top() < top + above + (self._layout.line_step if beside else 0):
            self._paint_heading(painter, block, top, segment)

    def _paint_bar(
        self, painter: QPainter, block: QTextBlock, body: QRectF, segment: Segment
    ) -> None:
        bar = QRectF(self._bar_left(block), body.top() + 2, _BAR_WIDTH, body.height() - 4)
        who = self._who(segment.speaker_id)
        painter.setBrush(QColor(who.colour or self._appearance.theme.accent))
        painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_heading(
        self, painter: QPainter, block: QTextBlock, top: int, segment: Segment
    ) -> None:
        number = block.blockNumber()
        theme = self._appearance.theme
        name = self._name_rect(block, top)
        if self._has_name(number):
            who = self._who(segment.speaker_id)
            painter.setFont(self._name_font)
            painter.setPen(QColor(who.colour or theme.text))
            painter.drawText(
                name, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, who.label
            )
            line = name
        else:
            first = top + self._space_above(number)
            line = QRect(name.left(), first, 0, self._layout.line_step)
        is_rtl = self._layout.is_rtl(block)
        if self._are_times_shown:
            painter.setFont(self._time_font)
            painter.setPen(QColor(theme.muted))
            side = Qt.AlignmentFlag.AlignLeft if is_rtl else Qt.AlignmentFlag.AlignRight
            span = QRect(0, line.top(), self._page_width(), line.height())
            painter.drawText(
                span, side | Qt.AlignmentFlag.AlignVCenter, clock(segment.start_ms)
            )
        self._paint_marks(painter, segment, line, is_rtl=is_rtl)

    def _paint_marks(
        self, painter: QPainter, segment: Segment, line: QRect, *, is_rtl: bool
    ) -> None:
        """Show beside the paragraph what a person has marked."""
        marks = [
            (segment.is_approved, "check", "good"),
            (segment.is_highlighted, "star-filled", "accent"),
            (bool(segment.note), "note", "muted"),
        ]
        shown = [(icon, ink) for is_set, icon, ink in marks if is_set]
        if not shown:
            return
        ratio = self.devicePixelRatioF()
        step = -_MARK_SIZE - 2
        at = _GUTTER - SPACE_16 + step
        if is_rtl:
            step = -step
            at = self._page_width() - _GUTTER + SPACE_16
        for icon, ink in shown:
            pixmap = self._appearance.pixmap(icon, _MARK_SIZE, ratio, ink)
            painter.drawPixmap(at, line.center().y() - _MARK_SIZE // 2 + 1, pixmap)
            at += step

    def _hits_in(self, block: QTextBlock) -> Iterator[tuple[int, int]]:
        if not self._hits:
            return
        begin, end = block.position(), block.position() + block.length()
        for number in range(bisect_left(self._hits, begin), len(self._hits)):
            if self._hits[number] >= end:
                return
            yield number, self._hits[number] - begin

    def _rects_in(self, block: QTextBlock, start: int, end: int) -> list[QRectF]:
        """Give where characters stand, relative to their paragraph."""
        layout = block.layout()
        if not layout.lineCount():
            self._layout.blockBoundingRect(block)
        rects: list[QRectF] = []
        first = layout.lineForTextPosition(start)
        last = layout.lineForTextPosition(max(start, end - 1))
        if not first.isValid() or not last.isValid():
            return rects
        for number in range(first.lineNumber(), last.lineNumber() + 1):
            line = layout.lineAt(number)
            begin = max(start, line.textStart())
            finish = min(end, line.textStart() + line.textLength())
            step = max(1, finish - begin)
            if not layout.text()[begin:finish].isascii():
                step = 1  # in mixed scripts the ends need not be the outermost
            xs = [_x_at(line, place) for place in range(begin, finish + 1, step)]
            rects.append(QRectF(min(xs), line.y(), max(xs) - min(xs), line.height()))
        return rects

    def _name_rect(self, block: QTextBlock, top: int) -> QRect:
        who = self._who(self._transcript.segments[block.blockNumber()].speaker_id)
        width = self._name_metrics.horizontalAdvance(who.label)
        height = self._name_metrics.height() + SPACE_4
        above = self._space_above(block.blockNumber())
        left = _GUTTER
        if self._layout.is_rtl(block):
            left = _GUTTER + int(self._layout.column_width) - width
        return QRect(left, top + above - height - SPACE_4 // 2, width, height)

    def _bar_left(self, block: QTextBlock) -> float:
        if self._layout.is_rtl(block):
            return _GUTTER + self._layout.column_width + SPACE_8
        return float(_GUTTER - SPACE_12 - _BAR_WIDTH + 2)

    def _update_word(self, word: int | None) -> None:
        if word is None or not self._is_near(word):
            return
        for rect in self.word_rects(word):
            reach = _WASH_REACH + 2
            self.viewport().update(rect.toAlignedRect().adjusted(-reach, -reach, reach, reach))

    def _update_bar(self, segment: int | None) -> None:
        if segment is None or segment >= self.document().blockCount():
            return
        block = self.document().findBlockByNumber(segment)
        if not self._is_block_near(segment):
            return
        top, height = int(self._top_of(block)), int(self.blockBoundingRect(block).height())
        left = int(self._bar_left(block))
        self.viewport().update(QRect(left - 2, top, _BAR_WIDTH + 4, height))

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
        return self._is_block_near(self._places.segment_of(word))

    def _is_block_near(self, number: int) -> bool:
        """Tell cheaply whether a paragraph may be on the page."""
        first = self.firstVisibleBlock().blockNumber()
        most = self.viewport().height() // self._layout.line_step + 1
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

    def _space_above(self, number: int) -> int:
        gap = SPACE_24 if self._begins_turn(number) else SPACE_12
        if number == 0:
            gap = SPACE_16
        if not self._has_name(number):
            return gap
        return gap + self._name_metrics.height() + SPACE_4

    def _begins_turn(self, number: int) -> bool:
        segments = self._transcript.segments
        if number == 0 or number >= len(segments):
            return number == 0
        return segments[number].speaker_id != segments[number - 1].speaker_id

    def _has_name(self, number: int) -> bool:
        if not self._are_speakers_shown or number >= len(self._transcript.segments):
            return False
        return self._begins_turn(number) and bool(
            self._who(self._transcript.segments[number].speaker_id).label
        )

    def _who(self, speaker_id: SpeakerId | None) -> _Who:
        who = self._whos.get(speaker_id)
        if who is None:
            who = self._whos[speaker_id] = self._make_who(speaker_id)
        return who

    def _make_who(self, speaker_id: SpeakerId | None) -> _Who:
        for place, speaker in enumerate(self._transcript.speakers):
            if speaker.speaker_id == speaker_id:
                label = self._transcript.speaker_label(
                    speaker_id,
                    self.tr("Speaker {number}"),
                    self.tr("Part {part} · Speaker {number}"),
                )
                return _Who(label, self._appearance.theme.speaker(place))
        return _Who("", "")

    def _formats_of(self, number: int) -> list[QTextLayout.FormatRange]:
        """Give the marks under words that are in doubt."""
        if self._threshold is None or number >= len(self._transcript.segments):
            return []
        underline = QTextCharFormat()
        underline.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        underline.setUnderlineColor(self._appearance.color("bad"))
        formats: list[QTextLayout.FormatRange] = []
        first = self._places.words_of(number).start
        for place, word in enumerate(self._transcript.segments[number].words):
            if word.confidence is not None and word.confidence < self._threshold:
                start, end = self._places.span(first + place)
                one = QTextLayout.FormatRange()
                one.start, one.length, one.format = start, end - start, underline
                formats.append(one)
        return formats

    def _page_width(self) -> int:
        return self.viewport().width()

    def _update_margins(self) -> None:
        """Keep the column as wide as reads well, in the middle of the room there is."""
        metrics = QFontMetrics(self.font())
        wanted = metrics.averageCharWidth() * MEASURE + 2 * _GUTTER
        bar = self.verticalScrollBar()
        room = self.width() - (bar.sizeHint().width() if bar.isVisible() else 0)
        side = max(SPACE_16, (room - wanted) // 2)
        self.setViewportMargins(side, 0, side, 0)
        column = float(max(120, room - 2 * side - 2 * _GUTTER))
        self._layout.indent = _GUTTER
        self._layout.space_below = self.viewport().height() // 3
        if column != self._layout.column_width:
            self._layout.column_width = column
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._layout.forget()
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        theme = self._appearance.theme
        self.setFont(self._appearance.font(TEXT_READING))
        self.document().setDefaultFont(self.font())
        self._name_font: QFont = self._appearance.font(TEXT_BASE, weight=600)
        self._name_metrics = QFontMetrics(self._name_font)
        self._time_font: QFont = self._appearance.font(TEXT_SMALL, tabular=True)
        self._whos.clear()
        palette = QPalette(QApplication.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(theme.window))
        palette.setColor(QPalette.ColorRole.Text, QColor(theme.text))
        self.setPalette(palette)
        # The program's sheet frames fields; this is a page.
        self.setStyleSheet(
            "QPlainTextEdit, QPlainTextEdit:focus { border: 0; padding: 0; border-radius: 0; "
            f"background: {theme.window}; selection-background-color: {theme.selection}; }}"
        )
        self._layout.take_font()
        self._update_margins()
        self._lay_out_anew()

    # Changes of text

    def _take(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._whos.clear()
        language = QLocale(transcript.language) if transcript.language else QLocale.c()
        self._layout.is_all_rtl = language.textDirection() is Qt.LayoutDirection.RightToLeft

    def _shown(self, first: int, count: int) -> Iterator[str]:
        for number in range(first, first + count):
            yield self.document().findBlockByNumber(number).text()

    def _write(self, first: int, old: str, new: str) -> None:
        """Write only what differs, so that caret and selection stay where they are."""
        if old == new:
            return
        head = 0
        least = min(len(old), len(new))
        while head < least and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < least - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        begin = self.document().findBlockByNumber(first).position()
        cursor = QTextCursor(self.document())
        cursor.setPosition(begin + units(old[:head]))
        cursor.setPosition(
            begin + units(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor
        )
        cursor.insertText(new[head : len(new) - tail])

    def _show_anew(self) -> None:
        """Whole paragraphs came or went: write all, and keep the reader's place."""
        top = self.verticalScrollBar().value()
        caret = self.textCursor().position()
        texts = WordPlaces().replace(0, 0, self._transcript.segments)
        self.setPlainText("\n".join(texts))
        cursor = self.textCursor()
        cursor.setPosition(min(caret, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self._layout.guess_line_counts()
        self.verticalScrollBar().setValue(top)

    def _name_at(self, point: QPoint) -> int | None:
        segment = self.segment_at_point(point)
        if segment is not None and self.name_rect(segment).contains(point):
            return segment
        return None

    def _is_drag(self, point: QPoint, pressed_at: QPoint | None = None) -> bool:
        start = pressed_at or self._pressed_at
        if start is None:
            return False
        return (point - start).manhattanLength() >= QApplication.startDragDistance()


def _x_at(line: QTextLine, offset: int) -> float:
    """Give where a character begins; Qt answers with the offset beside it."""
    return cast("tuple[float, int]", line.cursorToX(offset))[0]
