"""A WebSocket on the person's own way onto the network. The only module that knows websockets.

As with requests, the key of the speech service is in the one header that its own room builds:
nothing is added, no redirect is followed, and nothing of it is ever logged.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from app.core.messages import message
from app.net.client import NetError, Trouble, tls_context
from app.net.network import NetworkSettings, is_loopback

LARGEST_MESSAGE_BYTES = 1 << 20
_QUEUE = 256
_BUFFER_BYTES = 64 * 1024
_CLOSE_S = 5.0
# at DEBUG the library writes every header to its log, the key among them
_quiet = logging.getLogger(f"{__name__}.wire")
_quiet.setLevel(logging.WARNING)


class SocketClosedError(Exception):
    """The connection is closed, by whichever side, or broke.

    Attributes:
        code: Why, as WebSocket numbers it; 1006 for a connection that broke.
        reason: What the other side said of it.
    """

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}".strip())


@dataclass
class UpgradeRefusedError(Exception):
    """The server answered like one for requests, and opened no socket.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: What it says.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class WebSocket:
    """An open connection. Close it with ``aclose``."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, piece: bytes | str) -> None:
        """Send one message: bytes as such, a string as text. Waits while the line is full.

        Raises:
            SocketClosedError: The connection is closed.
        """
        try:
            await self._connection.send(piece)
        except ConnectionClosed as error:
            raise _closed(error) from None

    async def receive(self) -> str | bytes:
        """Wait for the next message.

        Raises:
            SocketClosedError: The connection is closed; all that came before was given.
        """
        try:
            return await self._connection.recv()
        except ConnectionClosed as error:
            raise _closed(error) from None

    async def ping(self) -> None:
        """Ask the other side whether it lives; returns when it answers.

        Raises:
            SocketClosedError: The connection is closed.
        """
        try:
            await (await self._connection.ping())
        except ConnectionClosed as error:
            raise _closed(error) from None

    async def aclose(self) -> None:
        """Close it in order, within some seconds."""
        await self._connection.close()

    def abort(self) -> None:
        """Let go of it at once."""
        self._connection.transport.abort()


class WebSockets:
    """Opens connections to one server, with a person's proxy and certificates."""

    def __init__(self, address: str, network: NetworkSettings) -> None:
        """Set everything up; takes up to half a second, so do it in a thread.

        Args:
            address: Where the connections will go; what stays on this machine takes no proxy.
            network: Proxy and certificates.

        Raises:
            NetError: Proxy or certificates cannot be used.
        """
        parts = urlsplit(address)
        self._tls = (
            tls_context(network.certificates) if parts.scheme in {"wss", "https"} else None
        )
        self._proxy = None if is_loopback(address) else _proxy(address, network)

    async def open(
        self, url: str, headers: Mapping[str, str], *, patience_s: float = 15.0
    ) -> WebSocket:
        """Open a connection.

        Args:
            url: ``ws://`` or ``wss://``, with its query.
            headers: The key among them.
            patience_s: How long it may take.

        Raises:
            UpgradeRefusedError: The server answered, and opened none.
            NetError: There is no answer.
        """
        try:
            connection = await _Connect(
                url,
                additional_headers=dict(headers),
                user_agent_header=None,
                compression=None,
                open_timeout=patience_s,
                ping_interval=None,  # whoever holds it asks, and knows what silence means
                close_timeout=_CLOSE_S,
                max_size=LARGEST_MESSAGE_BYTES,
                max_queue=_QUEUE,
                write_limit=_BUFFER_BYTES,
                logger=_quiet,
                create_connection=_Connection,
                proxy=self._proxy,
                ssl=self._tls,
            )
        except InvalidStatus as error:
            response = error.response
            raise UpgradeRefusedError(
                response.status_code,
                {name.lower(): value for name, value in response.headers.raw_items()},
                bytes(response.body or b""),
            ) from None
        except (InvalidProxy, ImportError) as error:
            # what it says may repeat the proxy, and with it a password
            raise NetError(
                Trouble.SETTINGS,
                sentence=message("The proxy in Settings cannot be used. Change it."),
                details=type(error).__name__,
            ) from None
        except (WebSocketException, OSError, EOFError, ValueError) as error:
            details = f"{type(error).__name__}: {error}"
            raise NetError(_trouble(error), details=details) from error
        return WebSocket(connection)


class _Connection(ClientConnection):
    @override
    def connection_lost(self, exc: Exception | None) -> None:
        # Where TLS fails behind a proxy, asyncio tells of the end of what has never begun.
        if hasattr(self, "recv_messages"):
            super().connection_lost(exc)


class _Connect(connect):
    @override
    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc  # the key goes nowhere else


def _proxy(address: str, network: NetworkSettings) -> str | None:
    """Say which proxy is to be taken, as the program's requests take it."""
    if network.proxy.strip():
        return network.proxy.strip()
    parts = urlsplit(address)
    if not network.uses_system_proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    found = getproxies()
    scheme = "https" if parts.scheme in {"wss", "https"} else "http"
    proxy = found.get(scheme) or found.get("all") or ""
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _trouble(error: Exception) -> Trouble:
    """Say what a failure to open means."""
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ProxyError():
                return Trouble.PROXY
            case InvalidURI():
                return Trouble.ADDRESS
            case TimeoutError() | asyncio.TimeoutError():
                return Trouble.NO_ANSWER
            case ssl.SSLError():
                return Trouble.CERTIFICATE
            case socket.gaierror():
                return Trouble.UNKNOWN_HOST
            case OSError():
                return Trouble.UNREACHABLE
            case _:
                cause = cause.__cause__ or cause.__context__
    return Trouble.RECEIVING


def _closed(error: ConnectionClosed) -> SocketClosedError:
    frame = error.rcvd or error.sent
    if frame is None:
        return SocketClosedError(1006, "")
    return SocketClosedError(frame.code, frame.reason)
