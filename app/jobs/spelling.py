"""Checking spelling in a process of its own; see ``ondevice/spelling_worker``."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.core.errors import Action, RecogniserError
from app.core.messages import message
from app.core.spelling import best_dictionary
from app.ondevice.dictionaries import dictionaries, dictionary_folders
from app.system.children import (
    OTHER_BUILD,
    UPDATED_MEANWHILE,
    OwnChild,
    own_command,
    own_environment,
    quiet_flags,
)

_LINE_BYTES = 1 << 22
_ANSWER_S = 20.0
_GRACE_S = 1.0


class NoDictionaryError(RecogniserError):
    """There is none for the language on this computer."""


class Speller:
    """Checks words of one language at a time; its process ends with ``aclose``."""

    def __init__(self, folders: Callable[[], Iterable[Path]] = dictionary_folders) -> None:
        self._folders = folders
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def open(self, language: str) -> str:
        """Take the dictionary of a language; gives its name.

        Raises:
            NoDictionaryError: There is none.
            RecogniserError: It is damaged, or the process cannot be started.
        """
        async with self._turn:
            await self._end()
            found = await asyncio.to_thread(lambda: dictionaries(self._folders()))
            name = best_dictionary(language, found)
            if name is None:
                raise NoDictionaryError(message("There is no dictionary for this language."))
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *own_command(OwnChild.SPELLER),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=own_environment(os.environ),
                    limit=_LINE_BYTES,
                    creationflags=quiet_flags(),
                )
            except OSError as error:
                raise _failed(name, str(error)) from error
            told = await self._ask({"open": os.fspath(found[name])})
            if not told.get("opened"):
                await self._end()
                raise _failed(name, str(told.get("why", "")))
            return name

    async def check(self, words: Sequence[str]) -> frozenset[str]:
        """Give those of some words that the dictionary does not know.

        Raises:
            RecogniserError: The process is gone.
        """
        async with self._turn:
            told = await self._ask({"check": list(words)})
            return frozenset(told.get("wrong", ()))

    async def suggest(self, word: str) -> tuple[str, ...]:
        """Give words of the dictionary that are like one it does not know, the best first.

        Raises:
            RecogniserError: The process is gone.
        """
        async with self._turn:
            told = await self._ask({"suggest": word})
            return tuple(told.get("suggestions", ()))

    async def aclose(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise _failed("", "not open")
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            await process.stdin.drain()
            async with asyncio.timeout(_ANSWER_S):
                line = await process.stdout.readline()
            told: dict[str, Any] = json.loads(line)
        except asyncio.CancelledError:
            _kill(process)  # its answer would be taken for the next one's
            raise
        except (OSError, ValueError, TimeoutError) as error:
            await self._end()
            if process.returncode == OTHER_BUILD:
                raise RecogniserError(UPDATED_MEANWHILE, action=Action.RESTART) from error
            raise _failed("", repr(error)) from error
        return told

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_GRACE_S):
                await process.wait()
        except TimeoutError:
            _kill(process)
            await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _failed(name: str, details: str) -> RecogniserError:
    if not name:
        return RecogniserError(
            message("Spell checking stopped unexpectedly. Turn it on again."),
            details=details,
        )
    return RecogniserError(
        message(
            "The dictionary {name} is damaged or cannot be read. Install it again.", name=name
        ),
        details=details,
    )
