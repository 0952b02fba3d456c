"""Open live sockets to the service: at its address, with its key, on the person's own way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from app.core.options import ModelId, TranscriptionOptions
from app.system.loading import loading
from app.waves.access import Access
from app.waves.codec import build_headers
from app.waves.errors import AddressError, CaptivePortalError, UnreachableError, WavesError
from app.waves.live_codec import LIVE_PATH, LiveRequest, build_live_query
from app.waves.network import ServiceNetwork
from app.waves.refusal import CAPTIVE_PORTAL, first_part, is_web_page, refusal

if TYPE_CHECKING:
    from app.net.client import NetError
    from app.net.web_socket import UpgradeRefusedError, WebSocket, WebSockets

_NO_SUCH_PLACE = 404


class LiveAccess:
    """Opens the sockets of one take.

    Attributes:
        base_url: Where the service is.
    """

    def __init__(
        self, base_url: str, key: Callable[[], str | None], network: ServiceNetwork
    ) -> None:
        """Prepare it; nothing is opened or imported yet.

        Args:
            base_url: Without path; checked with each connection.
            key: Gives the key, or ``None``; called in a thread, since a keyring may block.
            network: Proxy and certificates.
        """
        self._access = Access(base_url, key, network)
        self.base_url = self._access.base_url
        self._network = network
        self._sockets: WebSockets | None = None
        self._secret = ""

    async def open(self, request: LiveRequest) -> WebSocket:
        """Open a connection for one channel.

        Raises:
            WavesError: There is none, and why.
        """
        url = self._access.url(LIVE_PATH)
        key = await self._access.present_key()
        self._secret = key
        if self._sockets is None:
            self._sockets = await asyncio.to_thread(_prepare, url, self._network)
        from app.net.client import NetError
        from app.net.web_socket import UpgradeRefusedError

        try:
            return await self._sockets.open(
                f"ws{url.removeprefix('http')}?{urlencode(build_live_query(request))}",
                {"Authorization": build_headers(key)["Authorization"]},
            )
        except UpgradeRefusedError as error:
            raise self._refused(error, request) from None
        except NetError as error:
            raise _meaning(error, self.base_url) from error

    def refusal(self, status: int, body: bytes, request: LiveRequest) -> WavesError:
        """Make the error for what the service complains of, without the key in it."""
        return self._explained(status, {}, body, request)

    def _refused(self, error: UpgradeRefusedError, request: LiveRequest) -> WavesError:
        if not 200 <= error.status < 300:
            return self._explained(error.status, dict(error.headers), error.body, request)
        if is_web_page(error.headers, error.body):
            details = first_part(error.body)
            return CaptivePortalError(CAPTIVE_PORTAL, details=details, status=error.status)
        return self._explained(_NO_SUCH_PLACE, {}, error.body, request)

    def _explained(
        self, status: int, headers: dict[str, str], body: bytes, request: LiveRequest
    ) -> WavesError:
        body = body.replace(self._secret.encode("ascii"), b"(key)") if self._secret else body
        options = TranscriptionOptions(model=ModelId.PULSE, language=request.language)
        return refusal(status, headers, body, options)


def _prepare(url: str, network: ServiceNetwork) -> WebSockets:
    # importing websockets and setting up TLS stalls the window, so both happen in a thread
    with loading():
        from app.net.client import NetError
        from app.net.web_socket import WebSockets

    try:
        return WebSockets(url, network)
    except NetError as error:
        raise AddressError(error.message, details=error.details) from error


def _meaning(error: NetError, base_url: str) -> WavesError:
    from app.net.client import Trouble
    from app.waves.connection import not_reached

    if error.trouble is Trouble.SETTINGS:
        return AddressError(error.message, details=error.details)
    return not_reached(error, base_url) or UnreachableError(
        "The connection failed. Check it, then try again.", details=error.details
    )
