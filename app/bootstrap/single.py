"""One window on the same folders: a second start hands its files to the first.

The two may be of different versions. What is sent is a line with a JSON list: what the
sender is, then the paths. The first versions sent paths only and take anything else in
the list for nothing, so either end may be one of those. ``PROTOCOL`` is raised once such a
list no longer tells all: then the receiver refuses, and both ends say so.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app import __version__
from app.core.messages import Message, message
from app.store.paths import AppPaths
from app.system.clocks import monotonic_ms
from app.system.locks import InstanceLock

_log = logging.getLogger(__name__)
PROTOCOL = 1
"""Of what is sent; a receiver refuses what is higher than its own."""
_TAKEN = b"taken"  # to the letter: the first versions know no other answer
_REFUSED = "refused"
_PATIENCE_MS = 3_000
_START_MS = 20_000
_LOOK_S = 0.05
_LONGEST_BYTES = 4 * 1024 * 1024
_LONGEST_ANSWER_BYTES = 1_000
_LONGEST_VERSION = 40


def server_name(paths: AppPaths) -> str:
    """Give the name under which the window on these folders can be reached."""
    digest = hashlib.sha256(str(paths.data).encode("utf-8", "surrogateescape")).hexdigest()
    return f"wordlight-{digest[:16]}"


class Outcome(Enum):
    """What became of a second start."""

    TAKEN = "the window that is open has the files"
    FIRST = "the window that was open is gone, and this start is the first now"
    REFUSED = "the window that is open is of a version that cannot take them"
    SILENT = "the window that is open does not answer"
    UNREACHABLE = "the window that is open knows that it cannot be reached"


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
            return _outcome(_answer_to(socket, pack_files(files)))
        if lock.acquire():
            return Outcome.FIRST
        if paths.unreachable.exists():
            return Outcome.UNREACHABLE
        if monotonic_ms() > give_up_ms:
            return Outcome.SILENT
        time.sleep(_LOOK_S)  # noqa: TID251 - there is no window here, and no loop


def _answer_to(socket: QLocalSocket, line: bytes) -> bytes:
    """Send a line and give what comes back until the other end hangs up."""
    answer = b""
    socket.write(line)
    if socket.waitForBytesWritten(_PATIENCE_MS):
        while len(answer) < _LONGEST_ANSWER_BYTES and socket.waitForReadyRead(_PATIENCE_MS):
            answer += bytes(socket.readAll().data())
    return answer


def _outcome(answer: bytes) -> Outcome:
    if answer == _TAKEN:
        return Outcome.TAKEN
    return Outcome.REFUSED if answer else Outcome.SILENT


class FilesListener(QObject):
    """Takes the files of later starts.

    Signals:
        files_given: Paths, perhaps none: somebody wants to see the window.
        refused: A start of another version, whose name is given, sent what cannot be read.

    Attributes:
        problem: Why no later start can reach this window, if none can.
    """

    files_given = Signal(object)
    refused = Signal(str)

    def __init__(self, paths: AppPaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problem: Message | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(server_name(paths))  # of a window that crashed
        if not self._server.listen(server_name(paths)):
            reason = self._server.errorString()
            _log.warning("Other starts cannot hand over their files: %s", reason)
            self.problem = message(
                "Files opened elsewhere cannot reach this window ({reason}). Add them here.",
                reason=reason,
            )
        with contextlib.suppress(OSError):  # then another start waits a little in vain
            if self.problem is None:
                paths.unreachable.unlink(missing_ok=True)
            else:
                paths.unreachable.touch()
        self._mark = paths.unreachable

    def close(self) -> None:
        """Take no more."""
        self._server.close()
        with contextlib.suppress(OSError):
            self._mark.unlink(missing_ok=True)

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
                given = read_given(bytes(received))
                if given.files is None:
                    answer = {_REFUSED: PROTOCOL, "version": __version__}
                    _reply(socket, json.dumps(answer).encode())
                    self.refused.emit(given.version)
                else:
                    _reply(socket, _TAKEN)
                    self.files_given.emit(given.files)

        return on_ready_read


def _reply(socket: QLocalSocket, answer: bytes) -> None:
    socket.write(answer)
    socket.flush()
    socket.disconnectFromServer()


@dataclass(frozen=True, slots=True)
class Given:
    """What another start sent.

    Attributes:
        files: Its files; ``None`` if they cannot be read.
        version: What it is; empty if it does not say.
    """

    files: list[Path] | None
    version: str = ""


def pack_files(files: Sequence[Path]) -> bytes:
    """Give the line that hands files over."""
    head: dict[str, object] = {"protocol": PROTOCOL, "version": __version__}
    return json.dumps([head, *map(str, files)]).encode() + b"\n"


def read_given(line: bytes) -> Given:
    """Read what another start sent."""
    try:
        found: object = json.loads(line)
    except ValueError:
        return Given(None)
    if not isinstance(found, list):
        return Given(None)
    entries = cast("list[object]", found)
    head: dict[str, object] = {}
    if entries and isinstance(entries[0], dict):
        head = cast("dict[str, object]", entries[0])
    version = str(head.get("version", ""))[:_LONGEST_VERSION]
    protocol = head.get("protocol", 0)
    if not isinstance(protocol, int) or protocol > PROTOCOL:
        return Given(None, version)
    return Given([Path(one) for one in entries if isinstance(one, str)], version)
