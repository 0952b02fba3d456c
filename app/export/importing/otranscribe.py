"""Read oTranscribe: a little HTML with times that somebody typed in."""

from __future__ import annotations

from html.parser import HTMLParser

from typing_extensions import override

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.importing.words import Gathered, split_words, spread, to_ms
from app.export.transcript_json import as_fields, parse

_WORD_MS = 350
"""How long a word is taken to last where no time follows."""
_LONGEST_NAME = 60


def read_otr(data: bytes) -> Transcript:
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
    reader.feed(html)
    reader.close()
    gathered = Gathered()
    for place, (start_ms, name, text) in enumerate(reader.parts):
        later = (at for at, _, _ in reader.parts[place + 1 :] if at > start_ms)
        natural_ms = start_ms + _WORD_MS * len(split_words(text))
        end_ms = min(next(later, natural_ms), natural_ms + 60_000)
        gathered.add(spread(text, start_ms, end_ms), gathered.speaker(name))
    return gathered.transcript()


class _Reader(HTMLParser):
    """Collects time, speaker and text of every stretch."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[int, str, str]] = []
        self._is_in_time = False
        self._is_bold = False
        self._bold = ""
        self._name = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "span" and "timestamp" in (values.get("class") or ""):
            self._is_in_time = True
            self.parts.append((to_ms(values.get("data-timestamp")), self._name, ""))
        elif tag in {"b", "strong"}:
            self._is_bold, self._bold = True, ""
        elif tag in {"p", "br", "div"}:
            self._add(" ")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._is_in_time = False
        elif tag in {"b", "strong"} and self._is_bold:
            self._is_bold = False
            self._end_bold()
        elif tag in {"p", "div"}:
            self._add(" ")

    @override
    def handle_data(self, data: str) -> None:
        if self._is_in_time:
            return
        if self._is_bold:
            self._bold += data
        else:
            self._add(data)

    def _end_bold(self) -> None:
        """Take bold text that ends in a colon, where a stretch begins, for a name."""
        name = self._bold.strip()
        begins = bool(self.parts) and not self.parts[-1][2].strip()
        if begins and name.endswith(":") and len(name) <= _LONGEST_NAME:
            self._name = name[:-1]
            self.parts[-1] = (self.parts[-1][0], self._name, "")
        else:
            self._add(self._bold)

    def _add(self, text: str) -> None:
        if self.parts:
            start_ms, name, before = self.parts[-1]
            self.parts[-1] = (start_ms, name, before + text)
