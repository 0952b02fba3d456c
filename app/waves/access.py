"""The service at its address: who is asked, with which key, over which connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.system.loading import loading
from app.waves.codec import clean_key
from app.waves.errors import WavesError
from app.waves.network import ServiceNetwork, check_base_url

if TYPE_CHECKING:
    from app.net.client import Timeouts
    from app.waves.connection import Answer, Connection

_SHORTEST_SECRET = 6  # shorter ones are words of their own


class Access:
    """One address of the service, opened with the first request.

    Attributes:
        base_url: Where the service is.
        network: Proxy, certificates, path.
    """

    def __init__(
        self, base_url: str, key: Callable[[], str | None], network: ServiceNetwork
    ) -> None:
        """Prepare it; nothing is opened or imported yet.

        Args:
            base_url: Without path; checked with each request.
            key: Gives the key, or ``None``; called in a thread, since a keyring may block.
            network: Proxy, certificates, path.
        """
        self.base_url = base_url.strip().rstrip("/")
        self.network = network
        self._key = key
        self._connection: asyncio.Task[Connection] | None = None

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

    def url(self, path: str) -> str:
        """Give the whole address of a path.

        Raises:
            AddressError: The key must not be sent there.
        """
        plain = self.network.allows_plain_http
        return check_base_url(self.base_url, allows_plain_http=plain) + path

    async def present_key(self) -> str:
        """Give the key.

        Raises:
            NoKeyError: There is none, or it cannot be one.
        """
        return clean_key(await asyncio.to_thread(self._key) or "")

    async def open(self) -> Connection:
        """Give the connection, set up with the first call.

        Raises:
            AddressError: Proxy or certificates cannot be used.
        """
        if self._connection is None:
            opening = asyncio.to_thread(_open, self.base_url, self.network)
            self._connection = asyncio.ensure_future(opening)
        task = self._connection
        try:
            # shielded: one job being cancelled must not take the connection from another
            return await asyncio.shield(task)
        except WavesError:
            if self._connection is task:
                self._connection = None  # the next try may fare better
            raise

    async def exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        key: str | None,
        *,
        query: tuple[tuple[str, str], ...] = (),
        body: bytes | AsyncIterable[bytes] = b"",
        limits: Timeouts | None = None,
    ) -> Answer:
        """Send one request and give its answer, without the key where that repeats it.

        Args:
            method: HTTP method.
            url: As ``url`` gives it.
            headers: The key among them.
            key: The same key.
            query: Parameters, in order.
            body: Whole, or in pieces.
            limits: How long each phase may take.

        Raises:
            WavesError: There is no answer; of the kind that tells what is known.
        """
        connection = await self.open()
        answer = await connection.request(
            method, url, headers=headers, query=query, body=body, limits=limits
        )
        return _without_key(answer, key)


def _open(base_url: str, network: ServiceNetwork) -> Connection:
    # importing httpx and setting up TLS stalls the window, so both happen in a thread
    with loading():
        from app.waves.connection import Connection

    return Connection(base_url, network)


def _without_key(answer: Answer, key: str | None) -> Answer:
    """Take the key out of an answer that repeats it, since answers are kept and shown."""
    secret = (key or "").encode("ascii")
    if len(secret) < _SHORTEST_SECRET or secret not in answer.body:
        return answer
    return replace(answer, body=answer.body.replace(secret, b"(key)"))
