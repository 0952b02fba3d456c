"""What Qt's player plays after a seek, against what our own decode has at that time.

Words are timed by our decode from end to end; the player seeks. Where the two agree on
what sounds at the time the player reports, the lit word is the one that is heard.

Twenty minutes of two tones tell the time: one sweeps through 2 kHz every ten seconds
(200 Hz a second, so 40 ms are 8 Hz), the other steps by 10 Hz every ten seconds. Each
player gives its sound through a QAudioBufferOutput, with no device, and its report with
every piece of it. Playing takes as long as it sounds, so all players play side by side.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QUrl
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat, QMediaPlayer
from pytestqt.qtbot import QtBot

from app.audio.cache import PlaybackCache
from app.audio.plan import make_plan
from app.audio.prepare import Prepared, prepare
from app.audio.probe import probe
from app.core.options import TranscriptionOptions
from tests.support.sounds import ffmpeg

pytestmark = [pytest.mark.slow, pytest.mark.gui, pytest.mark.timeout(400)]

TENS = 20 * 6
PLACES = 50
MOST_OFF_MS = 40
RATE_HZ = 16_000
SOURCE_HZ = 22_050
NEEDED = RATE_HZ // 8
AT_ONCE = 2
LOST_MS = {"constant.mp3": 50}
"""How much behind a seek is no sound of the recording.

