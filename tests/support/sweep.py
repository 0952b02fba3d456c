"""A sound whose pitch tells where in it one is, and an ear that reads it."""

from __future__ import annotations

import math
import threading
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat

from app.player.player import Player
from app.system.clocks import precise_ms

RATE_HZ = 24_000
SECONDS = 75
LOW_HZ, HZ_A_SECOND = 400.0, 120.0
_DTYPES = {
    QAudioFormat.SampleFormat.Int16: "<i2",
    QAudioFormat.SampleFormat.Float: "<f4",
}
_SIZE = 1 << 16
_LAST_PIECE_S = 0.05


def write_sweep(path: Path) -> None:
    """Write the sound as WAV."""
    t = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    sound = 12_000 * np.sin(2 * math.pi * (LOW_HZ * t + HZ_A_SECOND / 2 * t * t))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.astype("<i2").tobytes())


def begins_ms(samples: NDArray[np.float64], rate_hz: int) -> float:
    """Read from a piece of the sound where it begins."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), _SIZE))
    peak = int(spectrum[1:].argmax()) + 1
    left, here, right = np.log(spectrum[peak - 1 : peak + 2] + 1e-9)
    fine = peak + 0.5 * (left - right) / (left - 2 * here + right)
    middle_ms = (fine * rate_hz / _SIZE - LOW_HZ) / HZ_A_SECOND * 1_000
    return float(middle_ms - len(samples) / rate_hz * 500)


class Ear:
    """Listens to what leaves Qt's player, which is before it is stretched for the speed."""

    def __init__(self, player: Player) -> None:
        """Begin to listen; the player must have been prepared."""
        self._pieces: list[tuple[float, NDArray[np.float64], int]] = []
        self._output = player.findChildren(QAudioBufferOutput)[0]
        # In the player's own thread: what is late to the window has sounded in time.
        self._output.audioBufferReceived.connect(
            self._on_sound, Qt.ConnectionType.DirectConnection
        )

    def close(self) -> None:
        """Listen no more; before the player closes.

        Qt waits then for the thread of its sound and keeps Python's lock meanwhile: a piece
        that came at that moment waited for the lock, and both for ever.
        """
        self._output.audioBufferReceived.disconnect(self._on_sound)
        # Lets go of the lock for a piece that is on its way.
        threading.Event().wait(_LAST_PIECE_S)

    @property
    def count(self) -> int:
        """How many pieces were heard so far."""
        return len(self._pieces)

    def heard(self) -> list[tuple[float, float]]:
        """Give when each piece began to sound, and where in the recording it was."""
        return [(at_ms, begins_ms(sound, rate_hz)) for at_ms, sound, rate_hz in self._pieces]

    def _on_sound(self, buffer: QAudioBuffer) -> None:
        now, form = precise_ms(), buffer.format()
        samples = np.frombuffer(bytes(buffer.constData()), _DTYPES[form.sampleFormat()])
        sound = samples[:: form.channelCount()].astype(np.float64)
        self._pieces.append((now, sound, form.sampleRate()))


def place_ms(
    heard: list[tuple[float, float]], at_ms: float, rate: float, *, around_ms: float = 300
) -> float | None:
    """Give what sounded at a moment: the furthest that any piece around it tells.

    One that left late tells too little, none too much.
    """
    return max(
        (
            place + (at_ms - left) * rate
            for left, place in heard
            if abs(at_ms - left) < around_ms
        ),
        default=None,
    )
