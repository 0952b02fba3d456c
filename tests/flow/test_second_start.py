"""A start beside a window that is open, which may be of another version."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QProcess, QProcessEnvironment
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app import __version__
from app.bootstrap.single import (
    PROTOCOL,
    FilesListener,
    Outcome,
    hand_over,
    pack_files,
    read_given,
    server_name,
)
from app.store.paths import AppPaths
from app.system.clocks import monotonic_ms
from app.system.locks import InstanceLock
from tests.flow.conftest import OpenProgram
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppPaths]:
    """The folders of a window that is open: this process holds its lock."""
    monkeypatch.setenv("WORDLIGHT_HOME", str(tmp_path / "home"))
    paths = AppPaths.find()
    paths.create()
    with InstanceLock(paths.data / "window.lock"):
        yield paths


class Receiver:
    """A listener of this version, and what came to it."""

    def __init__(self, paths: AppPaths) -> None:
        self.listener = FilesListener(paths)
        self.given: list[list[Path]] = []
        self.refused: list[str] = []
        self.listener.files_given.connect(self.given.append)
        self.listener.refused.connect(self.refused.append)


@pytest.fixture
def receiver(qapp: Any, paths: AppPaths) -> Iterator[Receiver]:
    receiver = Receiver(paths)
    yield receiver
    receiver.listener.close()
    receiver.listener.deleteLater()


class OtherReceiver:
    """A window of another version, which answers in its own way."""

    def __init__(self, paths: AppPaths, answer: bytes) -> None:
        self.lines: list[bytes] = []
        self._answer = answer
        self._server = QLocalServer()
        self._server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(server_name(paths))
        assert self._server.listen(server_name(paths))

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()

        def on_ready() -> None:
            self.lines.append(bytes(socket.readAll().data()))
            socket.write(self._answer)
            socket.flush()
            socket.disconnectFromServer()

        socket.readyRead.connect(on_ready)

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def other(qapp: Any, paths: AppPaths) -> Iterator[Callable[[bytes], OtherReceiver]]:
    made: list[OtherReceiver] = []

    def make(answer: bytes) -> OtherReceiver:
        made.append(OtherReceiver(paths, answer))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Start:
    """A second start of the real program."""

    def __init__(self, *files: Path) -> None:
        self.process = QProcess()
        surroundings = QProcessEnvironment.systemEnvironment()
        surroundings.insert("PYTHONPATH", str(ROOT))
        self.process.setProcessEnvironment(surroundings)
        self.process.start(sys.executable, ["-m", "app", *map(str, files)])

    @property
    def is_over(self) -> bool:
        return self.process.state() is QProcess.ProcessState.NotRunning

    def said(self) -> str:
        return bytes(self.process.peek(10_000).data()).decode()


@pytest.fixture
def start() -> Iterator[Callable[..., Start]]:
    started: list[Start] = []

    def begin(*files: Path) -> Start:
        started.append(Start(*files))
        started[-1].process.setReadChannel(QProcess.ProcessChannel.StandardError)
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.waitForFinished()


def answer_to(qtbot: Any, paths: AppPaths, line: bytes) -> bytes:
    """Send a line as some version would, and give what comes back."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(paths))
    socket.write(line)
    gone = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() is gone)
    return bytes(socket.readAll().data())


AWKWARD = ("talk.wav", "two  spaces é 🎙.flac", "[1].mp3")


def test_a_start_of_this_version_hands_over_and_ends(
    qtbot: Any, receiver: Receiver, start: Callable[..., Start], tmp_path: Path
) -> None:
    files = [tmp_path / name for name in AWKWARD]

    second = start(*files)
    qtbot.waitUntil(lambda: second.is_over, timeout=30_000)

    assert second.process.exitCode() == 0, second.said()
    assert receiver.given == [files]
    assert receiver.refused == []


