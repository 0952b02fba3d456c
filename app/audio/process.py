"""Start ffmpeg, and nothing else; the only place of this package that starts a process.

Why not ``asyncio.create_subprocess_exec``: under qasync 0.28 every chunk of a pipe
would be an event of the window's own thread (a socket notifier on Unix, a signal on
Windows), and a decode sends a hundred megabytes an hour. Starting the process forks
in that thread too, and on Windows subprocesses fail with a selector loop (qasync
issue 65). A plain ``Popen`` in a worker thread behaves alike on every loop and system
and leaves the window alone.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from app.core.errors import RecordingError
from app.system.children import clean_environment, quiet_flags
from app.system.resources import bundled_path

CHUNK_BYTES = 1 << 18
_TAIL_LINES = 40
_LINE_BYTES = 2_000
_TEXT_LINES = 4_000
_PIPE_BYTES = 1 << 20
"""As much as Linux lets anybody have: a decode wakes us, and waits for us, less often."""
_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run of ffmpeg ended.

    Attributes:
        exit_code: 0 when it went well; negative for a signal.
        lines: What it said, the first lines of it if it said very much.
        tail: Its last words, for details.
    """

    exit_code: int
    lines: tuple[str, ...]
    tail: str

    @property
    def text(self) -> str:
        """Everything kept of what it said."""
        return "\n".join(self.lines)


def find_ffmpeg() -> Path:
    """Give the ffmpeg to use: a bundle's own, else the system's, else the package's.

    May take a moment the first time, so not for the window's thread.

    Raises:
        RecordingError: There is none.
    """
    own = bundled_path("ffmpeg.exe" if sys.platform == "win32" else "ffmpeg")
    if own is not None:
        return own
    found = shutil.which("ffmpeg")
    if found:
        return Path(found)
    try:
        import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise RecordingError(
            "ffmpeg, which reads recordings, was not found. Install it and try again.",
            details=str(error),
        ) from error


async def run_ffmpeg(
    arguments: Sequence[str],
    *,
    on_sound: Callable[[bytes], None] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Finished:
    """Run ffmpeg to its end; when cancelled, kill it first and then give way.

    Args:
        arguments: As ffmpeg takes them, without its own name.
        on_sound: Gets what it writes to its output, in pieces, in a worker thread.
        on_line: Gets each line it says, in another thread.

    Raises:
        RecordingError: There is no ffmpeg, or it cannot be started.
    """
    child = _Child(arguments, on_sound, on_line)
    work = asyncio.ensure_future(asyncio.to_thread(child.run))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        child.kill()
        while not work.done():
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError:
                continue  # cancelled twice; the first is raised once the child is gone
        if not work.cancelled():
            work.exception()  # looked at, so that nobody warns of it
        raise


class _Child:
    """One run of ffmpeg, in a worker thread, with another one reading what it says."""

    def __init__(
        self,
        arguments: Sequence[str],
        on_sound: Callable[[bytes], None] | None,
        on_line: Callable[[str], None] | None,
    ) -> None:
        self._arguments = arguments
        self._on_sound = on_sound
        self._on_line = on_line
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_killed = False
        self._lines: list[str] = []
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)

    def run(self) -> Finished:
        process = self._start()
        if process is None:
            return Finished(-signal.SIGTERM, (), "")
        reader = threading.Thread(
            target=self._read_lines, args=(process,), name="ffmpeg-says", daemon=True
        )
        reader.start()
        try:
            self._read_sound(process)
            exit_code = process.wait()
        finally:
            # A listener failed: the child must not outlive it.
            self.kill()
            process.wait()
            reader.join()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        return Finished(exit_code, tuple(self._lines), "\n".join(self._tail))

    def kill(self) -> None:
        with self._lock:
            self._is_killed = True
            if self._process is not None and self._process.poll() is None:
                _kill(self._process)

    def _start(self) -> subprocess.Popen[bytes] | None:
        program = find_ffmpeg()
        with self._lock:
            if self._is_killed:
                return None
            try:
                self._process = _popen([str(program), *self._arguments])
            except OSError as error:
                raise RecordingError(
                    "ffmpeg, which reads recordings, could not be started. Reinstall it and "
                    "try again.",
                    details=str(error),
                ) from error
            return self._process

    def _read_sound(self, process: subprocess.Popen[bytes]) -> None:
        stdout = process.stdout
        if not isinstance(stdout, BufferedReader):
            return
        while chunk := stdout.read1(CHUNK_BYTES):
            if self._on_sound is not None:
                self._on_sound(chunk)

    def _read_lines(self, process: subprocess.Popen[bytes]) -> None:
        if process.stderr is None:
            return
        while raw := process.stderr.readline(_LINE_BYTES):
            line = os.fsdecode(raw).rstrip("\r\n")
            if len(self._lines) < _TEXT_LINES:
                self._lines.append(line)
            self._tail.append(line)
            if self._on_line is not None:
                self._on_line(line)


def _popen(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process with no input, its own group, and nothing secret around it.

    It gives way to the window and to what is being listened to: with a thread for every
    step it would keep all cores of a small computer from them.
    """
    flags = quiet_flags()
    if sys.platform == "win32":
        flags |= subprocess.CREATE_NEW_PROCESS_GROUP
    # S603: the program is ffmpeg as found above; a file name reaches it as one argument.
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        creationflags=flags,
        start_new_session=sys.platform != "win32",
        close_fds=True,
    )
    if sys.platform == "linux" and process.stdout is not None:
        import fcntl  # there is none on Windows

        with suppress(OSError):  # many pipes of this size have been opened by this person
            fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    if sys.platform != "win32":
        with suppress(ProcessLookupError):  # it is over already
            # Counted from our own: nobody may take a child out of what ``nice`` put it into.
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, process.pid, own + _NICENESS)
    return process


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):  # it may end by itself in this moment
        os.killpg(process.pid, signal.SIGKILL)
