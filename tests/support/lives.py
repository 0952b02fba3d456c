"""Processes that record nothing and tell what a test wants told, for whoever follows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

from app.capture.protocol import Begin, Heard, Order, Refused, Report, Started
from app.core.take import Trouble
from app.jobs.taking import HandOn, Taking


@dataclass
class Life:
    """What one process that records tells in its life, and how that ends.

    Attributes:
        tells: What it tells.
        lasts: Whether it records on, until it is told to stop, once it has told that.
        is_of_another_build: Whether it would not talk to this window.
    """

    tells: tuple[Report, ...] = ()
    lasts: bool = False
    is_of_another_build: bool = False
    process_id: int = 1
    last_words: str = "shot"
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, order: Order) -> None:
        assert order
        self.told.set()

    async def reports(self) -> AsyncGenerator[Report]:
        for report in self.tells:
            yield report
        if self.lasts:
            await self.told.wait()


class Lives:
    """One process after the other, and what was waited in between."""

    def __init__(self, takes: Path, recordings: Path, hand_on: HandOn, *lives: Life) -> None:
        self.left = list(lives)
        self.waited_s: list[float] = []
        self.seen: list[tuple[Trouble, ...]] = []
        self.taking = Taking(
            takes,
            lambda: recordings,
            hand_on,
            start_child=self._start,
            sleep=self._sleep,
        )
        self.taking.subscribe(lambda _: self.seen.append(tuple(self.troubles)))

    async def _start(self, begin: Begin) -> Life:
        begin.folder.mkdir(parents=True, exist_ok=True)
        return self.left.pop(0)

    async def _sleep(self, seconds: float) -> None:
        self.waited_s.append(seconds)
        await asyncio.sleep(0)

    @property
    def troubles(self) -> list[Trouble]:
        now = self.taking.now
        return [one.trouble for one in now.troubles] if now is not None else []


SOUND = (Started(), Heard(500, (), 0, 0, is_paused=False))
REFUSED = Refused("The chosen device is gone. Plug it in or choose another.", (), "")
