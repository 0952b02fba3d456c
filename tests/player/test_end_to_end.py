"""The lit word against the sound itself, which tells the time by its pitch.

A sweep rises by 40 Hz a second; a word lasts 200 ms. What is heard is read from the
samples that leave Qt's player, not from anything that the clock is told.
"""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat
from pytestqt.qtbot import QtBot

from app.core.transcript import Segment, Transcript, Word
from app.player.player import Player, monotonic_ms
from app.player.session import PlaySession

pytestmark = [
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("PulseAudioService", "pipewire", extend=True),
]

RATE_HZ = 16_000
SECONDS = 75
LOW_HZ, HZ_A_SECOND = 500.0, 40.0
WORD_MS = 200
FRAME_MS = 16
SETTLED_MS = 400


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    t = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    sound = 12_000 * np.sin(2 * math.pi * (LOW_HZ * t + HZ_A_SECOND / 2 * t * t))
    path = tmp_path_factory.mktemp("sweep") / "sweep.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def told_ms(samples: np.ndarray, rate_hz: int) -> float:
    """Read from a piece of the sweep when it begins in the recording."""
    size = 1 << 16
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    peak = int(spectrum[1:].argmax()) + 1
    left, here, right = np.log(spectrum[peak - 1 : peak + 2] + 1e-9)
    fine = peak + 0.5 * (left - right) / (left - 2 * here + right)
    middle_s = (fine * rate_hz / size - LOW_HZ) / HZ_A_SECOND
    return middle_s * 1_000


class Ear:
    """Listens to what leaves the player and knows what is heard at any moment.

    The samples come in blocks; a block's beginning is heard when it leaves. Pieces of
    one block are too short to read a pitch from, so four are read together.
    """

    def __init__(self, player: Player) -> None:
        self.anchors: list[tuple[float, float]] = []  # wall time, position then
        self._player = player
        self._pieces: list[tuple[float, np.ndarray]] = []
        output = player.findChildren(QAudioBufferOutput)[0]
        output.audioBufferReceived.connect(self._on_sound)

    def _on_sound(self, buffer: QAudioBuffer) -> None:
        form = buffer.format()
        code = {
            QAudioFormat.SampleFormat.Int16: "<i2",
            QAudioFormat.SampleFormat.Float: "<f4",
        }[form.sampleFormat()]
        samples = np.frombuffer(bytes(buffer.constData()), code)[:: form.channelCount()]
        self._pieces.append((monotonic_ms(), samples.astype(float)))
        if len(self._pieces) < 4:
            return
        sound = np.concatenate([piece for _, piece in self._pieces])
        middle_ms = told_ms(sound, form.sampleRate())
        # Blocks may be stretched already; half of them in wall time is half in the sound.
        left_ms = self._pieces[0][0]
        span_ms = len(sound) / form.sampleRate() * 1_000
        self.anchors.append((left_ms, middle_ms - span_ms / 2))
        self._pieces.clear()

    def position_ms(self, wall_ms: float, rate: float) -> float:
        """Give what was heard: the furthest that any block near this moment says."""
        return max(
            at + (wall_ms - left) * rate
            for left, at in self.anchors
            if abs(wall_ms - left) < 1_500
        )


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("rate", "seconds"), [(1.0, 60), (0.5, 6), (2.0, 6)])
def test_the_lit_word_is_the_one_that_is_heard(
    qapp: object, qtbot: QtBot, sweep: Path, rate: float, seconds: int
) -> None:
    words = tuple(
        Word(str(place), place * WORD_MS, (place + 1) * WORD_MS)
        for place in range(SECONDS * 1_000 // WORD_MS)
    )
    talk = Transcript((Segment(words, None, 0, words[-1].end_ms),), duration_ms=SECONDS * 1_000)
    player = Player()
    session = PlaySession(player)
    session.open(sweep, talk)
    player.set_rate(rate)
    ear = Ear(player)
    lit: list[tuple[float, int | None]] = []
    frames = QTimer()
    frames.setInterval(FRAME_MS)
    frames.timeout.connect(lambda: lit.append((monotonic_ms(), session.follower.word)))
    player.play()
    qtbot.waitUntil(lambda: len(ear.anchors) > 4, timeout=10_000)
    began = monotonic_ms()
    frames.start()
    qtbot.waitUntil(
        lambda: monotonic_ms() - began > seconds * 1_000, timeout=seconds * 1_000 + 20_000
    )
    frames.stop()
    player.close()
    player.deleteLater()

    off = array("d")
    for wall_ms, word in lit:
        if wall_ms - began < SETTLED_MS:
            continue
        heard_ms = ear.position_ms(wall_ms, rate)
        assert word is not None
        start_ms, end_ms = word * WORD_MS, (word + 1) * WORD_MS
        off.append(max(0.0, start_ms - heard_ms, heard_ms - end_ms) / rate)
    shown = np.array(off)
    print(  # noqa: T201 – the figure is what one runs this for
        f"{rate}x: {len(shown)} frames, wrong {np.mean(shown > 0):.2%}, "
        f"median {np.median(shown):.1f}, 99% {np.percentile(shown, 99):.1f}, "
        f"worst {shown.max():.1f} ms"
    )
    assert np.median(shown) < 17
    assert np.percentile(shown, 99) < 50
