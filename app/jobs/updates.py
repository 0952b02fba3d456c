"""Look whether there is a newer release: only when somebody said so, at most once a week.

One small file is fetched that is the same for everybody. Nothing is sent but the request
for it, nothing else is fetched, and nothing is installed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from app import __version__
from app.core.errors import Action, AppError
from app.core.messages import message
from app.core.preferences import Settings
from app.core.releases import (
    FIRST_ASKED_AFTER,
    LATEST_ADDRESS,
    Release,
    is_due,
    is_newer,
    read_release,
)
from app.jobs.service import network_of
from app.store.settings import SettingsStore
from app.system.clocks import now_ms
from app.system.loading import load_modules
from app.system.resources import is_packaged

if TYPE_CHECKING:
    from app.net.client import Client

_MOST_BYTES = 65_536
_FOUND = 200
_LIMIT_S = 10


class UpdateError(AppError):
    """It could not be found out whether there is a newer release."""


def has_other_ways(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether new releases come by a package manager, so that no look is needed."""
    return "FLATPAK_ID" in environ or "SNAP" in environ or is_packaged()


class Updates:
    """Knows whether to ask, whether to look, and what was told already.

    Attributes:
        is_offered: Whether Wordlight can look at all.
    """

    def __init__(
        self,
        settings: SettingsStore,
        *,
        address: str = LATEST_ADDRESS,
        version: str = __version__,
        has_other_way: bool | None = None,
        now_ms: Callable[[], int] = now_ms,
    ) -> None:
        self._settings = settings
        self._address = address
        self._version = version
        self._now_ms = now_ms
        self.is_offered = bool(address) and not (
            has_other_ways() if has_other_way is None else has_other_way
        )

    def wants_to_ask(self, transcripts: int) -> bool:
        """Tell whether it is time for the one question: shall Wordlight look?"""
        settings = self._settings.settings
        is_settled = settings.was_asked_for_updates or settings.looks_for_updates
        return self.is_offered and not is_settled and transcripts >= FIRST_ASKED_AFTER

    def decide(self, *, looks: bool) -> Settings:
        """Keep the answer to the question.

        Raises:
            StorageError: It cannot be kept.
        """
        return self._settings.change(looks_for_updates=looks, was_asked_for_updates=True)

    async def look_when_due(self) -> Release | None:
        """Look, if that is wanted and a week has gone by; a release is told of once.

        A failure is nobody's business: it is tried again next week.
        """
        settings = self._settings.settings
        if not (self.is_offered and settings.looks_for_updates):
            return None
        if not is_due(settings.updates_looked_ms, self._now_ms()):
            return None
        with suppress(UpdateError):
            release = await self.look()
            if release is not None and release.version != settings.update_told:
                await asyncio.to_thread(
                    lambda: self._settings.change(update_told=release.version)
                )
                return release
        return None

    async def look(self) -> Release | None:
        """Look now; gives a newer release, if there is one.

        Raises:
            UpdateError: It cannot be found out.
            StorageError: That it was looked for cannot be kept; then nothing is fetched.
        """
        # Kept first: whatever goes wrong, it is not asked again and again.
        await asyncio.to_thread(lambda: self._settings.change(updates_looked_ms=self._now_ms()))
        release = read_release(await self._fetch())
        if release is None:
            raise _unknown("no release is told")
        return release if is_newer(release.version, self._version) else None

    async def _fetch(self) -> bytes:
        await load_modules("app.net.client")
        from app.net.client import Client, NetError

        network = network_of(self._settings.settings)
        try:
            client = await asyncio.to_thread(Client, self._address, network, max_redirects=3)
            try:
                return await _read(client, self._address)
            finally:
                await client.aclose()
        except NetError as error:
            raise UpdateError(
                error.message, action=error.action, details=error.details
            ) from error


async def _read(client: Client, address: str) -> bytes:
    from app.net.client import Timeouts

    limits = Timeouts(connect_s=_LIMIT_S, write_s=_LIMIT_S, read_s=_LIMIT_S)
    # The same words from everybody: no version, no system, no language.
    headers = {"User-Agent": "Wordlight", "Accept": "application/json"}
    async with client.request("GET", address, headers=headers, limits=limits) as response:
        if response.status != _FOUND:
            raise _unknown(f"status {response.status}")
        content = bytearray()
        async for block in response.blocks():
            content += block
            if len(content) > _MOST_BYTES:
                raise _unknown("longer than any release")
        return bytes(content)


def _unknown(details: str) -> UpdateError:
    sentence = message("Could not check for updates. Try again later.")
    return UpdateError(sentence, action=Action.RETRY, details=details)
