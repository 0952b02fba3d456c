"""The body of an upload: a file in pieces, read ahead in a thread.

The next piece is read while the present one is on its way, so neither the disk
nor the network waits for the other and memory holds two pieces, whatever the
file's size. A file that changes meanwhile is noticed before its last piece leaves:
the service then never has all that was promised, and cannot have billed for it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from io import FileIO
from pathlib import Path
from types import TracebackType

from app.core.errors import Action, RecordingError
from app.core.messages import message

PIECE_BYTES = 512 * 1024


class UploadBody:
    """One file on its way; used as an asynchronous context and iterated once.

    Attributes:
        size_bytes: How much there is to send.
        sent_bytes: How much was handed over to the network.
        is_complete: Whether the last piece was handed over: from then on the service
            may have everything.
    """

    def __init__(
        self,
        path: Path,
        on_sent: Callable[[int, int], None] | None = None,
        on_last: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.size_bytes = 0
        self.sent_bytes = 0
        self.is_complete = False
        self._path = path
        self._on_sent = on_sent
        self._on_last = on_last
        self._file: FileIO | None = None
        self._changed_ns = 0
        self._read_bytes = 0
        self._ahead: asyncio.Future[bytes] | None = None
        self._on_its_way = 0

    async def __aenter__(self) -> UploadBody:
        await asyncio.to_thread(self._open)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        if self._ahead is None:
            file.close()
        elif self._ahead.done():
            _forget(self._ahead, file)
        else:  # a thread may still read: the file is closed when it is done
            self._ahead.add_done_callback(lambda done: _forget(done, file))

    def __aiter__(self) -> UploadBody:
        return self

    async def __anext__(self) -> bytes:
        """Give the next piece; by asking, the network tells that it took the last one."""
        if self._on_its_way:
            self.sent_bytes += self._on_its_way
            self._on_its_way = 0
            if self._on_sent is not None:
                self._on_sent(self.sent_bytes, self.size_bytes)
        if self._read_bytes >= self.size_bytes:
            raise StopAsyncIteration
        self._ahead = self._ahead or self._read()
        # shielded: being cancelled does not stop the thread, and the file must outlive it
        piece = await asyncio.shield(self._ahead)
        self._ahead = None
        if not piece:
            raise _changed(self._path)
        self._read_bytes += len(piece)
        if self._read_bytes < self.size_bytes:
            self._ahead = self._read()
        else:
            await asyncio.to_thread(self._check_unchanged)
            if self._on_last is not None:
                await self._on_last()
            self.is_complete = True
        self._on_its_way = len(piece)
        return piece

    def _read(self) -> asyncio.Future[bytes]:
        if self._file is None:
            raise RuntimeError("an upload is read inside its context")
        wanted = min(PIECE_BYTES, self.size_bytes - self._read_bytes)
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(None, _read_piece, self._file, wanted, self._path)

    def _open(self) -> None:
        try:
            file = FileIO(self._path)
        except (OSError, ValueError) as error:
            raise _unreadable(self._path, error) from error
        status = os.fstat(file.fileno())
        self.size_bytes = status.st_size
        self._changed_ns = status.st_mtime_ns
        if not self.size_bytes:
            file.close()
            raise RecordingError(
                message("{name} is empty. Choose another file.", name=self._path.name),
                action=Action.CHOOSE_FILE,
            )
        self._file = file

    def _check_unchanged(self) -> None:
        if self._file is None:
            return
        try:
            status = os.fstat(self._file.fileno())
            self._path.stat()
        except OSError as error:
            raise _unreadable(self._path, error) from error
        if status.st_size != self.size_bytes or status.st_mtime_ns != self._changed_ns:
            raise _changed(self._path)


def _read_piece(file: FileIO, wanted: int, path: Path) -> bytes:
    try:
        return file.read(wanted) or b""
    except OSError as error:
        raise _unreadable(path, error) from error


def _forget(read: asyncio.Future[bytes], file: FileIO) -> None:
    if not read.cancelled():
        read.exception()  # fetched, else asyncio reports it as lost
    file.close()


def _unreadable(path: Path, error: Exception) -> RecordingError:
    return RecordingError(
        message(
            "{name} can no longer be read. Put it back or choose another file.", name=path.name
        ),
        action=Action.CHOOSE_FILE,
        details=str(error),
    )


def _changed(path: Path) -> RecordingError:
    return RecordingError(
        message("{name} changed while it was being sent. Try again.", name=path.name),
        action=Action.RETRY,
    )
