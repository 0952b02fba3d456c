"""One request to the service, and what its failures mean for a recording that was sent."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass

from app.core.errors import Action
from app.core.messages import Message, message
from app.net.client import Client, NetError, Response, Timeouts, Trouble
from app.net.network import NetworkSettings
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
from app.waves.network import SERVICE_URLS

LONGEST_REPLY_BYTES = 64 * 1024 * 1024
"""Ten hours of words take about 12 MB."""


def limits_for(size_bytes: int, duration_ms: int | None) -> Timeouts:
    """Give the limits for an upload (contract 4.4), larger for a larger file.

    The system takes the last megabytes off our hands before they are really sent, so
    the wait for the answer includes the time a slow line needs for them.
    """
    audio_s = (duration_ms or 0) / 1000 or size_bytes / 16_000
    unsent_s = min(size_bytes, 4 * 1024 * 1024) / (64 * 1024)
    return Timeouts(read_s=max(120.0, 0.5 * audio_s + 60.0) + unsent_s)


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
    """A client for the service, and this room's errors in place of the network's."""

    def __init__(self, base_url: str, network: NetworkSettings) -> None:
        """Set everything up; takes up to half a second, so do it in a thread.

        Raises:
            AddressError: Proxy or certificates cannot be used.
        """
        self._base_url = base_url
        try:
            self._client = Client(base_url, network)  # follows no redirect with the key
        except NetError as error:
            raise AddressError(error.message) from error

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
        limits: Timeouts | None = None,
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
        answering = False
        try:
            async with self._client.request(
                method, url, headers=headers, query=query, body=body, limits=limits
            ) as response:
                answering = True
                content = await _read_whole(response)
        except NetError as error:
            raise (
                not_reached(error, self._base_url) or _meaning(error, is_answering=answering)
            ) from error
        return Answer(response.status, response.headers, content)


async def _read_whole(response: Response) -> bytes:
    pieces = bytearray()
    async for piece in response.blocks():
        pieces += piece
        if len(pieces) > LONGEST_REPLY_BYTES:
            raise ReplyTooLargeError(
                "The service's answer is too large to be a transcript. It may have charged "
                "for the recording, so check with it before you try again.",
                status=response.status,
            )
    return bytes(pieces)


def not_reached(error: NetError, base_url: str) -> WavesError | None:
    """Say what a failure means whatever was asked; nothing where that depends on it."""
    if error.trouble is Trouble.UNREACHABLE and base_url.rstrip("/") not in SERVICE_URLS:
        # Most likely its port: that says more than a look at the connection.
        return UnreachableError(
            message(
                "Nothing answers at {address}. Check the address and its port in Settings.",
                address=base_url,
            ),
            action=Action.OPEN_SETTINGS,
            details=error.details,
        )
    if error.trouble in _MEANINGS:
        kind, sentence = _MEANINGS[error.trouble]
        return kind(sentence, details=error.details)
    return None


def _meaning(error: NetError, *, is_answering: bool) -> WavesError:
    """Say what a failure in the middle means.

    Whether the service may have got everything is not known here: the caller, who
    knows the upload, turns ``MaybeDoneError`` and ``UploadBrokenError`` into each other.
    """
    if is_answering:
        return MaybeDoneError(
            "The connection failed in the middle of the answer. The service has probably "
            "charged for the recording, so check with it before you try again.",
            details=error.details,
        )
    return MaybeDoneError(
        "The service received everything but did not answer. It may have finished and charged "
        "for it, so check with it before you try again.",
        details=error.details,
    )


_MEANINGS: dict[Trouble, tuple[type[WavesError], Message]] = {
    Trouble.PROXY: (
        ProxyError,
        message("The proxy does not let Wordlight through. Check it in Settings."),
    ),
    Trouble.NO_ANSWER: (
        UnreachableError,
        message("The service does not answer. Check your connection, then try again."),
    ),
    Trouble.CERTIFICATE: (
        TlsError,
        message(
            "The connection to the service is not secure: its certificate was not accepted. "
            "Check the clock, your network, and the certificates in Settings."
        ),
    ),
    Trouble.UNKNOWN_HOST: (
        OfflineError,
        message(
            "The service's address cannot be found. Check your connection, then try again."
        ),
    ),
    Trouble.UNREACHABLE: (
        UnreachableError,
        message("The service cannot be reached. Check your connection, then try again."),
    ),
    Trouble.SENDING: (
        UploadBrokenError,
        message("The connection failed while sending. Check it, then try again."),
    ),
    Trouble.ADDRESS: (
        AddressError,
        message("The request cannot be sent. Check the address, proxy and key in Settings."),
    ),
    Trouble.UNREADABLE: (
        BadReplyError,
        message(
            "The service's answer cannot be read. It may have finished and charged for the "
            "recording, so check with it before you try again."
        ),
    ),
}
