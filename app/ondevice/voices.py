"""Tell the voices of a recording apart on this computer: who speaks each word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Action, AppError, RecogniserError
from app.core.messages import message
from app.ondevice.child import Child
from app.ondevice.protocol import (
    Asked,
    Compare,
    Compared,
    Done,
    Failed,
    FindVoices,
    LabelLinked,
    LinkLabels,
    Listen,
    Listened,
    Spoke,
    Trouble,
    Voice,
    VoiceAnswer,
    WhoSpoke,
)
from app.ondevice.sound import Sound, UnreadableSoundError

_log = logging.getLogger(__name__)
OnProgress = Callable[[int, int], object]
"""Told how many milliseconds of sound are done, of how many; never goes back."""

_LISTENING_SHARE = 0.8
"""Of the work, hearing the voices; the rest is listening to short phrases once more."""


def _ignore(*_: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class VoicesTold:
    """Who speaks in a recording.

    Attributes:
        people: Of each word, the number of the person, from 0 in the order they first
            speak; -1 where nobody was heard.
        sureness: How sure that is, 0 to 1; as many.
        voices: Of each person.
    """

    people: tuple[int, ...]
    sureness: tuple[float, ...]
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Two voices side by side: two speakers, or the two in one.

    Attributes:
        found: How alike they are, and what that says.
        people: Where one speaker is to be parted: of each word 0 or 1, which says it.
        sureness: How sure that is, 0 to 1; as many.
    """

    found: Compared
    people: tuple[int, ...] = ()
    sureness: tuple[float, ...] = ()


class VoiceTeller:
    """Tell the voices of one recording after the other apart, each in a new process.

    A crash there costs nothing here, and cancelling kills it, which takes effect at once.
    What was heard until then is kept, so the next try goes on from its last minute.
    """

    def __init__(self, models_folder: Path) -> None:
        """Set up; nothing is started yet.

        Args:
            models_folder: Where the two models lie.
        """
        self._models_folder = models_folder
        self._turn = asyncio.Lock()

    async def tell_apart(
        self,
        wav_path: Path,
        heard_path: Path,
        words: Sequence[tuple[int, int]],
        *,
        asked: int = 0,
        on_progress: OnProgress = _ignore,
    ) -> VoicesTold:
        """Say who speaks each word of a recording.

        Args:
            wav_path: 16 kHz mono with 16-bit samples.
            heard_path: Where what is heard is kept, for the next try or another question.
            words: Start and end of each in milliseconds, in the order of the text.
            asked: How many people there are; 0 to find out.
            on_progress: See ``OnProgress``.

        Raises:
            RecogniserError: In one sentence why not.
        """
        duration_ms = await _length_of(wav_path)
        folder, sound, kept = str(self._models_folder), str(wav_path), str(heard_path)
        thorough = WhoSpoke(folder, sound, kept, list(words), asked)

        def listened(done_ms: int) -> None:
            on_progress(min(duration_ms, round(done_ms * _LISTENING_SHARE)), duration_ms)

        def told(done_ms: int) -> None:
            rest_ms = round((duration_ms - done_ms) * (1 - _LISTENING_SHARE))
            on_progress(duration_ms - max(0, rest_ms), duration_ms)

        async with self._turn:
            child = await Child.start(self._models_folder)
            try:
                await _answered(child, Listen(folder, sound, kept), listened)
                found = await _answered(child, thorough, told)
                await child.close()
            finally:
                await child.kill()
        on_progress(duration_ms, duration_ms)
        return found

    async def regroup(
        self,
        heard_path: Path,
        words: Sequence[tuple[int, int]],
        *,
        asked: int,
    ) -> VoicesTold:
        """Say who speaks each word if there are so many people, without listening again.

        Args:
            heard_path: What was heard of the recording.
            words: Start and end of each in milliseconds, in the order of the text.
            asked: How many people there are; 0 to find out.

        Raises:
            RecogniserError: In one sentence why not; also where it was not kept whole.
        """
        request = WhoSpoke(str(self._models_folder), "", str(heard_path), list(words), asked)
        async with self._turn:
            child = await Child.start(self._models_folder)
            try:
                found = await _answered(child, request, _ignore)
                await child.close()
            finally:
                await child.kill()
        return found

    async def compare(
        self, heard_path: Path, words: Sequence[Sequence[tuple[int, int]]]
    ) -> Side:
        """Say whether two speakers are one person, or one speaker is two, without listening.

        Args:
            heard_path: What was heard of the recording.
            words: Start and end of each word in milliseconds, in the order of the text: of
                two speakers, or of the one that is to be parted.

        Raises:
            RecogniserError: In one sentence why not; also where it was not kept whole.
        """
        answers = await self._all(Compare(str(heard_path), [list(one) for one in words]))
        found = next((one for one in answers if isinstance(one, Compared)), None)
        told = [one for one in answers if isinstance(one, Spoke)]
        people = [person for one in told for person in one.people]
        sureness = [sure for one in told for sure in one.sureness]
        if found is None or (len(words) == 1 and len(people) != len(words[0])):
            raise _error(Failed(Trouble.OTHER, "an answer is missing"))
        return Side(found, tuple(people), tuple(sureness))

    async def voices_of(
        self, heard_path: Path, words: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Voice, ...]:
        """Give the voices of speakers, without listening.

        Args:
            heard_path: What was heard of the recording.
            words: Of each speaker, start and end of each word in milliseconds.

        Raises:
            RecogniserError: In one sentence why not; also where it was not kept whole.
        """
        answers = await self._all(FindVoices(str(heard_path), [list(one) for one in words]))
        found = tuple(one for one in answers if isinstance(one, Voice))
        if len(found) != len(words):
            raise _error(Failed(Trouble.OTHER, f"{len(found)} of {len(words)} voices"))
        return found

    async def _all(self, request: Asked) -> list[VoiceAnswer]:
        """Ask a new process for one thing and give all it says."""
        async with self._turn:
            child = await Child.start(self._models_folder)
            try:
                async with aclosing(_asked(child, request)) as answers:
                    found = [answer async for answer in answers]
                await child.close()
            finally:
                await child.kill()
        return found

    async def link(
        self,
        wav_path: Path,
        parts: Sequence[Sequence[int]],
        spans: Sequence[Sequence[tuple[int, int]]],
        *,
        on_progress: OnProgress = _ignore,
    ) -> tuple[LabelLinked, ...]:
        """Say which labels of parts that were recognised separately are one person.

        Args:
            wav_path: 16 kHz mono with 16-bit samples.
            parts: Of each label, in which parts it is heard.
            spans: Of each label, where somebody speaks under it, in milliseconds.
            on_progress: See ``OnProgress``.

        Raises:
            RecogniserError: In one sentence why not.
        """
        duration_ms = await _length_of(wav_path)
        request = LinkLabels(
            str(self._models_folder),
            str(wav_path),
            [list(one) for one in parts],
            [list(one) for one in spans],
        )
        found: list[LabelLinked] = []
        async with self._turn:
            child = await Child.start(self._models_folder)
            try:
                async with aclosing(_asked(child, request)) as answers:
                    async for answer in answers:
                        if isinstance(answer, LabelLinked):
                            found.append(answer)
                        elif isinstance(answer, Listened):
                            on_progress(min(answer.done_ms, duration_ms), duration_ms)
                await child.close()
            finally:
                await child.kill()
        if len(found) != len(parts):
            raise _error(Failed(Trouble.OTHER, f"{len(found)} of {len(parts)} labels"))
        return tuple(found)


