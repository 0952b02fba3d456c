"""One window on the same folders: a second start hands its files to the first."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.store.paths import AppPaths
from app.system.clocks import monotonic_ms
from app.system.locks import InstanceLock

_ANSWER = b"taken"
_PATIENCE_MS = 3_000
_START_MS = 20_000
_LOOK_S = 0.05
_LONGEST_BYTES = 4 * 1024 * 1024


def server_name(paths: AppPaths) -> str:
    """Give the name under which the window on these folders can be reached."""
    digest = hashlib.sha256(str(paths.data).encode("utf-8", "surrogateescape")).hexdigest()
    return f"wordlight-{digest[:16]}"


class Outcome(Enum):
    """What became of a second start."""

    TAKEN = "the window that is open has the files"
    FIRST = "the window that was open is gone, and this start is the first now"
    SILENT = "the window that is open does not answer"


def hand_over(paths: AppPaths, lock: InstanceLock, files: Sequence[Path]) -> Outcome:
    """Give files to the window that is open already.

    That one may still be starting, as when several files are opened at once and each
    gets a start of its own, so it is given time. Waits: there is no window of this
    process that could stand still.

    Args:
        paths: The folders both are for.
        lock: Held by the one that is open; by this process if it is ``FIRST`` now.
        files: To be queued there.
    """
    give_up_ms = monotonic_ms() + _START_MS
    while True:
        socket = QLocalSocket()
        socket.connectToServer(server_name(paths))
        if socket.waitForConnected(_PATIENCE_MS):
            return Outcome.TAKEN if _was_taken(socket, files) else Outcome.SILENT
        if lock.acquire():
            return Outcome.FIRST
        if monotonic_ms() > give_up_ms:
            return Outcome.SILENT
        time.sleep(_LOOK_S)  # noqa: TID251 - there is no window here, and no loop


def _was_taken(socket: QLocalSocket, files: Sequence[Path]) -> bool:
    socket.write(json.dumps([str(file) for file in files]).encode() + b"\n")
    return (
        socket.waitForBytesWritten(_PATIENCE_MS)
        and socket.waitForReadyRead(_PATIENCE_MS)
        and bytes(socket.readAll().data()) == _ANSWER
    )


class FilesListener(QObject):
    """Takes the files of later starts.

    Signals:
        files_given: Paths, perhaps none: somebody wants to see the window.
    """

    files_given = Signal(object)

    def __init__(self, paths: AppPaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(server_name(paths))  # of a window that crashed
        self._server.listen(server_name(paths))

    def close(self) -> None:
        """Take no more."""
        self._server.close()

    def _on_new_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._reader(socket))

    def _reader(self, socket: QLocalSocket) -> Callable[[], None]:
        received = bytearray()

        def on_ready_read() -> None:
            received.extend(socket.readAll().data())
            if len(received) > _LONGEST_BYTES:
                socket.abort()
            elif received.endswith(b"\n"):
                socket.write(_ANSWER)
                socket.flush()
                socket.disconnectFromServer()
                self.files_given.emit(read_files(bytes(received)))

        return on_ready_read


def read_files(message: bytes) -> list[Path]:
    """Read the paths another start sent; nonsense gives none."""
    try:
        found: object = json.loads(message)
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [Path(one) for one in cast("list[object]", found) if isinstance(one, str)]
