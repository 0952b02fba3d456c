"""Fetch a recording from a public link, for playback only; no key goes along."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.core.errors import RecordingError, StorageError
from app.core.messages import message
from app.waves.errors import AddressError, OfflineError, UnreachableError, WavesError
from app.waves.network import NetworkSettings

if TYPE_CHECKING:
    import httpx

LARGEST_BYTES = 8 * 1024**3
_KEEP_FREE_BYTES = 200 * 1024**2
_SILENCE_S = 30.0
_MOST_REDIRECTS = 5

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
        on_progress: See ``OnFetched``.
        largest_bytes: More is refused.

    Raises:
        WavesError: It was not reached, or does not give it out.
        RecordingError: It is no recording, or too large.
        StorageError: There is no room for it, or it cannot be written.
    """
    parts = urlsplit(link.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressError("This is no link to a recording on the web; correct it.")
    import httpx

    client = await asyncio.to_thread(_client, link, network)
    partial = target.with_name(f".{target.name}.part")
    try:
        async with client, client.stream("GET", link.strip()) as response:
            total = _check(response, largest_bytes)
            await asyncio.to_thread(_check_room, target.parent, total)
            await _write(response, partial, total, largest_bytes, on_progress)
        await asyncio.to_thread(partial.replace, target)
    except httpx.HTTPError as error:
        raise _meaning(error) from error
    except OSError as error:
        raise StorageError(
            "The recording could not be written; make room on the disk, then fetch it again.",
            details=str(error),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(partial.unlink, missing_ok=True)
    return target


def _client(link: str, network: NetworkSettings) -> httpx.AsyncClient:
    # set up in a thread: certificates and httpx itself take a while to read
    from app.waves.connection import open_client

    return open_client(link, network, max_redirects=_MOST_REDIRECTS, timeout_s=_SILENCE_S)


def _check(response: httpx.Response, largest_bytes: int) -> int | None:
    """Look at the head of an answer; gives how long the rest is, if it says."""
    if response.status_code >= 400:
        raise WavesError(
            message(
                "The link does not give out the recording (it answers {status}); look at it in "
                "a browser.",
                status=response.status_code,
            ),
            status=response.status_code,
        )
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise RecordingError(
            "The link leads to a web page, not to a recording; fetch the file there yourself."
        )
    length = response.headers.get("content-length", "")
    total = int(length) if length.isascii() and length.isdigit() else None
    if total is not None and total > largest_bytes:
        raise _too_large()
    return total


def _check_room(folder: Path, total: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if total is not None and shutil.disk_usage(folder).free < total + _KEEP_FREE_BYTES:
        raise StorageError("There is no room on the disk for the recording; make some.")


async def _write(
    response: httpx.Response,
    partial: Path,
    total: int | None,
    largest_bytes: int,
    on_progress: OnFetched,
) -> None:
    done = 0
    file = await asyncio.to_thread(partial.open, "wb")
    try:
        async for block in response.aiter_bytes(1 << 18):
            done += len(block)
            if done > largest_bytes:
                raise _too_large()
            await asyncio.to_thread(file.write, block)
            on_progress(done, total)
    finally:
        await asyncio.to_thread(file.close)
    if done == 0:
        raise RecordingError("There is nothing behind the link; look at it in a browser.")


def _too_large() -> RecordingError:
    return RecordingError("The recording behind the link is too large to be fetched.")


def _meaning(error: httpx.HTTPError) -> WavesError:
    import socket

    details = f"{type(error).__name__}: {error}"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return OfflineError(
                "The link's address cannot be found; look at your connection, then try again.",
                details=details,
            )
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(
        "The recording could not be fetched completely; look at your connection, then try "
        "again.",
        details=details,
    )
