"""Tables of words or turns, and Audacity's labels."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.core.timecode import full_clock, timestamp
from app.export.options import ExportOptions, Rows, TimeFormat
from app.export.plain import encode, one_line
from app.export.source import ExportDocument

_FORMULA_STARTS = frozenset("=+-@＝＋－＠|%")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def write_csv(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write comma-separated values as RFC 4180 has them."""
    return _table(document, options, ",")


def write_tsv(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write tab-separated values."""
    return _table(document, options, "\t")


def _table(document: ExportDocument, options: ExportOptions, separator: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    rows = (
        _words(document, options) if options.rows is Rows.WORDS else _turns(document, options)
    )
    writer.writerows(rows)
    return encode(out.getvalue(), options.encoding, options.line_end)


def _words(document: ExportDocument, options: ExportOptions) -> Iterator[Sequence[object]]:
    labels = {key: _cell(label) for key, label in document.labels().items()}
    time = _time_writer(options)
    names = ["speaker"] if options.names else []
    yield ["start", "end", *names, "word", "confidence", "turn"]
    # The same few words and figures come again and again.
    shown = lru_cache(maxsize=10_000)(_one_line_cell)
    figure = lru_cache(maxsize=10_000)("{:.4f}".format)
    for turn, paragraph in enumerate(document.chosen(options), start=1):
        who = (labels[paragraph.speaker_id],) if options.names else ()
        for word in paragraph.words:
            sure = word.confidence
            yield (
                time(word.start_ms),
                time(word.end_ms),
                *who,
                shown(word.text),
                "" if sure is None else figure(sure),
                turn,
            )


def _turns(document: ExportDocument, options: ExportOptions) -> Iterator[Sequence[object]]:
    labels = {key: _cell(label) for key, label in document.labels().items()}
    time = _time_writer(options)
    names = ["speaker"] if options.names else []
    notes = ["note"] if options.notes else []
    yield ["start", "end", *names, "text", "approved", "highlighted", *notes]
    for paragraph in document.chosen(options):
        who = [labels[paragraph.speaker_id]] if options.names else []
        remark = [_cell(one_line(paragraph.note))] if options.notes else []
        yield [
            time(paragraph.start_ms),
            time(paragraph.end_ms),
            *who,
            _cell(one_line(paragraph.text)),
            "yes" if paragraph.is_approved else "no",
            "yes" if paragraph.is_highlighted else "no",
            *remark,
        ]


def _time_writer(options: ExportOptions):  # noqa: ANN202  # a function of int to text
    match options.time_format:
        case TimeFormat.FULL:
            return timestamp
        case TimeFormat.HOURS:
            return full_clock
        case TimeFormat.CLOCK:
            return _seconds


def _seconds(ms: int) -> str:
    """Write seconds to the millisecond, as spreadsheets add them up."""
    # Of whole numbers, which are quicker to write: this runs twice for every word.
    return f"{ms // 1_000}{_THOUSANDTHS[ms % 1_000]}" if ms > 0 else "0.000"


_THOUSANDTHS = tuple(f".{ms:03}" for ms in range(1_000))


def _cell(text: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; numbers stay numbers."""
    if text.lstrip()[:1] in _FORMULA_STARTS and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _one_line_cell(text: str) -> str:
    return _cell(one_line(text))


def write_labels(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write an Audacity label track: seconds, seconds, text."""
    labels = document.labels()
    lines: list[str] = []
    for paragraph in document.chosen(options):
        if options.rows is Rows.WORDS:
            items = [(word.start_ms, word.end_ms, word.text) for word in paragraph.words]
        else:
            name = labels[paragraph.speaker_id] if options.names else ""
            text = f"{name}: {paragraph.text}" if name else paragraph.text
            items = [(paragraph.start_ms, paragraph.end_ms, text)]
        for start_ms, end_ms, text in items:
            start, end = _seconds(start_ms), _seconds(max(start_ms, end_ms))
            lines.append(f"{start}000\t{end}000\t{one_line(text)}\n")
    return encode("".join(lines), options.encoding, options.line_end)
