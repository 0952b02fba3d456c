"""A long transfer on a loop of its own, so that its bytes never pass the window's thread."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
_GRACE_S = 1.0
"""How long a cancelled transfer is waited for: looking up a name cannot be broken off."""


async def in_background(
    work: Callable[[], Coroutine[Any, Any, Result]], *, name: str
) -> Result:
    """Run a coroutine on a loop of its own, in a thread of its own.

    It may block there, on a disk for example, and reports through a ``Teller``. Cancelling
    cancels it there, and waits a moment for it to tidy up.

    Args:
        work: Makes the coroutine; called in the thread.
        name: Of the thread.
    """
    run = _Run(work)
    # No thread of the loop's own pool: those few are for what ends soon.
    threading.Thread(target=run.carry_out, name=name, daemon=True).start()
    ending = asyncio.wrap_future(run.outcome)
    try:
        await asyncio.wait([ending])
    except asyncio.CancelledError:
        run.cancel()
        await asyncio.wait([ending], timeout=_GRACE_S)
        if ending.done() and not ending.cancelled():
            ending.exception()  # looked at, so that nobody warns of it
        raise
    return ending.result()


class Teller:
    """Tells a loop how far a transfer in the background is; only the latest state counts.

    Called in the thread of the transfer, it never waits for the loop.
    """

    def __init__(self, tell: Callable[..., object]) -> None:
        """Tell the loop that runs now; ``tell`` is called on it."""
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._state: tuple[int | None, ...] | None = None

    def __call__(self, *state: int | None) -> None:
        """Have this told as soon as the loop has time."""
        with self._lock:
            is_waiting = self._state is not None
            self._state = state
        if not is_waiting:
            self._loop.call_soon_threadsafe(self._on_time)

    def _on_time(self) -> None:
        with self._lock:
            state, self._state = self._state, None
        if state is not None:
            self._tell(*state)


class _Run(Generic[Result]):
    """One coroutine in its thread.

    Attributes:
        outcome: What it gives, or why it gives nothing.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> None:
        self.outcome: concurrent.futures.Future[Result] = concurrent.futures.Future()
        self._work = work
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    def carry_out(self) -> None:
        try:
            result = asyncio.run(self._main())
        except asyncio.CancelledError:
            self.outcome.cancel()
        except BaseException as error:  # noqa: BLE001 – the one who waits raises it
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(result)

    def cancel(self) -> None:
        with self._lock:
            self._is_cancelled = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> Result:
        with self._lock:
            if self._is_cancelled:
                raise asyncio.CancelledError
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            return await self._work()
        finally:
            with self._lock:
                self._task = None  # nothing to be cancelled any more
