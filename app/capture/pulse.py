"""Recording under Linux, from PulseAudio or PipeWire's double of it.

Sound comes through ffmpeg's own pulse input, which loses nothing where Qt's does; a
microphone and what the computer plays are the same to it. Names, and where a stream
really is, are asked of the server by pulsectl.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping
from typing import Any, Protocol, cast

from app.capture.backend import OnBlock, OnEnd, no_device
from app.core.errors import RecordingError
from app.core.messages import message
from app.core.take import RATE_HZ, SAMPLE_BYTES, Device, Source, SourceKind
from app.system.children import clean_environment

_BLOCK_MS = 50
_BLOCK_BYTES = RATE_HZ * SAMPLE_BYTES * _BLOCK_MS // 1_000
_FIRST_SOUND_S = 5.0
_LAST_WORDS = 2_000
_NO_MONITOR = 0xFFFFFFFF
_DEFAULT = {SourceKind.MICROPHONE: "@DEFAULT_SOURCE@", SourceKind.COMPUTER: "@DEFAULT_MONITOR@"}
_PASSED_ON = ("XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_COOKIE", "PULSE_CLIENTCONFIG")

_NO_SERVER = message(
    "The sound system of this computer cannot be reached. Log in to the desktop again, then "
    "try again."
)


def sound_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the variables by which the sound server is found."""
    return {name: environ[name] for name in _PASSED_ON if name in environ}


class _Named(Protocol):
    """What the server tells of a source, and we ask for."""

    name: str
    index: int
    description: str
    monitor_of_sink: int


class PulseBackend:
    """Records with the ffmpeg that is given."""

    def __init__(self, ffmpeg: str) -> None:
        self._ffmpeg = ffmpeg
        self._lock = threading.Lock()
        self._server: Any | None = None
        self._streams = 0

    def devices(self) -> list[Device]:
        """Give microphones first, then what the computer plays; blocks."""
        with self._asking() as server:
            told = server.server_info()
            sources = cast("list[_Named]", server.source_list())
        monitor = f"{told.default_sink_name}.monitor"
        found: list[Device] = []
        for one in sources:
            is_monitor = one.monitor_of_sink != _NO_MONITOR
            kind = SourceKind.COMPUTER if is_monitor else SourceKind.MICROPHONE
            usual = monitor if is_monitor else told.default_source_name
            found.append(Device(Source(kind, one.name, one.description), one.name == usual))
        return sorted(found, key=lambda one: one.source.kind is SourceKind.COMPUTER)

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> _PulseStream:
        """Begin to record; blocks until the first sound, or until it fails."""
        self._streams += 1
        label = f"wordlight-{os.getpid()}-{self._streams}"
        follows = source.kind is SourceKind.COMPUTER and not source.device
        stream = _PulseStream(self, label, follows=follows)
        stream.start(self._ffmpeg, source.device or _DEFAULT[source.kind], on_block, on_end)
        if not stream.has_begun():
            stream.close()
            names = {one.source.device for one in self.devices()}
            if source.device and source.device in names:
                raise RecordingError(
                    message(
                        "{name} gives no sound. Close other programs that use it, then try "
                        "again.",
                        name=source.name or source.device,
                    ),
                    details=stream.last_words,
                )
            error = no_device(source)
            error.details = stream.last_words
            raise error
        return stream

    def where(self, label: str, *, follows: bool = False) -> str | None:
        """Give the source a stream of ours is attached to; ``None`` where nobody can tell.

        Args:
            label: Of the stream.
            follows: Whether it is to hear whatever the computer plays: then it is moved to
                what that goes to now. The server moves what plays when headphones are
                plugged in, and leaves whoever listens with the silent speakers.
        """
        try:
            with self._asking() as server:
                outputs = server.source_output_list()
                stream = next((one for one in outputs if one.name == label), None)
                if stream is None:
                    return None
                sources = cast("list[_Named]", server.source_list())
                names = {one.name: one.index for one in sources}
                if follows:
                    usual = names.get(f"{server.server_info().default_sink_name}.monitor")
                    if usual is not None and usual != stream.source:
                        server.source_output_move(stream.index, usual)
                        return next(name for name, index in names.items() if index == usual)
        except RecordingError:
            return None
        return next((name for name, index in names.items() if index == stream.source), None)

    @contextlib.contextmanager
    def _asking(self):  # noqa: ANN202 - pulsectl has no types
        """Ask the server; one at a time, over one connection that is made anew after a loss."""
        with self._lock:
            try:
                import pulsectl  # pyright: ignore[reportMissingTypeStubs]
            except (ImportError, OSError) as error:
                raise RecordingError(_NO_SERVER, details=str(error)) from error
            try:
                if self._server is None:
                    self._server = pulsectl.Pulse("Wordlight", threading_lock=False)
                yield self._server
            except (pulsectl.PulseError, OSError) as error:
                server, self._server = self._server, None
                with contextlib.suppress(pulsectl.PulseError, OSError):
                    if server is not None:
                        server.close()
                raise RecordingError(_NO_SERVER, details=str(error)) from error


