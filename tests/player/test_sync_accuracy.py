"""What Qt's player plays after a seek, against what our own decode has at that time.

Words are timed by our decode from end to end; the player seeks. Where the two agree on
what sounds at the time the player reports, the lit word is the one that is heard.

Five minutes of two tones tell the time: one sweeps through 2 kHz every ten seconds
(200 Hz a second, so 40 ms are 8 Hz), the other steps by 10 Hz every ten seconds. The
player gives its sound through a QAudioBufferOutput, with no device, and its report with
every piece of it.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QUrl
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat, QMediaPlayer
from pytestqt.qtbot import QtBot

from app.audio.cache import OverviewCache
from app.audio.plan import make_plan
from app.audio.prepare import Prepared, prepare
from app.audio.probe import probe
from app.core.options import TranscriptionOptions

pytestmark = [pytest.mark.slow, pytest.mark.gui, pytest.mark.timeout(300)]

MINUTES = 5
PLACES = 50
MOST_OFF_MS = 40
RATE_HZ = 16_000
SOURCE_HZ = 22_050
NEEDED = RATE_HZ // 8

_PICTURES = ("-f", "lavfi", "-i", f"testsrc=s=64x64:r=1:d={MINUTES * 60}")
_BARE = ("-write_xing", "0", "-id3v2_version", "0")
FORMS: dict[str, tuple[str, ...]] = {
    "tone.wav": (),
    "tone.flac": (),
    "tone.m4a": ("-c:a", "aac", "-b:a", "64k"),
    "tone.opus": ("-c:a", "libopus", "-b:a", "48k"),
    "tone.ogg": ("-c:a", "libvorbis"),
    "tone.webm": ("-c:a", "libopus", "-b:a", "48k"),
    "constant.mp3": ("-b:a", "64k"),
    "variable.mp3": ("-q:a", "5"),
    "variable-without-header.mp3": ("-q:a", "5", *_BARE),
    "tone.aac": ("-c:a", "aac"),
    "tone.wma": ("-c:a", "wmav2"),
    "film.mp4": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "aac"),
    "film.mkv": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "libvorbis"),
    "film.avi": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "libmp3lame", "-b:a", "64k"),
}
COPIED = {"variable.mp3", "variable-without-header.mp3", "tone.aac", "tone.wma", "film.avi"}


def _tens_of_seconds() -> Iterator[bytes]:
    noise = np.random.default_rng(1)
    t = np.arange(SOURCE_HZ * 10) / SOURCE_HZ
    for step in range(MINUTES * 6):
        sound = 0.3 * np.sin(2 * np.pi * (500 * t + 100 * t * t))
        sound += 0.3 * np.sin(2 * np.pi * (3_000 + 10 * step) * t)
        if step % 12 < 6:  # high noise every other minute makes a variable rate vary
            hiss = np.diff(noise.standard_normal(len(t)), n=2, prepend=[0.0, 0.0])
            sound += 0.06 * hiss
        yield (sound * 20_000).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tone") / "source.wav"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "s16le"]
    command += ["-ar", str(SOURCE_HZ), "-ac", "1", "-i", "-", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for piece in _tens_of_seconds():
            process.stdin.write(piece)
    assert process.returncode == 0
    return path


def told_ms(sound: NDArray[np.float64]) -> float:
    """Read from a piece of the tone when it begins."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    pitches = np.fft.rfftfreq(1 << 17, 1 / RATE_HZ)
    sweep = (pitches > 450) & (pitches < 2_600)
    steps = (pitches > 2_950) & (pitches < 4_300)
    fine_s = (pitches[sweep][spectrum[sweep].argmax()] - 500) / 200
    coarse = round((pitches[steps][spectrum[steps].argmax()] - 3_000) / 10)
    return (coarse * 10 + fine_s) * 1000 - len(sound) * 500 / RATE_HZ


