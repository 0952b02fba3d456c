"""Whether sound may be sent to an address: asked once for each, and taken back at will."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from app.core.messages import Message, message
from app.jobs.service import Service
from app.net.network import is_loopback, split_address
from app.store.settings import SettingsStore


@dataclass(frozen=True, slots=True)
class Leaving:
    """Sound that is about to leave this computer.

    Attributes:
        address: Where to, as ``https://host``.
        dollars_per_hour: What an hour of sound costs there, as an estimate.
        dollars: What is about to be sent costs; ``None`` where that is not known.
        is_live: Whether it leaves while it is recorded.
    """

    address: str
    dollars_per_hour: Decimal
    dollars: Decimal | None = None
    is_live: bool = False


Ask = Callable[[Leaving], Awaitable[bool]]
"""Asks a person whether sound may be sent there."""


class Consent:
    """What a person allows; this computer needs no leave.

    Attributes:
        ask: Who is asked; without anybody nothing is sent that is not allowed yet.
    """

    def __init__(self, service: Service, settings: SettingsStore) -> None:
        self.ask: Ask | None = None
        self._service = service
        self._settings = settings
        self._asking = asyncio.Lock()

    @property
    def address(self) -> str:
        """Where the service is, without its path."""
        return origin(self._service.base_url)

    @property
    def is_given(self) -> bool:
        """Whether sound may be sent there without a question."""
        address = self.address
        allowed = self._settings.settings.sound_may_go_to
        return is_loopback(address) or address in allowed

    async def obtain(
        self,
        dollars_per_hour: Decimal,
        *,
        dollars: Decimal | None = None,
        is_live: bool = False,
    ) -> bool:
        """Tell whether sound may be sent, and ask where nobody has said so yet.

        Args:
            dollars_per_hour: What an hour of sound costs.
            dollars: What is about to be sent costs.
            is_live: Whether it is sent while it is recorded.

        Raises:
            StorageError: The answer could not be kept.
        """
        async with self._asking:  # one question at a time, and its answer counts for all
            if self.is_given:
                return True
            if self.ask is None:
                return False
            address = self.address
            if not await self.ask(Leaving(address, dollars_per_hour, dollars, is_live)):
                return False
            await asyncio.to_thread(self._keep, address)
            return True

    def refusal(self) -> Message:
        """Say that nothing is sent."""
        return message(
            "Nothing is sent: you have not allowed audio to be sent to {host}.",
            host=host_of(self.address),
        )

    def _keep(self, address: str) -> None:
        allowed = self._settings.settings.sound_may_go_to
        if address not in allowed:
            self._settings.change(sound_may_go_to=(*allowed, address))


def origin(address: str) -> str:
    """Give an address without its path; as it is where it is none."""
    parts = split_address(address.strip())
    if parts is None or not parts.hostname:
        return address.strip()
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def host_of(address: str) -> str:
    """Give what a person calls an address: its host, and its port where it names one."""
    return address.partition("://")[2] or address
