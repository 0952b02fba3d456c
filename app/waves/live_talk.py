"""One connection of live text: frames out, words in, and whether the other side still lives."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.live import Behind, LiveEvent, Settled, Spent, Tentative
from app.core.messages import Message, message
from app.core.transcript import Word
from app.system.clocks import precise_ms
from app.waves.errors import (
    RateLimitedError,
    RefusedError,
    ServiceDownError,
    UnreachableError,
    WavesError,
)
from app.waves.live_access import LiveAccess
from app.waves.live_codec import (
    Alive,
    Complaint,
    Control,
    Garbage,
    Heard,
    LiveRequest,
    SpeechEnded,
    SpeechStarted,
    control,
    decode_live,
)
from app.waves.live_joining import Joiner
from app.waves.live_sound import Pacer, UnsettledSound, sound_ms
from app.waves.price import LiveBudget

if TYPE_CHECKING:
    from app.net.web_socket import WebSocket

KEEPALIVE_MS = 5_000
PING_MS = 15_000
PONG_MS = 20_000
STUCK_MS = 10_000
"""A frame that cannot be got rid of for so long says that nobody takes it."""
LAST_WORDS_MS = 10_000
"""So long the service may take to settle what is open at the end."""
LONELY_MS = 2_500
"""A word that waits for the next piece is settled when nothing has come for so long."""
UNSURE_MS = 20_000
"""What is not made final for so long is asked for."""
SILENT_MS = 20_000
"""When no message has come for so long, the service is asked whether it hears."""
PATIENCE_MS = 20_000
"""So long it may take to say so, at first."""
IDLE_MS = 120_000
"""With nothing to say for so long the connection is closed; the next sound opens another."""
LONGEST_UNSETTLED_MS = 300_000
"""More is not sent again, however little was settled; it bounds what is held in memory."""
_MOST_PATIENCE_MS = 600_000
_LOOK_S = 0.25
_BEHIND_MS = 3_000
_CAUGHT_UP_MS = 500
_STEP_MS = 1_000
_BUSY = frozenset({1008, 1013})
"""Which of the two says that there are too many sessions is in dispute."""
_IN_ORDER = frozenset({1000, 1001, 1005})

BUSY = message("The service is busy. Live text goes on as soon as it can.")
AWAY = message("The service cannot be reached. Live text goes on as soon as it can.")


@dataclass(slots=True)
class Orders:
    """What is wanted of the connection at present.

    Attributes:
        is_paused: No sound comes for a while.
        is_finishing: No more sound comes.
        asks_final: What is open is to be settled once all sound is sent.
        sent_ms: How much sound was sent over all connections.
        patience_ms: How long the service may take to say whether it hears.
        wake: Set whenever there is something new to do.
        room: Set whenever sound has left.
    """

    is_paused: bool = False
    is_finishing: bool = False
    asks_final: bool = False
    sent_ms: int = 0
    patience_ms: int = PATIENCE_MS
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Channel:
    """What outlasts a connection.

    Attributes:
        budget: Counts the cost of the take, over all its channels.
        orders: What is wanted at present.
        sound: What is not settled yet.
        joiner: The words so far.
    """

    budget: LiveBudget
    orders: Orders = field(default_factory=Orders)
    sound: UnsettledSound = field(default_factory=UnsettledSound)
    joiner: Joiner = field(default_factory=Joiner)


@dataclass(frozen=True, slots=True)
class Times:
    """What tells the time and lets it pass.

    Attributes:
        clock_ms: Never jumps.
        sleep: Waits for seconds.
    """

    clock_ms: Callable[[], float] = precise_ms
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class LostError(Exception):
    """The connection is of no use any more.

    Attributes:
        error: What is wrong.
        sentence: The same for a person who waits for it to go on.
        is_refusal: The service itself ended it, so that trying for ever is of no use.
    """

    def __init__(
        self, error: WavesError, sentence: Message = AWAY, *, is_refusal: bool = False
    ) -> None:
        self.error = error
        self.sentence = sentence
        self.is_refusal = is_refusal
        super().__init__(error.details or str(error))


class Talk:
    """Sends and hears over one connection until all is said or it is lost."""

    def __init__(
        self,
        socket: WebSocket,
        *,
        access: LiveAccess,
        request: LiveRequest,
        channel: Channel,
        tell: Callable[[LiveEvent], None],
        times: Times,
    ) -> None:
        self._socket = socket
        self._access = access
        self._request = request
        self._orders = channel.orders
        self._sound = channel.sound
        self._joiner = channel.joiner
        self._budget = channel.budget
        self._tell = tell
        self._times = times
        now_ms = times.clock_ms()
        self._interim = ""
        self._unsure_since_ms = now_ms
        self._put_ms = self._sound_ms = self._heard_ms = self._pinged_ms = now_ms
        self._putting_since_ms: float | None = None
        self._closing_since_ms: float | None = None
        self._probed_ms: float | None = None
        self._probed_at_ms = 0
        self._told_behind_ms = 0
        self._told_settled_ms = channel.joiner.settled_ms
        self._told_spent_ms = channel.orders.sent_ms

    @property
    def interim(self) -> str:
        """What is heard and not final."""
        return self._interim

    async def run(self) -> None:
        """Talk until all is said, or until there was nothing to say for long.

        Raises:
            LostError: The connection is of no use any more; another one may be.
            WavesError: The service will not do it, and no other connection changes that.
        """
        tasks = [
            asyncio.ensure_future(one) for one in (self._hear(), self._watch(), self._send())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tell_spent(is_last=True)
        for task in tasks:
            if task in done:
                task.result()

    # Out

    @property
    def _is_last(self) -> bool:
        return self._orders.is_finishing or self._budget.is_spent

    async def _send(self) -> None:
        pacer = Pacer(self._times.clock_ms)
        while self._closing_since_ms is None:
            self._orders.wake.clear()
            piece = b""
            if not self._budget.is_spent:
                is_rest = self._orders.is_paused or self._orders.is_finishing
                piece = self._sound.frame(is_rest=is_rest)
                if not piece and self._orders.is_finishing:
                    piece = self._sound.last_frame()
            if piece:
                await self._put(piece)
                await self._times.sleep(pacer.delay_ms(len(piece)) / 1_000)
            elif self._is_last:
                await self._close()
            elif self._orders.asks_final:
                self._orders.asks_final = False
                await self._put(control(Control.FINALIZE))
            else:
                await self._orders.wake.wait()
        await asyncio.get_running_loop().create_future()  # hearing and watching go on

    async def _put(self, piece: bytes | str) -> None:
        from app.net.web_socket import SocketClosedError

        self._putting_since_ms = self._times.clock_ms()
        with contextlib.suppress(SocketClosedError):  # told, with its reason, by hearing
            await self._socket.send(piece)
        self._putting_since_ms = None
        self._put_ms = self._times.clock_ms()
        if isinstance(piece, bytes):
            self._sound_ms = self._put_ms
            self._orders.sent_ms += sound_ms(len(piece))
            self._budget.add(sound_ms(len(piece)))
            self._tell_spent()
            self._orders.room.set()

    async def _close(self) -> None:
        self._closing_since_ms = self._times.clock_ms()
        await self._put(control(Control.CLOSE))

    def _tell_spent(self, *, is_last: bool = False) -> None:
        sent_ms = self._orders.sent_ms
        step_ms = sent_ms - self._told_spent_ms
        if step_ms >= _STEP_MS or (is_last and step_ms):
            self._told_spent_ms = sent_ms
            self._tell(Spent(sent_ms, self._budget.cost_of(sent_ms)))

    # In

    async def _hear(self) -> None:
        from app.net.web_socket import SocketClosedError

        while True:
            try:
                raw = await self._socket.receive()
            except SocketClosedError as closed:
                if self._closing_since_ms is not None and closed.code in _IN_ORDER:
                    return
                raise _lost(closed.code, closed.reason) from None
            said = decode_live(raw)
            if isinstance(said, Garbage | Alive):
                continue  # says nothing about whether it hears
            self._heard_ms = self._times.clock_ms()
            self._orders.patience_ms = PATIENCE_MS
            match said:
                case Heard():
                    if self._on_text(said):
                        return
                case SpeechStarted(at_ms):
                    self._joiner.start_speech(at_ms)
                case Complaint():
                    self._complain(said)
                case SpeechEnded():
                    pass  # the text behind it says the same, and more surely
            self._probed_ms = None

    def _on_text(self, heard: Heard) -> bool:
        """Take a piece of text; tells whether it was the last one."""
        sent_ms = self._sound.sent_ms
        if not heard.is_final:
            if not self._interim:
                self._unsure_since_ms = self._heard_ms
            self._interim = heard.text
            self._tell(Tentative(self._joiner.tentative(heard.text, sent_ms)))
            return False
        self._interim = ""
        words = self._joiner.add(heard, sent_ms)
        if not heard.text or heard.is_last:
            words += self._joiner.release()
        if not heard.text and self._probed_ms is not None:
            self._joiner.hear_silence(self._probed_at_ms)
        self._settle(words, heard.language)
        if heard.is_last and self._closing_since_ms is None:
            raise _lost(1000, "the service said that it was the last")
        return heard.is_last

    def _settle(self, words: tuple[Word, ...], language: str = "") -> None:
        if words or self._joiner.settled_ms > self._told_settled_ms:
            self._told_settled_ms = self._joiner.settled_ms
            self._tell(Settled(words, self._told_settled_ms, language))
        if self._joiner.has_open:
            self._tell(Tentative(self._joiner.tentative("", self._sound.sent_ms)))
        elif not words:
            self._tell(Tentative(()))
        self._sound.settle(self._joiner.again_from_ms)

    def _complain(self, complaint: Complaint) -> None:
        error = self._access.refusal(complaint.status or 400, complaint.body, self._request)
        if error.tries > 1:
            raise LostError(error, BUSY if isinstance(error, RateLimitedError) else AWAY)
        if complaint.status or type(error) is not RefusedError:
            raise error
        raise LostError(error, is_refusal=True)  # perhaps it passes

    # Whether the other side lives

    async def _watch(self) -> None:
        pong: asyncio.Task[None] | None = None
        try:
            while True:
                await self._times.sleep(_LOOK_S)
                now_ms = self._times.clock_ms()
                if pong is not None and pong.done():
                    _ = pong.exception()
                    pong = None
                closing_ms = self._closing_since_ms
                is_due = self._pinged_ms < closing_ms if closing_ms is not None else False
                if pong is None and (is_due or now_ms - self._pinged_ms > PING_MS):
                    self._pinged_ms = now_ms
                    pong = asyncio.ensure_future(self._socket.ping())
                if closing_ms is not None:
                    if now_ms - closing_ms <= LAST_WORDS_MS:
                        continue
                    if pong is not None or closing_ms - self._heard_ms > LAST_WORDS_MS:
                        raise _silent("nothing was heard before the end")
                    return  # it lives, and what it has not said by now it will not say
                self._check(now_ms, is_unanswered=pong is not None)
                await self._keep_up(now_ms)
        finally:
            if pong is not None:
                pong.cancel()
                await asyncio.gather(pong, return_exceptions=True)

    def _check(self, now_ms: float, *, is_unanswered: bool) -> None:
        """See whether what should have come has come.

        Raises:
            LostError: It has not.
        """
        if is_unanswered and now_ms - self._pinged_ms > PONG_MS:
            raise _silent("nothing answers")
        stuck_since = self._putting_since_ms
        if stuck_since is not None and now_ms - stuck_since > STUCK_MS:
            raise _silent("nothing is taken")
        if self._probed_ms is not None and now_ms - self._probed_ms > self._orders.patience_ms:
            # one that never answers this is taken to hear for longer each time
            self._orders.patience_ms = min(2 * self._orders.patience_ms, _MOST_PATIENCE_MS)
            raise _silent("no text comes")
        unsettled_ms = self._sound.unsettled_ms
        if unsettled_ms > LONGEST_UNSETTLED_MS:
            self._sound.settle(self._sound.sent_ms - LONGEST_UNSETTLED_MS + _STEP_MS)

    async def _keep_up(self, now_ms: float) -> None:
        """Say what keeps the connection open, and ask for what is overdue."""
        self._tell_behind()
        quiet_ms = now_ms - self._heard_ms
        if self._joiner.has_open and not self._interim and quiet_ms > LONELY_MS:
            self._settle(self._joiner.release())
        is_sending = now_ms - self._sound_ms < KEEPALIVE_MS
        if self._interim and now_ms - self._unsure_since_ms > UNSURE_MS:
            self._unsure_since_ms = now_ms
            await self._put(control(Control.FINALIZE))
        elif is_sending and quiet_ms > SILENT_MS and self._probed_ms is None:
            self._probed_ms, self._probed_at_ms = now_ms, self._sound.sent_ms
            await self._put(control(Control.FINALIZE))
        elif now_ms - self._put_ms > KEEPALIVE_MS:
            await self._put(control(Control.KEEPALIVE))
        if now_ms - self._sound_ms > IDLE_MS and not self._interim:
            await self._close()

    def _tell_behind(self) -> None:
        behind_ms = self._sound.unsent_ms
        if behind_ms > _BEHIND_MS:
            if abs(behind_ms - self._told_behind_ms) >= _STEP_MS:
                self._told_behind_ms = behind_ms
                self._tell(Behind(behind_ms))
        elif self._told_behind_ms and behind_ms < _CAUGHT_UP_MS:
            self._told_behind_ms = 0
            self._tell(Behind(0))


def _lost(code: int, reason: str) -> LostError:
    details = f"closed: {code} {reason}".strip()
    if code in _BUSY:
        return LostError(RateLimitedError(BUSY, details=details), BUSY)
    if code in _IN_ORDER:
        return LostError(
            ServiceDownError(
                "The service keeps closing the connection. Choose another language, or live "
                "text on this computer.",
                details=details,
            ),
            is_refusal=True,
        )
    return LostError(UnreachableError(AWAY, details=details))


def _silent(details: str) -> LostError:
    return LostError(UnreachableError(AWAY, details=details))
