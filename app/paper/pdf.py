"""Write a transcript as PDF.

Each paragraph is laid out and painted on its own, so that memory stays small, a
caller sees progress, and stopping takes effect at once. Runs in any thread; a
``QGuiApplication`` must exist, for the fonts.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    Qt,
    QUuid,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from app.core.errors import ExportError
from app.export.direction import by_itself, has_right_to_left, is_right_to_left, isolated
from app.export.options import ExportOptions
from app.export.paragraphs import WrittenParagraph, make_paragraphs
from app.export.source import ExportDocument, moment
from app.paper.scripts import find_missing

_DPI = 300
_MARGIN_MM = 22
_QUIET = QColor(0x59, 0x59, 0x59)
_TEXT_PT = 10.5
_SMALL_PT = 8.5
_TITLE_PT = 18
_LEADING = 1.35
_CHUNK = 20
"""Paragraphs between two reports."""
_ZONE = rb"(Z|[+-]\d\d.\d\d'?)"
_DATES = re.compile(
    rb"(?P<name>/CreationDate |/ModDate )\(D:\d{14}" + _ZONE + rb"\)"
    rb"|(?P<attribute>xmp:\w+Date=)\"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d" + _ZONE + rb"\""
)


def build_pdf(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write A4 pages with the title above the text and numbers below.

    The same document gives the same pages with the same identity and dates, whenever it
    is written.

    Raises:
        ExportError: Qt could not write it, or has no font for a script in it.
    """
    content = yield from _build(document, options)
    return _dated(content, document)


def _build(document: ExportDocument, options: ExportOptions) -> Generator[float, None, bytes]:
    """Write the document as Qt does, with the present time in it."""
    paragraphs = list(make_paragraphs(document, options))
    texts = [document.heading, document.note_label]
    for one in paragraphs:
        texts += [one.name, one.words, one.note]
    missing, stand_ins = find_missing(texts)
    if missing is not None:
        raise ExportError(missing.refusal())
    heading = document.heading.translate(stand_ins)
    if stand_ins:
        paragraphs = [_seen(one, stand_ins) for one in paragraphs]
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(document.heading)
    writer.setCreator("Wordlight")
    writer.setDocumentId(_id_of(document, paragraphs))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError("The PDF could not be made. Try another format.")
    try:
        pages = _Pages(writer, painter)
        if heading:
            side = _side_of(heading)
            pages.write(heading, [], _TITLE_PT, side, after=1.0)
        for number, paragraph in enumerate(paragraphs):
            if number % _CHUNK == 0:
                yield number / len(paragraphs)
            _write_paragraph(pages, paragraph, document.note_label)
    finally:
        painter.end()
        buffer.close()
    return bytes(content.data())


def _seen(paragraph: WrittenParagraph, stand_ins: dict[int, int]) -> WrittenParagraph:
    """Put a character that can be seen in place of those that stand for nothing."""
    pieces = (replace(one, text=one.text.translate(stand_ins)) for one in paragraph.pieces)
    return replace(
        paragraph,
        name=paragraph.name.translate(stand_ins),
        pieces=tuple(pieces),
        note=paragraph.note.translate(stand_ins),
    )


def _id_of(document: ExportDocument, paragraphs: Sequence[WrittenParagraph]) -> QUuid:
    """Give what tells these pages from others, where Qt would take chance.

    Qt puts fonts in an order that differs from one start of the program to the next; by
    this, ``app/jobs/exporting`` knows the same pages all the same.
    """
    told = [document.heading, document.created]
    for one in paragraphs:
        told += [one.time, one.name, one.text, one.note, str(one.is_highlighted)]
    text = "\0".join(told).encode("utf-8", "surrogatepass")
    return QUuid.createUuidV5(QUuid(), QByteArray(text))


def _dated(content: bytes, document: ExportDocument) -> bytes:
    """Put the moment of the document where Qt has written the present one.

    Qt offers no way to choose it. Nothing may move, since a PDF holds the place of each
    of its parts: so every date keeps its length.
    """
    created = moment(document.created, in_utc=True)

    def date(found: re.Match[bytes]) -> bytes:
        if found["name"]:
            written = found["name"] + f"(D:{created:%Y%m%d%H%M%S}Z)".encode()
        else:
            written = found["attribute"] + f'"{created:%Y-%m-%dT%H:%M:%S}Z"'.encode()
        return written.ljust(len(found[0]))

    return _DATES.sub(date, content)


