"""Which reader takes which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from app.core.errors import ExportError
from app.core.messages import message
from app.core.transcript import Transcript
from app.export.importing.annotation import read_eaf, read_textgrid
from app.export.importing.captions import read_ass, read_lrc, read_sbv, read_ttml
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.otranscribe import read_otr
from app.export.importing.replies import read_json, title_in
from app.export.importing.subtitles import looks_like_subtitles, read_srt, read_vtt
from app.export.importing.text import read_text
from app.export.importing.words import decode

_Reader = Callable[[bytes, Hints], Transcript]
READERS: dict[str, _Reader] = {
    ".srt": read_srt,
    ".vtt": read_vtt,
    ".json": read_json,
    ".json3": read_json,
    ".jsonl": read_json,
    ".ass": read_ass,
    ".ssa": read_ass,
    ".ttml": read_ttml,
    ".dfxp": read_ttml,
    ".itt": read_ttml,
    ".sbv": read_sbv,
    ".lrc": read_lrc,
    ".otr": read_otr,
    ".textgrid": read_textgrid,
    ".eaf": read_eaf,
    ".txt": read_text,
}
"""Reader by suffix, in small letters."""


def read_transcript(file_name: str, data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read a transcript of another program.

    Args:
        file_name: Says by its suffix what it is.
        data: The whole file.
        hints: What is known about it besides.

    Raises:
        ExportError: It cannot be read as one.
    """
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in READERS:
        raise ExportError(
            message(
                "Wordlight cannot read {suffix} files as transcripts. Choose one of {known}.",
                suffix=suffix or "such",
                known=", ".join(READERS),
            )
        )
    reader = READERS[suffix]
    if suffix in _OFTEN_OTHERWISE:
        reader = _reader_by_content(decode(data, hints.encoding), reader)
    return reader(data, hints)


def read_title(file_name: str, data: bytes, hints: Hints = NO_HINTS) -> str:
    """Give what a transcript of another program is called in the file; empty if nothing.

    Args:
        file_name: Says by its suffix what it is.
        data: The whole file.
        hints: What is known about it besides.
    """
    is_json = READERS.get(PurePath(file_name).suffix.lower()) is read_json
    return title_in(data, hints) if is_json else ""


_OFTEN_OTHERWISE = frozenset({".srt", ".vtt", ".txt"})
"""Suffixes that people give to subtitles of another form."""


def _reader_by_content(text: str, reader: _Reader) -> _Reader:
    """Give who reads a file that is not what its name says."""
    if text.lstrip()[:6].upper() == "WEBVTT":
        return read_vtt
    return read_srt if looks_like_subtitles(text) else reader
