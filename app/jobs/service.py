"""The speech service as the settings have it, always with the present settings."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.options import TranscriptionOptions
from app.core.preferences import ProxyMode, Region, Settings
from app.net.network import NetworkSettings
from app.store.secrets import KeyStore
from app.store.settings import SettingsStore
from app.waves.codec import TRANSCRIBE_PATH
from app.waves.network import (
    DEFAULT_BASE_URL,
    INDIA_BASE_URL,
    US_BASE_URL,
    ServiceNetwork,
)
from app.waves.price import DOLLARS_PER_MINUTE, estimate

if TYPE_CHECKING:
    from pathlib import Path

    from app.net.fetch import OnFetched
    from app.waves.client import WavesClient
    from app.waves.console import Console
    from app.waves.live_access import LiveAccess

__all__ = ["DOLLARS_PER_MINUTE", "Service"]

BASE_URL_VARIABLE = "WORDLIGHT_BASE_URL"
_HOSTS = {
    # contract 3.2: keys work on all of them
    Region.DEFAULT: DEFAULT_BASE_URL,
    Region.US: US_BASE_URL,
    Region.INDIA: INDIA_BASE_URL,
}


class Service:
    """Give the client for the present settings; a change of them gives a new one.

    Requests under way keep the client they began with.
    """

    def __init__(
        self,
        settings: SettingsStore,
        keys: KeyStore,
        environ: Mapping[str, str] = os.environ,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._environ = environ
        self._sleep = sleep
        self._client: WavesClient | None = None
        self._made_for: Settings | None = None
        self._older: list[WavesClient] = []

    @property
    def base_url(self) -> str:
        """Where the service is: the environment's word, the settings', or the region's."""
        settings = self._settings.settings
        return (
            self._environ.get(BASE_URL_VARIABLE, "").strip()
            or settings.base_url.strip()
            or _HOSTS[settings.region]
        )

    def client(self) -> WavesClient:
        """Give the client for the present settings."""
        from app.waves.client import WavesClient

        settings = self._settings.settings
        if self._client is None or not _same(settings, self._made_for):
            rate_limiter = None
            if self._client is not None:
                self._older.append(self._client)
                if _same(settings, self._made_for, _PACE):
                    rate_limiter = self._client.rate_limiter  # what was started counts on
            self._client = WavesClient(
                self.base_url,
                self._key,
                _service_network(settings),
                rate_limiter=rate_limiter,
                starts_per_minute=settings.starts_per_minute,
                sleep=self._sleep,
            )
            self._made_for = settings
        return self._client

    def console(self) -> Console:
        """Give what tells key, balance, health and log, for the present settings."""
        return self.client().console

    def live_access(self) -> LiveAccess:
        """Give what opens sockets for live text, for the present settings."""
        from app.waves.live_access import LiveAccess

        network = _service_network(self._settings.settings)
        return LiveAccess(self.base_url, self._key, network)

    def estimate(self, options: TranscriptionOptions, duration_ms: int) -> Decimal:
        """Give the expected price of a job in US dollars, at the prices that are set."""
        prices = {model: Decimal(str(price)) for model, price in self._settings.settings.prices}
        return estimate(options, duration_ms, prices)

    async def fetch(self, link: str, target: Path, on_progress: OnFetched) -> Path:
        """Fetch a recording from a public link, wholly or not at all; no key goes along.

        Raises:
            AppError: It was not reached, is no recording, or there is no room.
        """
        from app.net.fetch import fetch

        network = network_of(self._settings.settings)
        return await fetch(link, target, network, on_progress=on_progress)

    async def aclose(self) -> None:
        """Close all connections."""
        clients = [*self._older, *([self._client] if self._client else [])]
        self._older, self._client = [], None
        await asyncio.gather(*(client.aclose() for client in clients))

    def _key(self) -> str | None:
        key = self._keys.load()
        return None if key is None else key.reveal()


_PACE = ("starts_per_minute",)
_MADE_OF = (
    "base_url",
    "region",
    "service_path",
    "proxy_mode",
    "proxy_url",
    "certificates",
    "allow_plain_http",
    *_PACE,
)


def _same(now: Settings, before: Settings | None, names: tuple[str, ...] = _MADE_OF) -> bool:
    """Tell whether nothing that the client is made of has changed."""
    return before is not None and all(
        getattr(now, name) == getattr(before, name) for name in names
    )


def network_of(settings: Settings) -> NetworkSettings:
    """Give the way onto the network that a person chose."""
    return NetworkSettings(
        proxy=settings.proxy_url if settings.proxy_mode is ProxyMode.MANUAL else "",
        uses_system_proxy=settings.proxy_mode is ProxyMode.SYSTEM,
        certificates=settings.certificates,
    )


def _service_network(settings: Settings) -> ServiceNetwork:
    own = network_of(settings)
    return ServiceNetwork(
        own.proxy,
        own.uses_system_proxy,
        own.certificates,
        allows_plain_http=settings.allow_plain_http,
        path=settings.service_path.strip() or TRANSCRIBE_PATH,
    )
