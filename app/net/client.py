"""One request over httpx, and what its failures mean. The only module that knows httpx.

Every request gets a connection of its own: a request that is billed must not die of
a connection that the server closed while it lay idle, and a stalled upload shares
nothing with another. At 25 requests a minute a handshake each costs nothing.

No header is added here and none is taken along to another place: the key of the speech
service is in the one request that its own room builds, and that one follows no redirect.
"""

from __future__ import annotations

import logging
import socket
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto

import httpx
import truststore

from app.core.errors import Action, AppError
from app.core.messages import Message, message
from app.net.network import NetworkSettings, is_loopback


class Trouble(Enum):
    """What a failure of the network means."""

    SETTINGS = auto()
    """The proxy or the certificates in the settings cannot be used at all."""
    ADDRESS = auto()
    """Such a request cannot be sent: the address, or a header."""
    PROXY = auto()
    """The proxy does not let the request through."""
    CERTIFICATE = auto()
    """No encrypted connection that can be trusted."""
    UNKNOWN_HOST = auto()
    """The name cannot be looked up."""
    NO_ANSWER = auto()
    """Nobody answers at the address."""
    UNREACHABLE = auto()
    """The address cannot be reached."""
    SENDING = auto()
    """The connection broke or stood still while sending."""
    RECEIVING = auto()
    """Everything was sent, and then the connection broke, stood still or led astray."""
    UNREADABLE = auto()
    """The answer is not packed as it says."""


class NetError(AppError):
    """The network failed; whoever asked knows best what to say about it.

    Attributes:
        trouble: What it means.
    """

    def __init__(
        self, trouble: Trouble, *, details: str = "", sentence: Message | None = None
    ) -> None:
        self.trouble = trouble
        super().__init__(
            sentence or _SENTENCES.get(trouble, _UNREACHABLE),
            action=Action.OPEN_SETTINGS if trouble in _IN_THE_SETTINGS else Action.RETRY,
            details=details,
        )


_UNREACHABLE = message("The connection failed. Check it, then try again.")
_SENTENCES = {
    Trouble.ADDRESS: message("The request cannot be sent. Check the address and the proxy."),
    Trouble.PROXY: message("The proxy does not let Wordlight through. Check it in Settings."),
    Trouble.CERTIFICATE: message(
        "The connection is not secure: the certificate was not accepted. Check the clock, "
        "your network, and the certificates in Settings."
    ),
    Trouble.UNKNOWN_HOST: message(
        "The address cannot be found. Check your connection, then try again."
    ),
}
_IN_THE_SETTINGS = frozenset(
    {Trouble.SETTINGS, Trouble.ADDRESS, Trouble.PROXY, Trouble.CERTIFICATE}
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each phase of a request may take, in seconds.

    Attributes:
        connect_s: To reach the server.
        write_s: To get rid of one piece of the body.
        read_s: From the last piece sent to the first of the answer, and between those.
    """

    connect_s: float = 15.0
    write_s: float = 120.0
    read_s: float = 30.0


class Response:
    """The head of an answer, and its body as it comes.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
    """

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in response.headers.items()
        }

    def blocks(self) -> AsyncIterator[bytes]:
        """Give the body, decoded of any compression."""
        return self._response.aiter_bytes()

    def raw_blocks(self) -> AsyncIterator[bytes]:
        """Give the body as it was sent, in the pieces it comes in."""
        return self._response.aiter_raw()


class Client:
    """A way to a server, with a person's proxy and certificates. Close it with ``aclose``."""

    def __init__(
        self, address: str, network: NetworkSettings, *, max_redirects: int = 0
    ) -> None:
        """Set everything up; takes up to half a second, so do it in a thread.

        Args:
            address: Where requests will go; what stays on this machine takes no proxy.
            network: Proxy and certificates.
            max_redirects: How many are followed; none where the key goes along.

        Raises:
            NetError: Proxy or certificates cannot be used.
        """
        # httpx logs addresses with their query, and that may hold a webhook's secret
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        # what stays on this machine must not take the way over a proxy
        is_local = is_loopback(address)
        proxy = None if is_local or not network.proxy else network.proxy.strip()
        try:
            self._client = httpx.AsyncClient(
                verify=tls_context(network.certificates),
                trust_env=network.uses_system_proxy and proxy is None and not is_local,
                proxy=proxy,
                follow_redirects=max_redirects > 0,
                max_redirects=max_redirects,
                http1=True,
                http2=False,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            )
        except (ValueError, httpx.InvalidURL, ImportError) as error:
            raise NetError(
                Trouble.SETTINGS,
                sentence=message("The proxy in Settings cannot be used. Change it."),
            ) from error

    async def aclose(self) -> None:
        """Let go of everything."""
        await self._client.aclose()

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Iterable[tuple[str, str]] = (),
        body: bytes | AsyncIterable[bytes] = b"",
        limits: Timeouts | None = None,
    ) -> AsyncGenerator[Response]:
        """Send one request and give its answer, whose body is read inside the block.

        Args:
            method: HTTP method.
            url: Where to.
            headers: With ``Content-Length`` when the body is streamed.
            query: Parameters, in order.
            body: Whole, or in pieces.
            limits: How long each phase may take.

        Raises:
            NetError: There is no answer, or it breaks off.
        """
        times = limits or Timeouts()
        try:
            request = self._client.build_request(
                method,
                url,
                params=list(query) or None,
                headers=dict(headers or {}),
                content=body or None,
                timeout=httpx.Timeout(
                    connect=times.connect_s, write=times.write_s, read=times.read_s, pool=None
                ),
            )
            response = await self._client.send(request, stream=True)
            try:
                yield Response(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            details = f"{type(error).__name__}: {error}"
            raise NetError(_trouble(error), details=details) from error


def tls_context(certificates: str) -> ssl.SSLContext:
    """Trust what the system trusts, and a person's own certificates; blocks.

    Where OpenSSL finds the system's certificates in a file, they are read here, once
    and in this thread: truststore 0.10 would read them with each connection, 35 ms on
    the thread of the window. Elsewhere (Windows, macOS, odd Linux) truststore asks.

    Args:
        certificates: File of further certificates; empty for none.

    Raises:
        NetError: That file cannot be used.
    """
    context = ssl.create_default_context()
    if sys.platform in {"win32", "darwin"} or not context.get_ca_certs(binary_form=True):
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificates:
        try:
            context.load_verify_locations(certificates)
        except (OSError, ssl.SSLError) as error:
            raise NetError(
                Trouble.SETTINGS,
                sentence=message(
                    "The certificate file in Settings cannot be used. Choose another."
                ),
            ) from error
    return context


def _trouble(error: httpx.HTTPError | httpx.InvalidURL) -> Trouble:
    """Say what a failure of httpx means."""
    match error:
        case httpx.ProxyError():
            return Trouble.PROXY
        case httpx.ConnectTimeout():
            return Trouble.NO_ANSWER
        case httpx.ConnectError():
            return _not_connected(error)
        case httpx.WriteTimeout() | httpx.WriteError():
            return Trouble.SENDING
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | httpx.InvalidURL():
            return Trouble.ADDRESS
        case httpx.DecodingError():
            return Trouble.UNREADABLE
        case _:
            return Trouble.RECEIVING


def _not_connected(error: httpx.ConnectError) -> Trouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Trouble.CERTIFICATE
        if isinstance(cause, socket.gaierror):
            return Trouble.UNKNOWN_HOST
        cause = cause.__cause__ or cause.__context__
    return Trouble.UNREACHABLE
