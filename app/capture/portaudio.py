"""Recording through PortAudio: the microphones of Windows and macOS.

By reading only: no machine of these systems was at hand. The latency is generous, since a
recorder needs none that is low and a low one tears under load.
"""

from __future__ import annotations

import contextlib
from typing import Any, cast

import numpy as np

from app.capture.backend import OnBlock, OnEnd, Stream, no_device
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, Device, Source, SourceKind

_LATENCY_S = 0.5
_BLOCK_SAMPLES = RATE_HZ // 20


class PortAudioBackend:
    """Microphones by sounddevice."""

    def devices(self) -> list[Device]:
        """Give what can be recorded now; blocks."""
        library = _library()
        try:
            default = library.default.device[0]
            told = library.query_devices()
        except library.PortAudioError as error:
            raise RecordingError(
                "The sound system of this computer cannot be reached. Try again.",
                details=str(error),
            ) from error
        return [
            Device(Source(SourceKind.MICROPHONE, one["name"], one["name"]), number == default)
            for number, one in enumerate(told)
            if one["max_input_channels"] > 0
        ]

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        """Begin to record; blocks until it is open."""
        if source.kind is SourceKind.COMPUTER:
            raise RecordingError(
                "Recording what this computer plays does not work on this system yet."
            )
        library = _library()
        stream = _PortAudioStream(source.device or None)
        try:
            stream.begin(library, on_block, on_end)
        except (library.PortAudioError, ValueError) as error:
            raised = no_device(source)
            raised.details = str(error)
            raise raised from error
        return stream


class _PortAudioStream:
    """One input that PortAudio reads in a thread of its own."""

    def __init__(self, device: str | None) -> None:
        self._device = device
        self._stream: Any = None
        self._is_closed = False

    def begin(self, library: Any, on_block: OnBlock, on_end: OnEnd) -> None:
        """Open the device and start."""

        def heard(sound: Any, _frames: int, _time: object, _status: object) -> None:
            on_block(np.frombuffer(bytes(sound), np.int16))

        def ended() -> None:
            if not self._is_closed:
                on_end("the device stopped")

        self._stream = library.RawInputStream(
            samplerate=RATE_HZ,
            blocksize=_BLOCK_SAMPLES,
            device=self._device,
            channels=1,
            dtype="int16",
            latency=_LATENCY_S,
            callback=heard,
            finished_callback=ended,
        )
        self._stream.start()

    def where(self) -> str | None:
        """Give the device: PortAudio moves no stream."""
        return self._device

    def close(self) -> None:
        """Stop."""
        self._is_closed = True
        with contextlib.suppress(Exception):
            self._stream.close()


def _library() -> Any:
    try:
        import sounddevice  # pyright: ignore[reportMissingTypeStubs]
    except (ImportError, OSError) as error:
        raise RecordingError(
            "Recording needs the PortAudio library, which is not installed on this computer.",
            details=str(error),
        ) from error
    return cast("Any", sounddevice)
