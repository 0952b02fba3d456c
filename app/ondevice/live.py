"""Live text on this computer: a take's channels, heard by one process of their own.

It is another process than the one that recognises recordings: a job of an hour must not
keep anybody waiting for what they have just said, and the model stays loaded as long as the
take lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import Action, AppError, RecogniserError
from app.core.live import (
    CAUGHT_UP_MS,
    LIVE_RATE_HZ,
    LIVE_SAMPLE_BYTES,
    Behind,
    Ended,
    LiveEvent,
    Settled,
    Tentative,
)
from app.core.messages import message
from app.core.options import AUTO, TranscriptionOptions
from app.core.transcript import Word
from app.core.utterances import BEHIND_MS, Rhythm
from app.ondevice.catalog import Package
from app.ondevice.child import Child
from app.ondevice.installed import ModelFolders
from app.ondevice.protocol import (
    Attend,
    ChunkEnd,
    Failed,
    Heard,
    HeardWord,
    Lag,
    Open,
    Request,
    Speed,
    sound_text,
)
from app.ondevice.recogniser import settled_words
from app.system.clocks import monotonic_ms

_log = logging.getLogger(__name__)
_A_MS = LIVE_RATE_HZ // 1_000 * LIVE_SAMPLE_BYTES
_BEFORE_MS = 6_000
"""So much settled sound stays, since what comes behind it is heard better with it."""
_HELD_MS = 30_000
"""So much sound is taken that is not read yet; more waits where it comes from."""
_MOST_DEATHS = 3
_QUIET_MS = 60_000

Start = Callable[[Path], Awaitable[Child]]
"""Starts a process for a model."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What is asked of the process each time.

    Attributes:
        package: The model.
        by: The model and what it is to go by.
    """

    package: Package
    by: Request


class LiveEars:
    """Hears a take while it is recorded: one process, a channel for each source."""

    def __init__(
        self,
        folders: ModelFolders,
        options: TranscriptionOptions,
        *,
        clock_ms: Callable[[], int] = monotonic_ms,
        start: Start = Child.start,
    ) -> None:
        """Set up; nothing is started yet.

        Args:
            folders: Where models are looked for.
            options: The language and, if wished, the model and names.
            clock_ms: A clock that goes on evenly, in milliseconds.
            start: Starts the process.
        """
        self._folders = folders
        self._options = options
        self._clock_ms = clock_ms
        self._start = start
        self._turn = asyncio.Lock()
        self._child: Child | None = None
        self._way: _Way | None = None
        self._deaths: list[int] = []
        self._open = 0
        self._is_closed = False

    @property
    def process_id(self) -> int | None:
        """The system's number of the process, if one is running."""
        return self._child.process_id if self._child is not None else None

    @property
    def model(self) -> str:
        """What recognises, as it stands in a transcript; empty before the first words."""
        return "" if self._way is None else f"{self._options.model}:{self._way.package.name}"

    def channel(self) -> LiveHearing:
        """Give what hears one channel; the process ends with the last one."""
        self._open += 1
        return LiveHearing(self, self._options, self._clock_ms)

    async def attend(self, asked: Attend) -> AsyncGenerator[Heard | ChunkEnd | Open]:
        """Ask the process; one that died is started again, and asked again.

        Args:
            asked: What is to be heard; the model is put in here.

        Raises:
            RecogniserError: It cannot be done.
        """
        async with self._turn:
            while True:
                try:
                    child, way = await self._ready()
                    by = replace(way.by, language=asked.by.language)
                    async with aclosing(
                        self._answers(child, way, replace(asked, by=by))
                    ) as answers:
                        async for answer in answers:
                            yield answer
                except RecogniserError as error:
                    if not await self._may_try_again(error):
                        raise
                else:
                    return

    async def leave(self) -> None:
        """One channel needs no more; the last one ends the process."""
        self._open -= 1
        if self._open <= 0:
            self._is_closed = True
            child, self._child = self._child, None
            if child is not None:
                await child.kill()

    async def _ready(self) -> tuple[Child, _Way]:
        if self._way is None:
            self._way = await asyncio.to_thread(self._find_way)
        if self._child is None and not self._is_closed:
            child = await self._start(Path(self._way.by.model_folder))
            if self._is_closed:
                await child.kill()
            else:
                self._child = child
        if self._child is None:
            raise RecogniserError(message("Wordlight is closing. Open it again and try again."))
        return self._child, self._way

    def _find_way(self) -> _Way:
        package = self._folders.chosen(self._options)
        timing = package.timing
        language = "en" if package.is_english_only else self._options.language
        by = Request(
            str(self._folders.ready(package)),
            "",
            "" if language == AUTO else language,
            0,
            self._folders.lag_ms(package),
            list(timing.heads) if timing is not None else [],
            list(self._options.names),
            package.engine.value,
            is_measured=self._folders.ms_per_second(package) is not None,
            is_card_avoided=False,
        )
        return _Way(package, by)

    async def _answers(
        self, child: Child, way: _Way, asked: Attend
    ) -> AsyncGenerator[Heard | ChunkEnd | Open]:
        is_sound = False
        try:
            async with aclosing(child.ask(asked)) as answers:
                async for answer in answers:
                    match answer:
                        case Failed(_, details):
                            raise RecogniserError(
                                message(
                                    "Speech recognition with the model {model} failed. Try "
                                    "again or choose another model.",
                                    model=way.package.name,
                                ),
                                action=Action.CHOOSE_MODEL,
                                details=details,
                            )
                        case Lag(start_ms, end_ms):
                            lag_ms = start_ms, end_ms
                            await asyncio.to_thread(self._folders.save_lag, way.package, lag_ms)
                            self._way = replace(way, by=replace(way.by, lag_ms=lag_ms))
                        case Speed(found):
                            await asyncio.to_thread(
                                self._folders.save_speed, way.package, found
                            )
                            known = self._way or way
                            self._way = replace(known, by=replace(known.by, is_measured=True))
                        case Heard() | ChunkEnd() | Open():
                            yield answer
                        case _:
                            pass
            is_sound = True
        finally:
            if not is_sound and self._child is child:
                # What it was in the middle of would be answered to the next question.
                self._child = None
                await child.kill()

    async def _may_try_again(self, error: RecogniserError) -> bool:
        if self._way is None or self._is_closed:
            return False
        now_ms = self._clock_ms()
        self._deaths = [one for one in self._deaths if now_ms - one < _QUIET_MS] + [now_ms]
        _log.info("Live text stopped: %s %s", error, error.details)
        # It may have been the card; the processor can do it in any case.
        self._way = replace(self._way, by=replace(self._way.by, is_card_avoided=True))
        return len(self._deaths) <= _MOST_DEATHS


