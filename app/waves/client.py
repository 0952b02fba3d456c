"""The Waves service: one method for each thing it can be asked.

``transcribe``, ``transcribe_url`` and ``submit`` are paced and tried again where
that is safe; each pause is told and can be skipped. httpx is not imported before
the first request, and then in a thread.
"""

from __future__ import annotations

import asyncio
import random as random_numbers
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import Action
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.system.clocks import monotonic_ms, now_ms
from app.waves import account
from app.waves.account import Balance, Health, KeyCheck, LogQuery
from app.waves.codec import (
    Accepted,
    Reply,
    Webhook,
    build_headers,
    build_link_body,
    build_query,
    clean_key,
    decode_reply,
)
from app.waves.errors import (
    BadReplyError,
    KeyRefusedError,
    MaybeDoneError,
    NoKeyError,
    NoTranscriptError,
    PlanError,
    RefusedError,
    RegionError,
    ServiceDownError,
    TooLargeError,
    UnreachableError,
    UploadBrokenError,
    WavesError,
    WrongPlaceError,
)
from app.waves.network import (
    DEFAULT_BASE_URL,
    ServiceNetwork,
    check_base_url,
    check_link,
    check_path,
    other_region,
)
from app.waves.pace import STARTS_PER_MINUTE, Pace
from app.waves.patience import OnWait, Patience
from app.waves.refusal import first_part, refusal, with_other_region
from app.waves.upload import Upload

if TYPE_CHECKING:
    from app.net.client import Limits
    from app.waves.connection import Answer, Connection

LARGEST_UPLOAD_BYTES = 250_000_000  # contract 7.1: decimal or binary is not said
_LOG_PAGES = 5
_SHORTEST_SECRET = 6  # shorter ones are words of their own
_OCTETS = "application/octet-stream"


OnSent = Callable[[int, int], None]
"""Told bytes sent and bytes in all; from 0 again with each try."""

OnLast = Callable[[], Awaitable[None]]
"""Awaited before the last bytes leave: from then on the service may have everything,
and a caller that keeps this on disk knows after a crash what may have been billed."""


