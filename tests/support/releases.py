"""A place on this computer where the newest release is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typing_extensions import override

PAGE = "https://example.org/wordlight"


class Board(ThreadingHTTPServer):
    """Tells of a release, and keeps what was asked of it.

    Attributes:
        content: What is told.
        status: How it is answered.
        asked: Of each question its method, path and headers.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BoardHandler)
        self.content = json.dumps({"version": "99.1", "page": PAGE}).encode()
        self.status = 200
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/latest.json"


class BoardHandler(BaseHTTPRequestHandler):
    server: Board  # pyright: ignore[reportIncompatibleVariableOverride] – it is

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def board() -> Iterator[Board]:
    with Board() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
