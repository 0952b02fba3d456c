"""Paragraphs with room above them and open lines, inside a ``QPlainTextEdit``.

Qt's own layout of plain text knows neither margins nor line heights, but it asks a
virtual function for the height of each paragraph and takes the lines as it finds them.
So we lay the lines out ourselves, only where they are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
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


class ParagraphLayout(QPlainTextDocumentLayout):
    """Lay paragraphs out as a page to read.

    The edit must not wrap lines itself (``NoWrap``), else Qt would lay out anew, in its
    own way, whenever the width changes.

    Attributes:
        column_width: Width of a line of text.
        indent: What is left free at the left of it.
        space_below: What is left free under the last paragraph.
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
        self._heights: dict[int, float] = {}  # of the paragraphs that are laid out
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.take_font()

    @property
    def line_step(self) -> int:
        """From one line to the next."""
        return self._line_step

    def take_font(self) -> None:
        """Take up the document's font."""
        metrics = QFontMetricsF(self.document().defaultFont())
        self._line_step = round(metrics.height() / _NATURAL_HEIGHT * LINE_HEIGHT)
        self._mean_char = max(1.0, metrics.averageCharWidth())

    def is_rtl(self, block: QTextBlock) -> bool:
        """Tell whether a paragraph runs from right to left."""
        return self.is_all_rtl or block.textDirection() is Qt.LayoutDirection.RightToLeft

    def space_above(self, number: int) -> int:
        """Give the room above a paragraph."""
        return self._space_above(number)

    def guess_line_counts(self) -> None:
        """Guess how long each paragraph is, so that the scroll bar is about right.

        The guess is put right when a paragraph is first looked at.
        """
        per_line = self.column_width / self._mean_char
        block = self.document().begin()
        while block.isValid():
            block.setLineCount(ceil(block.length() / per_line))
            block = block.next()
        self._heights.clear()
        self.generation += 1
        self.announce()

    def forget(self, first: int = 0, last: int | None = None) -> None:
        """Lay paragraphs out anew when they are next looked at.

        Args:
            first: The first of them.
            last: The last of them; all that follow if left out.
        """
        for number in sorted(self._heights):
            if number >= first and (last is None or number <= last):
                self._clear(number)
        self.announce()

    def announce(self) -> None:
        """Let the scroll bar know; it asks for heights in turn."""
        if not self._is_announcing:
            self._is_announcing = True
            self.documentSizeChanged.emit(self.documentSize())
            self._is_announcing = False

    @override
    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        if not block.isValid():
            return QRectF()
        number = block.blockNumber()
        height = self._heights.get(number)
        if height is None or not block.layout().lineCount():
            height = self._lay_out(block, number)
        if number == self.document().blockCount() - 1:
            height += self.space_below
        return QRectF(0.0, 0.0, self.indent + self.column_width, height)

    @override
    def documentSize(self) -> QSizeF:
        # Qt counts the height of plain text in lines.
        return QSizeF(self.indent + self.column_width, self.document().lineCount())

    @override
    def documentChanged(self, from_: int, charsRemoved: int, charsAdded: int) -> None:
        super().documentChanged(from_, charsRemoved, charsAdded)
        # Where only one paragraph changed, Qt has laid it out by its own lights.
        self.document().findBlock(from_).layout().clearLayout()

    def _lay_out(self, block: QTextBlock, number: int) -> float:
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
        layout.setTextOption(self._option)
        formats = self._formats(number)
        if formats or layout.formats():
            layout.setFormats(formats)
        top = self._space_above(number)
        lines = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.column_width)
            slack = (self._line_step - line.height()) / 2
            line.setPosition(QPointF(self.indent, round(top + slack)))
            top += self._line_step
            lines += 1
        layout.endLayout()
        self._heights[number] = float(top)
        self.generation += 1
        before = block.lineCount()
        block.setLineCount(lines)
        if before != lines:
            self.announce()
        return self._heights[number]

    def _drop_far(self, number: int) -> None:
        if len(self._heights) > _KEPT_LAID_OUT:
            for other in [one for one in self._heights if abs(one - number) > _NEAR]:
                self._clear(other)

    def _clear(self, number: int) -> None:
        self._heights.pop(number, None)
        self.generation += 1
        block = self.document().findBlockByNumber(number)
        if block.isValid():
            block.layout().clearLayout()
