"""What the marks in the text mean, each drawn as it is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.sheet import Sheet
from app.ui.kit.themes import Theme
from app.ui.kit.tokens import SPACE_8, SPACE_16, SPACE_24
from app.ui.transcript import word_looks
from app.ui.translate import QT_TRANSLATE_NOOP

_N = QT_TRANSLATE_NOOP
_C = "LegendSheet"
_SIZE = QSize(96, 30)
_AROUND = QSize(SPACE_24, SPACE_8)
"""What a mark may take around the word."""


def _paint_selected(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    painter.drawRect(rect)
    word_looks.paint_selected(painter, theme, rect)


_BEHIND: tuple[tuple[str, Callable[[QPainter, Theme, QRectF], None]], ...] = (
    (_N(_C, "Being spoken"), word_looks.paint_spoken),
    (_N(_C, "Selected"), _paint_selected),
    (
        _N(_C, "Search match"),
        lambda painter, theme, rect: word_looks.paint_hit(
            painter, theme, rect, is_current=False
        ),
    ),
    (
        _N(_C, "Current search match"),
        lambda painter, theme, rect: word_looks.paint_hit(
            painter, theme, rect, is_current=True
        ),
    ),
    (_N(_C, "Highlight"), word_looks.paint_highlight),
    (_N(_C, "Note"), word_looks.paint_note),
    (
        _N(_C, "Bookmark"),
        lambda painter, theme, rect: word_looks.paint_bookmark(
            painter, theme, rect, is_rtl=False
        ),
    ),
    (_N(_C, "Speech without words after this"), word_looks.paint_wordless),
)
_FORMATS: tuple[tuple[str, Callable[[Theme], QTextCharFormat]], ...] = (
    (_N(_C, "Uncertain: speech recognition was not sure"), word_looks.doubtful_format),
    (
        _N(_C, "Struck through: left out when reading and exporting"),
        lambda theme: word_looks.struck_format(theme, is_hidden=False),
    ),
)


class Sample(QWidget):
    """A word as it stands in the text."""

    def __init__(
        self,
        appearance: Appearance,
        behind: Callable[[QPainter, Theme, QRectF], None] | None,
        looks: Callable[[Theme], QTextCharFormat] | None,
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._behind = behind
        self._looks = looks
        metrics = QFontMetrics(appearance.reading_font())
        word = metrics.size(0, QCoreApplication.translate(_C, "word"))
        self.setFixedSize(_SIZE.expandedTo(word + _AROUND))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.window))
        painter.drawRect(self.rect())
        layout = QTextLayout(
            QCoreApplication.translate(_C, "word"), self._appearance.reading_font()
        )
        if self._looks is not None:
            one = QTextLayout.FormatRange()
            one.start, one.length = 0, len(layout.text())
            one.format = self._looks(theme)
            layout.setFormats([one])
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        wide, high = line.naturalTextWidth(), line.height()
        at = QPointF((self.width() - wide) / 2, (self.height() - high) / 2)
        if self._behind is not None:
            painter.setBrush(QColor(theme.selection))
            self._behind(painter, theme, QRectF(at.x(), at.y(), wide, high))
        painter.setPen(QColor(theme.text))
        layout.draw(painter, at)


class LegendSheet(Sheet):
    """Shows each mark with what it means."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What the marks mean"), parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_16)
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnStretch(1, 1)
        samples = [(text, Sample(appearance, paint, None)) for text, paint in _BEHIND]
        samples += [(text, Sample(appearance, None, looks)) for text, looks in _FORMATS]
        for row, (text, sample) in enumerate(samples):
            label = QLabel(QCoreApplication.translate(_C, text))
            label.setWordWrap(True)
            grid.addWidget(sample, row, 0)
            grid.addWidget(label, row, 1)
        self.body.addLayout(grid)
        for text in (
            self.tr(
                "Next to a paragraph: a tick if you approved it, a dot if you listened to it, "
                "nothing if neither."
            ),
            self.tr("The line under the waveform shows which parts you have listened to."),
        ):
            self.add_text(text, muted=True)
        done = self.add_button(self.tr("Close"), is_primary=True)
        done.clicked.connect(self.close)
