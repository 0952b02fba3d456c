"""The Waves service: one method for each thing it can be asked.

``transcribe``, ``transcribe_url`` and ``submit`` are paced and tried again where
that is safe; each pause is told and can be skipped. httpx is not imported before
the first request, and then in a thread.
"""

from __future__ import annotations

import asyncio
import random as random_numbers
from collections.abc import AsyncIterable, Awaitable, Callable
from pathlib import Path

from app.core.errors import Action
from app.core.options import TranscriptionOptions
from app.system.clocks import monotonic_ms, now_ms
from app.waves.access import Access
from app.waves.codec import (
    Accepted,
    Reply,
    Webhook,
    build_headers,
    build_link_body,
    build_query,
    decode_reply,
)
from app.waves.console import Console
from app.waves.errors import (
    MaybeDoneError,
    NoTranscriptError,
    RegionError,
    TooLargeError,
    UploadBrokenError,
)
from app.waves.network import (
    DEFAULT_BASE_URL,
    ServiceNetwork,
    check_link,
    check_path,
    other_region,
)
from app.waves.rate_limiter import STARTS_PER_MINUTE, RateLimiter
from app.waves.refusal import with_other_region
from app.waves.retry_policy import OnWait, RetryPolicy
from app.waves.upload import UploadBody

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
        rate_limiter: To be shared with the client that follows this one.
        console: What it tells besides transcripts.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        key: Callable[[], str | None] = lambda: None,
        network: ServiceNetwork | None = None,
        *,
        rate_limiter: RateLimiter | None = None,
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
            rate_limiter: To be shared with another client.
            starts_per_minute: Of one model, where ``rate_limiter`` is not given.
            clock_ms: The time, milliseconds since 1970.
            sleep: Waits for seconds.
            random: Gives 0 to 1.
        """
        self._access = Access(base_url, key, network or ServiceNetwork())
        self.console = Console(self._access, clock_ms)
        self.rate_limiter = rate_limiter or RateLimiter(monotonic_ms, starts_per_minute)
        self._clock_ms = clock_ms
        self._retry_policy = RetryPolicy(self.rate_limiter, clock_ms, sleep, random)

    async def aclose(self) -> None:
        """Close the connection, if one was opened."""
        await self._access.aclose()

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

        return _finished(await self._retry_policy.run(options.model, send, on_wait))

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

        return _finished(await self._retry_policy.run(options.model, send, on_wait))

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

        return await self._retry_policy.run(options.model, send, on_wait)

    async def _send_file(
        self,
        path: Path,
        options: TranscriptionOptions,
        duration_ms: int | None,
        told: tuple[OnSent | None, OnLast | None],
        webhook: Webhook | None = None,
    ) -> Reply | Accepted:
        async with UploadBody(path, *told) as upload:
            if upload.size_bytes > LARGEST_UPLOAD_BYTES:
                raise TooLargeError(
                    "The recording is too large for the service. Cut it, or choose “Send a "
                    "smaller copy”, then try again."
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
        url = self._access.url(check_path(self._access.network.path))
        key = await self._access.present_key()
        headers = build_headers(key, content_type)
        if size_bytes:
            headers["Content-Length"] = str(size_bytes)
        await self._access.open()
        from app.waves.connection import limits_for

        answer = await self._access.exchange(
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
            other = other_region(self._access.base_url, error.region)
            raise with_other_region(error, other) from None


def _finished(outcome: Reply | Accepted) -> Reply:
    if isinstance(outcome, Reply):
        return outcome
    raise NoTranscriptError(
        "The service will deliver the transcript later. Check with the service in a while.",
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
            "The connection failed just after everything was sent. The service may still "
            "finish and charge for it, so check with it before you try again.",
            details=error.details,
        )
    if not is_complete and isinstance(error, MaybeDoneError) and not error.status:
        return UploadBrokenError(
            "The connection failed while sending. Check it, then try again.",
            details=error.details,
        )
    return error
