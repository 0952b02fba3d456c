"""The real program over the fake service, each a process of its own, to be killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.arguments import build_parser, options_of
from app.core.options import settle
from app.store.opening import open_database
from app.store.settings import SettingsStore
from tests.support.fake_waves import KEY

ROOT = Path(__file__).resolve().parents[2]
LOOK_S = 0.002
LONGEST_S = 60.0


@dataclass
class Service:
    """The fake service as a process, and what it wrote down."""

    process: subprocess.Popen[bytes]
    address: str
    record: Path

    def answered(self, since: int = 0) -> list[dict[str, object]]:
        """Give the requests it worked on to the end, those that are billed, from a place on."""
        if not self.record.exists():
            return []
        text = self.record.read_bytes()[since:].decode()
        lines = [json.loads(line) for line in text.splitlines()]
        return [line for line in lines if line["status"] == 200 and line["method"] == "POST"]


@contextlib.contextmanager
def service(folder: Path, *, think_s: float = 0.15) -> Iterator[Service]:
    """Run the fake service; it ends with the pipe to it."""
    record = folder / "requests.jsonl"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.support.fake_waves", "--port", "0"),
            *("--record", str(record), "--think", str(think_s)),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            yield Service(process, process.stdout.readline().decode().strip(), record)
        finally:
            process.stdin.close()


@dataclass
class Home:
    """One person's folders, a few recordings, and the command that transcribes them."""

    folder: Path
    service: Service
    recordings: list[Path] = field(default_factory=list)
    options: tuple[str, ...] = ("--model", "pulse")
    began_at: int = 0

    @property
    def data(self) -> Path:
        return self.folder / "home" / "data"

    @property
    def database(self) -> Path:
        return self.data / "wordlight.db"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def surroundings(self) -> dict[str, str]:
        return {
            **os.environ,
            "WORDLIGHT_HOME": str(self.folder / "home"),
            "WORDLIGHT_BASE_URL": self.service.address,
            "SMALLEST_API_KEY": KEY,
            "TMPDIR": str(self.folder / "tmp"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def set_up(self, recordings: int, chance: random.Random) -> None:
        """Make the folders and recordings; no two recordings are alike."""
        self.began_at = _size(self.service.record)
        for name in ("rec", "out", "tmp"):
            (self.folder / name).mkdir(parents=True)
        for number in range(recordings):
            path = self.folder / "rec" / f"talk-{number}.wav"
            make_noise(path, chance)
            self.recordings.append(path)

    def command(self, *more: str, files: Sequence[Path] | None = None) -> list[str]:
        chosen = self.recordings if files is None else files
        return [
            *(sys.executable, "-m", "app", "transcribe", *self.options),
            *("--output", str(self.out), *more, *map(str, chosen)),
        ]

    def window_command(self) -> list[str]:
        """Start the window with the recordings that are not done yet."""
        return [sys.executable, "-m", "app", *self.undone()]

    def undone(self) -> list[str]:
        """Give the recordings that no job has done."""
        done = (
            {
                json.loads(str(one))
                for (one,) in self.rows("SELECT source FROM jobs WHERE state = 'done'")
            }
            if self.database.exists()
            else set()
        )
        return [str(path) for path in self.recordings if str(path) not in done]

    def choose_in_window(self) -> None:
        """Let the window ask for what the command asks for."""
        parser = build_parser()
        options = options_of(parser.parse_args(self.command()[3:]), parser)
        self.data.mkdir(parents=True, exist_ok=True)
        opened, _ = open_database(self.database)
        try:
            SettingsStore(opened).change(options=settle(options))
        finally:
            opened.close()

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        log = (self.folder / "said.log").open("ab")
        with log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.surroundings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def finish(self, *more: str, files: Sequence[Path] | None = None) -> tuple[int, str]:
        """Let the program run to its end; gives its status and what it said."""
        done = subprocess.run(
            self.command(*more, files=files),
            cwd=ROOT,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    # -- what is there afterwards ---------------------------------------------

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()

    def billed(self) -> list[dict[str, object]]:
        """Give what the service worked on for this home."""
        return self.service.answered(self.began_at)

    def marks(self) -> dict[str, object]:
        """Give what changes on disk while the program is at work."""
        wal = self.database.with_name("wordlight.db-wal")
        return {
            "service": _size(self.service.record),
            "database": _stamp(wal) or _stamp(self.database),
            "jobs": _names(self.folder / "home" / "cache" / "temp"),
            "overviews": _names(self.folder / "home" / "cache" / "overviews"),
            "output": _names(self.out),
        }


def make_noise(path: Path, chance: random.Random) -> None:
    """Write half a second to one of noise, of a length of its own."""
    samples = 8_000 + chance.randrange(8_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(
            struct.pack(f"<{samples}h", *(chance.randrange(-999, 999) for _ in range(samples)))
        )


def kill(process: subprocess.Popen[bytes]) -> bool:
    """End a process at once, its children not; tells whether it still ran."""
    ran = process.poll() is None
    if ran:
        process.send_signal(signal.SIGKILL)
    process.wait()
    return ran


def catches(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Tell whether a process is far enough to see to a signal."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    except OSError:
        return False
    (caught,) = (line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a process for a while."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def left_processes(folder: Path) -> list[str]:
    """Give the commands that still run on anything below a folder."""
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if os.fsencode(folder) in said and entry.name != str(os.getpid()):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def none_left(folder: Path, patience_s: float = 10.0) -> list[str]:
    """Wait for children of killed processes to notice; gives those that did not."""
    until = time.monotonic() + patience_s
    pause = subprocess.Popen(["sleep", str(patience_s)], env={})
    try:
        while (left := left_processes(folder)) and time.monotonic() < until:
            ended_within(pause, 0.1)
        return left
    finally:
        kill(pause)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in folder.iterdir()))
    except OSError:
        return ()