def test_a_start_of_the_first_version_is_understood(
    qtbot: Any, receiver: Receiver, paths: AppPaths
) -> None:
    line = json.dumps(["/a/talk.wav", "/b/[1].mp3"]).encode() + b"\n"

    assert answer_to(qtbot, paths, line) == b"taken"
    assert receiver.given == [[Path("/a/talk.wav"), Path("/b/[1].mp3")]]


def test_a_window_of_the_first_version_gets_every_file(
    qtbot: Any,
    other: Callable[[bytes], OtherReceiver],
    start: Callable[..., Start],
    tmp_path: Path,
) -> None:
    files = [tmp_path / name for name in AWKWARD]
    first = other(b"taken")

    second = start(*files)
    qtbot.waitUntil(lambda: second.is_over, timeout=30_000)

    assert second.process.exitCode() == 0, second.said()
    # So it read: every text of the list is a path.
    (line,) = first.lines
    assert [one for one in json.loads(line) if isinstance(one, str)] == list(map(str, files))


@pytest.mark.parametrize(
    "line",
    [
        json.dumps([{"protocol": PROTOCOL + 1, "version": "9.9"}, "/a.wav"]).encode(),
        json.dumps([{"protocol": "?", "version": "9.9"}, "/a.wav"]).encode(),
        json.dumps({"version": "9.9", "files": ["/a.wav"]}).encode(),
        b"\xff\xfe",
    ],
)
def test_what_this_version_cannot_read_is_refused_and_said(
    qtbot: Any, receiver: Receiver, paths: AppPaths, line: bytes
) -> None:
    answer = json.loads(answer_to(qtbot, paths, line + b"\n"))

    assert answer == {"refused": PROTOCOL, "version": __version__}
    assert receiver.given == []
    assert receiver.refused == ["9.9" if line.startswith(b"[") else ""]


def test_a_start_that_is_refused_says_so_in_a_sentence(
    qtbot: Any,
    other: Callable[[bytes], OtherReceiver],
    start: Callable[..., Start],
    tmp_path: Path,
) -> None:
    other(b'{"refused": 7, "version": "9.9"}')

    second = start(tmp_path / "talk.wav")
    qtbot.waitUntil(lambda: "Another version" in second.said(), timeout=30_000)

    assert second.said().startswith("wordlight: ")
    assert "Add them in its window" in second.said()
    assert "Traceback" not in second.said()


def test_what_is_packed_is_read_again() -> None:
    files = [Path("/a/talk.wav"), Path("/b/\udcff.wav")]

    given = read_given(pack_files(files))

    assert (given.files, given.version) == (files, __version__)


@pytest.fixture
def no_way_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place for sockets that is not there."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))


@pytest.mark.usefixtures("no_way_in")
def test_a_window_that_others_cannot_reach_says_so_and_goes_on(
    open_program: OpenProgram,
    run_async: Callable[..., None],
    expected_log: Callable[[str], None],
    tmp_path: Path,
) -> None:
    expected_log("Other starts cannot hand over their files")
    text = tmp_path / "notes.wav"
    text.write_text("no sound")

    async def flow() -> None:
        async with open_program() as opened:
            assert "cannot reach this window" in opened.window.notice.text
            opened.drop(text)
            await until(lambda: len(opened.jobs) == 1)
            await opened.at_rest(1)

    run_async(flow(), timeout_s=60)


@pytest.mark.skipif(sys.platform == "win32", reason="the name lies in no folder there")
def test_a_start_beside_a_window_that_cannot_be_reached_says_so_at_once(
    qapp: Any,
    paths: AppPaths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("cannot hand over")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    listener = FilesListener(paths)
    assert listener.problem is not None
    later = InstanceLock(paths.data / "window.lock")  # held by the fixture
    begin_ms = monotonic_ms()
    assert hand_over(paths, later, []) is Outcome.UNREACHABLE
    assert monotonic_ms() - begin_ms < 5_000
    listener.close()
    listener.deleteLater()
    assert not paths.unreachable.exists()
