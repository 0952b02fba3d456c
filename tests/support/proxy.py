"""A small real proxy on loopback: forwards plain requests and digs tunnels for TLS."""

from __future__ import annotations

import base64
import select
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from typing_extensions import override

_HOP_BY_HOP = {"proxy-authorization", "proxy-connection", "connection", "keep-alive"}
_BLOCK_BYTES = 1 << 16


class Proxy(ThreadingHTTPServer):
    """Lets requests through to servers of the test, whatever name they are asked by.

    Attributes:
        ways: Host and port as asked for, to the port on this machine.
        credentials: ``name:password`` that it demands; empty for none.
        seen: Method, target and headers (names in lower case) of each request.
    """

    daemon_threads = True

    def __init__(self, ways: Mapping[str, int], credentials: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ways = ways
        self.credentials = credentials
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    def address(self, credentials: str = "") -> str:
        """Give what a person would type."""
        login = f"{credentials}@" if credentials else ""
        return f"http://{login}127.0.0.1:{self.server_address[1]}"


@contextmanager
def running_proxy(ways: Mapping[str, int], credentials: str = "") -> Iterator[Proxy]:
    """Run a proxy for the length of a block."""
    with Proxy(ways, credentials) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Proxy  # pyright: ignore[reportIncompatibleVariableOverride] – it is
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        if not self._is_let_through() or (way := self._way(self.path)) is None:
            return
        with way:
            self.send_response(200, "Connection established")
            self.end_headers()
            _pass_on(self.connection, way)
        self.close_connection = True

    def do_GET(self) -> None:
        if not self._is_let_through():
            return
        parts = urlsplit(self.path)
        way = self._way(f"{parts.hostname}:{parts.port or 80}")
        if way is None:
            return
        lines = [f"{self.command} {parts.path or '/'} HTTP/1.1"]
        lines += [
            f"{name}: {value}"
            for name, value in self.headers.items()
            if name.lower() not in _HOP_BY_HOP
        ]
        with way:
            way.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
            while block := way.recv(_BLOCK_BYTES):
                self.wfile.write(block)
        self.close_connection = True

    def _is_let_through(self) -> bool:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers))
        wanted = self.server.credentials
        given = headers.get("proxy-authorization", "")
        if not wanted or given == f"Basic {base64.b64encode(wanted.encode()).decode()}":
            return True
        self.send_response(407)
        self.send_header("Proxy-Authenticate", 'Basic realm="test"')
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def _way(self, target: str) -> socket.socket | None:
        port = self.server.ways.get(target)
        if port is None:
            self.send_error(502)
            return None
        return socket.create_connection(("127.0.0.1", port))

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends."""
    while True:
        for source in select.select([one, other], [], [])[0]:
            try:
                block = source.recv(_BLOCK_BYTES)
            except ConnectionError:
                return
            if not block:
                return
            (other if source is one else one).sendall(block)
