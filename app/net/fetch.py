"""Fetch a recording from a public link, for playback only; no key goes along."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.core.errors import Action, RecordingError, StorageError
from app.core.messages import Message, message
from app.net.background import Teller, in_background
from app.net.network import NetworkSettings
from app.system.files import replacing

if TYPE_CHECKING:
    from app.net.client import NetError, Response

LARGEST_BYTES = 8 * 1024**3
_KEEP_FREE_BYTES = 200 * 1024**2
_MOST_REDIRECTS = 5
_NO_LINK = message("This is not a link to a recording on the web. Check it.")

OnFetched = Callable[[int, int | None], object]
"""Told how many bytes are there, and of how many where the server says."""


async def fetch(
    link: str,
    target: Path,
    network: NetworkSettings,
    *,
    on_progress: OnFetched,
    largest_bytes: int = LARGEST_BYTES,
) -> Path:
    """Fetch what lies behind a link, wholly or not at all.

    Args:
        link: http or https.
        target: The file to be; nothing is there until all is.
        network: Proxy and certificates.
        on_progress: See ``OnFetched``; called on the event loop.
        largest_bytes: More is refused.

    Raises:
        RecordingError: It was not reached, does not give it out, is no recording, or too
            large.
        StorageError: There is no room for it, or it cannot be written.
    """
    address = link.strip()
    if not _is_link(address):
        raise RecordingError(_NO_LINK)
    teller = Teller(on_progress)
    await in_background(
        lambda: _fetch(address, target, network, largest_bytes, teller), name="fetch"
    )
    return target


async def _fetch(
    address: str, target: Path, network: NetworkSettings, largest_bytes: int, teller: Teller
) -> None:
    # imported here, in the thread: certificates and httpx itself take a while to read
    from app.net.client import Client, NetError

    try:
        client = Client(address, network, max_redirects=_MOST_REDIRECTS)
        try:
            async with client.request("GET", address) as response:
                total = _check(response, largest_bytes)
                _check_room(target.parent, total)
                await _write(response, target, total, largest_bytes, teller)
        finally:
            await client.aclose()
    except NetError as error:
        raise RecordingError(
            _meaning(error), action=Action.RETRY, details=error.details
        ) from error
    except OSError as error:
        raise StorageError(
            "The recording could not be saved. Free some disk space, then download it again.",
            details=str(error),
        ) from error


def _is_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _check(response: Response, largest_bytes: int) -> int | None:
    """Look at the head of an answer; gives how long the rest is, if it says."""
    if response.status >= 400:
        raise RecordingError(
            message(
                "The link does not lead to the recording (answer {status}). Open it in a "
                "browser to check.",
                status=response.status,
            ),
        )
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise RecordingError(
            "The link leads to a web page, not a recording. Download the file there yourself."
        )
    length = response.headers.get("content-length", "")
    total = int(length) if length.isascii() and length.isdigit() else None
    if total is not None and total > largest_bytes:
        raise _too_large()
    return total


def _check_room(folder: Path, total: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if total is not None and shutil.disk_usage(folder).free < total + _KEEP_FREE_BYTES:
        raise StorageError("There is not enough disk space for the recording. Free some space.")


async def _write(
    response: Response, target: Path, total: int | None, largest_bytes: int, teller: Teller
) -> None:
    done = 0
    with replacing(target) as file:
        async for block in response.blocks():
            done += len(block)
            if done > largest_bytes:
                raise _too_large()
            file.write(block)
            teller(done, total)
        if done == 0:
            raise RecordingError(
                "There is nothing at this link. Open it in a browser to check."
            )


def _too_large() -> RecordingError:
    return RecordingError("The recording at this link is too large to download.")


def _meaning(error: NetError) -> Message:
    from app.net.client import Trouble

    match error.trouble:
        case Trouble.SETTINGS | Trouble.PROXY | Trouble.CERTIFICATE:
            return error.message
        case Trouble.ADDRESS:
            return _NO_LINK
        case Trouble.UNKNOWN_HOST:
            return message(
                "The link's address cannot be found. Check your connection, then try again."
            )
        case _:
            return message(
                "The recording could not be downloaded completely. Check your connection, "
                "then try again."
            )
