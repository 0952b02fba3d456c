"""What Windows itself plays, by the loopback of its sound system; soundcard does the talking.

By reading soundcard 0.4.6 only: no Windows was at hand. It was taken rather than
PyAudioWPatch since Windows then brings the sound to our rate by itself, what is plugged in
later is found without starting over, silence, in which Windows delivers nothing at all, is
filled up by the clock, and one package serves every Python.

Its calls speak COM, which a thread must have been introduced to. PortAudio introduces its
own thread in a way that keeps soundcard from doing so, hence one thread for the latter's
calls alone, which stays as long as the program: by it every later thread may read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from app.capture.backend import NO_SOUND_SYSTEM, OnBlock, OnEnd, no_device
from app.capture.converting import Converter
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, Device, Source, SourceKind

_CHANNELS = 2
"""One alone comes out as noise, its own page says."""
_BUFFER_SAMPLES = RATE_HZ // 2
_OPEN_S = 5.0
_FAILURES = (RuntimeError, OSError, AssertionError, IndexError)
"""Refusals of Windows, the same by cffi, a format soundcard does not expect, a lost device."""

_THREAD = ThreadPoolExecutor(1, thread_name_prefix="loopback")


class Speaker(Protocol):
    """What soundcard tells of something that plays."""

    @property
    def name(self) -> str:
        """Give it as a person sees it; Windows may refuse."""
        ...


class SoundCard(Protocol):
    """What is used of soundcard."""

    def all_speakers(self) -> Sequence[Speaker]:
        """Give all that can play now."""
        ...

    def default_speaker(self) -> Speaker:
        """Give the one that plays unless a program wants another."""
        ...

    def all_microphones(self, include_loopback: bool) -> Sequence[Any]:  # noqa: FBT001 - its own
        """Give what can be recorded, what plays among it if wanted."""
        ...


class LoopbackBackend:
    """Records what plays on a speaker; goes by its name, as a person does."""

    def __init__(self, load: Callable[[], SoundCard] | None = None) -> None:
        """Prepare it; nothing is imported yet.

        Args:
            load: Gives the library; soundcard if left out.
        """
        self._load = load or _soundcard

    def devices(self) -> list[Device]:
        """Give all that plays; blocks."""
        return _THREAD.submit(self._devices).result()

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> _LoopbackStream:
        """Begin to record; blocks until it is open."""
        device = _THREAD.submit(self._find, source).result()
        stream = _LoopbackStream(self, device, follows=not source.device, on_end=on_end)
        stream.start(on_block)
        return stream

    def usual(self) -> str:
        """Give the name of what plays unless a program wants another; empty for nothing."""
        return _THREAD.submit(self._usual).result()

    def _devices(self) -> list[Device]:
        try:
            speakers = self._load().all_speakers()
        except _FAILURES as error:
            raise RecordingError(NO_SOUND_SYSTEM, details=str(error)) from error
        usual = self._usual()
        names = dict.fromkeys(name for one in speakers if (name := _name(one)))
        return [Device(Source(SourceKind.COMPUTER, one, one), one == usual) for one in names]

    def _usual(self) -> str:
        try:
            return _name(self._load().default_speaker())
        except _FAILURES:
            return ""

    def _find(self, source: Source) -> Any:
        wanted = source.device or self._usual()
        try:
            found = self._load().all_microphones(include_loopback=True)
        except _FAILURES as error:
            raise RecordingError(NO_SOUND_SYSTEM, details=str(error)) from error
        for one in found:
            if one.isloopback and wanted and _name(one) == wanted:
                return one
        raise no_device(source)


class _LoopbackStream:
    """One speaker whose sound is read in a thread of its own."""

    def __init__(
        self, backend: LoopbackBackend, device: Any, *, follows: bool, on_end: OnEnd
    ) -> None:
        self._backend = backend
        self._device = device
        self._name = _name(device)
        self._follows = follows
        self._on_end = on_end
        self._is_open = threading.Event()
        self._closed = threading.Event()
        self._has_told = threading.Lock()
        self._failure = ""
        self._thread: threading.Thread | None = None

    def start(self, on_block: OnBlock) -> None:
        """Start reading; blocks until Windows has opened it.

        Raises:
            RecordingError: It would not.
        """
        self._thread = threading.Thread(target=self._read, args=(on_block,), daemon=True)
        self._thread.start()
        if not self._is_open.wait(_OPEN_S) or self._failure:
            self._closed.set()
            raise RecordingError(
                "The computer's audio cannot be recorded. Close other programs that use the "
                "speakers for themselves, then try again.",
                details=self._failure or "it did not open in time",
            )

    def where(self) -> str | None:
        """Give the name of the speaker.

        Whoever wants what the computer plays wants it when headphones are plugged in as
        well, so this one ends once something else plays, and is opened anew.
        """
        if self._follows and not self._closed.is_set():
            usual = self._backend.usual()
            if usual and usual != self._name:
                self._end(f"the sound goes to {usual} now")
        return self._name

    def close(self) -> None:
        """Stop."""
        self._closed.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def _read(self, on_block: OnBlock) -> None:
        convert = Converter(RATE_HZ)
        try:
            with self._device.recorder(
                samplerate=RATE_HZ, channels=_CHANNELS, blocksize=_BUFFER_SAMPLES
            ) as recorder:
                self._is_open.set()
                while not self._closed.is_set():
                    # Silence comes too, measured by the clock: it never waits for long.
                    sound: NDArray[np.float32] = recorder.record(numframes=None)
                    if len(sound) and not self._closed.is_set():
                        on_block(convert.feed(sound))
        except _FAILURES as error:
            was_open = self._is_open.is_set()
            self._failure = str(error) or type(error).__name__
            self._is_open.set()
            if was_open:
                self._end(self._failure)

    def _end(self, why: str) -> None:
        if not self._closed.is_set() and self._has_told.acquire(blocking=False):
            self._closed.set()
            self._on_end(why)


def _name(device: Any) -> str:
    """Give the name of a device; empty where Windows does not tell, so that it is left out."""
    try:
        return str(device.name)
    except _FAILURES:
        return ""


def _soundcard() -> SoundCard:
    try:
        import soundcard  # pyright: ignore[reportMissingImports]
    except (ImportError, OSError) as error:
        raise RecordingError(NO_SOUND_SYSTEM, details=str(error)) from error
    return cast("SoundCard", soundcard)
