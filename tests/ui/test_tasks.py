from __future__ import annotations

import asyncio

import pytest

from app.ui.tasks import Tasks


class Errors(list[tuple[str, str]]):
    def __call__(self, name: str, error: BaseException) -> None:
        self.append((name, str(error)))


async def test_an_error_reaches_the_handler_with_the_name() -> None:
    errors = Errors()
    tasks = Tasks(errors)

    async def fail() -> None:
        raise ValueError("no")

    task = tasks.start(fail(), "failing")
    assert task is not None
    with pytest.raises(ValueError, match="no"):
        await task
    await asyncio.sleep(0)
    assert errors == [("failing", "no")]


async def test_replacing_cancels_the_older_one_only() -> None:
    errors = Errors()
    tasks = Tasks(errors)
    first = tasks.start(asyncio.Event().wait(), "search")
    other = tasks.start(asyncio.Event().wait(), "other")
    second = tasks.start(asyncio.Event().wait(), "search", replace=True)
    assert first is not None
    assert other is not None
    assert second is not None
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not other.done()
    assert not second.done()
    await tasks.aclose()
    assert errors == []


async def test_closing_waits_for_the_end_and_starts_nothing_more() -> None:
    tasks = Tasks(Errors())
    cleaned = asyncio.Event()
    started = asyncio.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    tasks.start(work(), "work")
    await started.wait()
    await tasks.aclose()
    assert cleaned.is_set()
    assert tasks.start(work(), "late") is None
