"""One request over httpx, and what its failures mean. The only module that knows httpx.

Every request gets a connection of its own: a request that is billed must not die of
a connection that the server closed while it lay idle, and a stalled upload shares
nothing with another. At 25 requests a minute a handshake each costs nothing.
"""

from __future__ import annotations

import logging
import socket
import ssl
import sys
from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass

import httpx
import truststore

from app.core.messages import message
from app.waves.errors import (
    AddressError,
    BadReplyError,
    MaybeDoneError,
    OfflineError,
    ProxyError,
    ReplyTooLargeError,
    TlsError,
    UnreachableError,
    UploadBrokenError,
    WavesError,
)
from app.waves.network import NetworkSettings, is_loopback

LONGEST_REPLY_BYTES = 64 * 1024 * 1024
"""Ten hours of words take about 12 MB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each phase of a request may take, in seconds.

    Attributes:
        connect_s: To reach the server.
        write_s: To get rid of one piece of the body.
        read_s: From the last piece sent to the first of the answer, and between those.
    """

    connect_s: float = 15.0
    write_s: float = 120.0
    read_s: float = 30.0


def limits_for(size_bytes: int, duration_ms: int | None) -> Limits:
    """Give the limits for an upload (contract 4.4), larger for a larger file.

    The system takes the last megabytes off our hands before they are really sent, so
    the wait for the answer includes the time a slow line needs for them.
    """
    audio_s = (duration_ms or 0) / 1000 or size_bytes / 16_000
    unsent_s = min(size_bytes, 4 * 1024 * 1024) / (64 * 1024)
    return Limits(read_s=max(120.0, 0.5 * audio_s + 60.0) + unsent_s)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: Decoded of any compression.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A configured httpx client, and the errors of this program in place of httpx's."""

    def __init__(self, base_url: str, network: NetworkSettings) -> None:
        """Set everything up; takes up to half a second, so do it in a thread.

        Raises:
            AddressError: Proxy or certificates cannot be used.
        """
        self._client = open_client(base_url, network)

    async def aclose(self) -> None:
        """Let go of everything."""
        await self._client.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        query: Iterable[tuple[str, str]] = (),
        body: bytes | AsyncIterable[bytes] = b"",
        limits: Limits | None = None,
    ) -> Answer:
        """Send one request and read its answer.

        Args:
            method: HTTP method.
            url: Where to.
            headers: With ``Content-Length`` when the body is streamed.
            query: Parameters, in order.
            body: Whole, or in pieces.
            limits: How long each phase may take.

        Raises:
            WavesError: There is no answer; of the kind that tells what is known.
        """
        times = limits or Limits()
        request = self._client.build_request(
            method,
            url,
            params=list(query) or None,
            headers=dict(headers),
            content=body or None,
            timeout=httpx.Timeout(
                connect=times.connect_s, write=times.write_s, read=times.read_s, pool=None
            ),
        )
        answering = False
        try:
            response = await self._client.send(request, stream=True)
            answering = True
            try:
                content = await _read_whole(response)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise _meaning(error, is_answering=answering) from error
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, lowered, content)


def open_client(
    address: str,
    network: NetworkSettings,
    *,
    max_redirects: int = 0,
    timeout_s: float | None = None,
) -> httpx.AsyncClient:
    """Set up httpx for an address; takes up to half a second, so do it in a thread.

    Args:
        address: Where requests will go; what stays on this machine takes no proxy.
        network: Proxy and certificates.
        max_redirects: How many are followed; none where the key goes along.
        timeout_s: For each phase; ``None`` leaves it to each request.

    Raises:
        AddressError: Proxy or certificates cannot be used.
    """
    # httpx logs addresses with their query, and that may hold a webhook's secret
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    # what stays on this machine must not take the way over a proxy
    is_local = is_loopback(address)
    proxy = None if is_local or not network.proxy else network.proxy.strip()
    try:
        return httpx.AsyncClient(
            verify=_tls_context(network.certificates),
            trust_env=network.uses_system_proxy and proxy is None and not is_local,
            proxy=proxy,
            follow_redirects=max_redirects > 0,
            max_redirects=max_redirects,
            http1=True,
            http2=False,
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
    except (ValueError, httpx.InvalidURL, ImportError) as error:
        raise AddressError("The proxy in the settings cannot be used; correct it.") from error


async def _read_whole(response: httpx.Response) -> bytes:
    pieces = bytearray()
    async for piece in response.aiter_bytes():
        pieces += piece
        if len(pieces) > LONGEST_REPLY_BYTES:
            raise ReplyTooLargeError(
                "The service's answer is too large to be a transcript; it may have charged "
                "for the recording, so send it again only if you want to.",
                status=response.status_code,
            )
    return bytes(pieces)


def _tls_context(certificates: str) -> ssl.SSLContext:
    """Trust what the system trusts.

    Where OpenSSL finds the system's certificates in a file, they are read here, once
    and in this thread: truststore 0.10 would read them with each connection, 35 ms on
    the thread of the window. Elsewhere (Windows, macOS, odd Linux) truststore asks.
    """
    context = ssl.create_default_context()
    if sys.platform in {"win32", "darwin"} or not context.get_ca_certs(binary_form=True):
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificates:
        try:
            context.load_verify_locations(certificates)
        except (OSError, ssl.SSLError) as error:
            raise AddressError(
                "The file of certificates in the settings cannot be used; choose another."
            ) from error
    return context


def _meaning(error: httpx.HTTPError, *, is_answering: bool) -> WavesError:
    """Say what a failure of httpx means.

    Whether the service may have got everything is not known here: the caller, who
    knows the upload, turns ``MaybeDoneError`` and ``UploadBrokenError`` into each other.
    """
    details = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.ProxyError):
        return ProxyError(
            "The proxy does not let Wordlight through; correct it in the settings.",
            details=details,
        )
    if isinstance(error, httpx.ConnectTimeout):
        return UnreachableError(
            "The service does not answer; look at your connection, then retry.",
            details=details,
        )
    if isinstance(error, httpx.ConnectError):
        return _not_connected(error, details)
    if isinstance(error, httpx.WriteTimeout | httpx.WriteError):
        return UploadBrokenError(
            "The connection broke while sending; look at your connection, then retry.",
            details=details,
        )
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return AddressError(
            "The request cannot be sent like this; look at the address, proxy and key in "
            "the settings.",
            details=details,
        )
    if isinstance(error, httpx.DecodingError):
        return BadReplyError(
            "The service's answer cannot be read; it may have finished and charged for the "
            "recording, so send it again only if you want to.",
            details=details,
        )
    if is_answering:
        return MaybeDoneError(
            "The connection broke in the middle of the answer; the service has probably "
            "charged for the recording, so send it again only if you want to.",
            details=details,
        )
    return MaybeDoneError(
        message(
            "The service got everything but did not answer; it may have finished and charged "
            "for it, so send it again only if you want to."
        ),
        details=details,
    )


def _not_connected(error: httpx.ConnectError, details: str) -> UnreachableError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return TlsError(
                "No trusted connection to the service: its certificate is not accepted; look "
                "at the clock, the network you are on, and the certificates in the settings.",
                details=details,
            )
        if isinstance(cause, socket.gaierror):
            return OfflineError(
                "The service's address cannot be found; look at your connection, then retry.",
                details=details,
            )
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(
        "The service cannot be reached; look at your connection, then retry.", details=details
    )
