"""What can be recorded, asked of a process that does nothing else with sound.

PortAudio sees what was plugged in when it began, and no more. The window cannot let it begin
anew, since what plays may be in the middle of using it; a process of its own can, each time
it is asked. It is ready for the next question for a while, and then ends by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from app.capture.backend import NO_SOUND_SYSTEM
from app.capture.child import CaptureChild
from app.capture.protocol import Listed, Order, Refused, Report, Word
from app.core.errors import RecordingError
from app.core.take import Device
from app.system.children import UPDATED_MEANWHILE

_PATIENCE_S = 15.0
"""A driver that says nothing for so long will not."""


class ListingProcess(Protocol):
    """The process, as it is asked: see ``CaptureChild``."""

    @property
    def is_of_another_build(self) -> bool:
        """Whether it ended at once since the program was replaced meanwhile."""
        ...

    def tell(self, order: Order) -> None:
        """Ask it."""
        ...

    def reports(self) -> AsyncGenerator[Report]:
        """Give what it tells until it ends, however it ends."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


class DeviceLister:
    """Asks what can be recorded now."""

    def __init__(
        self,
        start: Callable[[Order], Awaitable[ListingProcess]] = CaptureChild.start,
        *,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Set up; nothing is started yet.

        Args:
            start: Starts the process with a first question.
            patience_s: How long it may take to answer.
        """
        self._start = start
        self._patience_s = patience_s
        self._child: ListingProcess | None = None
        self._answers: AsyncGenerator[Report] | None = None
        self._asking: asyncio.Task[list[Device]] | None = None

    async def devices(self) -> list[Device]:
        """Give what can be recorded now; who asks meanwhile gets the same answer.

        Raises:
            RecordingError: The sound system cannot be reached.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="list what can be recorded")
        # shielded: the list that is shown may be closed, and another one want the answer
        return await asyncio.shield(self._asking)

    async def aclose(self) -> None:
        """End the process."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._end()

    async def _ask(self) -> list[Device]:
        had_one = self._child is not None
        try:
            async with asyncio.timeout(self._patience_s):
                report = await self._answer()
                if report is None and had_one:  # it had waited long enough, and ended
                    report = await self._answer()
        except TimeoutError as error:
            await self._end()
            raise RecordingError(NO_SOUND_SYSTEM, details="it does not answer") from error
        if isinstance(report, Listed):
            return list(report.devices)
        if isinstance(report, Refused):
            raise RecordingError(report.message, details=report.details)
        raise RecordingError(NO_SOUND_SYSTEM)

    async def _answer(self) -> Report | None:
        """Ask once; gives the answer, or ``None`` if the process has ended.

        Raises:
            RecordingError: It cannot be started.
        """
        if self._child is None or self._answers is None:
            self._child = await self._start(Word.DEVICES)
            self._answers = self._child.reports()
        else:
            self._child.tell(Word.DEVICES)
        try:
            return await anext(self._answers)
        except StopAsyncIteration:
            child, self._child, self._answers = self._child, None, None
            if child.is_of_another_build:
                raise RecordingError(UPDATED_MEANWHILE) from None
            return None

    async def _end(self) -> None:
        child, answers = self._child, self._answers
        self._child = self._answers = None
        if child is not None:
            child.kill()
        if answers is not None:
            with suppress(RuntimeError):  # it was being read
                await answers.aclose()
