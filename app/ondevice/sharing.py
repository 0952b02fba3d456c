"""Several recordings at a time share the processor by need.

Each has one core at least, and whoever has more pieces left gets what is left over; as soon
as one is done, the others have its cores. What needs the whole computer goes alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

OnShare = Callable[[int], object]
"""Told how many cores may be used from now on."""
OnPlace = Callable[[int], object]
"""Told how many recordings go first; 0 when its own turn has come."""


class Seat:
    """The place of one recording that is at work.

    Attributes:
        share: How many cores it may use.
        has_shared: Whether it ever had fewer than it had need of.
    """

    def __init__(self, sharing: Sharing, need: int, *, is_alone: bool) -> None:
        self.share = 0
        self.has_shared = False
        self.need = need
        self.is_alone = is_alone
        self._sharing = sharing
        self._on_share: OnShare = lambda _: None

    def follow(self, on_share: OnShare) -> None:
        """Tell what is at work its share, now and whenever it changes."""
        self._on_share = on_share
        on_share(self.share)

    def needs(self, count: int) -> None:
        """Say how many cores it could use from now on."""
        if count != self.need:
            self.need = count
            self._sharing.share_out()

    def give(self, share: int, wanted: int) -> None:
        """Give it a share of what it wants."""
        self.has_shared |= share < wanted
        if share != self.share:
            self.share = share
            self._on_share(share)


class Sharing:
    """Who is at work, who waits, and who may use how much."""

    def __init__(self, cores: int) -> None:
        """Begin.

        Args:
            cores: How many there are.
        """
        self._cores = cores
        self._working: list[Seat] = []
        self._waiting: list[tuple[Seat, asyncio.Event, OnPlace]] = []

    @property
    def is_idle(self) -> bool:
        """Whether nobody works or waits."""
        return not self._working and not self._waiting

    @asynccontextmanager
    async def seat(
        self, need: int, on_place: OnPlace, *, is_alone: bool = False
    ) -> AsyncGenerator[Seat]:
        """Wait for a place, in the order of asking, and have it.

        Args:
            need: How many cores it could use.
            on_place: See ``OnPlace``; told at once, and whenever it changes.
            is_alone: Whether nothing else may be at work beside it.
        """
        seat = Seat(self, need, is_alone=is_alone)
        may_begin = asyncio.Event()
        self._waiting.append((seat, may_begin, on_place))
        self._admit()
        if not may_begin.is_set():
            on_place(self._ahead_of(seat))
        try:
            await may_begin.wait()
            on_place(0)
            yield seat
        finally:
            self._waiting = [one for one in self._waiting if one[0] is not seat]
            if seat in self._working:
                self._working.remove(seat)
            self._admit()
            self.share_out()
            for one, _, tell in self._waiting:
                tell(self._ahead_of(one))

    def share_out(self) -> None:
        """Give everybody at work what is theirs now."""
        wanted = [
            self._cores if one.is_alone else min(one.need, self._cores) for one in self._working
        ]
        for seat, share, need in zip(
            self._working, shares_of(wanted, self._cores), wanted, strict=True
        ):
            seat.give(share, need)

    def _admit(self) -> None:
        while self._waiting and self._may_begin(self._waiting[0][0]):
            seat, may_begin, _ = self._waiting.pop(0)
            self._working.append(seat)
            self.share_out()
            may_begin.set()

    def _may_begin(self, seat: Seat) -> bool:
        if not self._working:
            return True
        is_room = len(self._working) < self._cores
        return is_room and not seat.is_alone and not self._working[0].is_alone

    def _ahead_of(self, seat: Seat) -> int:
        place = next(at for at, one in enumerate(self._waiting) if one[0] is seat)
        return len(self._working) + place


def shares_of(needs: Sequence[int], cores: int) -> list[int]:
    """Share cores: one each, and the rest one by one to whoever has least of its need."""
    shares = [1] * len(needs)
    for _ in range(cores - len(needs)):
        short = [at for at, need in enumerate(needs) if need > shares[at]]
        if not short:
            break
        shares[min(short, key=lambda at: (shares[at], at))] += 1
    return shares
