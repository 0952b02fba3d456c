"""Paragraphs with room above them and open lines, inside a ``QPlainTextEdit``.

Qt's own layout of plain text knows neither margins nor line heights, but it asks a
virtual function for the height of each paragraph and takes the lines as it finds them.
So we lay the lines out ourselves, only where they are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil
from weakref import WeakMethod

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QTextBlock,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextDocumentLayout
from typing_extensions import override

LINE_HEIGHT = 1.55
_NATURAL_HEIGHT = 1.17
"""What a font's own line height is of its size, about."""
_KEPT_LAID_OUT = 400
_NEAR = 100
"""Paragraphs laid out before are forgotten unless they are this near, to save memory."""
_FAR = float(1 << 20)
_MOST_ABOVE = 1 << 12
_MOST_RULES = 1 << 18
_ENDLESS_WORD = 4_000
"""A word of so many characters is none that somebody said: a picture as text, say."""
_WORD_WITHOUT_END = re.compile(rf"\S{{{_ENDLESS_WORD}}}")


class ParagraphLayout(QPlainTextDocumentLayout):
    """Lay paragraphs out as a page to read.

    The edit must not wrap lines itself (``NoWrap``), else Qt would lay out anew, in its
    own way, whenever the width changes.

    How a paragraph is laid out is remembered in the paragraph itself: its lines are Qt's,
    and its *user state* says by which rules and with how much room above they were made.
    So nothing here needs to be told when paragraphs are split, merged or moved.

    Attributes:
        column_width: Width of a line of text.
        indent: What is left free at the left of it.
        space_below: What is left free under the last paragraph.
        offset_at: Gives the character at a point, for who asks from outside; ``None``
            leaves that to Qt, which does not know. Weak, so that page and layout, which Qt
            takes apart, make no circle.
        is_all_rtl: Whether every paragraph runs from right to left, also one that begins
            with a word in Latin letters.
        generation: Another number whenever a height may be another.
    """

    def __init__(
        self,
        document: QTextDocument,
        space_above: Callable[[int], int],
        formats: Callable[[int], list[QTextLayout.FormatRange]],
    ) -> None:
        """Prepare to lay out a document.

        Args:
            document: Whose paragraphs.
            space_above: Room above a paragraph, by its number.
            formats: Marks within a paragraph, by its number.
        """
        super().__init__(document)
        self.column_width = 600.0
        self.indent = 0
        self.space_below = 0
        self.is_all_rtl = False
        self._space_above = space_above
        self._formats = formats
        self._is_announcing = False
        self.generation = 0
        self.offset_at: WeakMethod[Callable[[QPointF], int]] | None = None
        # Heights by number, which hold as long as ``generation`` is the one beside them:
        # asked for several times with every lit word, and with every scroll.
        self._known: tuple[int, dict[int, float]] = (0, {})
        self._rules = 0  # counts how often everything had to be laid out anew
        self._block_count = document.blockCount()
        # Numbers, for a handle to a paragraph that is gone must not be touched; and hints
        # only, for after an edit a number may be another paragraph's.
        self._laid_out: set[int] = set()
        self._put_away = (-1, -1, -1)
        self._option = QTextOption()
        self.take_font()

    @property
    def line_step(self) -> float:
        """From one line to the next: a whole number of the screen's own pixels."""
        return self._line_step

    def take_font(self, ratio: float = 1.0) -> None:
        """Take up the document's font.

        Args:
            ratio: Pixels of the screen in one of ours, so that lines lie evenly on it.
        """
        metrics = QFontMetricsF(self.document().defaultFont())
        self._ratio = ratio
        self._line_step = self._snapped(metrics.height() / _NATURAL_HEIGHT * LINE_HEIGHT)
        slack = (self._line_step - metrics.height()) / 2
        self._baseline = self._snapped(slack + metrics.ascent())
        self._mean_char = max(1.0, metrics.averageCharWidth())

    def is_rtl(self, block: QTextBlock) -> bool:
        """Tell whether a paragraph runs from right to left."""
        return self.is_all_rtl or block.textDirection() is Qt.LayoutDirection.RightToLeft

    def space_above(self, number: int) -> float:
        """Give the room above a paragraph."""
        return self._snapped(self._space_above(number))

    def guess_line_counts(self, first: int = 0, count: int | None = None) -> None:
        """Guess how long paragraphs are, so that the scroll bar is about right.

        The guess is put right when a paragraph is first looked at.

        Args:
            first: The first of them.
            count: How many; all that follow if left out.
        """
        per_line = self.column_width / self._mean_char
        block = self.document().findBlockByNumber(first)
        while block.isValid() and count != 0:
            block.setLineCount(ceil(block.length() / per_line))
            block.setUserState(-1)
            block = block.next()
            count = None if count is None else count - 1
        self.generation += 1
        self.announce()

    def forget(self) -> None:
        """Lay every paragraph out anew when it is next looked at."""
        self._rules = (self._rules + 1) % _MOST_RULES
        self.generation += 1
        self.announce()

    def forget_some(self, first: int, count: int) -> None:
        """Lay some paragraphs out anew when they are next looked at."""
        block = self.document().findBlockByNumber(first)
        while block.isValid() and count > 0:
            block.setUserState(-1)
            block = block.next()
            count -= 1
        self.generation += 1

    def mark_anew(self, first: int, count: int) -> None:
        """Lay paragraphs out anew whose marks are others now; their text is what it was.

        To lay out a long one takes far longer than to look at its marks.
        """
        block = self.document().findBlockByNumber(first)
        while block.isValid() and count > 0:
            layout = block.layout()
            if layout.lineCount() and layout.formats() != self._formats(block.blockNumber()):
                block.setUserState(-1)
            block = block.next()
            count -= 1
        self.generation += 1

    def announce(self) -> None:
        """Let the scroll bar know; it asks for heights in turn."""
        if not self._is_announcing:
            self._is_announcing = True
            self.documentSizeChanged.emit(self.documentSize())
            self._is_announcing = False

    def put_away(self, first: int, last: int) -> None:
        """Let assistive technology find no paragraph where it was before it went out of sight.

        Args:
            first: The first paragraph that can be seen.
            last: The last of them.
        """
        key = first, last, self.generation
        if key == self._put_away:
            return
        self._put_away = key
        for number in self._laid_out:
            block = self.document().findBlockByNumber(number)
            if block.isValid() and not first <= number <= last:
                block.layout().setPosition(QPointF(0, -_FAR if number < first else _FAR))

    @override
    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        if not block.isValid():
            return QRectF()
        number = block.blockNumber()
        known_at, heights = self._known
        height = heights.get(number) if known_at == self.generation else None
        if height is None:
            height = self._height_of(block, number)
        if number == self.document().blockCount() - 1:
            height += self.space_below
        return QRectF(0.0, 0.0, self.indent + self.column_width, height)

    def _height_of(self, block: QTextBlock, number: int) -> float:
        """Lay a paragraph out where that is to be done, and remember its height for now."""
        above = self.space_above(number)
        if not block.layout().lineCount() or block.userState() != self._state(above):
            self._lay_out(block, number, above)
        height = above + block.layout().lineCount() * self._line_step
        if self._known[0] != self.generation:
            self._known = self.generation, {}
        self._known[1][number] = height
        return height

    @override
    def documentSize(self) -> QSizeF:
        # Qt counts the height of plain text in lines.
        return QSizeF(self.indent + self.column_width, self.document().lineCount())

    @override
    def documentChanged(self, from_: int, charsRemoved: int, charsAdded: int) -> None:
        self.generation += 1
        first = self.document().findBlock(from_)
        count = self.document().blockCount()
        if count != self._block_count or not first.contains(
            from_ + max(0, charsRemoved + charsAdded - 1)
        ):
            self._follow_count(first.blockNumber(), count - self._block_count)
            super().documentChanged(from_, charsRemoved, charsAdded)
            return
        # Qt would lay the paragraph out by its own lights.
        lines = first.lineCount()
        first.layout().clearLayout()
        self.blockBoundingRect(first)
        if first.lineCount() == lines:
            self.updateBlock.emit(first)
        else:
            self.update.emit()  # without a place: everywhere

    @override
    def hitTest(  # pyright: ignore[reportIncompatibleMethodOverride] - an Element is a point
        self, point: QPointF | QPoint, accuracy: Qt.HitTestAccuracy
    ) -> int:
        # Asked by assistive technology alone; Qt's own for plain text is -1 at any point.
        ask = None if self.offset_at is None else self.offset_at()
        return -1 if ask is None else ask(QPointF(point))

    def _lay_out(self, block: QTextBlock, number: int, above: float) -> None:
        self._drop_far(number)
        layout = block.layout()
        if self.is_rtl(block):
            self._option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            self._option.setAlignment(
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
            )
        else:
            self._option.setTextDirection(Qt.LayoutDirection.LeftToRight)
            self._option.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._option.setWrapMode(_wrap_mode(block))
        layout.setTextOption(self._option)
        formats = self._formats(number)
        if layout.preeditAreaText():
            pass  # marked by the input method
        elif formats or layout.formats():
            layout.setFormats(formats)
        baseline = above + self._baseline
        lines = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.column_width)
            # By the baseline, so that characters of another font do not move their line.
            line.setPosition(QPointF(self.indent, baseline - line.ascent()))
            baseline += self._line_step
            lines += 1
        layout.endLayout()
        block.setUserState(self._state(above))
        self._laid_out.add(number)
        self.generation += 1
        before = block.lineCount()
        block.setLineCount(lines)
        if before != lines:
            self.announce()

    def _state(self, above: float) -> int:
        """Write in one number by which rules a paragraph is laid out, and how deep."""
        return self._rules * _MOST_ABOVE + min(round(above * self._ratio), _MOST_ABOVE - 1)

    def _snapped(self, length: float) -> float:
        """Give the nearest whole number of the screen's pixels, in ours."""
        return round(length * self._ratio) / self._ratio

    def _follow_count(self, first: int, more: int) -> None:
        """Take up that there are more paragraphs, or fewer, from one on."""
        self._block_count += more
        if more:
            self._laid_out = {
                number + more if number > first else number for number in self._laid_out
            }

    def _drop_far(self, number: int) -> None:
        if len(self._laid_out) < _KEPT_LAID_OUT:
            return
        for other in [one for one in self._laid_out if abs(one - number) > _NEAR]:
            self._laid_out.discard(other)
            block = self.document().findBlockByNumber(other)
            if block.isValid():
                block.layout().clearLayout()
        self.generation += 1


def _wrap_mode(block: QTextBlock) -> QTextOption.WrapMode:
    """Say where lines may end: Qt looks through all of a word for each line that it fills."""
    if block.length() > _ENDLESS_WORD and _WORD_WITHOUT_END.search(block.text()):
        return QTextOption.WrapMode.WrapAnywhere
    return QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
