"""The window's asyncio tasks: kept, named, replaced, cancelled, and heard when they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

ErrorHandler = Callable[[str, BaseException], None]


class Tasks:
    """Start coroutines from slots, and answer for them.

    Args:
        on_error: Called with the task's name and what it raised; cancelling is no error.
    """

    def __init__(self, on_error: ErrorHandler) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    @property
    def running(self) -> frozenset[asyncio.Task[Any]]:
        """Give what has been started and has not ended yet."""
        return frozenset(self._running)

    def start(
        self, coroutine: Coroutine[Any, Any, Any], name: str, *, replace: bool = False
    ) -> asyncio.Task[Any] | None:
        """Run a coroutine in the background.

        Args:
            coroutine: What to run; what it returns is dropped.
            name: Names the task in errors, and for ``replace`` and ``cancel``.
            replace: Cancel running tasks of the same name first.

        Returns:
            The task, or ``None`` once everything is being closed.
        """
        if self._is_closed:
            coroutine.close()
            return None
        if replace:
            self.cancel(name)
        task = asyncio.ensure_future(coroutine)
        task.set_name(name)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    def cancel(self, name: str) -> None:
        """Cancel the tasks of a name; there may be none."""
        for task in tuple(self._running):
            if task.get_name() == name:
                task.cancel()

    async def aclose(self) -> None:
        """Cancel everything and wait until it has ended; nothing starts after this."""
        self._is_closed = True
        mine = [task for task in self._running if task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(task.get_name(), error)
