"""Find where the words of a transcript are said, in a process of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from app.core.errors import Action, AppError, RecogniserError
from app.core.messages import message
from app.core.utterances import Times
from app.ondevice.aligner import is_available
from app.ondevice.child import Child
from app.ondevice.protocol import Align, Aligned, Failed, Trouble
from app.ondevice.sound import Sound, UnreadableSoundError

_log = logging.getLogger(__name__)
OnProgress = Callable[[int, int], object]
"""Told how many milliseconds of sound are done, of how many; never goes back."""

KnownWord = tuple[str, int, int, bool]
"""Text, start and end in milliseconds, whether these are only estimated."""


def _ignore(*_: int) -> None:
    pass


class WordAligner:
    """Finds words in one recording after the other, each in a new process.

    A crash there costs nothing here, and cancelling kills it, which takes effect at once.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    def knows(self, language: str) -> bool:
        """Tell whether words of a language can be found on this computer."""
        return is_available(language)

    async def align(
        self,
        wav_path: Path,
        language: str,
        words: Sequence[KnownWord],
        *,
        on_progress: OnProgress = _ignore,
    ) -> list[Times | None]:
        """Say when each word is said; ``None`` for those that are not found.

        Args:
            wav_path: 16 kHz mono with 16-bit samples.
            language: Code of what is said.
            words: In the order they are said.
            on_progress: See ``OnProgress``.

        Raises:
            RecogniserError: In one sentence why not.
        """
        try:
            duration_ms = (await asyncio.to_thread(Sound.open, wav_path)).duration_ms
        except (OSError, UnreadableSoundError) as error:
            raise _error(Failed(Trouble.SOUND, repr(error))) from error
        found: list[Times | None] = [None] * len(words)
        done_ms = 0
        async with self._turn:
            child = await Child.start(wav_path.parent)
            try:
                request = Align(str(wav_path), language, list(words))
                async with aclosing(child.ask(request)) as answers:
                    async for answer in answers:
                        if isinstance(answer, Failed):
                            raise _error(answer)
                        if isinstance(answer, Aligned):
                            found[answer.first : answer.first + len(answer.times)] = (
                                answer.times
                            )
                            done_ms = max(done_ms, answer.times[-1][1])
                            on_progress(min(done_ms, duration_ms), duration_ms)
                await child.close()
            finally:
                await child.kill()
        on_progress(duration_ms, duration_ms)
        return found


def _error(failed: Failed) -> AppError:
    _log.error("Words could not be aligned: %s", failed.details)
    match failed.trouble:
        case Trouble.MODEL:
            text = "The model that aligns words is missing. Install Wordlight again."
        case Trouble.SOUND:
            text = "The audio could not be read to align the words. Try again."
        case Trouble.MEMORY | Trouble.DISK | Trouble.OTHER:
            text = "Aligning the words failed. Try again."
    return RecogniserError(message(text), action=Action.RETRY, details=failed.details)
