"""Fetch a model from its hub, on demand.

Plain ``urllib`` in a thread: the hub's own client keeps a cache outside of the
program's folders, has its own way of resuming and no way to stop, and all that is
needed is one GET a file. What was fetched before an interruption is kept and gone on
from; a file counts only once it hashes to what the catalogue says, and the folder gets
its name only when all files do.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
import shutil
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, cast

import truststore

from app.core.errors import Action, RecogniserError
from app.core.messages import message
from app.ondevice.catalog import Package, PackageFile
from app.ondevice.installed import ModelFolders, sha256_of, unwritable

_log = logging.getLogger(__name__)
HUB = "https://huggingface.co"
_BLOCK_BYTES = 1 << 18
_SILENCE_S = 15.0
"""A connection that gives nothing for so long is given up."""
_CANCEL_S = 1.0

OnBytes = Callable[[int, int], object]
"""Told how many bytes are there, of how many."""


async def download(
    package: Package, folders: ModelFolders, *, on_progress: OnBytes, hub: str = HUB
) -> Path:
    """Fetch a model into the downloads folder and give its folder there.

    Cancelling stops it and keeps what is there for the next time.

    Args:
        package: What to fetch.
        folders: Where downloads lie.
        on_progress: See ``OnBytes``; called on the event loop.
        hub: Address of the hub.

    Raises:
        RecogniserError: No connection, no room, or not the right content.
    """
    loop = asyncio.get_running_loop()

    def tell(done: int) -> None:
        loop.call_soon_threadsafe(on_progress, done, package.size_bytes)

    fetching = _Fetching(package, folders, hub, tell)
    work = asyncio.ensure_future(asyncio.to_thread(fetching.run))
    try:
        await asyncio.wait([work])
    except asyncio.CancelledError:
        # It ends at once; only while it is connecting not before the timeout of that, and
        # even then it writes nothing more.
        fetching.cancel()
        work.add_done_callback(lambda ended: ended.exception())
        await asyncio.wait([work], timeout=_CANCEL_S)
        raise
    work.result()
    on_progress(package.size_bytes, package.size_bytes)
    return folders.downloads / package.name


class _StoppedError(Exception):
    """The person cancelled."""


class _Fetching:
    """One download, in its thread."""

    def __init__(
        self, package: Package, folders: ModelFolders, hub: str, tell: Callable[[int], None]
    ) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._package = package
        self._target = folders.downloads / package.name
        self._partial = folders.partial(package)
        self._hub = hub.rstrip("/")
        self._tell = tell

    def cancel(self) -> None:
        """End it, even while it waits for a server that sends nothing."""
        self._stop.set()
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):  # the other side was first
                    self._line.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        try:
            self._partial.mkdir(parents=True, exist_ok=True)
            self._check_room()
            before = 0
            for file in self._package.files:
                self._fetch_whole(file, before)
                before += file.size_bytes
            if self._target.exists():
                shutil.rmtree(self._target)  # incomplete or damaged, else nobody fetched it
            self._partial.replace(self._target)
        except (http.client.HTTPException, urllib.error.URLError, TimeoutError) as error:
            raise self._unreachable(error) from error
        except OSError as error:
            # A connection that breaks is an OSError too, but has no file.
            if isinstance(error, ConnectionError | ssl.SSLError):
                raise self._unreachable(error) from error
            raise unwritable(error, self._package) from error

    def _check_room(self) -> None:
        there = sum(path.stat().st_size for path in self._partial.iterdir())
        missing = self._package.size_bytes - there
        if shutil.disk_usage(self._partial).free < missing:
            raise OSError(28, "not enough room", str(self._partial))

    def _fetch_whole(self, file: PackageFile, before: int) -> None:
        if self._stop.is_set():
            raise _StoppedError
        path = self._partial / file.name
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            self._fetch(file, path, before)
        self._tell(before + file.size_bytes)
        if path.stat().st_size != file.size_bytes:
            if path.stat().st_size > file.size_bytes:
                path.unlink()
            raise http.client.IncompleteRead(b"")
        if sha256_of(path) != file.sha256:
            path.unlink()
            raise RecogniserError(
                message(
                    "What was downloaded for the model {model} is damaged; download it again.",
                    model=self._package.name,
                ),
                action=Action.RETRY,
                details=f"{file.name} does not hash to {file.sha256}",
            )

    def _fetch(self, file: PackageFile, path: Path, before: int) -> None:
        there = path.stat().st_size if path.is_file() else 0
        if there > file.size_bytes:
            there = 0
        with self._open(file, there) as reply, self._interruptible(reply):
            if there and reply.status != HTTPStatus.PARTIAL_CONTENT:
                there = 0  # a server or proxy that does not know ranges sends it all
            with path.open("ab" if there else "wb") as out:
                self._copy(reply, out, before + there, file.size_bytes - there)

    def _open(self, file: PackageFile, there: int) -> http.client.HTTPResponse:
        package = self._package
        address = f"{self._hub}/{package.repository}/resolve/{package.revision}/{file.name}"
        headers = {"User-Agent": "wordlight", "Accept-Encoding": "identity"}
        if there:
            headers["Range"] = f"bytes={there}-"
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 – HUB or a test's
        tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        reply: object = urllib.request.urlopen(request, timeout=_SILENCE_S, context=tls)  # noqa: S310
        return cast("http.client.HTTPResponse", reply)

    @contextlib.contextmanager
    def _interruptible(self, reply: http.client.HTTPResponse) -> Generator[None]:
        """Let ``cancel`` hang up meanwhile, through a handle of its own on the connection."""
        with self._lock:
            self._line = socket.fromfd(reply.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        try:
            yield
        finally:
            with self._lock:
                self._line.close()
                self._line = None

    def _copy(
        self, reply: http.client.HTTPResponse, out: BinaryIO, done: int, missing: int
    ) -> None:
        while missing:
            block = reply.read1(min(_BLOCK_BYTES, missing))
            if self._stop.is_set():
                raise _StoppedError
            if not block:
                return
            out.write(block)
            out.flush()  # what has come counts at once, and a stop leaves nothing to write
            done += len(block)
            missing -= len(block)
            self._tell(done)

    def _unreachable(self, error: Exception) -> Exception:
        if self._stop.is_set():  # we hung up ourselves
            return _StoppedError()
        _log.warning("Download of %s failed: %r", self._package.name, error)
        return RecogniserError(
            message(
                "The model {model} could not be fetched completely; check the connection and "
                "download again, which goes on where it stopped.",
                model=self._package.name,
            ),
            action=Action.RETRY,
            details=repr(error),
        )
