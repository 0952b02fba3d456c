"""The words of a take while it is recorded: reads its growing sound and tells what is heard.

No Qt. Each source has a recogniser of its own, on this computer or of the service; what they
settle is handed on in the order of time. Nothing that happens here touches the recording.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from app.capture.growing import GrowingSound
from app.capture.journal import TakeFolder
from app.core.live import (
    CAUGHT_UP_MS,
    LAG_MS,
    Behind,
    Ended,
    LiveEvent,
    LiveRecogniser,
    Offline,
    Settled,
    Spent,
    Tentative,
)
from app.core.messages import Message, message
from app.core.transcript import Word

_log = logging.getLogger(__name__)
_LOOK_S = 0.1
_MOST_WAIT_MS = 15_000
"""Words wait no longer than that for what another source may have said before them."""
_FINISH_S = 30.0
"""So long the last words are waited for once no more sound comes."""


class Ears(Protocol):
    """What hears one take, on this computer or by the service."""

    def channel(self) -> LiveRecogniser:
        """Give what hears another channel of it."""
        ...


@dataclass(frozen=True, slots=True)
class LiveNow:
    """How live text stands.

    Attributes:
        tentative: What is heard behind the settled words, by source, the earliest first.
        behind_ms: How far it lags, in whole seconds, where a person should know; else 0.
        offline: Why nothing comes from a source, at present or any more; ``None`` if it does.
        ended: Why no more words come; ``None`` as long as any source gives some.
        dollars: What it has cost.
    """

    tentative: tuple[tuple[int, tuple[Word, ...]], ...] = ()
    behind_ms: int = 0
    offline: Message | None = None
    ended: Message | None = None
    dollars: Decimal = Decimal(0)


class Follower(Protocol):
    """Who is told."""

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        """Take words that stand for good, each behind the ones before it in time."""
        ...

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Take where somebody spoke in a source and no words were heard."""
        ...

    def show(self, now: LiveNow) -> None:
        """Take up how things stand."""
        ...


@dataclass(slots=True)
class _Lane:
    """One source."""

    recogniser: LiveRecogniser
    sound: GrowingSound
    read_ms: int = 0
    settled_ms: int = 0
    pending: list[Settled] = field(default_factory=list[Settled])
    tentative: tuple[Word, ...] = ()
    behind_ms: int = 0
    unread_ms: int = 0
    is_late: bool = False
    offline: Message | None = None
    ended: Message | None = None
    dollars: Decimal = Decimal(0)
    is_over: bool = False

    def lag_ms(self) -> int:
        """Give how far its words lag, unless nobody has to know; whole seconds."""
        lag_ms = 0 if self.is_over else self.behind_ms + self.unread_ms
        self.is_late = lag_ms >= (CAUGHT_UP_MS if self.is_late else LAG_MS)
        return lag_ms // 1_000 * 1_000 if self.is_late else 0


