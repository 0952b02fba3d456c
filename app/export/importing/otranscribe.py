"""Read oTranscribe: a little HTML with times that somebody typed in."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from typing_extensions import override

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Transcript
from app.export.direction import MARKS
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.words import WORD_MS, Gathered, split_words, spread, to_ms
from app.export.transcript_json import as_fields, parse

_LONGEST_NAME = 60
_SECONDS = re.compile(r"-?\d+(?:\.\d+)?")
_BREAK = re.compile("p|br|div|li|ul|ol|h[1-6]|hr|table|t[rdh]|blockquote|pre")
"""Tags that keep the words before them apart from those behind."""


def read_otr(data: bytes, _hints: Hints = NO_HINTS) -> Transcript:
    """Read an OTR file; words share the time up to the next one that is written.

    Raises:
        ExportError: It is no such file, or there is no time in it.
    """
    text = as_fields(parse(data)).get("text")
    if not isinstance(text, str):
        raise ExportError("This file is not from oTranscribe.")
    return read_content(text)


def read_content(html: str) -> Transcript:
    """Read the HTML within an OTR file.

    Raises:
        ExportError: There is no time in it.
    """
    reader = _Reader()
    reader.feed(html.translate(MARKS))
    reader.close()
    gathered = Gathered()
    (_, first_name, first_text), *timed = reader.parts
    if timed:
        # A heading, or what was said before somebody thought of times.
        end_ms = min(timed[0][0], WORD_MS * len(split_words(first_text)))
        gathered.add(spread(first_text, 0, end_ms), gathered.speaker(first_name))
    for place, (start_ms, name, text) in enumerate(timed):
        later = (at for at, _, _ in timed[place + 1 :] if at > start_ms)
        natural_ms = start_ms + WORD_MS * len(split_words(text))
        end_ms = min(next(later, natural_ms), natural_ms + 60_000)
        gathered.add(spread(text, start_ms, end_ms), gathered.speaker(name))
    return gathered.transcript()


def _written_time(text: str) -> int | None:
    """Read a time in seconds or, as older files have it, as on a clock."""
    text = text.strip(" \t\n\u00a0[]()")
    if _SECONDS.fullmatch(text):
        return to_ms(text)
    try:
        return to_ms(parse_time(text) / 1_000)
    except ValueError:
        return None


class _Reader(HTMLParser):
    """Collects time, speaker and text of every span; the first stands before any time."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[int, str, str]] = [(0, "", "")]
        self._is_in_time = False
        self._time: str | None = None
        self._is_bold = False
        self._bold = ""
        self._name = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "span" and "timestamp" in (values.get("class") or ""):
            self._is_in_time = True
            start_ms = _written_time(values.get("data-timestamp") or "")
            self._time = "" if start_ms is None else None
            if start_ms is not None:
                self.parts.append((start_ms, self._name, ""))
        elif tag in {"b", "strong"}:
            self._is_bold, self._bold = True, ""
        elif _BREAK.fullmatch(tag):
            self._take(" ")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._end_time()
        elif tag in {"b", "strong"} and self._is_bold:
            self._is_bold = False
            self._end_bold()
        elif _BREAK.fullmatch(tag):
            self._take(" ")

    @override
    def handle_data(self, data: str) -> None:
        if not self._is_in_time:
            self._take(data)
        elif self._time is not None:
            self._time += data

    @override
    def close(self) -> None:
        super().close()
        self._end_time()
        if self._is_bold:
            self._end_bold()

    def _end_time(self) -> None:
        """Take a time from what people see, if the tag held none; else it is only text."""
        text, self._time, self._is_in_time = self._time, None, False
        start_ms = _written_time(text or "")
        if start_ms is not None:
            self.parts.append((start_ms, self._name, ""))
        elif text:
            self._take(text)

    def _take(self, text: str) -> None:
        if self._is_bold:
            self._bold += text
        else:
            self._add(text)

    def _end_bold(self) -> None:
        """Take bold text that ends in a colon, where a span begins, for a name."""
        name = self._bold.strip()
        begins = not self.parts[-1][2].strip()
        if begins and name.endswith(":") and len(name) <= _LONGEST_NAME:
            self._name = name[:-1]
            self.parts[-1] = (self.parts[-1][0], self._name, "")
        else:
            self._add(self._bold)

    def _add(self, text: str) -> None:
        start_ms, name, before = self.parts[-1]
        self.parts[-1] = (start_ms, name, before + text)