class _PulseStream:
    """One ffmpeg that reads one source.

    Attributes:
        last_words: What ffmpeg said last.
    """

    def __init__(self, backend: PulseBackend, label: str, *, follows: bool) -> None:
        self.last_words = ""
        self._backend = backend
        self._label = label
        self._follows = follows
        self._process: subprocess.Popen[bytes] | None = None
        self._first = threading.Event()
        self._is_closed = False
        self._threads: list[threading.Thread] = []

    def start(self, ffmpeg: str, device: str, on_block: OnBlock, on_end: OnEnd) -> None:
        """Start reading."""
        command = [
            *(ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error"),
            *("-f", "pulse", "-name", "Wordlight", "-stream_name", self._label),
            *("-sample_rate", str(RATE_HZ), "-channels", "1"),
            *("-fragment_size", str(_BLOCK_BYTES), "-i", device),
            *("-f", "s16le", "-flush_packets", "1", "-"),
        ]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own ffmpeg, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=clean_environment() | sound_environment(),
            )
        except OSError as error:
            raise RecordingError(
                "Recording could not be started. Try again.", details=str(error)
            ) from error
        self._threads = [
            threading.Thread(target=self._read, args=(on_block, on_end), daemon=True),
            threading.Thread(target=self._listen, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def has_begun(self) -> bool:
        """Wait for the first sound; tells whether it came."""
        self._first.wait(_FIRST_SOUND_S)
        process = self._process
        return self._first.is_set() and process is not None and process.poll() is None

    def where(self) -> str | None:
        """Give the name of the source the server reads from."""
        return self._backend.where(self._label, follows=self._follows)

    def close(self) -> None:
        """Stop reading."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()
            for thread in self._threads:
                if thread is not threading.current_thread():
                    thread.join(2.0)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

    def _read(self, on_block: OnBlock, on_end: OnEnd) -> None:
        import numpy as np  # not for the window, which only starts who records

        process = self._process
        assert process is not None  # noqa: S101 - it is started before its threads
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        descriptor = process.stdout.fileno()
        rest = b""
        while True:
            sound = os.read(descriptor, 1 << 16)
            if not sound:
                break
            sound = rest + sound
            whole = len(sound) - len(sound) % SAMPLE_BYTES
            rest = sound[whole:]
            if whole and not self._is_closed:
                self._first.set()
                on_block(np.frombuffer(sound[:whole], np.int16))
        process.wait()
        self._first.set()
        if not self._is_closed:
            on_end(self.last_words or "the sound server stopped")

    def _listen(self) -> None:
        process = self._process
        assert process is not None  # noqa: S101 - it is started before its threads
        assert process.stderr is not None  # noqa: S101 - a pipe was asked for
        while said := process.stderr.read(_LAST_WORDS):
            text = self.last_words + said.decode("utf-8", "replace")
            self.last_words = text[-_LAST_WORDS:]
