"""How long the window stood still: the longest stall of a running event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from types import TracebackType

BEAT_S = 0.005
LOOK_S = 0.02


class Watchdog:
    """Measure the longest time in which a loop did nothing but one thing.

    Used as ``async with Watchdog() as watchdog: …`` on the loop of the window. The loop
    beats every few milliseconds; a late beat is a stall, of callbacks and of Qt's own
    event handlers alike. A thread looks on and keeps the stack of the longest.

    Attributes:
        longest_s: The longest stall so far, in seconds.
        busiest_s: The most processor time the loop's thread took in one go: a stall
            that no other program can have caused.
        stack: Where the loop's thread was during the longest stall that was looked at.
    """

    def __init__(self) -> None:
        self.longest_s = self.busiest_s = 0.0
        self.stack = ""
        self._last = time.perf_counter()
        self._spent = 0.0
        self._seen_s = 0.0
        self._done = threading.Event()
        self._thread_id = threading.get_ident()
        self._beat: asyncio.TimerHandle | None = None
        self._watcher = threading.Thread(target=self._look_on, daemon=True)

    async def __aenter__(self) -> Watchdog:
        self._thread_id = threading.get_ident()
        self._last, self._spent = time.perf_counter(), time.thread_time()
        self._schedule()
        self._watcher.start()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._note()
        if self._beat is not None:
            self._beat.cancel()
        self._done.set()
        self._watcher.join()

    def reset(self) -> None:
        """Forget the past, to measure one act on its own."""
        self._last, self._spent = time.perf_counter(), time.thread_time()
        self.longest_s, self.busiest_s, self._seen_s, self.stack = 0.0, 0.0, 0.0, ""

    def _schedule(self) -> None:
        self._beat = asyncio.get_running_loop().call_later(BEAT_S, self._on_beat)

    def _on_beat(self) -> None:
        self._note()
        self._schedule()

    def _note(self) -> None:
        now, spent = time.perf_counter(), time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last - BEAT_S)
        self.busiest_s = max(self.busiest_s, spent - self._spent)
        self._last, self._spent = now, spent

    def _look_on(self) -> None:
        while not self._done.wait(LOOK_S):
            late_s = time.perf_counter() - self._last - BEAT_S
            if late_s > max(LOOK_S, self._seen_s):
                self._seen_s = late_s
                frame = sys._current_frames().get(self._thread_id)  # noqa: SLF001 - no other way
                if frame is not None:
                    self.stack = "".join(traceback.format_stack(frame))
