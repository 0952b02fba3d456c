"""Where the service is and how to get there: addresses and network settings. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from app.core.messages import message
from app.waves.codec import TRANSCRIBE_PATH
from app.waves.errors import AddressError

DEFAULT_BASE_URL = "https://api.smallest.ai"
INDIA_BASE_URL = "https://api.india.smallest.ai"
US_BASE_URL = "https://api.us.smallest.ai"
_PRINTABLE = range(0x21, 0x7F)


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How to reach the service.

    Attributes:
        proxy: Proxy typed by hand, ``http://[name:password@]host:port``; empty for the
            system's. It may hold a password, so it is left out of ``repr``.
        uses_system_proxy: Whether to ask the system (and the environment) for a proxy
            when none is typed.
        certificates: File of further certificates to trust, for a company's own.
        allows_plain_http: Whether the key may go over an unencrypted connection to
            another machine; the person has been warned.
        path: Where transcription is on the server, for self-hosting (contract 9).
    """

    proxy: str = field(default="", repr=False)
    uses_system_proxy: bool = True
    certificates: str = ""
    allows_plain_http: bool = False
    path: str = TRANSCRIBE_PATH


def check_base_url(base_url: str, *, allows_plain_http: bool = False) -> str:
    """Give the address of the service without a slash at its end.

    Raises:
        AddressError: It is no web address, or the key would travel unencrypted.
    """
    address = base_url.strip().rstrip("/")
    parts = _split(address)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise AddressError(
            message(
                "The address of the service, {address}, cannot be used; correct it in the "
                "settings.",
                address=_without_login(address)[:100] or "(none)",
            )
        )
    if parts.scheme == "http" and not allows_plain_http and not is_loopback(address):
        raise AddressError(
            message(
                "The key would travel to {host} unencrypted; use https, or allow it in the "
                "settings.",
                host=parts.hostname,
            )
        )
    return address


def check_path(path: str) -> str:
    """Give the path of the transcription endpoint, beginning with a slash.

    Raises:
        AddressError: It cannot be a path.
    """
    bare = path.strip() or TRANSCRIBE_PATH
    if any(ord(letter) not in _PRINTABLE for letter in bare) or set("?#") & set(bare):
        raise AddressError(
            "The path of the service has characters that do not belong into one; correct it "
            "in the settings."
        )
    return "/" + bare.lstrip("/")


def check_link(link: str) -> str:
    """Give a public link to sound as it can be sent to the service.

    Raises:
        AddressError: It is no http(s) link, or one to this machine or network.
    """
    address = link.strip()
    parts = _split(address)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressError(
            "This is no link to a recording on the web; it has to begin with http:// or "
            "https://."
        )
    if is_private(address):
        raise AddressError(
            "The service cannot reach a link into your own network; add the file itself."
        )
    return address


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


def other_region(base_url: str, region: str) -> str:
    """Give the service's other regional address, or nothing for a server of one's own.

    Args:
        base_url: The address that refused.
        region: The region it named, such as ``ap-south-1`` (contract 3.2, 4.1).
    """
    here = base_url.rstrip("/")
    if here == US_BASE_URL:
        return INDIA_BASE_URL
    if here == INDIA_BASE_URL:
        return US_BASE_URL
    if here == DEFAULT_BASE_URL:  # goes to the nearest region
        return INDIA_BASE_URL if region.startswith("us-") else US_BASE_URL
    return ""


def _split(address: str) -> SplitResult | None:
    if not address or any(ord(letter) not in _PRINTABLE for letter in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for nonsense
    except ValueError:
        return None
    return parts


def _host(address: str) -> str:
    parts = _split(address)
    return (parts.hostname or "").lower() if parts else ""


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _without_login(address: str) -> str:
    return address.rpartition("@")[2]
