"""What takes longer than the window may stand still, done in steps with the events between.

Whoever makes something large writes it as a generator that yields wherever it may be left
for a moment. Who needs it whole takes it ``at_once``; a window that is seen lets it come
``between`` its events, or awaits it there with ``in_steps``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from time import perf_counter
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

_TURN_S = 0.004
"""A quarter of what the window may stand still: what comes of a step is laid out and painted
before the next."""
_T = TypeVar("_T")
Steps = Generator[None, None, _T]
"""Work that may be left for a moment at each ``yield``."""


def at_once(steps: Steps[_T]) -> _T:
    """Take all steps in one go; gives what they come to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


async def in_steps(steps: Steps[_T], *, clock_s: Callable[[], float] = perf_counter) -> _T:
    """Take the steps on the loop with the events between them; gives what they come to.

    Args:
        steps: What is to be done.
        clock_s: Gives the time in seconds.
    """
    while True:
        turn_ends_s = clock_s() + _TURN_S
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            if clock_s() >= turn_ends_s:
                break
        await asyncio.sleep(0)


class Between:
    """Takes the steps between the events of the window, a few milliseconds at a time.

    Whoever begins it keeps it: it is not kept by what it is made for.


    Attributes:
        is_done: Whether none is left.
    """

    def __init__(
        self,
        parent: QObject,
        steps: Steps[Any],
        *,
        clock_s: Callable[[], float] = perf_counter,
    ) -> None:
        """Begin with the next turn of Qt's loop.

        Args:
            parent: When it goes, no further step is taken.
            steps: What is to be done.
            clock_s: Gives the time in seconds.
        """
        self._steps = steps
        self._clock_s = clock_s
        self.is_done = False
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._take_turn)
        self._timer.start(0)

    def finish(self) -> None:
        """Take all that are left now: somebody needs what they make."""
        while not self.is_done:
            self._take()

    def _take_turn(self) -> None:
        turn_ends_s = self._clock_s() + _TURN_S
        while True:
            self._take()
            if self.is_done or self._clock_s() >= turn_ends_s:
                return

    def _take(self) -> None:
        is_over = True
        try:
            next(self._steps)
            is_over = False
        except StopIteration:
            pass
        finally:
            if is_over:  # or failed, which is told, and not tried again and again
                self.is_done = True
                self._timer.stop()
