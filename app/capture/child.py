"""The process that records, as the program sees it: start it, tell it, hear from it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
from collections.abc import AsyncGenerator

from app.capture.protocol import (
    Order,
    ProtocolError,
    Report,
    Word,
    order_line,
    read_report,
)
from app.capture.pulse import sound_environment
from app.core.errors import Action, RecordingError
from app.system.children import OTHER_BUILD, OwnChild, own_command, own_environment, quiet_flags
from app.system.last_words import LastWords

_log = logging.getLogger(__name__)


class CaptureChild:
    """One running process that records."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._last_words = LastWords(process, "capture: stderr")

    @classmethod
    async def start(cls, order: Order) -> CaptureChild:
        """Start it and tell it what to record, or ask it what it could.

        Raises:
            RecordingError: The system would not start it.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *own_command(OwnChild.CAPTURE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=own_environment() | sound_environment(),
                creationflags=quiet_flags(),
                start_new_session=True,  # what ends the window must not end the recording
            )
        except OSError as error:
            raise RecordingError(
                "Recording could not be started. Try again.",
                action=Action.RETRY,
                details=str(error),
            ) from error
        child = cls(process)
        child.tell(order)
        return child

    @property
    def process_id(self) -> int:
        """The system's number of it."""
        return self._process.pid

    @property
    def is_of_another_build(self) -> bool:
        """Whether it ended at once since the program was replaced while this one was open."""
        return self._process.returncode == OTHER_BUILD

    @property
    def last_words(self) -> str:
        """The end of what it wrote to standard error, for details."""
        return self._last_words.text

    def tell(self, order: Order) -> None:
        """Give it an order; one that is gone hears nothing, which ``reports`` shows."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 – a pipe was asked for
        if not stdin.is_closing():
            stdin.write(order_line(order))

    async def reports(self) -> AsyncGenerator[Report]:
        """Give what it tells until it ends, however it ends."""
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 – a pipe was asked for
        while (line := await stdout.readline()).endswith(b"\n"):
            try:
                yield read_report(line)
            except ProtocolError:
                _log.warning("The recording process said something odd: %r", line[:200])
        await self._process.wait()
        await self._last_words.all_said()

    def kill(self) -> None:
        """End it at once; for one that records nothing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def stop(self) -> None:
        """Let it finish in order."""
        self.tell(Word.STOP)
