from __future__ import annotations

import asyncio
import threading

import pytest

from app.net.background import Teller, in_background


async def test_it_runs_on_another_thread_and_gives_what_comes_of_it() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    assert await in_background(work, name="test") != threading.get_ident()


async def test_its_error_comes_out() -> None:
    async def work() -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        await in_background(work, name="test")


async def test_cancelling_tidies_up_there_first() -> None:
    loop, at_work, tidied = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    async def work() -> None:
        try:
            loop.call_soon_threadsafe(at_work.set)
            await asyncio.get_running_loop().create_future()
        finally:
            tidied.set()

    task = asyncio.ensure_future(in_background(work, name="test"))
    await at_work.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert tidied.is_set()


async def test_cancelled_before_it_began_it_never_begins() -> None:
    begun = threading.Event()

    async def work() -> None:
        begun.set()
        await asyncio.get_running_loop().create_future()

    task = asyncio.ensure_future(in_background(work, name="test"))
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert not begun.is_set()


async def test_a_busy_loop_is_told_the_latest_only_and_the_last_always() -> None:
    told: list[tuple[int | None, ...]] = []
    teller = Teller(lambda *state: told.append(state))

    async def work() -> None:
        for done in range(1_000):
            teller(done, 999)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    thread.join()  # the loop is busy all the while
    await asyncio.sleep(0)

    assert told == [(999, 999)]