A frame of an MP3 keeps part of its data in the frames before it (the bit reservoir), and
a player that lands on it does not have those: two frames of 26 ms come out silent or
wrong. All others are listened to from their first sample.
"""

_PICTURES = ("-f", "lavfi", "-i", f"testsrc=s=64x64:r=1:d={TENS * 10}", "-c:v", "mpeg4")
ENCODED: dict[str, tuple[str, ...]] = {
    "tone.wav": (),
    "tone.flac": (),
    "tone.m4a": ("-c:a", "aac", "-b:a", "64k"),
    "tone.opus": ("-c:a", "libopus", "-b:a", "48k", "-compression_level", "0"),
    "tone.ogg": ("-c:a", "libvorbis"),
    "tone.wma": ("-c:a", "wmav2"),
    "constant.mp3": ("-b:a", "64k"),
    "variable.mp3": ("-q:a", "5"),
}
REPACKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "variable-without-header.mp3": (
        "variable.mp3",
        ("-write_xing", "0", "-id3v2_version", "0"),
    ),
    "tone.aac": ("tone.m4a", ()),
    "tone.webm": ("tone.opus", ()),
    "film.mp4": ("tone.m4a", _PICTURES),
    "film.mkv": ("tone.ogg", _PICTURES),
    "film.avi": ("constant.mp3", _PICTURES),
}
PLAYED_FROM_A_COPY = {
    "variable.mp3",
    "variable-without-header.mp3",
    "tone.aac",
    "tone.wma",
    "film.avi",
}


def test_what_is_played_is_what_is_reported(qtbot: QtBot, folder: Path) -> None:
    tone = write_tone(folder)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        encoded = pool.map(lambda name: write(tone, folder / name, *ENCODED[name]), ENCODED)
        paths = list(encoded)
        paths += pool.map(lambda name: repack(folder, name), REPACKED)
    prepared = asyncio.run(prepare_all(paths, folder))
    copied = {path.name for path, one in prepared.items() if one.proxy_path is not None}
    assert copied == PLAYED_FROM_A_COPY

    listeners = {
        path: Listener(one.proxy_path or path, LOST_MS.get(path.name, 0))
        for path, one in prepared.items()
    }
    qtbot.waitUntil(lambda: all(one.is_done for one in listeners.values()), timeout=120_000)

    off = {
        path.name: max(map(abs, listener.off_ms(prepared[path].parts[0].path)))
        for path, listener in listeners.items()
    }
    assert {name: worst for name, worst in off.items() if worst > MOST_OFF_MS} == {}


def test_the_original_of_a_variable_rate_would_lie(qtbot: QtBot, folder: Path) -> None:
    write(write_tone(folder), folder / "variable.mp3", *ENCODED["variable.mp3"])
    path = repack(folder, "variable-without-header.mp3")

    player = QMediaPlayer()
    player.setSource(QUrl.fromLocalFile(str(path)))
    qtbot.waitUntil(lambda: player.mediaStatus() == QMediaPlayer.MediaStatus.LoadedMedia)
    shown_ms = player.duration()
    player.setSource(QUrl())

    assert abs(shown_ms - TENS * 10_000) > 10_000  # and it seeks by that length


class Listener:
    """A player without a device that goes to random places and keeps what it plays there.

    Attributes:
        is_done: Whether it has been everywhere.
    """

    def __init__(self, path: Path, lost_ms: int) -> None:
        self.is_done = False
        self._lost_ms = lost_ms
        chance = random.Random(4)
        # Away from where the tones jump, since a piece across a jump tells two times, and
        # from each other, so that pieces from before a seek are known as such.
        self._places = [
            tens * 10_000 + chance.randrange(500, 9_000)
            for tens in chance.sample(range(TENS), PLACES)
        ]
        self._at_ms: int | None = None
        self._heard: dict[float, NDArray[np.float64]] = {}
        self._kept: list[tuple[float, NDArray[np.float64]]] = []
        form = QAudioFormat()
        form.setSampleRate(RATE_HZ)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._output = QAudioBufferOutput(form)
        self._output.audioBufferReceived.connect(self._on_output_sound)
        self._player = QMediaPlayer()
        self._player.setAudioBufferOutput(self._output)
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.play()

    def off_ms(self, decoded: Path) -> list[float]:
        """Give how far each report is from the truth, which a decode from the start has."""
        with wave.open(str(decoded)) as file:
            whole = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        off: list[float] = []
        for reported_ms, sound in self._kept:
            first = round(reported_ms * RATE_HZ / 1000)
            truth = whole[first : first + NEEDED].astype(float)
            off.append(told_ms(truth) - told_ms(sound))
        assert len(off) == PLACES
        return off

    def _on_output_sound(self, piece: QAudioBuffer) -> None:
        if self.is_done:
            return
        if self._at_ms is None:
            self._go_on()  # earlier seeks are dropped (Qt)
            return
        reported_ms = piece.startTime() / 1000
        if abs(reported_ms - self._at_ms) > 1_000:
            return
        self._heard[reported_ms] = np.frombuffer(bytes(piece.constData()), "<i2").astype(float)
        first_ms = min(self._heard)
        whole = {ms: one for ms, one in self._heard.items() if ms >= first_ms + self._lost_ms}
        if sum(map(len, whole.values())) >= NEEDED:
            self._kept.append((min(whole), np.concatenate(list(whole.values()))[:NEEDED]))
            self._go_on()

    def _go_on(self) -> None:
        self._heard = {}
        if self._places:
            self._at_ms = self._places.pop()
            self._player.setPosition(self._at_ms)
            return
        self.is_done = True
        self._player.stop()
        self._player.setSource(QUrl())


def told_ms(sound: NDArray[np.float64]) -> float:
    """Read from a piece of the tone when it begins."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    pitches = np.fft.rfftfreq(1 << 17, 1 / RATE_HZ)
    sweep = (pitches > 450) & (pitches < 2_600)
    steps = (pitches > 2_950) & (pitches < 4_300)
    fine_s = (pitches[sweep][spectrum[sweep].argmax()] - 500) / 200
    coarse = round((pitches[steps][spectrum[steps].argmax()] - 3_000) / 10)
    return (coarse * 10 + fine_s) * 1000 - len(sound) * 500 / RATE_HZ


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder gone with the test: a gigabyte is too much to keep for a look later on."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def write_tone(folder: Path) -> Path:
    """Write the tone that tells the time."""
    path = folder / "source.wav"
    noise = np.random.default_rng(1)
    t = np.arange(SOURCE_HZ * 10) / SOURCE_HZ
    sweep = 0.3 * np.sin(2 * np.pi * (500 * t + 100 * t * t))
    hiss = 0.06 * np.diff(noise.standard_normal(len(t)), n=2, prepend=[0.0, 0.0])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SOURCE_HZ, 0, "NONE", ""))
        for step in range(TENS):
            sound = sweep + 0.3 * np.sin(2 * np.pi * (3_000 + 10 * step) * t)
            if step % 12 < 6:  # high noise every other minute makes a variable rate vary
                sound += hiss
            file.writeframes((sound * 20_000).astype("<i2").tobytes())
    return path


def write(source: Path, target: Path, *arguments: str) -> Path:
    """Write a sound in another form."""
    ffmpeg("-i", source, *arguments, target)
    return target


def repack(folder: Path, name: str) -> Path:
    """Put an encoded sound into another container."""
    source, arguments = REPACKED[name]
    return write(folder / source, folder / name, *arguments, "-c:a", "copy")


async def prepare_all(paths: list[Path], folder: Path) -> dict[Path, Prepared]:
    """Prepare recordings as for a job on this computer: a decode of each from end to end."""
    cache = PlaybackCache(folder / "cache")
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(path: Path) -> Prepared:
        async with turn:
            recording = await probe(path)
            plan = make_plan(recording, TranscriptionOptions())
            return await prepare(recording, plan, folder / "jobs" / path.name, cache=cache)

    return dict(zip(paths, await asyncio.gather(*map(one, paths)), strict=True))
