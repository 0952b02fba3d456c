"""What macOS itself plays, by the taps that its sound system has since 14.2; by catap.

By reading catap 0.6.0 only: no Mac was at hand. A tap hears every program at once, wherever
the sound goes, so there is nothing to choose. Where a person has not allowed it macOS gives
silence and no error, which is why silence is said in other words there.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from app.capture.backend import OnBlock, OnEnd
from app.capture.converting import Converter
from app.core.errors import RecordingError
from app.core.take import Device, Source, SourceKind

_LOOK_S = 0.25
_WAITING = 1_024
"""So many pieces of sound may wait at most, some ten seconds; catap gives up with more."""
_EVERYTHING = Source(SourceKind.COMPUTER, "everything", "macOS")
_FAILURES = (OSError, RuntimeError, ValueError)


class Format(Protocol):
    """What catap tells of the sound it gives."""

    sample_rate: float
    num_channels: int
    bits_per_sample: int
    is_float: bool


class Buffer(Protocol):
    """A piece of sound as catap gives it: rows of channels, one after the other."""

    data: bytes
    format: Format


class Session(Protocol):
    """What is used of a recording session of catap."""

    def start(self) -> None:
        """Begin; may ask the person."""
        ...

    def close(self) -> None:
        """Stop and put all away."""
        ...

    def wait_for_capture_failure(self, timeout: float | None = None) -> bool:
        """Tell whether it has failed by then."""
        ...


class TapBackend:
    """Records all that this Mac plays."""

    def __init__(self, load: Callable[[], Any] | None = None) -> None:
        """Prepare it; nothing is imported yet.

        Args:
            load: Gives the library; catap if left out.
        """
        self._load = load or _catap

    def devices(self) -> list[Device]:
        """Give the one thing there is; nothing on a macOS that is too old."""
        try:
            self._load()
        except RecordingError:
            return []
        return [Device(_EVERYTHING, is_default=True)]

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> _TapStream:
        """Begin to record; blocks until it is open, and while the person is asked."""
        del source
        stream = _TapStream(on_block, on_end)
        stream.start(self._load())
        return stream


class _TapStream:
    """One tap, and a thread that sees whether it fails."""

    def __init__(self, on_block: OnBlock, on_end: OnEnd) -> None:
        self._on_block = on_block
        self._on_end = on_end
        self._converter: Converter | None = None
        self._rate_hz = 0
        self._closed = threading.Event()
        self._session: Session | None = None
        self._watch: threading.Thread | None = None

    def start(self, library: Any) -> None:
        """Start it.

        Raises:
            RecordingError: macOS would not.
        """
        try:
            session = cast(
                "Session",
                library.record_system_audio(
                    mono=True, on_buffer=self._hear, max_pending_buffers=_WAITING
                ),
            )
            session.start()
        except _FAILURES as error:
            raise RecordingError(
                "The computer's audio cannot be recorded. Allow it in the system settings, "
                "under Privacy & Security, then try again.",
                details=str(error),
            ) from error
        self._session = session
        self._watch = threading.Thread(target=self._see, args=(session,), daemon=True)
        self._watch.start()

    def where(self) -> str | None:
        """Give what stands for all that plays."""
        return _EVERYTHING.device

    def close(self) -> None:
        """Stop."""
        self._closed.set()
        watch, session = self._watch, self._session
        if watch is not None and watch is not threading.current_thread():
            watch.join(2.0)
        if session is not None:
            with contextlib.suppress(*_FAILURES):  # it tells once more why it failed
                session.close()

    def _see(self, session: Session) -> None:
        try:
            while not self._closed.is_set():
                if session.wait_for_capture_failure(_LOOK_S):
                    raise RuntimeError("the tap failed")
        except _FAILURES as error:
            if not self._closed.is_set():
                self._closed.set()
                self._on_end(str(error))

    def _hear(self, buffer: Buffer) -> None:
        """Take a piece of sound, in a thread of catap's."""
        if self._closed.is_set():
            return
        rate_hz = round(buffer.format.sample_rate)
        if self._converter is None or rate_hz != self._rate_hz:
            self._converter, self._rate_hz = Converter(rate_hz), rate_hz
        block = self._converter.feed(_rows(buffer))
        if len(block):
            self._on_block(block)


def _rows(buffer: Buffer) -> NDArray[np.float32]:
    """Give the samples as parts of the loudest, a row a moment."""
    told = buffer.format
    if told.is_float:  # of 32 bits; catap refuses others
        sound = np.frombuffer(buffer.data, np.float32)
    elif told.bits_per_sample == 24:
        thirds = np.frombuffer(buffer.data, np.uint8).reshape(-1, 3)
        whole = np.zeros((len(thirds), 4), np.uint8)
        whole[:, 1:] = thirds
        sound = (whole.view("<i4")[:, 0] / 2.0**31).astype(np.float32)
    else:
        bits = told.bits_per_sample
        found = np.frombuffer(buffer.data, f"<i{bits // 8}")
        sound = (found / 2.0 ** (bits - 1)).astype(np.float32)
    return sound.reshape(-1, told.num_channels)


def _catap() -> Any:
    try:
        import catap  # pyright: ignore[reportMissingImports]
    except (ImportError, OSError) as error:
        raise RecordingError(
            "Recording what this computer plays needs macOS 14.2 or newer.",
            details=str(error),
        ) from error
    return cast("Any", catap)
