"""Recordings at work share the cores by need, and none waits while there is room."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.sharing import Sharing, shares_of

NEEDS = st.lists(st.integers(1, 20), min_size=1, max_size=6)


@given(NEEDS, st.integers(0, 12))
def test_everybody_has_one_and_nobody_more_than_is_there_or_needed(needs, more) -> None:
    cores = len(needs) + more

    shares = shares_of(needs, cores)

    assert sum(shares) <= cores
    assert all(1 <= share <= need for share, need in zip(shares, needs, strict=True))
    # What is left over nobody needs; who has less than another needs no more.
    assert sum(shares) == min(cores, sum(needs))
    for share, need in zip(shares, needs, strict=True):
        assert share == need or share >= max(shares) - 1


class Asker:
    """One recording, and what it was told."""

    def __init__(self, sharing: Sharing, need: int, *, is_alone: bool = False) -> None:
        self.ahead: list[int] = []
        self.shares: list[int] = []
        self.may_end = asyncio.Event()
        self.sharing = sharing
        self.need = need
        self.is_alone = is_alone
        self.has_shared: bool | None = None

    async def run(self) -> None:
        async with self.sharing.seat(
            self.need, self.ahead.append, is_alone=self.is_alone
        ) as seat:
            seat.follow(self.shares.append)
            self.seat = seat
            await self.may_end.wait()
            self.has_shared = seat.has_shared


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_cores_of_one_that_is_done_go_to_the_other() -> None:
    sharing = Sharing(4)
    long, short = Asker(sharing, 9), Asker(sharing, 1)
    async with asyncio.TaskGroup() as group:
        group.create_task(long.run())
        await turn()
        group.create_task(short.run())
        await turn()
        assert (long.shares, short.shares) == ([4, 3], [1])
        short.may_end.set()
        await turn()
        assert long.shares == [4, 3, 4]
        long.seat.needs(2)
        assert long.shares == [4, 3, 4, 2]
        assert not sharing.is_idle
        long.may_end.set()
    assert sharing.is_idle
    assert (long.has_shared, short.has_shared) == (True, False)
    assert (long.ahead, short.ahead) == ([0], [0])


async def test_more_than_there_are_cores_wait_in_the_order_of_asking() -> None:
    sharing = Sharing(1)
    askers = [Asker(sharing, 3) for _ in range(3)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.run()) for one in askers]
        await turn()
        assert [one.ahead for one in askers] == [[0], [1], [2]]
        tasks[1].cancel()
        await turn()
        assert askers[2].ahead == [2, 1]
        askers[0].may_end.set()
        await turn()
        assert askers[2].ahead[-1] == 0
        assert askers[2].shares == [1]
        askers[2].may_end.set()


async def test_what_needs_all_goes_alone() -> None:
    sharing = Sharing(4)
    small, large, later = Asker(sharing, 1), Asker(sharing, 1, is_alone=True), Asker(sharing, 1)
    async with asyncio.TaskGroup() as group:
        for one in (small, large, later):
            group.create_task(one.run())
        await turn()
        assert (small.ahead[-1], large.ahead[-1], later.ahead[-1]) == (0, 1, 2)
        small.may_end.set()
        await turn()
        assert (large.shares, later.shares) == ([4], [])
        large.may_end.set()
        await turn()
        assert later.shares == [1]
        later.may_end.set()
