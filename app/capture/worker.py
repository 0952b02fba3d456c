"""The process that records: orders on standard input, reports on standard output.

It outlives the window: when its orders end without *stop* it records on for some minutes,
in which a new window may ask it to finish, and then finishes by itself.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from collections import deque
from io import RawIOBase
from queue import Empty, SimpleQueue
from typing import BinaryIO

from app.capture.backend import Backend
from app.capture.devices import find_backend
from app.capture.journal import TakeFolder
from app.capture.protocol import (
    Begin,
    Heard,
    Listed,
    Order,
    ProtocolError,
    Report,
    Word,
    read_order,
    refusal,
    report_line,
)
from app.capture.recorder import TICK_MS, Clocks, Recorder
from app.core.errors import AppError, RecordingError
from app.system.clocks import monotonic_ms, now_ms

ALONE_MS = 5 * 60_000
"""So long it records on when its window is gone."""
IDLE_S = 20.0
"""So long one that lists devices waits for the next question."""
_MOST_WAITING = 200


class _Reports:
    """Writes reports in a thread of its own: a window that does not read costs no sound."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._waiting: deque[Report] = deque()
        self._change = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def tell(self, report: Report) -> None:
        with self._change:
            if len(self._waiting) >= _MOST_WAITING and isinstance(report, Heard):
                return
            self._waiting.append(report)
            self._change.notify()

    def close(self) -> None:
        with self._change:
            self._is_closed = True
            self._change.notify()
        self._thread.join(2.0)

    def _write(self) -> None:
        while True:
            with self._change:
                while not self._waiting:
                    if self._is_closed:
                        return
                    self._change.wait()
                report = self._waiting.popleft()
            try:
                self._out.write(report_line(report))
                self._out.flush()
            except (OSError, ValueError):
                return  # nobody listens; the sound goes on


class _Orders:
    """Reads orders in a thread of its own."""

    def __init__(self, source: RawIOBase) -> None:
        self.have_ended = False
        self._source = source
        self._waiting: deque[Word] = deque()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Word | None:
        return self._waiting.popleft() if self._waiting else None

    def stop(self) -> None:
        self._waiting.append(Word.STOP)

    def _read(self) -> None:
        for line in iter(self._source.readline, b""):
            with contextlib.suppress(ProtocolError):
                order = read_order(line)
                if isinstance(order, Word):
                    self._waiting.append(order)
        self.have_ended = True


def main() -> None:
    """Be the process that records."""
    # Ctrl+C in a terminal reaches the whole group; whoever started this one tells it to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered: a thread that waits in a buffered reader cannot be left behind at the end.
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)
    out = _own_output()
    try:
        order = read_order(source.readline())
    except ProtocolError:
        return
    if isinstance(order, Begin):
        record(order, source, out, find_backend(order.ffmpeg, is_recorder=True))
    elif order is Word.DEVICES:
        tell_devices(source, out, find_backend("", is_recorder=True))


def tell_devices(
    source: RawIOBase, out: BinaryIO, backend: Backend, *, idle_s: float = IDLE_S
) -> None:
    """Tell what can be recorded, and again whenever that is asked, until nobody asks."""
    asked: SimpleQueue[bytes] = SimpleQueue()
    asked.put(b"first")

    def read() -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := source.readline():
                asked.put(line)
        asked.put(b"")

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            if not asked.get(timeout=idle_s):
                return
        except Empty:
            return
        try:
            report: Report = Listed(tuple(backend.devices()))
        except AppError as error:
            report = refusal(error)
        try:
            out.write(report_line(report))
            out.flush()
        except (OSError, ValueError):
            return  # nobody listens


def record(begin: Begin, source: RawIOBase, out: BinaryIO, backend: Backend) -> None:
    """Record one take, from its order to its end."""
    reports = _Reports(out)
    folder = TakeFolder(begin.folder)
    lock = folder.owner
    try:
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not lock.acquire():
            raise RecordingError("Another process is already recording this.")
        clocks = Clocks(monotonic_ms, now_ms, asleep_ms)
        recorder = Recorder(folder, begin.sources, backend, clocks, reports.tell)
        recorder.begin()
    except AppError as error:
        reports.tell(refusal(error))
        reports.close()
        lock.release()
        return
    except OSError as error:
        reports.tell(
            refusal(
                RecordingError("The recording cannot be saved to the disk.", details=str(error))
            )
        )
        reports.close()
        lock.release()
        return
    orders = _Orders(source)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        with contextlib.suppress(ValueError):  # not in the main thread, as in a test
            signal.signal(number, lambda _number, _frame: orders.stop())
    is_alone = _go_on(recorder, orders, folder, ALONE_MS if begin.goes_on else 0)
    recorder.finish()
    if is_alone and not begin.goes_on:  # nobody is left who wanted the words of it
        shutil.rmtree(folder.path, ignore_errors=True)
    reports.close()
    lock.release()


def asleep_ms() -> int:
    """Tell how long this computer has slept since its start; 0 where it does not tell."""
    if sys.platform == "linux":
        awake, passed = time.CLOCK_MONOTONIC, time.CLOCK_BOOTTIME
    elif sys.platform == "darwin":
        awake, passed = time.CLOCK_UPTIME_RAW, time.CLOCK_MONOTONIC_RAW
    else:
        return 0  # its clock goes on in sleep, so that the ticks themselves tell
    return (time.clock_gettime_ns(passed) - time.clock_gettime_ns(awake)) // 1_000_000


def _go_on(recorder: Recorder, orders: _Orders, folder: TakeFolder, alone_ms: int) -> bool:
    """Record until told to stop, or alone for too long; gives whether it was that."""
    alone_since_ms: int | None = None
    wake = threading.Event()
    next_ms = monotonic_ms()
    while True:
        recorder.tick()
        if recorder.is_deleted:
            return orders.have_ended
        order: Order | None = orders.next()
        match order:
            case Word.STOP:
                return False
            case Word.PAUSE:
                recorder.pause()
            case Word.RESUME:
                recorder.resume()
            case Word.MARK:
                recorder.mark()
            case _:
                pass
        if orders.have_ended and order is None:
            now = monotonic_ms()
            alone_since_ms = now if alone_since_ms is None else alone_since_ms
            if now - alone_since_ms >= alone_ms or folder.stop_file.exists():
                return True
        next_ms = max(next_ms + TICK_MS, monotonic_ms() - TICK_MS)
        wake.wait(max(0, next_ms - monotonic_ms()) / 1_000)


def _own_output() -> BinaryIO:
    """Keep standard output for reports alone, whatever a library prints."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return out
