"""A small model, and a hub on this computer that hands it out."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from app.ondevice.catalog import Package, PackageFile

CONTENTS = {"config.json": b"{}", "model.bin": b"weights" * 1_000}
TOY = Package(
    name="toy",
    languages=("en",),
    licence="MIT",
    repository="somebody/toy",
    revision="0" * 40,
    files=tuple(
        PackageFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENTS.items()
    ),
)


def put(folder: Path, contents: dict[str, bytes] = CONTENTS) -> Path:
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


class Hub(ThreadingHTTPServer):
    """Hands out one model over loopback, as far as it is allowed to."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.headers_seen: list[dict[str, str]] = []
        self.sends_to: str = ""
        self.contents = dict(CONTENTS)
        self.stop_after: int | None = None
        self.hold_after: int | None = None
        self.knows_ranges = True
        self.release = threading.Event()
        self.asked: list[tuple[str, str | None]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class HubHandler(BaseHTTPRequestHandler):
    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride] – it is

    def do_GET(self) -> None:
        prefix = f"/{TOY.repository}/resolve/{TOY.revision}/"
        wanted = self.headers["Range"]
        name = self.path.removeprefix(prefix)
        self.server.asked.append((name, wanted))
        self.server.headers_seen.append({k.lower(): v for k, v in self.headers.items()})
        if self.server.sends_to and name == "model.bin":
            self.send_response(302)
            self.send_header("Location", self.server.sends_to + self.path)
            self.end_headers()
            return
        content = self.server.contents.get(name)
        if content is None:
            self.send_error(404)
            return
        start = 0
        if wanted and self.server.knows_ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        stop, hold = self.server.stop_after, self.server.hold_after
        if name != "model.bin" or (stop is None and hold is None):
            self.wfile.write(content[start:])
            return
        self.wfile.write(content[start : start + (stop or hold or 0)])
        self.wfile.flush()
        if hold is not None:
            self.server.release.wait(30)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running_hub(tls: ssl.SSLContext | None = None) -> Iterator[Hub]:
    with Hub(tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.release.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as server:
        yield server


def nothing(_done: int, _total: int) -> None:
    """Hear of progress and do nothing."""
