"""Files behind links on this computer, given out in several manners."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typing_extensions import override

CONTENT = bytes(range(256)) * 4_000


class Shelf(ThreadingHTTPServer):
    """Gives out one file over loopback, in several manners by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ShelfHandler)
        self.content = CONTENT
        self.headers_seen: list[dict[str, str]] = []
        self.release = threading.Event()

    def link(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class ShelfHandler(BaseHTTPRequestHandler):
    server: Shelf  # pyright: ignore[reportIncompatibleVariableOverride] – it is

    def do_GET(self) -> None:
        self.server.headers_seen.append({k.lower(): v for k, v in self.headers.items()})
        match self.path.strip("/"):
            case "moved":
                self.send_response(302)
                self.send_header("Location", self.server.link("talk.mp3"))
                self.end_headers()
            case "round":
                self.send_response(302)
                self.send_header("Location", self.server.link("round"))
                self.end_headers()
            case "page":
                self.give(b"<html>", "text/html; charset=utf-8")
            case "gone":
                self.send_error(404)
            case "empty":
                self.give(b"")
            case "broken":
                self.give(self.server.content[:1_000], length=len(self.server.content))
            case "unsized":
                self.give(self.server.content, length=-1)
            case "stuck":
                self.give(self.server.content[:300_000], length=len(self.server.content))
                self.server.release.wait(30)
            case _:
                self.give(self.server.content)

    def give(self, content: bytes, kind: str = "audio/mpeg", length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length != -1:
            self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()
