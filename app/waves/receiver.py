"""Receive what the service delivers to a webhook (contract 5.1), on a port of one's own.

For people with a tunnel or a service of their own. The address carries a secret,
since the service signs nothing; the job's id may follow it, because the place of
``webhook_extra`` in a delivery is unpublished. A delivery is answered with success
only after it was kept: until then the service tries again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from urllib.parse import quote, unquote

import h11

from app.core.errors import Action, StorageError
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.waves.codec import Reply, decode_delivery
from app.waves.errors import AddressError
from app.waves.json_reading import NotJsonError, as_object, as_text, parse

LONGEST_BODY_BYTES = 64 * 1024 * 1024
MOST_CONNECTIONS = 16
SHORTEST_SECRET = 16
_READ_BYTES = 256 * 1024
_EXTRA_NAMES = ("webhook_extra", "extra", "metadata")


class Verdict(Enum):
    """What became of a delivery."""

    KEPT = "kept"
    UNKNOWN = "unknown"
    """No job waits for it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived.

    Attributes:
        body: As it came, to be kept.
        request_id: The service's id, empty if it is missing.
        job: What followed the secret in the address, or the extra field ``job``.
        extra: What was given along with the request, wherever it stood.
    """

    body: bytes
    request_id: str
    job: str
    extra: Mapping[str, str]

    def decode(self, options: TranscriptionOptions, *, duration_ms: int | None = None) -> Reply:
        """Understand it.

        Raises:
            WavesError: It tells of a failure, or is no transcript.
        """
        return decode_delivery(self.body, options, duration_ms=duration_ms)


@dataclass(frozen=True, slots=True)
class CallerLimits:
    """How long a caller may take, in seconds."""

    head_s: float = 10.0
    piece_s: float = 30.0
    whole_s: float = 600.0


class _RefusedError(Exception):
    """The request is turned away with this status."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status)


class Receiver:
    """A small HTTP server that takes deliveries and nothing else.

    Attributes:
        port: Where it listens, once started.
    """

    def __init__(
        self,
        secret: str,
        on_delivery: Callable[[Delivery], Awaitable[Verdict]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: CallerLimits | None = None,
        longest_body_bytes: int = LONGEST_BODY_BYTES,
    ) -> None:
        """Prepare; ``start`` listens.

        Args:
            secret: First part of the path; whoever knows it may deliver.
            on_delivery: Keeps a delivery durably before it returns. A ``StorageError``
                lets the service try again later.
            host: Where to listen; loopback unless the person wants more.
            port: 0 for any.
            limits: How long callers may take.
            longest_body_bytes: More is refused.
        """
        if len(secret) < SHORTEST_SECRET:
            raise ValueError("the secret of a webhook is too short to be one")
        self.port = port
        self._host = host
        self._secret = secret
        self._on_delivery = on_delivery
        self._limits = limits or CallerLimits()
        self._longest = longest_body_bytes
        self._server: asyncio.Server | None = None
        self._callers: set[asyncio.Task[None]] = set()

    def path(self, job: str = "") -> str:
        """Give the path under which a job's result is taken, secret included."""
        tail = "/" + quote(job, safe="") if job else ""
        return f"/{quote(self._secret, safe='')}{tail}"

    async def start(self) -> None:
        """Listen.

        Raises:
            AddressError: The port cannot be had.
        """
        try:
            self._server = await asyncio.start_server(
                self._on_connected, self._host, self.port, limit=_READ_BYTES
            )
        except (OSError, OverflowError) as error:
            raise AddressError(
                message(
                    "Port {port} for the webhook is not available. Choose another in Settings.",
                    port=self.port,
                ),
                action=Action.OPEN_SETTINGS,
                details=str(error),
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        """Stop listening and send callers away."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for caller in list(self._callers):
            caller.cancel()
        await asyncio.gather(*self._callers, return_exceptions=True)

    def _on_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a task of our own: asyncio's would log its being cancelled as an error (3.11)
        caller = asyncio.ensure_future(self._serve(reader, writer))
        self._callers.add(caller)
        caller.add_done_callback(self._callers.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if len(self._callers) <= MOST_CONNECTIONS:
                await self._converse(_Line(reader, writer, self._limits))
        except OSError:
            pass  # gone; nobody is left to be told
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, line: _Line) -> None:
        try:
            async with asyncio.timeout(self._limits.whole_s):
                status = await self._take(line)
        except _RefusedError as error:
            status = error.status
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
        except TimeoutError:
            status = HTTPStatus.REQUEST_TIMEOUT
        with suppress(h11.LocalProtocolError, TimeoutError):
            await line.answer(status)

    async def _take(self, line: _Line) -> HTTPStatus:
        request = await line.head()
        job = self._job_in(request.target)
        if request.method != b"POST":
            raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED)
        body = await line.body(request, self._longest)
        try:
            payload = as_object(await asyncio.to_thread(parse, body))
        except NotJsonError as error:
            raise _RefusedError(HTTPStatus.BAD_REQUEST) from error
        if not payload:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        extra = dict(_extra(payload))
        delivery = Delivery(
            body, as_text(payload.get("request_id"), 100), job or extra.get("job", ""), extra
        )
        try:
            verdict = await self._on_delivery(delivery)
        except StorageError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK if verdict is Verdict.KEPT else HTTPStatus.NOT_FOUND

    def _job_in(self, target: bytes) -> str:
        """Check the secret, and give what follows it.

        A wrong secret looks like any other place where there is nothing.
        """
        path = target.split(b"?")[0].decode("ascii", "replace")
        secret, _, job = path.lstrip("/").partition("/")
        given = unquote(secret).encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret.encode("utf-8")):
            raise _RefusedError(HTTPStatus.NOT_FOUND)
        return unquote(job.rstrip("/"))


class _Line:
    """One caller's connection: bytes to events and back."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: CallerLimits
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._http = h11.Connection(h11.SERVER)

    async def head(self) -> h11.Request:
        async with asyncio.timeout(self._limits.head_s):
            event = await self._event()
        if not isinstance(event, h11.Request):
            raise ConnectionResetError
        return event

    async def body(self, request: h11.Request, longest: int) -> bytes:
        for name, value in request.headers:
            # h11 has checked that it is a number
            if name == b"content-length" and int(value) > longest:
                raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._http.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))
        pieces = bytearray()
        while True:
            async with asyncio.timeout(self._limits.piece_s):
                event = await self._event()
            if isinstance(event, h11.EndOfMessage):
                return bytes(pieces)
            if not isinstance(event, h11.Data):
                raise ConnectionResetError
            pieces += event.data
            if len(pieces) > longest:
                raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    async def answer(self, status: HTTPStatus) -> None:
        body = json.dumps({"status": status.phrase}).encode("ascii")
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        self._send(h11.Response(status_code=status, headers=headers, reason=status.phrase))
        self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())
        async with asyncio.timeout(self._limits.piece_s):
            await self._writer.drain()

    async def _event(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(await self._reader.read(_READ_BYTES))

    def _send(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")


def _extra(payload: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Find the extra fields, wherever they are: on top, nested, or as text (5.1)."""
    for place in (payload, *(as_object(payload.get(name)) for name in _EXTRA_NAMES)):
        for name, value in place.items():
            if isinstance(value, str) and len(value) <= 1000:
                yield name, value
            if name in _EXTRA_NAMES and isinstance(value, str):
                for pair in value[:1000].split(","):
                    key, colon, rest = pair.partition(":")
                    if colon:
                        yield key.strip(), rest.strip()
