"""A person's file as ffmpeg's input: checked first, opened safely, watched for change."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Action, RecordingError
from app.core.file_kinds import FORMATS
from app.core.recording import ByteRange, Recording

_FORMATS = ",".join(FORMATS)
COUNTED_FROM_FIRST = frozenset({"mpegts", "mpeg"})
"""Formats whose clock ffmpeg sets to 0 at the first sound or picture that is asked for."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file is still the one that was looked at."""

    size_bytes: int
    modified_ns: int


def check_file(path: Path) -> Stamp:
    """Make sure that a path is a file that can be read and holds something.

    Raises:
        RecordingError: It is not; the sentence says why.
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise RecordingError(
            "This file has been moved or deleted. Find it and add it again.",
            action=Action.FIND_FILE,
            details=str(error),
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    if stat.S_ISDIR(found.st_mode):
        raise RecordingError(
            "This is a folder. Open it and add the recordings inside.",
            action=Action.CHOOSE_FILE,
        )
    if not stat.S_ISREG(found.st_mode):
        # Opening a FIFO would wait for ever for somebody to write to it.
        raise RecordingError(
            "This is a pipe or a device, not a file. Save the audio to a file first.",
            action=Action.CHOOSE_FILE,
        )
    if found.st_size == 0:
        raise RecordingError(
            "This file is empty. Check that it was copied or downloaded completely.",
            action=Action.CHOOSE_FILE,
        )
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise _unreadable(error) from error
    return Stamp(found.st_size, found.st_mtime_ns)


def check_unchanged(path: Path, before: Stamp) -> None:
    """Make sure that nobody wrote to a file while it was read.

    Raises:
        RecordingError: Somebody did, or took it away.
    """
    after = check_file(path)
    if after.size_bytes > before.size_bytes:
        raise RecordingError(
            "This file is still being written. Try again when it is complete.",
            action=Action.RETRY,
        )
    if after != before:
        raise RecordingError(
            "This file changed while it was being read. Try again.", action=Action.RETRY
        )


def input_arguments(
    path: Path, *, before: tuple[str, ...] = (), part: ByteRange | None = None
) -> list[str]:
    """Give the arguments that make ffmpeg read this file and nothing besides.

    ``file:`` keeps a name that begins with a dash or holds a colon a name.

    Args:
        path: The file, of any name the system allows.
        before: Options of the input, such as where to begin.
        part: The only bytes of it that are read.
    """
    name = f"file:{os.fspath(path.absolute())}"
    if part is not None:
        name = f"subfile,,start,{part.start},end,{part.end},,:{name}"
    return [
        "-nostdin",
        "-hide_banner",
        "-nostats",
        "-protocol_whitelist",
        "file,pipe,subfile" if part is not None else "file,pipe",
        "-format_whitelist",
        _FORMATS,
        *before,
        "-i",
        name,
    ]


def inputs_of(recording: Recording, *, before: tuple[str, ...] = ()) -> list[str]:
    """Give the arguments that make ffmpeg read a recording as it was found to lie.

    One input for each recording that stands in the file, past headers that are wrong.
    """
    if recording.raw is not None:
        form = _RAW_FORMATS.get(recording.codec, recording.codec.removeprefix("pcm_"))
        raw = ("-f", form, "-ar", f"{recording.sample_rate_hz}", "-ac", f"{recording.channels}")
        arguments = input_arguments(recording.path, before=(*before, *raw), part=recording.raw)
        arguments[arguments.index("-format_whitelist") + 1] += f",{form}"
        return arguments
    if recording.offset_ms:
        before = (*before, "-itsoffset", f"{recording.offset_ms / 1000:.3f}")
    if recording.ignores_size:
        before = (*before, "-ignore_length", "1")
    arguments: list[str] = []
    for part in recording.links or (None,):
        arguments += input_arguments(recording.path, before=before, part=part)
    return arguments


_RAW_FORMATS = {"pcm_mulaw": "mulaw", "pcm_alaw": "alaw"}


def _unreadable(error: OSError | ValueError) -> RecordingError:
    if isinstance(error, PermissionError):
        return RecordingError(
            "You do not have permission to read this file. Ask for access, or copy it "
            "somewhere else.",
            action=Action.FIND_FILE,
            details=str(error),
        )
    return RecordingError(
        "This file cannot be read. Check the disk or the connection to it.",
        action=Action.RETRY,
        details=str(error),
    )
