"""Where the service is: its addresses, and what may be sent where. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import message
from app.net.network import (
    NetworkSettings,
    is_loopback,
    is_private,
    is_web_address,
    split_address,
)
from app.waves.codec import TRANSCRIBE_PATH
from app.waves.errors import AddressError

DEFAULT_BASE_URL = "https://api.smallest.ai"
INDIA_BASE_URL = "https://api.india.smallest.ai"
US_BASE_URL = "https://api.us.smallest.ai"
SERVICE_URLS = frozenset({DEFAULT_BASE_URL, INDIA_BASE_URL, US_BASE_URL})
"""Where the service itself is; any other address is a server of one's own."""
_PRINTABLE = range(0x21, 0x7F)


@dataclass(frozen=True, slots=True)
class ServiceNetwork(NetworkSettings):
    """The way onto the network, and what is particular to the service.

    Attributes:
        allows_plain_http: Whether the key may go over an unencrypted connection to
            another machine; the person has been warned.
        path: Where transcription is on the server, for self-hosting (contract 9).
    """

    allows_plain_http: bool = False
    path: str = TRANSCRIBE_PATH


def check_base_url(base_url: str, *, allows_plain_http: bool = False) -> str:
    """Give the address of the service without a slash at its end.

    Raises:
        AddressError: It is no web address, or the key would travel unencrypted.
    """
    address = base_url.strip().rstrip("/")
    parts = split_address(address)
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
                "The service address {address} cannot be used. Change it in Settings.",
                address=_without_login(address)[:100] or "(none)",
            )
        )
    if parts.scheme == "http" and not allows_plain_http and not is_loopback(address):
        raise AddressError(
            message(
                "The key would be sent to {host} unencrypted. Use https, or allow this in "
                "Settings.",
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
            "The service path has characters that are not allowed. Change it in Settings."
        )
    return "/" + bare.lstrip("/")


def check_link(link: str) -> str:
    """Give a public link to sound as it can be sent to the service.

    Raises:
        AddressError: It is no http(s) link, or one to this machine or network.
    """
    address = link.strip()
    if not is_web_address(address):
        raise AddressError(
            "This is not a link to a recording on the web. It has to start with http:// or "
            "https://."
        )
    if is_private(address):
        raise AddressError(
            "The service cannot reach links in your own network. Add the file itself."
        )
    return address


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


def _without_login(address: str) -> str:
    return address.rpartition("@")[2]
