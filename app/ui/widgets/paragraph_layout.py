"""Paragraphs with room above them and open lines, inside a ``QPlainTextEdit``.

Qt's own layout of plain text knows neither margins nor line heights, but it asks a
virtual function for the height of each paragraph and takes the lines as it finds them.
So we lay the lines out ourselves, only where they are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QPointF, QRectF
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


class ParagraphLayout(QPlainTextDocumentLayout):
    """Lay paragraphs out as a page to read.

    Attributes:
        column_width: Width of a line of text.
        indent: What is left free at the left of it.
        space_below: What is left free under the last paragraph.
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
        self._space_above = space_above
        self._formats = formats
        self._is_announcing = False
        self._option = QTextOption()
        self.font_changed()

    @property
    def line_step(self) -> int:
        """From one line to the next."""
        return self._line_step

    def font_changed(self) -> None:
        """Take up the document's font."""
        metrics = QFontMetricsF(self.document().defaultFont())
        self._line_step = round(metrics.height() / 1.17 * LINE_HEIGHT)
        self._mean_char = max(1.0, metrics.averageCharWidth())

    def space_above(self, number: int) -> int:
        """Give the room above a paragraph."""
        return self._space_above(number)

    def forget(self, first: int = 0, count: int | None = None) -> None:
        """Lay paragraphs out anew when they are next looked at."""
        block = self.document().findBlockByNumber(first)
        left = count
        per_line = self.column_width / self._mean_char
        while block.isValid() and left != 0:
            block.layout().clearLayout()
            # A guess, so that the scroll bar does not run away when it is corrected.
            block.setLineCount(max(1, ceil(block.length() / per_line)))
            block = block.next()
            left = None if left is None else left - 1
        self._announce()

    @override
    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        if not block.isValid():
            return QRectF()
        lines = block.layout().lineCount()
        if not lines:
            lines = self._lay_out(block)
        number = block.blockNumber()
        height = self._space_above(number) + lines * self._line_step
        if number == self.document().blockCount() - 1:
            height += self.space_below
        return QRectF(0.0, 0.0, self.indent + self.column_width, height)

    @override
    def documentChanged(self, from_: int, charsRemoved: int, charsAdded: int) -> None:
        super().documentChanged(from_, charsRemoved, charsAdded)
        # Where only one paragraph changed, Qt has laid it out by its own lights.
        document = self.document()
        first = document.findBlock(from_).blockNumber()
        last = document.findBlock(from_ + charsAdded)
        final = last.blockNumber() if last.isValid() else document.blockCount() - 1
        self.forget(max(0, first), max(1, final - first + 1))

    def _lay_out(self, block: QTextBlock) -> int:
        layout = block.layout()
        number = block.blockNumber()
        self._option.setTextDirection(block.textDirection())
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
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
        before = block.lineCount()
        block.setLineCount(lines)
        if before != lines:
            self._announce()
        return lines

    def _announce(self) -> None:
        """Let the scroll bar know; it asks for heights in turn."""
        if not self._is_announcing:
            self._is_announcing = True
            self.documentSizeChanged.emit(self.documentSize())
            self._is_announcing = False