async def _answered(
    child: Child, request: Asked, on_done: Callable[[int], object]
) -> VoicesTold:
    people: list[int] = []
    sureness: list[float] = []
    voices: list[Voice] = []
    done_ms = 0
    async with aclosing(_asked(child, request)) as answers:
        async for answer in answers:
            match answer:
                case Listened():
                    done_ms = max(done_ms, answer.done_ms)
                    on_done(done_ms)
                case Spoke():
                    people += answer.people
                    sureness += answer.sureness
                case Voice():
                    voices.append(answer)
                case LabelLinked() | Compared() | Done():
                    pass
    if isinstance(request, WhoSpoke) and len(people) != len(request.words):
        raise _error(Failed(Trouble.OTHER, f"{len(people)} of {len(request.words)} words"))
    return VoicesTold(tuple(people), tuple(sureness), tuple(voices))


async def _asked(child: Child, request: Asked) -> AsyncGenerator[VoiceAnswer]:
    async with aclosing(child.ask(request)) as answers:
        async for answer in answers:
            if isinstance(answer, Failed):
                raise _error(answer)
            if isinstance(answer, VoiceAnswer):
                yield answer


async def _length_of(wav_path: Path) -> int:
    try:
        return (await asyncio.to_thread(Sound.open, wav_path)).duration_ms
    except (OSError, UnreadableSoundError) as error:
        raise _error(Failed(Trouble.SOUND, repr(error))) from error


def _error(failed: Failed) -> AppError:
    _log.error("Voices could not be told apart: %s", failed.details)
    match failed.trouble:
        case Trouble.MODEL:
            text = "The models that identify speakers are damaged. Install Wordlight again."
        case Trouble.SOUND:
            text = "The audio could not be read to identify speakers. Try again."
        case Trouble.MEMORY:
            text = (
                "There is not enough memory to identify speakers. Close other programs and "
                "try again."
            )
        case Trouble.DISK:
            text = (
                "There is not enough disk space to identify speakers. Free some and try again."
            )
        case Trouble.OTHER:
            text = "Identifying speakers failed. Try again."
    return RecogniserError(message(text), action=Action.RETRY, details=failed.details)
