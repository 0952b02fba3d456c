"""What a command writes, whatever the terminal or the pipe takes."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TextIO

from app.cli.language import said
from app.core.messages import Message
from app.diagnostics import LogFile, Redactor
from app.store.paths import AppPaths
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
def logged(paths: AppPaths) -> Generator[None]:
    """Have what is no sentence for people written to the log within this, off the terminal."""
    log = LogFile(paths.logs, Redactor())
    try:
        yield
    finally:
        log.close()


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


def on_ending(end: Callable[[], object]) -> None:
    """Call something at Ctrl+C, at a polite kill, and when the terminal is closed.

    Where hanging up was to be ignored, as ``nohup`` wishes, it stays so. On Windows nothing
    is called: Ctrl+C cancels the task there.

    Args:
        end: Puts the work away in order; called in the running loop.
    """
    loop = asyncio.get_running_loop()

    def hang_up() -> None:
        _leave_terminal()
        end()

    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGINT, end)
        loop.add_signal_handler(signal.SIGTERM, end)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, hang_up)


def _leave_terminal() -> None:
    """Let what is still to be said go nowhere: a closed terminal answers with errors."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            # A terminal that is gone denies having been one; it is still no file, no pipe.
            if stat.S_ISCHR(os.fstat(stream.fileno()).st_mode):
                _drop(stream)


def drop_standard_output() -> None:
    """Let go what is still to be written, so that the end of the process does not fail."""
    _drop(sys.stdout)


def tell_aside(text: str, *, end: str = "\n") -> None:
    """Write on standard error; where nobody reads it any more, what is done goes on.

    Args:
        text: What to write.
        end: What to write behind it.
    """
    try:
        print(text, end=end, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
