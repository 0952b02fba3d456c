"""What is drawn of a transcript behind and beside its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextBlock,
    QTextDocument,
    QTextLayout,
    QTextLine,
)

from app.core.doubt import is_doubtful
from app.core.marks import Marks
from app.core.progress import ReviewState, Spans, heard_ms, state_of
from app.core.transcript import MarkerKind, Paragraph, SpeakerId, Transcript
from app.core.wordless import WordlessPlaces, wordless_places, wordless_words
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import (
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    TEXT_BASE,
    TEXT_SMALL,
)
from app.ui.transcript import word_looks
from app.ui.transcript.layout import ParagraphLayout
from app.ui.transcript.word_places import WordPlaces
from app.ui.wording import clock

BAR_WIDTH = 3
GUTTER = 64
"""Room at either side of the text: for bar and three marks, and for the time."""
_MARK_SIZE = 14
_DOT = 5
_MARKED_KNOWN = 400
"""Of so many paragraphs it is remembered which words something is put on."""


@dataclass(frozen=True, slots=True)
class Who:
    """How a speaker is shown; empty texts for nobody.

    Attributes:
        label: Name.
        colour: Of the name and the bar.
    """

    label: str
    colour: str


class TranscriptPage:
    """Draw paragraphs of a transcript, as far as they are not words.

    Attributes:
        layout: Lays the words out.
        transcript: What is shown.
        places: Which characters its words are.
        width: Of the page, gutters included.
        spoken: The lit word, if any.
        spoken_paragraph: The paragraph with the bar, if any.
        hits: What a search found: offsets in paragraphs.
        current_hit: Paragraph and offset of the hit that is looked at.
        misspelled: Gives from where to where words of a text are misspelt.
        threshold: Confidence below which a word is underlined; ``None`` for none.
        are_times_shown: Whether each paragraph has its time.
        are_speakers_shown: Whether names stand above.
        heard: Spans of the recording that were listened to.
        is_unheard_paler: Whether words nobody has heard are paler.
        is_dimmed: Tells by its number whether a paragraph is dimmed; ``None`` if none is.
        are_struck_hidden: Whether words that are struck out are not seen at all.
        wordless: Where speech has no words.
    """

    def __init__(self, appearance: Appearance, document: QTextDocument) -> None:
        self._appearance = appearance
        self.transcript = Transcript(())
        self.places = WordPlaces()
        self.width = 0
        self.spoken: int | None = None
        self.spoken_paragraph: int | None = None
        self.hits = Marks()
        self.current_hit: tuple[int, int] | None = None
        self.threshold: float | None = None
        self.are_times_shown = True
        self.are_speakers_shown = True
        self.heard: Spans = ()
        self.is_unheard_paler = False
        self.is_dimmed: Callable[[int], bool] | None = None
        self.are_struck_hidden = False
        self.wordless: WordlessPlaces = {}
        self._marked: dict[int, tuple[Paragraph, tuple[int, ...]]] = {}
        self._whos: dict[SpeakerId | None, Who] = {}
        self.misspelled: Callable[[str], Sequence[tuple[int, int]]] = lambda _text: ()
        self.take_theme()
        self.layout = ParagraphLayout(document, self.space_above, self.formats_of)

    def take_theme(self) -> None:
        """Take up the theme and the text size."""
        self._name_font: QFont = self._appearance.font(TEXT_BASE, weight=600)
        self._name_metrics = QFontMetrics(self._name_font)
        self._time_font: QFont = self._appearance.font(TEXT_SMALL, tabular=True)
        self._whos.clear()

    def take_transcript(self, transcript: Transcript) -> None:
        """Take up another transcript; its places are the caller's to keep right."""
        if transcript.speakers != self.transcript.speakers:
            self._whos.clear()
        before, self.transcript = self.transcript, transcript
        self.wordless = wordless_places(transcript)
        if transcript.language == before.language:
            return
        language = QLocale(transcript.language) if transcript.language else QLocale.c()
        self.layout.is_all_rtl = language.textDirection() is Qt.LayoutDirection.RightToLeft

    def paint(self, painter: QPainter, block: QTextBlock, top: int, clip: QRect) -> None:
        """Paint what lies behind and beside the words of a paragraph."""
        number = block.blockNumber()
        paragraph = self.transcript.paragraphs[number]
        theme = self._appearance.theme
        above = self.layout.space_above(number)
        body = self.body_rect(block, top)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if paragraph.is_highlighted:
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(body.adjusted(-8, 0, 8, 0), 6, 6)
        if number == self.spoken_paragraph:
            self._paint_bar(painter, block, body, paragraph)
        origin = QPoint(0, top)
        self._paint_markers(painter, block, origin, paragraph)
        self._paint_wordless(painter, block, origin, paragraph)
        for start, end in self.hits.spans_in(number, *self._shown_in(block, body, clip)):
            is_current = (number, start) == self.current_hit
            for rect in self.rects_in(block, start, end):
                there = rect.translated(origin)
                word_looks.paint_hit(painter, theme, there, is_current=is_current)
        if self.spoken is not None and self.places.paragraph_of(self.spoken) == number:
            for rect in self.rects_in(block, *self.places.span(self.spoken)):
                word_looks.paint_spoken(painter, theme, rect.translated(origin))
        first, last = self._shown_in(block, body, clip)
        for start, end in self.misspelled(self.places.texts[number]):
            if start < last and end > first:
                for rect in self.rects_in(block, start, end):
                    word_looks.paint_misspelled(painter, theme, rect.translated(origin))
        beside = clip.right() > self.width - GUTTER or clip.left() < GUTTER
        if clip.top() < top + above + (self.layout.line_step if beside else 0):
            self._paint_heading(painter, block, top, paragraph)

    def paint_selected(
        self, painter: QPainter, block: QTextBlock, top: int, selected: range, clip: QRect
    ) -> None:
        """Paint what shows where the selection is, over the tint that Qt gives it.

        Args:
            painter: What to paint with.
            block: The paragraph.
            top: Where it begins.
            selected: Which characters of the whole text are.
            clip: The part of the page that is painted.
        """
        origin = block.position()
        first, last = self._shown_in(block, self.body_rect(block, top), clip)
        begin = max(first, selected.start - origin)
        stop = min(last, selected.stop - origin, block.length() - 1)
        if begin < stop:
            for rect in self.rects_in(block, begin, stop):
                there = rect.translated(QPoint(0, top))
                word_looks.paint_selected(painter, self._appearance.theme, there)

    def paint_over(self, painter: QPainter, block: QTextBlock, top: int) -> None:
        """Paint what lies over a paragraph: a veil on it, or on what nobody has heard of it."""
        number = block.blockNumber()
        if self.is_dimmed is not None and self.is_dimmed(number):
            bottom = self.body_rect(block, top).bottom()
            whole = QRectF(0, top, self.width, max(0.0, bottom - top))
            painter.fillRect(whole, word_looks.dimming(self._appearance.theme))
            return
        if not self.is_unheard_paler:
            return
        paragraph = self.transcript.paragraphs[number]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(word_looks.veil(self._appearance.theme))
        first = self.places.words_of(number).start
        begin: int | None = None
        for place in range(len(paragraph.words) + 1):
            is_pale = place < len(paragraph.words) and self._is_unheard(paragraph, first, place)
            if is_pale and begin is None:
                begin = place
            elif not is_pale and begin is not None:
                start, end = (
                    self.places.span(first + begin),
                    self.places.span(first + place - 1),
                )
                for rect in self.rects_in(block, start[0], end[1]):
                    painter.drawRect(rect.translated(QPoint(0, top)))
                begin = None

    def _marked_words(self, number: int, paragraph: Paragraph) -> tuple[int, ...]:
        """Give the words that something is put on; asked with every word that is lit."""
        known = self._marked.get(number)
        if known is None or known[0] is not paragraph:
            if len(self._marked) > _MARKED_KNOWN:
                self._marked.clear()
            places = tuple(place for place, word in enumerate(paragraph.words) if word.markers)
            known = self._marked[number] = paragraph, places
        return known[1]

    def _is_unheard(self, paragraph: Paragraph, first: int, place: int) -> bool:
        if first + place == self.spoken:
            return False
        word = paragraph.words[place]
        end_ms = max(word.start_ms + 1, word.end_ms)
        return not heard_ms(word.start_ms, end_ms, self.heard)

    def _paint_markers(
        self, painter: QPainter, block: QTextBlock, origin: QPoint, paragraph: Paragraph
    ) -> None:
        """Show what a person put on ranges of words."""
        theme = self._appearance.theme
        first = self.places.words_of(block.blockNumber()).start
        words = paragraph.words
        for place in self._marked_words(block.blockNumber(), paragraph):
            before = words[place - 1].markers if place else ()
            for marker in words[place].markers:
                start, end = self.places.span(first + place)
                if marker in before:  # with the space between them
                    start = self.places.span(first + place - 1)[1]
                for rect in self.rects_in(block, start, end):
                    there = rect.translated(origin)
                    if marker.kind is MarkerKind.HIGHLIGHT:
                        word_looks.paint_highlight(painter, theme, there)
                    elif marker.kind is MarkerKind.NOTE:
                        word_looks.paint_note(painter, theme, there)
                    elif marker not in before:
                        is_rtl = self.layout.is_rtl(block)
                        word_looks.paint_bookmark(painter, theme, there, is_rtl=is_rtl)

    def _paint_wordless(
        self, painter: QPainter, block: QTextBlock, origin: QPoint, paragraph: Paragraph
    ) -> None:
        """Show behind a word that somebody speaks on and no words were heard."""
        first = self.places.words_of(block.blockNumber()).start
        for place in wordless_words(paragraph, self.wordless):
            for rect in self.rects_in(block, *self.places.span(first + place))[-1:]:
                word_looks.paint_wordless(
                    painter,
                    self._appearance.theme,
                    rect.translated(origin),
                    is_rtl=self.layout.is_rtl(block),
                )

    def _shown_in(self, block: QTextBlock, body: QRectF, clip: QRect) -> tuple[int, int]:
        """Give from which character of a paragraph to which a part of the page shows."""
        layout = block.layout()
        last_line = layout.lineCount() - 1
        if last_line < 0:
            return 0, block.length()
        step = self.layout.line_step
        first = min(max(0, int((clip.top() - body.top()) // step)), last_line)
        last = min(max(0, int((clip.bottom() - body.top()) // step)), last_line)
        below = layout.lineAt(last)
        return layout.lineAt(first).textStart(), below.textStart() + below.textLength()

    def rects_in(self, block: QTextBlock, start: int, end: int) -> list[QRectF]:
        """Give where characters stand, relative to their paragraph."""
        layout = block.layout()
        if not layout.lineCount():
            self.layout.blockBoundingRect(block)  # lays it out
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

    def body_rect(self, block: QTextBlock, top: int) -> QRectF:
        """Give where the lines of a paragraph stand."""
        height = block.layout().lineCount() * self.layout.line_step
        above = self.layout.space_above(block.blockNumber())
        return QRectF(GUTTER, top + above, self.layout.column_width, height)

    def name_rect(self, block: QTextBlock, top: int) -> QRect:
        """Give where the name above a paragraph stands."""
        who = self.who(self.transcript.paragraphs[block.blockNumber()].speaker_id)
        width = self._name_metrics.horizontalAdvance(who.label)
        height = self._name_metrics.height() + SPACE_4
        above = self.space_above(block.blockNumber())
        left = GUTTER
        if self.layout.is_rtl(block):
            left = GUTTER + int(self.layout.column_width) - width
        return QRect(left, top + above - height - SPACE_4 // 2, width, height)

    def bar_left(self, block: QTextBlock) -> float:
        """Give where the bar beside a paragraph stands."""
        if self.layout.is_rtl(block):
            return GUTTER + self.layout.column_width + SPACE_8
        return float(GUTTER - SPACE_12 - BAR_WIDTH + 2)

    def space_above(self, number: int) -> int:
        """Give the room above a paragraph, with its name if it has one."""
        gap = SPACE_24 if self._begins_turn(number) else SPACE_12
        if number == 0:
            gap = SPACE_16
        if not self.has_name(number):
            return gap
        return gap + self._name_metrics.height() + SPACE_4

    def has_name(self, number: int) -> bool:
        """Tell whether a name stands above a paragraph."""
        if not self.are_speakers_shown or number >= len(self.transcript.paragraphs):
            return False
        return self._begins_turn(number) and bool(
            self.who(self.transcript.paragraphs[number].speaker_id).label
        )

    def who(self, speaker_id: SpeakerId | None) -> Who:
        """Give name and colour of a speaker."""
        who = self._whos.get(speaker_id)
        if who is None:
            who = self._whos[speaker_id] = self._make_who(speaker_id)
        return who

    def formats_of(self, number: int) -> list[QTextLayout.FormatRange]:
        """Give how words stand that are in doubt or struck out."""
        if number >= len(self.transcript.paragraphs):
            return []
        words = self.transcript.paragraphs[number].words
        theme = self._appearance.theme
        doubtful = word_looks.doubtful_format(theme)
        struck = word_looks.struck_format(theme, is_hidden=self.are_struck_hidden)
        formats: list[QTextLayout.FormatRange] = []
        first = self.places.words_of(number).start
        for place, word in enumerate(words):
            is_struck = word.review is not None and word.review.is_struck
            if not is_struck and (
                self.threshold is None or not is_doubtful(word, self.threshold)
            ):
                continue
            start, end = self.places.span(first + place)
            if is_struck and self.are_struck_hidden and place + 1 < len(words):
                end = self.places.span(first + place + 1)[0]  # and the space behind it
            one = QTextLayout.FormatRange()
            one.start, one.length = start, end - start
            one.format = struck if is_struck else doubtful
            formats.append(one)
        return formats

    def turn_of(self, number: int) -> int:
        """Give the first paragraph of the turn a paragraph belongs to."""
        while not self._begins_turn(number) and number < len(self.transcript.paragraphs):
            number -= 1
        return number

    def _begins_turn(self, number: int) -> bool:
        paragraphs = self.transcript.paragraphs
        if number == 0 or number >= len(paragraphs):
            return number == 0
        return paragraphs[number].speaker_id != paragraphs[number - 1].speaker_id

    def _make_who(self, speaker_id: SpeakerId | None) -> Who:
        for place, speaker in enumerate(self.transcript.speakers):
            if speaker.speaker_id == speaker_id:
                label = self.transcript.speaker_label(
                    speaker_id,
                    QCoreApplication.translate("Transcript", "Speaker {number}"),
                    QCoreApplication.translate("Transcript", "Part {part} · Speaker {number}"),
                )
                return Who(label, self._appearance.theme.speaker(place))
        return Who("", "")

    def _paint_bar(
        self, painter: QPainter, block: QTextBlock, body: QRectF, paragraph: Paragraph
    ) -> None:
        bar = QRectF(self.bar_left(block), body.top() + 2, BAR_WIDTH, body.height() - 4)
        who = self.who(paragraph.speaker_id)
        painter.setBrush(QColor(who.colour or self._appearance.theme.accent))
        painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_heading(
        self, painter: QPainter, block: QTextBlock, top: int, paragraph: Paragraph
    ) -> None:
        number = block.blockNumber()
        theme = self._appearance.theme
        name = self.name_rect(block, top)
        if self.has_name(number):
            who = self.who(paragraph.speaker_id)
            painter.setFont(self._name_font)
            painter.setPen(QColor(who.colour or theme.text))
            painter.drawText(
                name, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, who.label
            )
            line = name
        else:
            first = top + self.space_above(number)
            line = QRect(name.left(), first, 0, round(self.layout.line_step))
        is_rtl = self.layout.is_rtl(block)
        if self.are_times_shown:
            painter.setFont(self._time_font)
            painter.setPen(QColor(theme.muted))
            side = Qt.AlignmentFlag.AlignLeft if is_rtl else Qt.AlignmentFlag.AlignRight
            span = QRect(0, line.top(), self.width, line.height())
            # Absolute: the side is that of the paragraph, in a window of either direction.
            side |= Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
            painter.drawText(span, side, clock(paragraph.start_ms))
        self._paint_marks(painter, number, line, is_rtl=is_rtl)

    def _paint_marks(
        self, painter: QPainter, number: int, line: QRect, *, is_rtl: bool
    ) -> None:
        """Show beside the paragraph what a person has marked."""
        paragraph = self.transcript.paragraphs[number]
        kinds = {
            marker.kind
            for place in self._marked_words(number, paragraph)
            for marker in paragraph.words[place].markers
        }
        marks = [
            (
                paragraph.is_highlighted or MarkerKind.HIGHLIGHT in kinds,
                "star-filled",
                "accent",
            ),
            (bool(paragraph.note) or MarkerKind.NOTE in kinds, "note", "muted"),
        ]
        state = state_of(paragraph, self.heard)
        if state is ReviewState.APPROVED:
            marks.insert(0, (True, "check", "good"))
        shown = [(icon, foreground) for is_set, icon, foreground in marks if is_set]
        if state is ReviewState.HEARD:
            self._paint_heard(painter, line, is_rtl=is_rtl)
        if not shown:
            return
        ratio = painter.device().devicePixelRatioF()
        places = len(shown) + (state is ReviewState.HEARD)
        most = (GUTTER - SPACE_16) // places - 2  # all of them stand beside the text
        size = min(self._appearance.scaled(_MARK_SIZE), most)
        step = -size - 2
        at = GUTTER - SPACE_16 + step
        if is_rtl:
            step = -step
            at = self.width - GUTTER + SPACE_16
        if state is ReviewState.HEARD:  # the first place is taken
            at += step
        for icon, foreground in shown:
            pixmap = self._appearance.pixmap(icon, size, ratio, foreground)
            painter.drawPixmap(at, line.center().y() - size // 2 + 1, pixmap)
            at += step

    def _paint_heard(self, painter: QPainter, line: QRect, *, is_rtl: bool) -> None:
        """Show by a dot that a paragraph was heard, where a tick would be if approved."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._appearance.theme.muted))
        at = GUTTER - SPACE_16 - _MARK_SIZE // 2 - 2
        if is_rtl:
            at = self.width - GUTTER + SPACE_16 + _MARK_SIZE // 2
        painter.drawEllipse(QRect(at - _DOT // 2, line.center().y() - 1, _DOT, _DOT))


def _x_at(line: QTextLine, offset: int) -> float:
    """Give where a character begins; Qt answers with the offset beside it."""
    return cast("tuple[float, int]", line.cursorToX(offset))[0]
