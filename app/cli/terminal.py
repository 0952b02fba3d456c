"""What a command writes, whatever the terminal or the pipe takes."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TextIO

from app.cli.language import said
from app.core.messages import Message
from app.system.files import explain


class StandardOutputError(Exception):
    """Nothing more can be written to standard output; the command is at its end.

    No ``AppError``: those end the work on one file, and the next is tried.

    Attributes:
        message: What happened and what to do.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message.fill())
        self.message = message


def take_every_character() -> None:
    """Have characters that an encoding lacks written by their number, and no error raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What was a file when Python began, and is a pipe now, cannot tell its place,
            # which is asked for when all is set already.
            with suppress(OSError):
                stream.reconfigure(errors="backslashreplace")


def as_json(values: Mapping[str, object], stream: TextIO) -> str:
    """Give one line of JSON that stays JSON in the encoding of a stream."""
    line = json.dumps(values, ensure_ascii=False)
    try:
        line.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(values, ensure_ascii=True)
    return line


@contextmanager
def telling(stream: IO[str] | IO[bytes]) -> Generator[None]:
    """Write to a stream within this, and it is really written at the end.

    Raises:
        StandardOutputError: It could not be, on a full disk for one.
        BrokenPipeError: Whoever reads it has had enough.
    """
    try:
        yield
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StandardOutputError(explain(error, Path(said("standard output")))) from error


def drop_standard_output() -> None:
    """Let go what is still to be written, so that the end of the process does not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
