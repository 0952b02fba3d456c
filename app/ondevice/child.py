"""The recogniser's process as the program sees it: start it, ask it, end it."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from pathlib import Path

from app.core.errors import Action, RecogniserError
from app.core.messages import message
from app.ondevice.protocol import (
    Answer,
    Asked,
    Cores,
    Done,
    Failed,
    ProtocolError,
    read_answer,
    to_line,
)
from app.system.children import (
    OTHER_BUILD,
    UPDATED_MEANWHILE,
    OwnChild,
    own_command,
    own_environment,
    quiet_flags,
)
from app.system.last_words import LastWords

_log = logging.getLogger(__name__)
_LINE_BYTES = 1 << 22
_GRACE_S = 2.0
_SIGKILL = 9


def worker_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the worker's environment: nothing secret, and no way to the model hub."""
    return own_environment(environ) | {
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        # NumPy's own threads wait by spinning: small products cost three times as much.
        "OPENBLAS_NUM_THREADS": "1",
    }


class Child:
    """One running worker.

    Attributes:
        model_folder: The model it is for; another model gets another process, so that
            memory is given back for certain.
    """

    def __init__(self, process: asyncio.subprocess.Process, model_folder: Path) -> None:
        self.model_folder = model_folder
        self._process = process
        self._last_words = LastWords(process, "recogniser: stderr")

    @classmethod
    async def start(cls, model_folder: Path) -> Child:
        """Start a worker.

        Raises:
            RecogniserError: The system would not start it.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *own_command(OwnChild.RECOGNISER),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=worker_environment(os.environ),
                limit=_LINE_BYTES,
                creationflags=quiet_flags(),
            )
        except OSError as error:
            raise RecogniserError(
                message("Speech recognition on this computer could not be started. Try again."),
                action=Action.RETRY,
                details=str(error),
            ) from error
        return cls(process, model_folder)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked something."""
        return self._process.returncode is None

    @property
    def process_id(self) -> int:
        """The system's number of it."""
        return self._process.pid

    async def ask(self, request: Asked) -> AsyncGenerator[Answer]:
        """Ask for one thing and give the answers as they come, up to ``Done`` or ``Failed``.

        Raises:
            RecogniserError: It died, or speaks nonsense.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 – a pipe was asked for
        assert stdout is not None  # noqa: S101 – a pipe was asked for
        try:
            # With the sound of live text in it, it takes longer than a window may stand still.
            stdin.write(await asyncio.to_thread(to_line, request))
            await stdin.drain()
        except OSError:
            raise await self._gone() from None
        while True:
            try:
                line = await stdout.readline()
                if not line.endswith(b"\n"):
                    raise await self._gone()
                answer = read_answer(line)
            except ValueError as error:  # longer than any answer
                raise self._nonsense(str(error)) from error
            except ProtocolError as error:
                raise self._nonsense(str(error)) from error
            yield answer
            if isinstance(answer, Done | Failed):
                return

    def use(self, cores: int) -> None:
        """Let it use so many cores from now on, also for what it does already."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            with suppress(OSError):  # it has just ended, which is told elsewhere
                stdin.write(to_line(Cores(cores)))

    async def close(self) -> None:
        """Let an idle worker end by itself, and see to it that it does."""
        stdin = self._process.stdin
        if stdin is not None:
            stdin.close()
        try:
            async with asyncio.timeout(_GRACE_S):
                await self._process.wait()
        except TimeoutError:
            _log.warning("The recogniser did not end by itself")
        await self.kill()

    async def kill(self) -> None:
        """End it at once, whatever it does, and wait until it is gone."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # it was quicker
                self._process.kill()
        await self._process.wait()
        await self._last_words.all_said()

    async def _gone(self) -> RecogniserError:
        code = await self._process.wait()
        await self._last_words.all_said()
        details = f"exit code {code}\n{self._last_words.text}".strip()
        _log.error("The recogniser ended: %s", details)
        if code == OTHER_BUILD:
            return RecogniserError(
                UPDATED_MEANWHILE, action=Action.RESTART, details=details, pauses_queue=True
            )
        if code == -_SIGKILL:
            # Nobody else kills it so: on Linux this is how the system frees memory.
            text = (
                "The system stopped speech recognition on this computer, probably because "
                "memory ran out. Close other programs or choose a smaller model, then try "
                "again."
            )
        else:
            text = "Speech recognition on this computer stopped unexpectedly. Try again."
        return RecogniserError(message(text), action=Action.RETRY, details=details)

    def _nonsense(self, details: str) -> RecogniserError:
        _log.error("The recogniser answered nonsense: %s", details)
        return RecogniserError(
            message(
                "Speech recognition on this computer gave an answer that makes no sense. "
                "Try again."
            ),
            action=Action.RETRY,
            details=details,
        )