def _write_paragraph(pages: _Pages, paragraph: WrittenParagraph, note_label: str) -> None:
    side = _side_of(paragraph.words)
    is_mixed = has_right_to_left(paragraph.words)
    is_rtl = side is Qt.AlignmentFlag.AlignRight
    time = f"[{paragraph.time}] " if paragraph.time else ""
    if paragraph.name:
        spans = [_span(0, time, _quiet()), _span(_length(time), paragraph.name, _bold())]
        pages.write(time + paragraph.name, spans, _TEXT_PT, side, keep_lines=3)
        time = ""
    spans = [_span(0, time, _quiet())]
    text = time
    for place, piece in enumerate(paragraph.pieces):
        if place and not piece.is_joined:
            text += " "
        said = piece.text if is_rtl else isolated(piece.text)
        if piece.time:
            mark = f"[{piece.time}]"
            mark = f"{by_itself(mark) if is_mixed else mark} "
            spans.append(_span(_length(text), mark, _quiet()))
            text += mark
        if paragraph.is_highlighted and not is_rtl:
            spans += _slanted_words(_length(text), said)
        text += said
    indent = 0.06 if paragraph.is_highlighted else 0.0
    after = 0.2 if paragraph.note else 0.7
    pages.write(text, spans, _TEXT_PT, side, after=after, indent=indent)
    if paragraph.note:
        note = f"{note_label}: {paragraph.note}"
        side = _side_of(paragraph.note)
        pages.write(note, [_span(0, note, _quiet())], _TEXT_PT, side, after=0.7, indent=0.06)


def _slanted_words(start: int, said: str) -> Iterator[QTextLayout.FormatRange]:
    """Slant a text but for what is read from the right: those scripts have no italics.

    Qt finds no slanted font that has them and writes boxes.
    """
    if not has_right_to_left(said):
        yield _span(start, said, _slanted())
        return
    for word in _WORDS.finditer(said):
        if not has_right_to_left(word[0]):
            yield _span(start + _length(said[: word.start()]), word[0], _slanted())


_WORDS = re.compile(r"\S+\s*")


def _side_of(text: str) -> Qt.AlignmentFlag:
    """Say at which side the lines of a text begin."""
    return Qt.AlignmentFlag.AlignRight if is_right_to_left(text) else Qt.AlignmentFlag.AlignLeft


def _length(text: str) -> int:
    """Count as Qt does: characters beyond U+FFFF are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _span(start: int, text: str, look: QTextCharFormat) -> QTextLayout.FormatRange:
    span = QTextLayout.FormatRange()
    span.start = start
    span.length = _length(text)
    span.format = look
    return span


def _bold() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Bold)
    return look


def _slanted() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFontItalic(True)
    return look


def _quiet() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(_QUIET)
    look.setFontPointSize(_SMALL_PT)
    return look


class _Pages:
    """Fills pages from top to bottom, line by line."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer = writer
        self._painter = painter
        area = writer.pageLayout().paintRectPixels(_DPI)
        self._width = float(area.width())
        self._height = float(area.height())
        self._y = 0.0
        self._number = 1
        self._write_number()

    def write(
        self,
        text: str,
        spans: list[QTextLayout.FormatRange],
        size_pt: float,
        side: Qt.AlignmentFlag,
        *,
        after: float = 0.0,
        indent: float = 0.0,
        keep_lines: int = 1,
    ) -> None:
        """Write one paragraph.

        Args:
            text: On one line.
            spans: What looks different.
            size_pt: Size of the letters.
            side: Where lines begin.
            after: Space below, in lines.
            indent: Space at both sides, as a share of the width.
            keep_lines: How many lines must fit on the page for it to begin here.
        """
        font = self._font(size_pt)
        layout = QTextLayout(text, font, self._writer)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        is_rtl = side is Qt.AlignmentFlag.AlignRight
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
        )
        option.setAlignment(side)
        layout.setTextOption(option)
        layout.setFormats(spans)
        layout.beginLayout()
        lines: list[QTextLine] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width * (1 - 2 * indent))
            line.setPosition(QPointF(0, 0))
            lines.append(line)
        layout.endLayout()
        step = QFontMetricsF(font, self._writer).height() * _LEADING
        if self._y and self._y + step * keep_lines > self._height:
            self._turn()
        for line in lines:
            height = max(step, line.height())
            if self._y and self._y + height > self._height:
                self._turn()
            line.draw(self._painter, QPointF(self._width * indent, self._y))
            self._y += height
        self._y += step * after

    def _turn(self) -> None:
        self._writer.newPage()
        self._number += 1
        self._y = 0.0
        self._write_number()

    def _write_number(self) -> None:
        font = self._font(_SMALL_PT)
        below = QRectF(0, self._height + _DPI * 0.2, self._width, _DPI * 0.3)
        self._painter.save()
        self._painter.setFont(font)
        self._painter.setPen(_QUIET)
        self._painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, str(self._number))
        self._painter.restore()

    def _font(self, size_pt: float) -> QFont:
        font = QFont()
        font.setPointSizeF(size_pt)
        return font