class LiveSession:
    """Hears one take from its first sound to its last.

    Attributes:
        is_whole: Whether it was heard to its end, all sources of it; known once it is over.
    """

    def __init__(
        self,
        folder: TakeFolder,
        recognisers: Sequence[LiveRecogniser],
        follower: Follower,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        finish_s: float = _FINISH_S,
    ) -> None:
        """Set up.

        Args:
            folder: Of the take.
            recognisers: One for each source, in the order of the channels.
            follower: Is told what is heard.
            sleep: Waits so many seconds.
            finish_s: How long the last words are waited for.
        """
        self._follower = follower
        self._sleep = sleep
        self._finish_s = finish_s
        self._lanes = [
            _Lane(one, GrowingSound(folder, channel)) for channel, one in enumerate(recognisers)
        ]
        self._now = LiveNow()
        self._is_paused = self._is_finishing = False
        self.is_whole = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen."""
        for number, lane in enumerate(self._lanes):
            self._tasks += [
                asyncio.create_task(self._feed(lane), name=f"live text: sound {number}"),
                asyncio.create_task(self._hear(number), name=f"live text: words {number}"),
            ]

    def set_paused(self, *, is_paused: bool) -> None:
        """Follow whether the person has paused the take."""
        self._is_paused = is_paused

    async def finish(self) -> None:
        """Wait for the last words; the whole sound of the take is on the disk by now.

        What does not come in time is given up: the sound has it, and ``is_whole`` tells.
        """
        self._is_finishing = True
        try:
            async with asyncio.timeout(self._finish_s):
                found = await asyncio.gather(*self._tasks, return_exceptions=True)
        except TimeoutError:
            _log.info("The last live words did not come in time")
        else:
            failed = [one for one in found if isinstance(one, BaseException)]
            for one in failed:
                _log.error("Live text failed", exc_info=one)
            self.is_whole = not failed and all(lane.ended is None for lane in self._lanes)
        await self.aclose()
        self._release(is_all=True)
        self._show()

    async def aclose(self) -> None:
        """Stop at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for lane in self._lanes:
            lane.tentative = ()
            await lane.recogniser.aclose()
            await asyncio.to_thread(lane.sound.close)

    # -- sound ----------------------------------------------------------------

    async def _feed(self, lane: _Lane) -> None:
        is_settled = True
        while not lane.is_over:
            is_finishing, is_paused = self._is_finishing, self._is_paused
            try:
                sound, unread_ms = await asyncio.to_thread(_read, lane.sound)
            except OSError as error:
                self._end_lane(
                    lane,
                    message("The audio of the recording could not be read for its live text."),
                    str(error),
                )
                await lane.recogniser.aclose()
                return
            if sound:
                is_settled = False
                lane.read_ms += len(sound) // 32
                self._note_unread(lane, unread_ms)
                await lane.recogniser.feed(sound)
            elif is_finishing:
                await lane.recogniser.finish()
                return
            elif is_paused and not is_settled:
                is_settled = True
                await lane.recogniser.pause()
            else:
                await self._sleep(_LOOK_S)

    def _note_unread(self, lane: _Lane, unread_ms: int) -> None:
        """See how much waits in the file: a slow recogniser takes no more than it can hold."""
        if unread_ms != lane.unread_ms:
            lane.unread_ms = unread_ms
            self._show()

    # -- words ----------------------------------------------------------------

    async def _hear(self, channel: int) -> None:
        lane = self._lanes[channel]
        async for event in lane.recogniser.events():
            self._take_in(lane, event)
            self._release()
            self._show()
            if isinstance(event, Ended):
                break
        lane.is_over = True
        lane.tentative = ()
        self._release()
        self._show()

    def _take_in(self, lane: _Lane, event: LiveEvent) -> None:
        match event:
            case Settled(words, end_ms, _, wordless):
                lane.settled_ms = max(lane.settled_ms, end_ms)
                if wordless:
                    self._follower.mark_wordless(wordless)
                if words:
                    lane.tentative = ()
                    lane.pending.append(event)
            case Tentative(words):
                lane.tentative = words
            case Behind(behind_ms):
                lane.behind_ms = behind_ms
            case Offline(why):
                lane.offline = why
            case Spent(_, dollars):
                lane.dollars = dollars
            case Ended(why, details):
                self._end_lane(lane, why, details)

    def _end_lane(self, lane: _Lane, why: Message, details: str) -> None:
        _log.info("Live text has ended: %s %s", why.text, details)
        lane.ended = why
        lane.is_over = True
        lane.tentative = ()
        self._release()
        self._show()

    def _release(self, *, is_all: bool = False) -> None:
        """Hand on what is settled, as soon as no source can say anything before it."""
        while True:
            waiting = [
                (lane.pending[0].words[0].start_ms, channel)
                for channel, lane in enumerate(self._lanes)
                if lane.pending
            ]
            if not waiting:
                return
            start_ms, channel = min(waiting)
            is_first = all(
                lane.is_over
                or lane.settled_ms >= start_ms
                or lane.read_ms - start_ms >= _MOST_WAIT_MS
                for lane in self._lanes
            )
            if not (is_first or is_all):
                return
            event = self._lanes[channel].pending.pop(0)
            self._follower.settle(channel, event.words, event.language)

    def _show(self) -> None:
        now = LiveNow()
        tentative: list[tuple[int, tuple[Word, ...]]] = []
        for channel, lane in enumerate(self._lanes):
            words = (*(word for one in lane.pending for word in one.words), *lane.tentative)
            if words:
                tentative.append((channel, words))
            now = replace(
                now,
                behind_ms=max(now.behind_ms, lane.lag_ms()),
                offline=now.offline or lane.offline or lane.ended,
                dollars=now.dollars + lane.dollars,
            )
        tentative.sort(key=lambda one: one[1][0].start_ms)
        ended = [lane.ended for lane in self._lanes]
        now = replace(now, tentative=tuple(tentative), ended=ended[0] if all(ended) else None)
        if now != self._now:
            self._now = now
            self._follower.show(now)


def _read(sound: GrowingSound) -> tuple[bytes, int]:
    """Give what has come, and how much waits behind it."""
    found = sound.read()
    return found, sound.unread_ms() if found else 0
