"""The second way to sound: our own decoding, played by another audio library.

Qt's output is silent on some machines where others work. Here ffmpeg decodes from
the wished position at the wished speed, and PortAudio (sounddevice) plays it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import queue
import threading
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from typing_extensions import override

from app.audio.process import run_ffmpeg
from app.audio.source import input_arguments
from app.core.errors import RecordingError
from app.player.engine import Engine

_RATE_HZ = 44_100
_CHANNELS = 2
_FRAME_BYTES = 2 * _CHANNELS
_AHEAD_CHUNKS = 4
_REPORT_MS = 50
_WAIT_S = 0.1


class DecodedSound:
    """Sound decoded ahead by a worker, taken out by the audio library's thread.

    Attributes:
        frames_taken: How much was played.
        loudest: Loudest sample of the last block, 0 to 1.
        is_over: Everything was taken out.
        has_any: Something was decoded.
    """

    def __init__(self) -> None:
        self.frames_taken = 0
        self.loudest = 0.0
        self.is_over = False
        self.has_any = False
        self.volume = 1.0
        self._chunks: queue.Queue[bytes | None] = queue.Queue(_AHEAD_CHUNKS)
        self._rest = b""
        self._is_closed = threading.Event()
        self._saw_end = False

    def put(self, chunk: bytes | None) -> None:
        """Add sound, waiting while there is enough; ``None`` ends it."""
        self.has_any = self.has_any or bool(chunk)
        while not self._is_closed.is_set():
            with contextlib.suppress(queue.Full):
                self._chunks.put(chunk, timeout=_WAIT_S)
                return

    def close(self) -> None:
        """Take no more, so that the decoder can end."""
        self._is_closed.set()

    def take(self, size_bytes: int) -> bytes:
        """Give the next sound, padded with silence; never waits."""
        parts = [self._rest]
        have = len(self._rest)
        while have < size_bytes and not self._saw_end:
            try:
                chunk = self._chunks.get_nowait()
            except queue.Empty:
                break
            if chunk is None:
                self._saw_end = True
                break
            parts.append(chunk)
            have += len(chunk)
        sound = b"".join(parts)
        block, self._rest = sound[:size_bytes], sound[size_bytes:]
        block = block[: len(block) // _FRAME_BYTES * _FRAME_BYTES]
        self.frames_taken += len(block) // _FRAME_BYTES
        self.is_over = self._saw_end and not self._rest
        samples = array("h", block)
        self.loudest = max(samples[::8], default=0) / 32_768
        if self.volume != 1.0:
            samples = array("h", (int(sample * self.volume) for sample in samples))
            block = samples.tobytes()
        return block + bytes(size_bytes - len(block))


class DecodedEngine(Engine):
    """Play what ffmpeg decodes through PortAudio."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        find_library: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__(parent)
        self._find_library = find_library or (lambda: importlib.import_module("sounddevice"))
        self._path: Path | None = None
        self._rate = 1.0
        self._volume = 1.0
        self._device_name = ""
        self._from_ms = 0
        self._sound: DecodedSound | None = None
        self._decoding: asyncio.Task[None] | None = None
        self._library: Any = None  # sounddevice, which ships no types
        self._stream: Any = None
        self._timer = QTimer(self)
        self._timer.setInterval(_REPORT_MS)
        self._timer.timeout.connect(self._on_timeout)

    @override
    def open(self, path: Path) -> None:
        self._path = path
        self._from_ms = 0
        try:
            library: Any = self._find_library()
            asyncio.get_running_loop()
        except (ImportError, OSError, RuntimeError) as error:
            self._fail_later(str(error))  # no library, or no loop to decode on
            return
        try:
            library.check_output_settings(samplerate=_RATE_HZ, channels=_CHANNELS)
        except (library.PortAudioError, ValueError) as error:
            self._fail_later(str(error))  # no device
            return
        self._library = library

    @override
    def close(self) -> None:
        self._stop()
        self._path = None

    @override
    def play(self) -> None:
        if self._stream is None and self._library is not None:
            self._start()

    @override
    def pause(self) -> None:
        if self._stream is not None:
            self._from_ms = self._position_ms()
            self._stop()
            self.playing_changed.emit(self._stream is not None)

    @override
    def seek(self, position_ms: int) -> None:
        was_playing = self._stream is not None
        self._stop()
        self._from_ms = position_ms
        if was_playing:
            self._start()
        else:
            self.reported.emit(position_ms)

    @override
    def set_rate(self, rate: float) -> None:
        if rate == self._rate:
            return
        position_ms = self._position_ms()
        self._rate = rate
        if self._stream is not None:
            self.seek(position_ms)

    @override
    def set_volume(self, volume: float) -> None:
        self._volume = volume
        if self._sound is not None:
            self._sound.volume = volume

    @override
    def set_device(self, name: str) -> None:
        if name == self._device_name:
            return
        self._device_name = name
        if self._stream is not None:
            self.seek(self._position_ms())  # a stream keeps to the device it began on

    def _fail_later(self, details: str) -> None:
        QTimer.singleShot(0, self, lambda: self.failed.emit(details))

    def _start(self) -> None:
        assert self._path is not None  # noqa: S101 – only played when open
        sound = self._sound = DecodedSound()
        sound.volume = self._volume
        self._decoding = asyncio.get_running_loop().create_task(
            self._decode(self._path, sound), name="decode-for-playing"
        )

        def fill(outdata: Any, _frames: int, _time: object, _status: object) -> None:
            outdata[:] = sound.take(len(outdata))

        self._stream = self._library.RawOutputStream(
            samplerate=_RATE_HZ,
            channels=_CHANNELS,
            dtype="int16",
            callback=fill,
            device=self._device(),
        )
        self._stream.start()
        self._timer.start()
        self.playing_changed.emit(self._stream is not None)

    async def _decode(self, path: Path, sound: DecodedSound) -> None:
        begin = ("-ss", f"{self._from_ms / 1_000:.3f}")
        arguments = ["-v", "error", *input_arguments(path, before=begin)]
        arguments += ["-vn", "-af", f"atempo={self._rate:.3f}"]
        arguments += ["-f", "s16le", "-ar", str(_RATE_HZ), "-ac", str(_CHANNELS), "pipe:1"]
        try:
            said = await run_ffmpeg(arguments, on_sound=sound.put)
        except RecordingError as error:
            self.failed.emit(error.details)
            return
        if said.exit_code != 0 and not sound.has_any:
            self.failed.emit(said.text)
            return
        await asyncio.to_thread(sound.put, None)

    def _device(self) -> int | None:
        """Give PortAudio's number of the chosen device, if it knows one of that name."""
        if not self._device_name:
            return None
        for number, device in enumerate(self._library.query_devices()):
            names = {str(device["name"]), self._device_name}
            if device["max_output_channels"] >= _CHANNELS and (
                min(names, key=len) in max(names, key=len)
            ):
                return number
        return None

    def _stop(self) -> None:
        self._timer.stop()
        if self._sound is not None:
            self._sound.close()
            self._sound = None
        if self._decoding is not None:
            self._decoding.cancel()
            self._decoding = None
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _position_ms(self) -> int:
        if self._sound is None:
            return self._from_ms
        latency_s: float = self._stream.latency if self._stream is not None else 0.0
        heard_s = max(0.0, self._sound.frames_taken / _RATE_HZ - latency_s)
        return self._from_ms + int(heard_s * 1_000 * self._rate)

    def _on_timeout(self) -> None:
        sound = self._sound
        if sound is None:
            return
        if sound.frames_taken:
            self.reported.emit(self._position_ms())
        self.level_changed.emit(sound.loudest)
        if sound.is_over:
            self._stop()
            self._from_ms = 0
            self.ended.emit()
