"""Fetch a model from its hub, on demand.

Not with the hub's own client: it keeps a cache outside of the program's folders and has
its own way of resuming, and all that is needed is one GET a file. What was fetched before
an interruption is kept and gone on from; a file counts only once it hashes to what the
catalogue says, and the folder gets its name only when all files do.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import Action, RecogniserError
from app.core.messages import message
from app.net.background import Teller, in_background
from app.net.network import NetworkSettings
from app.ondevice.catalog import Package, PackageFile
from app.ondevice.installed import ModelFolders, sha256_of, unwritable

if TYPE_CHECKING:
    from app.net.client import Client, NetError

_log = logging.getLogger(__name__)
HUB = "https://huggingface.co"
_SILENCE_S = 15.0
"""A connection that gives nothing for so long is given up."""
_MOST_REDIRECTS = 10
"""The hub hands out large files from another host."""

OnBytes = Callable[[int, int], object]
"""Told how many bytes are there, of how many."""


async def download(
    package: Package,
    folders: ModelFolders,
    *,
    on_progress: OnBytes,
    network: NetworkSettings | None = None,
    hub: str = HUB,
) -> Path:
    """Fetch a model into the downloads folder and give its folder there.

    Cancelling stops it and keeps what is there for the next time.

    Args:
        package: What to fetch.
        folders: Where downloads lie.
        on_progress: See ``OnBytes``; called on the event loop.
        network: Proxy and certificates.
        hub: Address of the hub.

    Raises:
        RecogniserError: No connection, no room, or not the right content.
    """
    teller = Teller(on_progress)
    fetching = _Fetching(package, folders, hub, lambda done: teller(done, package.size_bytes))
    await in_background(
        lambda: fetching.run(network or NetworkSettings()), name=f"download {package.name}"
    )
    on_progress(package.size_bytes, package.size_bytes)
    return folders.downloads / package.name


class _Fetching:
    """One download, on a loop that is its own: what blocks here, blocks nobody else."""

    def __init__(
        self, package: Package, folders: ModelFolders, hub: str, tell: Callable[[int], None]
    ) -> None:
        self._package = package
        self._target = folders.downloads / package.name
        self._partial = folders.partial(package)
        self._hub = hub.rstrip("/")
        self._tell = tell

    async def run(self, network: NetworkSettings) -> None:
        # imported here, in the thread: certificates and httpx itself take a while to read
        from app.net.client import Client, NetError

        try:
            self._partial.mkdir(parents=True, exist_ok=True)
            self._check_room()
            client = Client(self._hub, network, max_redirects=_MOST_REDIRECTS)
            try:
                await self._fetch_all(client)
            finally:
                await client.aclose()
            if self._target.exists():
                shutil.rmtree(self._target)  # incomplete or damaged, else nobody fetched it
            self._partial.replace(self._target)
        except NetError as error:
            raise self._unreachable(error) from error
        except OSError as error:
            raise unwritable(error, self._package) from error

    def _check_room(self) -> None:
        there = sum(path.stat().st_size for path in self._partial.iterdir())
        missing = self._package.size_bytes - there
        if shutil.disk_usage(self._partial).free < missing:
            raise OSError(28, "not enough room", str(self._partial))

    async def _fetch_all(self, client: Client) -> None:
        before = 0
        for file in self._package.files:
            await self._fetch_whole(client, file, before)
            before += file.size_bytes
            await asyncio.sleep(0)  # hashing took a while: was it cancelled meanwhile?

    async def _fetch_whole(self, client: Client, file: PackageFile, before: int) -> None:
        path = self._partial / file.name
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            await self._fetch(client, file, path, before)
        self._tell(before + file.size_bytes)
        if sha256_of(path) != file.sha256:
            path.unlink()
            raise RecogniserError(
                message(
                    "The download of the model {model} is damaged. Download it again.",
                    model=self._package.name,
                ),
                action=Action.RETRY,
                details=f"{file.name} does not hash to {file.sha256}",
            )

    async def _fetch(self, client: Client, file: PackageFile, path: Path, before: int) -> None:
        from app.net.client import NetError, Timeouts, Trouble

        there = path.stat().st_size if path.is_file() else 0
        if there > file.size_bytes:
            there = 0
        package = self._package
        address = f"{self._hub}/{package.repository}/resolve/{package.revision}/{file.name}"
        headers = {"User-Agent": "wordlight", "Accept-Encoding": "identity"}
        if there:
            headers["Range"] = f"bytes={there}-"
        limits = Timeouts(connect_s=_SILENCE_S, read_s=_SILENCE_S)
        async with client.request("GET", address, headers=headers, limits=limits) as reply:
            if reply.status >= HTTPStatus.BAD_REQUEST:
                refuser = reply.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
                raise NetError(
                    Trouble.PROXY if refuser else Trouble.RECEIVING,
                    details=f"{address} answers {reply.status}",
                )
            if reply.status != HTTPStatus.PARTIAL_CONTENT:
                there = 0  # a server or proxy that does not know ranges sends it all
            with path.open("ab" if there else "wb") as out:
                async for block in reply.raw_blocks():
                    there += out.write(block[: file.size_bytes - there])
                    out.flush()  # what has come counts at once, whatever comes next
                    self._tell(before + there)
                    if there == file.size_bytes:
                        break  # the hash tells whether that was all
        if there < file.size_bytes:
            raise NetError(Trouble.RECEIVING, details=f"{address} ends after {there} bytes")

    def _unreachable(self, error: NetError) -> RecogniserError:
        from app.net.client import Trouble

        _log.warning("Download of %s failed: %s", self._package.name, error.details)
        if error.trouble in {Trouble.SETTINGS, Trouble.PROXY, Trouble.CERTIFICATE}:
            return RecogniserError(error.message, action=error.action, details=error.details)
        return RecogniserError(
            message(
                "The model {model} could not be downloaded completely. Check your connection "
                "and download again; it continues where it stopped.",
                model=self._package.name,
            ),
            action=Action.RETRY,
            details=error.details,
        )
