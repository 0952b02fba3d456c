"""Recording through PortAudio: the microphones of Windows and macOS.

By reading sounddevice 0.5.6 only: no machine of these systems was at hand. The latency is
generous, since a recorder needs none that is low and a low one tears under load.

Windows shows each microphone once for each of its four sound interfaces, under names that
two of them cut off: only those of the newest, WASAPI, are taken, which then brings any rate
and number of channels to ours. What speaks to it has to be done in the thread that began.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import numpy as np

from app.capture.backend import NO_SOUND_SYSTEM, OnBlock, OnEnd, Stream, no_device
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, Device, Source, SourceKind

_LATENCY_S = 0.5
_BLOCK_SAMPLES = RATE_HZ // 20
_NONE = -1
_WASAPI = "Windows WASAPI"

_THREAD = ThreadPoolExecutor(1, thread_name_prefix="microphones")


class PortAudioBackend:
    """Microphones by sounddevice."""

    def __init__(
        self, load: Callable[[], Any] | None = None, *, is_alone: bool = False
    ) -> None:
        """Prepare it; nothing is imported yet.

        Args:
            load: Gives the library; sounddevice if left out.
            is_alone: Nothing else of this process uses the library, so that it may begin
                anew: else it never sees what is plugged in after its start.
        """
        self._load = load or _sounddevice
        self._is_alone = is_alone
        self._has_looked = False
        self._streams = set[_PortAudioStream]()

    def devices(self) -> list[Device]:
        """Give what can be recorded now; blocks."""
        return _THREAD.submit(self._devices).result()

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        """Begin to record; blocks until it is open."""
        return _THREAD.submit(self._open, source, on_block, on_end).result()

    def _devices(self) -> list[Device]:
        library = self._load()
        try:
            self._look_anew(library)
            found = _microphones(library)
            usual = _usual(library)
        except library.PortAudioError as error:
            raise RecordingError(NO_SOUND_SYSTEM, details=str(error)) from error
        return [
            Device(Source(SourceKind.MICROPHONE, name, name), number == usual)
            for name, number in found.items()
        ]

    def _open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        library = self._load()
        try:
            self._look_anew(library)
            number = _microphones(library).get(source.device) if source.device else None
            if number is None and not source.device:
                number = _usual(library)
            if number is None or number == _NONE:
                raise no_device(source)
            name = str(library.query_devices(number)["name"])
            stream = _PortAudioStream(name, self._streams)
            stream.begin(library, number, on_block, on_end)
        except (library.PortAudioError, ValueError) as error:
            raised = no_device(source)
            raised.details = str(error)
            raise raised from error
        return stream

    def _look_anew(self, library: Any) -> None:
        """See what was plugged in since, where nothing is open that would break."""
        if self._is_alone and self._has_looked and not self._streams:
            library._terminate()  # noqa: SLF001 - there is no other way
            library._initialize()  # noqa: SLF001 - nor for this
        self._has_looked = True


def _microphones(library: Any) -> dict[str, int]:
    """Give the number of each microphone by its name."""
    wasapi = _wasapi(library)
    found = dict[str, int]()
    for number, one in enumerate(library.query_devices()):
        if one["max_input_channels"] > 0 and wasapi in {None, one["hostapi"]}:
            found.setdefault(str(one["name"]), number)
    return found


def _usual(library: Any) -> int:
    """Give the number of the microphone that is taken unless another is wanted; -1 for none."""
    wasapi = _wasapi(library)
    if wasapi is not None:
        return int(library.query_hostapis(wasapi)["default_input_device"])
    return int(library.default.device[0])


def _wasapi(library: Any) -> int | None:
    """Give the number of WASAPI, where this is Windows."""
    names = [one["name"] for one in library.query_hostapis()]
    return names.index(_WASAPI) if _WASAPI in names else None


class _PortAudioStream:
    """One input that PortAudio reads in a thread of its own."""

    def __init__(self, name: str, streams: set[_PortAudioStream]) -> None:
        self._name = name
        self._streams = streams
        self._stream: Any = None
        self._is_closed = False

    def begin(self, library: Any, number: int, on_block: OnBlock, on_end: OnEnd) -> None:
        """Open the device and start."""

        def heard(sound: Any, _frames: int, _time: object, _status: object) -> None:
            on_block(np.frombuffer(bytes(sound), np.int16))

        def ended() -> None:
            if not self._is_closed:
                on_end("the device stopped")

        self._stream = library.RawInputStream(
            samplerate=RATE_HZ,
            blocksize=_BLOCK_SAMPLES,
            device=number,
            channels=1,
            dtype="int16",
            latency=_LATENCY_S,
            extra_settings=(
                None if _wasapi(library) is None else library.WasapiSettings(auto_convert=True)
            ),
            callback=heard,
            finished_callback=ended,
        )
        self._streams.add(self)
        self._stream.start()

    def where(self) -> str | None:
        """Give the device: PortAudio moves no stream."""
        return self._name

    def close(self) -> None:
        """Stop."""
        self._is_closed = True
        _THREAD.submit(self._close).result()

    def _close(self) -> None:
        with contextlib.suppress(Exception):
            self._stream.close()
        self._streams.discard(self)


def _sounddevice() -> Any:
    try:
        import sounddevice  # pyright: ignore[reportMissingTypeStubs]
    except (ImportError, OSError) as error:
        raise RecordingError(
            "Recording needs the PortAudio library, which is not installed on this computer.",
            details=str(error),
        ) from error
    return cast("Any", sounddevice)