class LiveHearing:
    """One channel of a take, heard on this computer; a ``LiveRecogniser``."""

    def __init__(
        self, ears: LiveEars, options: TranscriptionOptions, clock_ms: Callable[[], int]
    ) -> None:
        self._ears = ears
        self._clock_ms = clock_ms
        self._language = "" if options.language == AUTO else options.language
        self._sound = bytearray()
        self._begin_ms = 0  # of what is held
        self._settled_ms = 0
        self._looked_ms = 0  # what had come when it was looked at last
        self._rhythm = Rhythm()
        self._is_pausing = self._is_finishing = self._is_over = False
        self._change = asyncio.Event()
        self._room = asyncio.Event()
        self._paused = asyncio.Event()
        self._events: asyncio.Queue[LiveEvent | None] = asyncio.Queue()
        self._is_behind = False
        self._working: asyncio.Task[None] | None = None

    async def feed(self, sound: bytes) -> None:
        """Take the next sound; returns when it can take more."""
        self._work()
        self._sound += sound
        self._change.set()
        while not self._is_over and self.held_ms > _HELD_MS:
            self._room.clear()
            await self._room.wait()

    async def pause(self) -> None:
        """Settle what is open; returns when it is."""
        if self._fed_ms > self._settled_ms and not self._is_over:
            self._paused.clear()
            self._is_pausing = True
            self._change.set()
            await self._paused.wait()

    async def finish(self) -> None:
        """Settle what is open, for no more sound comes."""
        self._work()
        self._is_finishing = True
        self._change.set()

    async def events(self) -> AsyncIterator[LiveEvent]:
        """Give what happens as it does."""
        while (event := await self._events.get()) is not None:
            yield event

    async def aclose(self) -> None:
        """Let go of everything at once."""
        working, self._working = self._working, None
        if working is not None:
            if not self._is_over:  # else it is seeing to it that the process ends
                working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([working])
        await self._end()

    @property
    def held_ms(self) -> int:
        """How much sound is held that is not settled yet."""
        return self._fed_ms - self._settled_ms

    @property
    def _fed_ms(self) -> int:
        return self._begin_ms + len(self._sound) // _A_MS

    def _work(self) -> None:
        if self._working is None and not self._is_over:
            self._working = asyncio.create_task(self._hear(), name="live text")

    async def _hear(self) -> None:
        try:
            while await self._wait():
                await self._look()
        except AppError as error:
            self._tell(Ended(error.message, error.details))
        except Exception as error:  # noqa: BLE001 – the recording goes on, whatever it is
            _log.exception("Live text failed")
            self._tell(
                Ended(
                    message("Speech recognition on this computer stopped unexpectedly."),
                    repr(error),
                )
            )
        await self._end()

    async def _wait(self) -> bool:
        """Wait until it is time for a look; gives whether there is anything to look at."""
        while True:
            unread_ms = self._fed_ms - self._looked_ms
            is_all = self._is_pausing or self._is_finishing
            if is_all and self._fed_ms <= self._settled_ms:
                self._is_pausing = False
                self._paused.set()
                if self._is_finishing:
                    return False
            elif is_all:
                return True
            self._change.clear()
            wait_ms = self._rhythm.wait_ms(self._clock_ms(), unread_ms)
            if wait_ms == 0 and unread_ms > 0:
                return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_ms / 1_000 if unread_ms > 0 else None):
                    await self._change.wait()

    async def _look(self) -> None:
        """Settle what is over, and tell how the rest reads."""
        self._rhythm.began(self._clock_ms())
        is_last = self._is_pausing or self._is_finishing
        behind_ms = self._fed_ms - max(self._looked_ms, self._settled_ms)
        self._tell_behind(behind_ms)
        self._looked_ms = self._fed_ms
        begin_ms = self._begin_ms
        sound = bytes(self._sound[: len(self._sound) // 2 * 2])
        asked = Attend(
            Request("", "", self._language),
            await asyncio.to_thread(sound_text, sound),  # a megabyte, where the text lags
            self._settled_ms - begin_ms,
            is_last=is_last,
            is_open_read=self._rhythm.reads_open(behind_ms),
        )
        heard: list[HeardWord] = []
        async with aclosing(self._ears.attend(asked)) as answers:
            async for answer in answers:
                match answer:
                    case Heard(_, words):
                        heard = words
                    case ChunkEnd(end_ms, language, wordless):
                        self._language = self._language or language
                        self._settle(heard, begin_ms, end_ms, wordless)
                        self._rhythm.settled(self._clock_ms())
                        heard = []
                    case Open(words):
                        if asked.is_open_read:
                            self._tell(Tentative(_words(words, begin_ms, self._looked_ms)))
        if is_last:
            self._settled_ms = max(self._settled_ms, self._looked_ms)
        self._forget()
        self._rhythm.ended(self._clock_ms())

    def _settle(
        self,
        words: list[HeardWord],
        begin_ms: int,
        end_ms: int,
        wordless: list[tuple[int, int]],
    ) -> None:
        until_ms = begin_ms + end_ms
        if until_ms > self._settled_ms:  # else a process that died had told of it before
            self._settled_ms = until_ms
            found = _words(words, begin_ms, until_ms)
            spans = tuple((start + begin_ms, end + begin_ms) for start, end in wordless)
            self._tell(Settled(found, until_ms, self._language, spans))
        self._room.set()

    def _forget(self) -> None:
        """Let go of sound that is settled, but for what is heard along with the next."""
        spare_ms = self._settled_ms - _BEFORE_MS - self._begin_ms
        if spare_ms > 0:
            del self._sound[: spare_ms * _A_MS]
            self._begin_ms += spare_ms
        self._room.set()

    def _tell_behind(self, behind_ms: int) -> None:
        is_behind = behind_ms >= (CAUGHT_UP_MS if self._is_behind else BEHIND_MS)
        if is_behind or self._is_behind:
            self._tell(Behind(behind_ms if is_behind else 0))
        self._is_behind = is_behind

    def _tell(self, event: LiveEvent) -> None:
        self._events.put_nowait(event)

    async def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._tell_behind(0)
            self._room.set()
            self._paused.set()
            self._events.put_nowait(None)
            await self._ears.leave()


def _words(heard: list[HeardWord], begin_ms: int, until_ms: int) -> tuple[Word, ...]:
    moved: list[HeardWord] = [
        (word[0], word[1] + begin_ms, word[2] + begin_ms, *word[3:]) for word in heard
    ]
    return settled_words(moved, until_ms)
