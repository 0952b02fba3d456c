"""Uploading 240 MB to a loopback server: speed beside curl's, memory, stalls of the loop.

The server is a process of its own that reads into one buffer, so that what is
measured is whoever sends.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.core.options import ModelId, TranscriptionOptions  # noqa: E402
from app.waves.client import WavesClient  # noqa: E402
from bench import CannotMeasureError, Figure, in_turns  # noqa: E402 - the path comes first
from bench.watchdog import Watchdog  # noqa: E402

SIZE_BYTES = 240_000_000
ROUNDS = 5
_MIB = 1024 * 1024
_PULSE = TranscriptionOptions(ModelId.PULSE)


def figures() -> Iterator[Figure]:
    """Measure on the window's own kind of loop."""
    curl = shutil.which("curl")
    if curl is None:
        raise CannotMeasureError("curl is not installed")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder, _sink() as address:
        path = Path(folder, "long.wav")
        with path.open("wb") as file:
            for _ in range(SIZE_BYTES // 1_000_000):
                file.write(os.urandom(1_000_000))
        ours = _Ours(address, path)
        url = f"{address}/waves/v1/stt/"
        command = [curl, "-sS", "-o", os.devnull, "-X", "POST", "-H", "Expect:"]

        def plain() -> float:
            began = time.perf_counter()
            subprocess.run([*command, "-T", str(path), url], check=True)
            return SIZE_BYTES / 1e6 / (time.perf_counter() - began)

        speed, reference = in_turns(ours.measure, plain, rounds=ROUNDS)
    yield Figure("Upload of 240 MB", speed, "MB/s", reference, "curl", 0.8, at_least=True)
    if ours.grown_bytes is not None:
        grown = ours.grown_bytes / _MIB
        yield Figure("Memory gained by the upload", grown, "MiB", target=32)
    # the median of the rounds: on a shared machine the worst one is somebody else's
    stall_ms = statistics.median(ours.stalls_s) * 1000
    yield Figure("Longest stall of the loop in an upload", stall_ms, "ms", target=50)


class _Ours:
    """Upload as the program does, and keep the worst that was seen."""

    def __init__(self, address: str, path: Path) -> None:
        from PySide6.QtWidgets import QApplication

        self.grown_bytes: int | None = None
        self.stalls_s: list[float] = []
        self._address = address
        self._path = path
        self._qt = QApplication.instance() or QApplication([])
        self._is_warm = False

    def measure(self) -> float:
        """Upload once; gives megabytes a second."""
        from qasync import QEventLoop

        with asyncio.Runner(loop_factory=lambda: QEventLoop(self._qt)) as runner:
            return runner.run(self._upload())

    async def _upload(self) -> float:
        client = WavesClient(self._address, lambda: "sk_measured_only")
        # what is set up once in a program's life is not the upload
        await client.console.health()
        before = _resident_bytes()

        def on_sent(_sent: int, _total: int) -> None:
            now = _resident_bytes()
            if self._is_warm and now is not None and before is not None:
                self.grown_bytes = max(self.grown_bytes or 0, now - before)

        async with Watchdog() as watchdog:
            began = time.perf_counter()
            await client.transcribe(self._path, _PULSE, on_sent=on_sent)
            took_s = time.perf_counter() - began
            await client.aclose()
        if self._is_warm:
            self.stalls_s.append(watchdog.longest_s)
        self._is_warm = True
        return SIZE_BYTES / 1e6 / took_s


def _resident_bytes() -> int | None:
    status = Path("/proc/self/statm")
    if not status.exists():
        return None
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _sink() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, __file__], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.kill()
        process.communicate()


def serve() -> None:
    """Take uploads and throw them away."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    buffer = bytearray(_MIB)
    body = b'{"status":"success","transcription":"ok","words":[]}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    while True:
        caller, _ = listening.accept()
        with caller:
            head = b""
            while b"\r\n\r\n" not in head:
                got = caller.recv(65536)
                if not got:
                    break
                head += got
            length = re.search(rb"content-length: *(\d+)", head.lower())
            missing = int(length[1]) if length else 0
            missing -= len(head.partition(b"\r\n\r\n")[2])
            while missing > 0:
                got_bytes = caller.recv_into(buffer)
                if not got_bytes:
                    break
                missing -= got_bytes
            caller.sendall(answer + body)


if __name__ == "__main__":
    serve()