class WavesClient:
    """Ask the service. Close it with ``aclose``.

    Attributes:
        base_url: Where the service is.
        pace: Shared with the clients made by ``elsewhere``.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        key: Callable[[], str | None] = lambda: None,
        network: ServiceNetwork | None = None,
        *,
        pace: Pace | None = None,
        starts_per_minute: int = STARTS_PER_MINUTE,
        clock_ms: Callable[[], int] = now_ms,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random_numbers.random,
    ) -> None:
        """Prepare a client; nothing is opened or imported yet.

        Args:
            base_url: Without path; checked with each request.
            key: Gives the key, or ``None``; called in a thread, since a keyring may block.
            network: Proxy, certificates, path.
            pace: To be shared with another client.
            starts_per_minute: Of one model, where ``pace`` is not given.
            clock_ms: The time, milliseconds since 1970.
            sleep: Waits for seconds.
            random: Gives 0 to 1.
        """
        self.base_url = base_url.strip().rstrip("/")
        self.pace = pace or Pace(monotonic_ms, starts_per_minute)
        self._key = key
        self._network = network or ServiceNetwork()
        self._clock_ms = clock_ms
        self._patience = Patience(self.pace, clock_ms, sleep, random)
        self._connection: asyncio.Task[Connection] | None = None

    def elsewhere(self, base_url: str) -> WavesClient:
        """Give a client for another address of the same service, with the same pace.

        The key goes there too: only for an address that a person agreed to.
        """
        other = WavesClient(
            base_url, self._key, self._network, pace=self.pace, clock_ms=self._clock_ms
        )
        other._patience = self._patience
        return other

    async def aclose(self) -> None:
        """Close the connection, if one was opened."""
        opening, self._connection = self._connection, None
        if opening is None:
            return
        try:
            connection = await opening
        except WavesError:
            return  # it could not be opened, and whoever asked for it was told
        await connection.aclose()

    async def transcribe(
        self,
        path: Path,
        options: TranscriptionOptions,
        *,
        duration_ms: int | None = None,
        on_sent: OnSent | None = None,
        on_last: OnLast | None = None,
        on_wait: OnWait | None = None,
    ) -> Reply:
        """Send a recording and wait for its transcript.

        Args:
            path: What to send, in a form the service takes.
            options: What was chosen.
            duration_ms: Length of the sound in the file, for time limits and word times.
            on_sent: Told how much was sent.
            on_last: See ``OnLast``.
            on_wait: Told each pause before a try.

        Raises:
            WavesError: There is no transcript, and why.
            RecordingError: The file cannot be read, or changed meanwhile.
        """

        async def send() -> Reply | Accepted:
            return await self._send_file(path, options, duration_ms, (on_sent, on_last))

        return _finished(await self._patience.run(options.model, send, on_wait))

    async def transcribe_url(
        self,
        link: str,
        options: TranscriptionOptions,
        *,
        duration_ms: int | None = None,
        on_wait: OnWait | None = None,
    ) -> Reply:
        """Let the service fetch the sound behind a public link; Pulse only.

        Raises:
            WavesError: There is no transcript, and why.
        """
        address = check_link(link)

        async def send() -> Reply | Accepted:
            body = build_link_body(address)
            return await self._send_request(options, body, "application/json", duration_ms)

        return _finished(await self._patience.run(options.model, send, on_wait))

    async def submit(
        self,
        path: Path,
        options: TranscriptionOptions,
        webhook: Webhook,
        *,
        on_sent: OnSent | None = None,
        on_last: OnLast | None = None,
        on_wait: OnWait | None = None,
    ) -> Accepted | Reply:
        """Send a recording whose transcript is to be delivered to a webhook; Pulse Pro only.

        Returns:
            What the service accepted; a reply at once from a server that does not
            know webhooks.

        Raises:
            WavesError: It was not accepted, and why.
            RecordingError: The file cannot be read, or changed meanwhile.
        """

        async def send() -> Reply | Accepted:
            return await self._send_file(path, options, None, (on_sent, on_last), webhook)

        return await self._patience.run(options.model, send, on_wait)

    async def balance(self) -> Balance:
        """Ask what is left on the account.

        Raises:
            WavesError: It cannot be told, and why.
        """
        answer = await self._ask("GET", account.BALANCE_PATH)
        balance = account.read_balance(answer.body)
        if balance is None:
            raise BadReplyError(
                "The service's answer does not tell the balance.",
                action=RefusedError.default_action,
                details=first_part(answer.body),
                status=answer.status,
            )
        return balance

    async def check_key(self, key: str | None = None) -> KeyCheck:
        """Try a key without cost (contract 8).

        Args:
            key: One just typed; the present one if left out.

        Raises:
            WavesError: The service was not reached, or is out of order.
        """
        try:
            answer = await self._ask("GET", account.BALANCE_PATH, key=key)
        except (KeyRefusedError, NoKeyError) as error:
            return KeyCheck(is_accepted=False, message=error.message)
        except PlanError as error:
            if error.status != 403:
                raise
            return account.key_accepted(None)
        except (WrongPlaceError, RefusedError) as error:
            if error.status not in {400, 404, 405}:
                raise
            return KeyCheck(
                is_accepted=None,
                message=message(
                    "This server has no balance to ask for, so the key cannot be tested."
                ),
            )
        return account.key_accepted(account.read_balance(answer.body))

    async def health(self) -> Health:
        """Ask whether the service is up; needs no key.

        Raises:
            WavesError: It was not reached, and why.
        """
        try:
            await self._ask("GET", account.HEALTH_PATH, needs_key=False)
        except ServiceDownError as error:
            return Health(is_up=False, message=error.message)
        return Health(is_up=True, message=message("The service answers and is in order."))

    async def find_in_log(
        self,
        options: TranscriptionOptions,
        query: LogQuery,
        *,
        duration_ms: int | None = None,
    ) -> Reply | None:
        """Look for a lost answer in the service's log (contract 5.3).

        Returns:
            The text with estimated times, or nothing if it is not there or two
            entries with different texts fit.

        Raises:
            WavesError: The log cannot be read, and why.
        """
        entries: list[Mapping[str, object]] = []
        for page in range(1, _LOG_PAGES + 1):
            answer = await self._ask(
                "GET",
                account.LOG_PATH,
                query=(("page", str(page)), ("pageSize", str(account.LOG_PAGE))),
            )
            listed, pages = account.read_log(answer.body)
            entries += [one for one in listed if account.matches(one, query, options)]
            if page >= pages or not listed or (query.request_id and entries):
                break
        return account.one_of(entries, options, duration_ms or query.duration_ms)

    async def forget(self, request_id: str) -> None:
        """Let the service delete what it keeps of a request (contract 5.3).

        Raises:
            WavesError: It did not, and why.
        """
        if not request_id.isascii() or not request_id.replace("-", "").isalnum():
            raise RefusedError(
                "The service gave no usable id for this, so it cannot forget it."
            )
        await self._ask("DELETE", account.FORGET_PATH + request_id)

    async def _send_file(
        self,
        path: Path,
        options: TranscriptionOptions,
        duration_ms: int | None,
        told: tuple[OnSent | None, OnLast | None],
        webhook: Webhook | None = None,
    ) -> Reply | Accepted:
        async with Upload(path, *told) as upload:
            if upload.size_bytes > LARGEST_UPLOAD_BYTES:
                raise TooLargeError(
                    "The recording is larger than the service takes; cut it or choose to save "
                    "data, then retry."
                )
            try:
                return await self._send_request(
                    options, upload, _OCTETS, duration_ms, webhook, upload.size_bytes
                )
            except (MaybeDoneError, UploadBrokenError) as error:
                raise _as_known(error, is_complete=upload.is_complete) from error

    async def _send_request(
        self,
        options: TranscriptionOptions,
        body: bytes | AsyncIterable[bytes],
        content_type: str,
        duration_ms: int | None,
        webhook: Webhook | None = None,
        size_bytes: int = 0,
    ) -> Reply | Accepted:
        # before anything is opened: an address that is not allowed never sees the key
        url = self._url(check_path(self._network.path))
        key = await self._present_key()
        headers = build_headers(key, content_type)
        if size_bytes:
            headers["Content-Length"] = str(size_bytes)
        connection = await self._connected()
        from app.waves.connection import limits_for

        answer = await self._exchange(
            connection,
            "POST",
            url,
            headers,
            key,
            query=build_query(options, webhook),
            body=body,
            limits=limits_for(size_bytes, duration_ms),
        )
        try:
            # large replies take a while to understand
            return await asyncio.to_thread(
                decode_reply,
                answer.status,
                answer.headers,
                answer.body,
                options,
                duration_ms=duration_ms,
                now_ms=self._clock_ms(),
            )
        except RegionError as error:
            raise with_other_region(error, other_region(self.base_url, error.region)) from None

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: tuple[tuple[str, str], ...] = (),
        key: str | None = None,
        needs_key: bool = True,
    ) -> Answer:
        """Ask a side endpoint; these cost nothing, so nothing is ever *perhaps* done."""
        url = self._url(path)
        if needs_key:
            key = clean_key(key) if key is not None else await self._present_key()
        connection = await self._connected()
        try:
            answer = await self._exchange(
                connection, method, url, build_headers(key), key, query=query
            )
        except MaybeDoneError as error:
            raise UnreachableError(
                "The service does not answer; look at your connection, then retry.",
                details=error.details,
            ) from error
        if not 200 <= answer.status < 300:
            raise refusal(answer.status, answer.headers, answer.body, now_ms=self._clock_ms())
        return answer

    async def _exchange(
        self,
        connection: Connection,
        method: str,
        url: str,
        headers: dict[str, str],
        key: str | None,
        *,
        query: tuple[tuple[str, str], ...] = (),
        body: bytes | AsyncIterable[bytes] = b"",
        limits: Limits | None = None,
    ) -> Answer:
        answer = await connection.request(
            method, url, headers=headers, query=query, body=body, limits=limits
        )
        return _without_key(answer, key)

    def _url(self, path: str) -> str:
        plain = self._network.allows_plain_http
        return check_base_url(self.base_url, allows_plain_http=plain) + path

    async def _present_key(self) -> str:
        return clean_key(await asyncio.to_thread(self._key) or "")

    async def _connected(self) -> Connection:
        if self._connection is None:
            opening = asyncio.to_thread(_open, self.base_url, self._network)
            self._connection = asyncio.ensure_future(opening)
        task = self._connection
        try:
            # shielded: one job being cancelled must not take the connection from another
            return await asyncio.shield(task)
        except WavesError:
            if self._connection is task:
                self._connection = None  # the next try may fare better
            raise


def _open(base_url: str, network: ServiceNetwork) -> Connection:
    # importing httpx and setting up TLS stalls the window, so both happen in a thread
    from app.waves.connection import Connection

    return Connection(base_url, network)


def _finished(outcome: Reply | Accepted) -> Reply:
    if isinstance(outcome, Reply):
        return outcome
    raise NoTranscriptError(
        "The service wants to deliver the transcript later; look for it in the service's log.",
        action=Action.LOOK_IN_LOG,
        request_id=outcome.request_id,
    )


def _as_known(
    error: MaybeDoneError | UploadBrokenError, *, is_complete: bool
) -> MaybeDoneError | UploadBrokenError:
    """Tell by how much was sent whether the service may have finished.

    An answer with a status came from a service that made up its mind.
    """
    if is_complete and isinstance(error, UploadBrokenError):
        return MaybeDoneError(
            "The connection broke just as everything was sent; the service may finish and "
            "charge for it, so send it again only if you want to.",
            details=error.details,
        )
    if not is_complete and isinstance(error, MaybeDoneError) and not error.status:
        return UploadBrokenError(
            "The connection broke while sending; look at your connection, then retry.",
            details=error.details,
        )
    return error


def _without_key(answer: Answer, key: str | None) -> Answer:
    """Take the key out of an answer that repeats it, since answers are kept and shown."""
    secret = (key or "").encode("ascii")
    if len(secret) < _SHORTEST_SECRET or secret not in answer.body:
        return answer
    return replace(answer, body=answer.body.replace(secret, b"(key)"))
