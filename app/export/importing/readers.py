"""Which reader takes which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from app.core.errors import ExportError
from app.core.messages import message
from app.core.transcript import Transcript
from app.export.importing.annotation import read_eaf, read_textgrid
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.otranscribe import read_otr
from app.export.importing.replies import read_json
from app.export.importing.subtitles import read_srt, read_vtt
from app.export.importing.text import read_text

READERS: dict[str, Callable[[bytes, Hints], Transcript]] = {
    ".srt": read_srt,
    ".vtt": read_vtt,
    ".json": read_json,
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
                "Wordlight cannot read {suffix} files as transcripts; choose one of {known}.",
                suffix=suffix or "such",
                known=", ".join(READERS),
            )
        )
    return READERS[suffix](data, hints)
