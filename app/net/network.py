"""How a person's computer reaches the network, and what can be told from an address. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

_PRINTABLE = range(0x21, 0x7F)


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The way onto the network.

    Attributes:
        proxy: Proxy typed by hand, ``http://[name:password@]host:port``; empty for the
            system's. It may hold a password, so it is left out of ``repr``.
        uses_system_proxy: Whether to ask the system (and the environment) for a proxy
            when none is typed.
        certificates: File of further certificates to trust, for a company's own.
    """

    proxy: str = field(default="", repr=False)
    uses_system_proxy: bool = True
    certificates: str = ""


def split_address(address: str) -> SplitResult | None:
    """Take a web address apart; nothing if it has signs or a port that none can have."""
    if not address or any(ord(letter) not in _PRINTABLE for letter in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for nonsense
    except ValueError:
        return None
    return parts


def is_web_address(address: str) -> bool:
    """Tell whether an address is one of a machine on the web."""
    parts = split_address(address)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_loopback(address: str) -> bool:
    """Tell whether an address stays on this machine."""
    host = _host(address)
    number = _number(host)
    return host == "localhost" if number is None else number.is_loopback


def is_private(address: str) -> bool:
    """Tell whether an address cannot be reached from the internet."""
    host = _host(address)
    number = _number(host)
    if number is not None:
        return not number.is_global
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _host(address: str) -> str:
    parts = split_address(address)
    return (parts.hostname or "").lower() if parts else ""


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
