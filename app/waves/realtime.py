"""Live text by the service: one channel of a take, over as many connections as it takes.

The sound is on the disk whatever happens here. Sound that was sent and not settled yet is
held, so that a new connection hears it again; sound that cannot be sent waits in the file of
whoever feeds, since ``feed`` does not return before there is room.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from app.core.live import Ended, LiveEvent, Offline, Settled
from app.core.messages import Message, message
from app.core.timecode import clock
from app.waves.errors import RateLimitedError, WavesError
from app.waves.live_access import LiveAccess
from app.waves.live_codec import LiveRequest
from app.waves.live_talk import AWAY, BUSY, Channel, LostError, Talk, Times
from app.waves.price import LiveBudget

_log = logging.getLogger(__name__)
MOST_WAITING_MS = 5_000
"""So much sound waits here to be sent; more waits where it comes from."""
LONGEST_DELAY_S = 30.0
MOST_REFUSALS = 6
"""So often the service may end a connection before a word is settled."""
_LONG_MS = 60_000
"""A connection that lasted so long was a good one."""
FAREWELL_MS = 15_000
"""So long the rest is tried to be settled after the end, where the service is away."""


class RealtimeRecogniser:
    """Meets ``LiveRecogniser``. Needs a running event loop."""

    def __init__(
        self,
        access: LiveAccess,
        request: LiveRequest,
        budget: LiveBudget,
        times: Times | None = None,
    ) -> None:
        """Prepare it; nothing is opened before there is sound.

        Args:
            access: Opens connections.
            request: What is asked.
            budget: Counts the cost of the take, over all its channels.
            times: What tells the time.
        """
        self._access = access
        self._request = request
        self._times = times or Times()
        self._channel = Channel(budget)
        self._orders = self._channel.orders
        self._sound = self._channel.sound
        self._joiner = self._channel.joiner
        self._budget = budget
        self._interim = ""
        self._told: asyncio.Queue[LiveEvent | None] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None
        self._is_over = False
        self._is_offline = False
        self._finishing_since_ms: float | None = None

    async def feed(self, sound: bytes) -> None:
        """Take the next sound; returns when there is room for more."""
        if self._is_over or not sound:
            return
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="live text by the service")
        self._orders.is_paused = False
        self._sound.add(sound)
        self._orders.wake.set()
        while self._sound.unsent_ms > MOST_WAITING_MS and not self._must_return:
            self._orders.room.clear()
            await self._orders.room.wait()

    @property
    def _must_return(self) -> bool:
        return self._is_over or self._orders.is_finishing

    async def pause(self) -> None:
        """Settle what is open; the connection is kept for a while."""
        self._orders.is_paused = self._orders.asks_final = True
        self._orders.wake.set()

    async def finish(self) -> None:
        """Settle what is open, for no more sound comes."""
        self._orders.is_finishing = True
        self._finishing_since_ms = self._times.clock_ms()
        self._orders.wake.set()
        self._orders.room.set()
        if self._running is None:
            self._end(None)
            return
        await asyncio.wait([self._running])

    async def events(self) -> AsyncIterator[LiveEvent]:
        """Give what happens as it does."""
        while (event := await self._told.get()) is not None:
            yield event

    async def aclose(self) -> None:
        """Let go of everything at once."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
        self._end(None)

    def _end(self, ending: Ended | None) -> None:
        if not self._is_over:
            self._is_over = True
            if ending is not None:
                self._told.put_nowait(ending)
            self._told.put_nowait(None)
            self._orders.room.set()

    async def _run(self) -> None:
        try:
            ending = await self._hear_all()
        except asyncio.CancelledError:
            self._end(None)
            raise
        except WavesError as error:
            ending = Ended(error.message, error.details)
        except Exception as error:  # noqa: BLE001 – told, and the recording goes on
            _log.exception("Live text by the service failed")
            ending = Ended(
                message("Live text has stopped because of a fault."),
                f"{type(error).__name__}: {error}",
            )
        self._settle_rest()
        self._end(ending)

    async def _hear_all(self) -> Ended | None:
        """Talk over one connection after the other; gives why it ends before the sound does.

        Raises:
            WavesError: The service will not do it.
        """
        failures = 0
        while True:
            while self._sound.unsent_ms <= 0:
                if self._orders.is_finishing:
                    return None
                self._orders.wake.clear()
                await self._orders.wake.wait()
            settled_ms, began_ms = self._joiner.settled_ms, self._times.clock_ms()
            lost = await self._talk()
            if self._budget.is_spent:
                return Ended(
                    message(
                        "Live text has stopped: it has cost ${dollars}, the most you allow.",
                        dollars=f"{self._budget.dollars:.2f}",
                    )
                )
            if lost is None:
                continue
            self._sound.begin_again()
            is_good = self._joiner.settled_ms > settled_ms
            is_good = is_good or self._times.clock_ms() - began_ms > _LONG_MS
            failures = 1 if is_good else failures + 1
            if lost.is_refusal and failures >= MOST_REFUSALS:
                raise lost.error
            if failures > 1:
                self._say_offline(lost.sentence)
            if self._is_late():
                return self._incomplete(lost)
            await self._wait(min(LONGEST_DELAY_S, 2.0 ** (failures - 1)))
            if self._is_late():
                return self._incomplete(lost)

    async def _talk(self) -> LostError | None:
        """Open a connection and talk; gives why it broke, if it did.

        Raises:
            WavesError: The service will not do it.
        """
        try:
            socket = await self._access.open(self._request)
        except WavesError as error:
            if error.tries <= 1:
                raise
            lost = LostError(error, BUSY if isinstance(error, RateLimitedError) else AWAY)
            self._say_offline(lost.sentence)
            return lost
        self._say_offline(None)
        self._joiner.connect(self._sound.begin_again())
        talk = Talk(
            socket,
            access=self._access,
            request=self._request,
            channel=self._channel,
            tell=self._told.put_nowait,
            times=self._times,
        )
        try:
            await talk.run()
        except LostError as lost:
            socket.abort()
            return lost
        except BaseException:
            socket.abort()
            raise
        finally:
            self._interim = talk.interim
        await socket.aclose()
        return None

    def _settle_rest(self) -> None:
        """Settle what was never made final: it is what was heard, and no more comes."""
        words = self._joiner.settle_tentative(self._interim, self._sound.end_ms)
        if words:
            self._told.put_nowait(Settled(words, self._joiner.settled_ms))

    def _say_offline(self, sentence: Message | None) -> None:
        if self._is_offline != (sentence is not None):
            self._is_offline = sentence is not None
            self._told.put_nowait(Offline(sentence))

    def _is_late(self) -> bool:
        since_ms = self._finishing_since_ms
        return since_ms is not None and self._times.clock_ms() - since_ms > FAREWELL_MS

    def _incomplete(self, lost: LostError) -> Ended:
        return Ended(
            message(
                "The service could not be reached at the end, so live text is missing from "
                "{time} on.",
                time=clock(self._joiner.settled_ms),
            ),
            lost.error.details,
        )

    async def _wait(self, seconds: float) -> None:
        """Wait before another connection; the end of the sound makes it shorter."""
        left_s = seconds
        while left_s > 0 and not (self._orders.is_finishing and seconds - left_s >= 1):
            await self._times.sleep(min(0.5, left_s))
            left_s -= 0.5