class Listener:
    """A player without a device that keeps what it plays and what it says of it."""

    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._heard: list[tuple[float, NDArray[np.float64]]] = []
        form = QAudioFormat()
        form.setSampleRate(RATE_HZ)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._output = QAudioBufferOutput(form)
        self._output.audioBufferReceived.connect(self._on_output_sound)
        self.player = QMediaPlayer()
        self.player.setAudioBufferOutput(self._output)
        self.player.setSource(QUrl.fromLocalFile(str(path)))
        qtbot.waitUntil(
            lambda: self.player.mediaStatus() == QMediaPlayer.MediaStatus.LoadedMedia
        )
        self.player.play()
        qtbot.waitUntil(lambda: bool(self._heard))  # earlier seeks are dropped (Qt)

    def hear(self, at_ms: int) -> tuple[float, NDArray[np.float64]]:
        """Seek and listen; gives the time reported and what sounds from then on."""
        self._heard.clear()
        self.player.setPosition(at_ms)
        self._qtbot.waitUntil(lambda: sum(map(len, self._settled(at_ms).values())) >= NEEDED)
        settled = self._settled(at_ms)
        return min(settled), np.concatenate(list(settled.values()))[:NEEDED]

    def close(self) -> None:
        self.player.stop()
        self.player.setSource(QUrl())

    def _settled(self, at_ms: int) -> dict[float, NDArray[np.float64]]:
        """What came since the seek, by the time reported with it.

        Not the first tenth of a second: the first frames behind a seek in an MP3 lack what
        the frames before them held for them. Pieces from before the seek say another time.
        """
        near = {when: one for when, one in self._heard if abs(when - at_ms) < 3_000}
        return {when: one for when, one in near.items() if when >= min(near) + 100}

    def _on_output_sound(self, piece: QAudioBuffer) -> None:
        sound = np.frombuffer(bytes(piece.constData()), "<i2").astype(np.float64)
        self._heard.append((piece.startTime() / 1000, sound))


@pytest.mark.parametrize("name", FORMS)
def test_what_is_played_is_what_is_reported(
    qtbot: QtBot, tone: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(tone), *FORMS[name]]
    subprocess.run([*command, str(path)], check=True, stdin=subprocess.DEVNULL)
    cache = OverviewCache(tmp_path / "cache")
    prepared = asyncio.run(_prepared(path, cache))
    assert (prepared.proxy_path is not None) == (name in COPIED)

    listener = Listener(prepared.proxy_path or path, qtbot)
    off = measure(listener, prepared.parts[0].path)
    listener.close()

    assert max(abs(one) for one in off) <= MOST_OFF_MS


def test_the_original_of_a_variable_rate_would_lie(
    qtbot: QtBot, tone: Path, tmp_path: Path
) -> None:
    path = tmp_path / "variable-without-header.mp3"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(tone)]
    command += [*FORMS[path.name], str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)

    listener = Listener(path, qtbot)
    shown_ms = listener.player.duration()
    listener.close()

    assert abs(shown_ms - MINUTES * 60_000) > 10_000  # and it seeks by that length


def measure(listener: Listener, decoded: Path) -> list[float]:
    """Seek to random places and give how far each report is from the truth."""
    with wave.open(str(decoded)) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64)
    places = random.Random(4)
    off: list[float] = []
    for _ in range(PLACES):
        # Away from where the tones jump: a piece across a jump tells two times.
        tens = places.randrange(MINUTES * 6)
        reported_ms, sound = listener.hear(tens * 10_000 + places.randrange(500, 9_000))
        first = round(reported_ms * RATE_HZ / 1000)
        off.append(told_ms(whole[first : first + NEEDED]) - told_ms(sound))
    return off


async def _prepared(path: Path, cache: OverviewCache) -> Prepared:
    recording = await probe(path)
    plan = make_plan(recording, TranscriptionOptions())
    return await prepare(recording, plan, path.parent / "job", cache=cache)
