"""Wait where waiting helps: for a free start, and before another try.

Every pause is told to whoever shows it, and can be cut short by a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from app.core.messages import Message, counted_message, message
from app.core.options import ModelId
from app.waves.errors import RateLimitedError, ServiceDownError, WavesError
from app.waves.rate_limiter import RateLimiter
from app.waves.retry import next_delay_ms

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause before a try.

    Attributes:
        until_ms: When it ends, milliseconds since 1970.
        reason: Why, as a sentence.
        attempt: Which try comes after it, from 1.
        skip: Ends the pause at once; call it on the event loop's thread.
    """

    until_ms: int
    reason: Message
    attempt: int
    skip: Callable[[], None]


OnWait = Callable[[Wait | None], None]
"""Told each pause, and ``None`` when it is over."""


class RetryPolicy:
    """Make a request at an allowed time, and again while that is safe and of use."""

    def __init__(
        self,
        rate_limiter: RateLimiter,
        clock_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
    ) -> None:
        self._rate_limiter = rate_limiter
        self._clock_ms = clock_ms
        self._sleep = sleep
        self._random = random

    async def run(
        self,
        model: ModelId,
        send: Callable[[], Awaitable[_T]],
        on_wait: OnWait | None = None,
    ) -> _T:
        """Send until there is an answer or an error that another try cannot mend.

        Args:
            model: Whose starts are counted.
            send: One try.
            on_wait: Told each pause.

        Raises:
            WavesError: How the last try ended.
        """
        attempt = 0
        while True:
            attempt += 1
            await self._await_turn(model, attempt, on_wait)
            try:
                return await send()
            except WavesError as error:
                delay_ms = next_delay_ms(error, attempt, self._random)
                if delay_ms is None:
                    raise
                if isinstance(error, RateLimitedError) and error.retry_after_ms:
                    self._rate_limiter.hold(model, delay_ms)  # the others would be refused too
                reason = _reason(error)
            if await self._pause(delay_ms, reason, attempt + 1, on_wait):
                self._rate_limiter.release(model)

    async def _await_turn(self, model: ModelId, attempt: int, on_wait: OnWait | None) -> None:
        start_ms, delay_ms = self._rate_limiter.reserve(model)
        if delay_ms <= 0:
            return
        reason = counted_message(
            "Waiting: at most one a minute",
            "Waiting: at most {count} a minute",
            self._rate_limiter.limit,
        )
        try:
            skipped = await self._pause(delay_ms, reason, attempt, on_wait)
        except asyncio.CancelledError:
            self._rate_limiter.give_back(model, start_ms)
            raise
        if skipped:
            self._rate_limiter.start_now(model, start_ms)

    async def _pause(
        self, delay_ms: int, reason: Message, attempt: int, on_wait: OnWait | None
    ) -> bool:
        """Wait, and tell whether a person cut it short."""
        skipped = asyncio.Event()
        if on_wait is not None:
            on_wait(Wait(self._clock_ms() + delay_ms, reason, attempt, skipped.set))
        nap = asyncio.ensure_future(self._sleep(delay_ms / 1000))
        skip = asyncio.ensure_future(skipped.wait())
        try:
            await asyncio.wait({nap, skip}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            skip.cancel()
            await asyncio.gather(nap, skip, return_exceptions=True)
        if on_wait is not None:
            on_wait(None)
        return skipped.is_set()


def _reason(error: WavesError) -> Message:
    if isinstance(error, RateLimitedError):
        return message("The service is busy. Trying again in {time}")
    if isinstance(error, ServiceDownError):
        return message("The service is down. Trying again in {time}")
    return message("Offline. Trying again in {time}")
