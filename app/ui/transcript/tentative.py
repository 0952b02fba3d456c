"""Words that are being said and may still change, drawn under the last paragraph of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from app.core.transcript import SpeakerId
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4, SPACE_12, SPACE_16, TEXT_BASE
from app.ui.transcript.text import TranscriptText

_LAST_LINE = 1.25
_MOST_OF_PAGE = 0.5
"""What is said at great length shows its end."""


@dataclass(frozen=True, slots=True)
class Tentative:
    """What somebody is saying.

    Attributes:
        speaker_id: Who; ``None`` if that is not known.
        text: The words.
        is_named: Whether the name stands above: somebody else spoke before.
    """

    speaker_id: SpeakerId | None
    text: str
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A part as it is laid out.

    Attributes:
        name: What stands above; empty for nothing.
        colour: Of the name.
        top: Where the name, or the first line, begins.
        layout: The lines.
        first: The first of them that is shown.
    """

    name: str
    colour: str
    top: float
    layout: QTextLayout
    first: int


class TentativeText(QLabel):
    """Stand where the next paragraph will be, without being part of the text.

    It is no part of the document: nobody can select, edit, find, save or take it back. Who
    hears the screen finds it as a label under the page; nothing is said when it changes.
    """

    def __init__(self, appearance: Appearance, page: TranscriptText) -> None:
        """Make it; it is not seen until there are words.

        Args:
            appearance: How it looks.
            page: Under whose last paragraph it stands.
        """
        super().__init__(page)
        self._appearance = appearance
        self._page = page
        self._parts: tuple[Tentative, ...] = ()
        self._blocks: list[_Block] = []
        self._laid_out_for: tuple[object, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        # Whatever moves or changes the page asks for it to be painted.
        page.updateRequest.connect(self.place)
        appearance.theme_changed.connect(self.place)

    def show_parts(self, parts: Sequence[Tentative]) -> None:
        """Show other words in the place of those there are; none for nothing."""
        if tuple(parts) == self._parts:
            return
        self._parts = tuple(parts)
        lines = [
            f"{self._page.look_of(one.speaker_id).label}: {one.text}"
            if one.is_named
            else one.text
            for one in self._parts
        ]
        self.setText("\n".join(lines))
        self.setVisible(bool(self._parts))
        self.place()
        self.update()

    def place(self) -> None:
        """Stand under the last paragraph, wherever that is by now."""
        if not self._parts:
            self._page.keep_free_below(0)
            return
        line = self._page.end_rect()
        # The last line of the page stays in sight above, however small the window is.
        room = self._page.viewport().height() - _LAST_LINE * line.height()
        names = sum(one.is_named for one in self._parts) * self._name_height()
        lines = min(room - names - SPACE_12, _MOST_OF_PAGE * self._page.height())
        most = max(1, int(lines / line.height() / len(self._parts)))
        font = self._appearance.reading_font()
        font.setItalic(True)
        key = (self._parts, line.size(), most, font.key(), self._page.is_all_rtl)
        if key != self._laid_out_for:
            self._laid_out_for = key
            self._lay_out(font, line, most)
            self.update()
        height = self._height(line)
        self._page.keep_free_below(min(height + SPACE_16, int(room)))
        self.setGeometry(QRect(line.left(), line.top(), line.width(), height))

    def _lay_out(self, font: QFont, line: QRect, most: int) -> None:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._blocks = []
        step, top = line.height(), float(SPACE_12)
        for one in self._parts:
            is_rtl = self._page.is_all_rtl or _is_rtl(one.text)
            side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
            option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
            option.setTextDirection(
                Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
            )
            layout = QTextLayout(one.text, font)
            layout.setTextOption(option)
            layout.beginLayout()
            while (made := layout.createLine()).isValid():
                made.setLineWidth(line.width())
            layout.endLayout()
            first = max(0, layout.lineCount() - most)
            who = self._page.look_of(one.speaker_id)
            block = _Block(who.label if one.is_named else "", who.colour, top, layout, first)
            self._blocks.append(block)
            lines = (layout.lineCount() - first) * step
            top += (self._name_height() if block.name else 0) + lines + SPACE_12

    def _height(self, line: QRect) -> int:
        last = self._blocks[-1]
        lines = last.layout.lineCount() - last.first
        name = self._name_height() if last.name else 0.0
        return round(last.top + name) + lines * line.height()

    def _name_height(self) -> float:
        return QFontMetricsF(self._name_font()).height() + SPACE_4

    def _name_font(self) -> QFont:
        return self._appearance.font(TEXT_BASE, weight=600)

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        theme = self._appearance.theme
        step = self._page.end_rect().height()
        painter = QPainter(self)
        for block in self._blocks:
            top = block.top
            option = block.layout.textOption()
            if block.name:
                painter.setFont(self._name_font())
                painter.setPen(QColor(block.colour or theme.text))
                height = round(self._name_height())
                area = QRect(0, round(top), self.width(), height)
                painter.drawText(area, option.alignment(), block.name)
                top += height
            painter.setPen(QColor(theme.muted))
            for place in range(block.first, block.layout.lineCount()):
                made = block.layout.lineAt(place)
                # A line stands in the middle of its step, as those of the page do.
                slack = (step - made.height()) / 2
                made.draw(painter, QPointF(0, top + slack - made.y()))
                top += step
        painter.end()


def _is_rtl(text: str) -> bool:
    """Tell whether a text begins with a letter of a script that runs from right to left."""
    from unicodedata import bidirectional

    for character in text:
        kind = bidirectional(character)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return False
