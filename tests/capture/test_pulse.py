"""Recording from a real sound server, through the real process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio.process import find_ffmpeg
from app.capture.journal import HEADER_BYTES, TakeFolder
from app.capture.protocol import (
    Begin,
    Finished,
    Heard,
    Report,
    Started,
    Word,
    order_line,
    read_report,
)
from app.capture.pulse import PulseBackend
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, GapReason, Source, SourceKind, Trouble, Troubled
from app.system.children import OwnChild, own_command, own_environment
from tests.support.sound_server import IS_HERE, MISSING, SoundServer, sound_server
from tests.support.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not IS_HERE, reason=MISSING),
]
MIC = Source(SourceKind.MICROPHONE)


@pytest.fixture
def server() -> Iterator[SoundServer]:
    with sound_server() as one:
        yield one


class Recording:
    """The process that records, as a test drives it."""

    def __init__(self, server: SoundServer, folder: Path, *sources: Source) -> None:
        environ = own_environment() | {
            name: server.environ[name] for name in ("XDG_RUNTIME_DIR", "HOME")
        }
        self.folder = TakeFolder(folder)
        self.process = subprocess.Popen(
            own_command(OwnChild.CAPTURE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
        )
        self.told: list[Report] = []
        self._say(order_line(Begin(folder, sources, str(find_ffmpeg()))))
        self.until(lambda one: isinstance(one, Started))

    def _say(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def until(self, is_it) -> Report:
        """Read reports until one is as wanted."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            self.told.append(read_report(line))
            if is_it(self.told[-1]):
                return self.told[-1]
        pytest.fail(f"it ended; the last it told: {self.told[-3:]}")

    def until_at(self, at_ms: int) -> None:
        self.until(lambda one: isinstance(one, Heard) and one.at_ms >= at_ms)

    def stop(self) -> None:
        self._say(order_line(Word.STOP))
        self.until(lambda one: isinstance(one, Finished))
        self.process.wait(20)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def sound(self, channel: int = 0) -> NDArray[np.int16]:
        channels = self.folder.read().channels
        data = b"".join(part.read_bytes()[HEADER_BYTES:] for part in self.folder.parts())
        whole = len(data) - len(data) % (2 * channels)
        return np.frombuffer(data[:whole], np.int16).reshape(-1, channels)[:, channel]


Record = Callable[..., Recording]


@pytest.fixture
def record(server: SoundServer, tmp_path: Path) -> Iterator[Record]:
    """Begin recordings in folders of those names, and put them away afterwards."""
    with contextlib.ExitStack() as made:

        def begin(name: str, *sources: Source) -> Recording:
            recording = Recording(server, tmp_path / name, *sources)
            made.callback(recording.close)
            return recording

        yield begin


def speech_like(seconds: float) -> NDArray[np.int16]:
    rng = np.random.default_rng(7)
    return (rng.normal(0, 3_000, int(seconds * RATE_HZ))).astype(np.int16)


def place_of(needle: NDArray[np.int16], sound: NDArray[np.int16]) -> int:
    """Find where a piece stands, by the largest correlation."""
    count = 1 << (len(sound) + len(needle)).bit_length()
    product = np.fft.rfft(sound, count) * np.conj(np.fft.rfft(needle, count))
    return int(np.argmax(np.fft.irfft(product, count)[: len(sound)]))


def test_devices_are_named_and_the_default_is_marked(
    server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", server.environ["XDG_RUNTIME_DIR"])
    mic, computer = PulseBackend(str(find_ffmpeg())).devices()
    assert mic.source == Source(SourceKind.MICROPHONE, "mic", "Mic")
    assert mic.is_default
    assert computer.source.kind is SourceKind.COMPUTER
    assert computer.source.device == "feed.monitor"


def test_no_sample_is_lost_beside_a_busy_core(server: SoundServer, record: Record) -> None:
    played = speech_like(20)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        recording = record("take", MIC)
        server.play(played, ahead_ms=10_000)
        recording.until_at(recording.folder.duration_ms() + 1_500)
        recording.stop()
    finally:
        busy.kill()
        busy.wait()
    heard = recording.sound()
    piece = 2 * RATE_HZ
    begin = place_of(played[:piece], heard)
    for at in range(0, len(played) - piece, piece):
        assert place_of(played[at : at + piece], heard) - begin == at
    assert np.array_equal(heard[begin : begin + len(played)], played)


def test_both_sources_are_lined_up(server: SoundServer, record: Record) -> None:
    # Not "mic": on its way through another module of the server sound takes 50 ms more.
    mic = Source(SourceKind.MICROPHONE, "feed.monitor")
    recording = record("take", mic, Source(SourceKind.COMPUTER))
    played = speech_like(4)
    server.play(played)
    recording.until_at(7_000)
    recording.stop()
    piece = played[RATE_HZ : 3 * RATE_HZ]
    apart = place_of(piece, recording.sound(0)) - place_of(piece, recording.sound(1))
    assert abs(apart) < 20 * RATE_HZ // 1_000, apart


def test_a_device_that_opens_and_gives_nothing_is_said(
    server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", server.environ["XDG_RUNTIME_DIR"])
    pipe = tmp_path / "pipe"
    server.control("load-module", "module-pipe-source", "source_name=mute", f"file={pipe}")
    mute = Source(SourceKind.MICROPHONE, "mute", "Mute")
    with pytest.raises(RecordingError, match="Mute gives no sound"):
        PulseBackend(str(find_ffmpeg())).open(mute, lambda _: None, lambda _: None)


def test_without_a_sound_server_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    backend = PulseBackend(str(find_ffmpeg()))
    with pytest.raises(RecordingError, match="sound system of this computer"):
        backend.devices()
    with pytest.raises(RecordingError, match="sound system of this computer"):
        backend.open(MIC, lambda _: None, lambda _: None)


def test_where_the_computers_sound_goes_to_headphones_recording_goes_along(
    server: SoundServer, record: Record
) -> None:
    server.control("set-default-sink", "feed")
    recording = record("take", Source(SourceKind.COMPUTER))
    recording.until_at(1_000)
    server.control("load-module", "module-null-sink", "sink_name=headphones", f"rate={RATE_HZ}")
    server.control("set-default-sink", "headphones")
    moved = until_read_from(server, "headphones.monitor")
    asyncio.run(until(moved, 20))
    server.play(speech_like(2), "headphones")
    recording.until(lambda one: isinstance(one, Heard) and one.levels[0].peak > 0.05)
    recording.stop()
    assert not [one for one in recording.told if isinstance(one, Troubled)]
    assert not recording.folder.read().gaps


def test_another_default_microphone_is_gone_along_with_and_said_each_time(
    server: SoundServer, record: Record
) -> None:
    for name, sink in (("headset", "one"), ("usb", "two")):
        server.control("load-module", "module-null-sink", f"sink_name={sink}")
        server.control(
            *("load-module", "module-remap-source", f"master={sink}.monitor"),
            *(f"source_name={name}", f"source_properties=device.description={name.title()}"),
        )
    server.control("set-default-source", "mic")
    recording = record("take", Source(SourceKind.MICROPHONE))
    recording.until_at(500)
    for name, called in (("headset", "Headset"), ("usb", "Usb")):
        server.control("set-default-source", name)
        told = recording.until(
            lambda one: isinstance(one, Troubled) and one.trouble is Trouble.MOVED
        )
        assert isinstance(told, Troubled)
        assert (told.name, told.is_over) == (called, False)
    server.control("set-default-source", "mic")
    recording.until(lambda one: isinstance(one, Troubled) and one.is_over)
    recording.stop()


def until_read_from(server: SoundServer, name: str) -> Callable[[], bool]:
    """Give what tells whether our stream reads from a source."""

    def is_so() -> bool:
        lines = server.control("list", "short", "sources").splitlines()
        (number,) = [line.split()[0] for line in lines if line.split()[1] == name]
        streams = server.control("list", "short", "source-outputs").splitlines()
        return any(line.split()[1] == number for line in streams)

    return is_so


@pytest.mark.parametrize(
    ("rate_hz", "channels"), [(8_000, 1), (44_100, 2), (96_000, 8), (48_000, 32)]
)
def test_a_device_of_any_rate_and_number_of_channels_is_heard_as_it_is(
    server: SoundServer, record: Record, rate_hz: int, channels: int
) -> None:
    sink = f"sink_name=odd rate={rate_hz} channels={channels}"
    server.control("load-module", "module-null-sink", *sink.split())
    recording = record("take", Source(SourceKind.MICROPHONE, "odd.monitor"))
    at = np.arange(2 * RATE_HZ)
    server.play(
        (9_000 * np.sin(2 * np.pi * 440 * at / RATE_HZ)).astype(np.int16), "odd", ahead_ms=2_000
    )
    recording.until_at(recording.folder.duration_ms() + 1_500)
    recording.stop()
    sound = recording.sound()
    loud = np.flatnonzero(np.abs(sound) > 4_000)
    tone = sound[loud[0] : loud[-1]].astype(np.float64)
    assert abs(len(tone) / RATE_HZ - 2.0) < 0.05
    rises = np.count_nonzero((tone[:-1] < 0) & (tone[1:] >= 0))
    assert abs(rises / (len(tone) / RATE_HZ) - 440) < 3


def test_a_source_that_goes_away_is_said_and_recording_goes_on(
    server: SoundServer, record: Record
) -> None:
    number = server.control(
        "load-module", "module-null-sink", "sink_name=usb", f"rate={RATE_HZ}", "channels=1"
    )
    usb = Source(SourceKind.MICROPHONE, "usb.monitor", "USB")
    recording = record("take", usb)
    recording.until_at(1_500)
    server.control("unload-module", number)
    told = recording.until(
        lambda one: isinstance(one, Troubled) and one.trouble is Trouble.MOVED
    )
    assert isinstance(told, Troubled)
    assert told.name in {"Mic", "Monitor of Null Output"}  # as people call them
    at_ms = recording.folder.duration_ms()
    recording.until_at(at_ms + 2_000)
    recording.stop()


def test_a_sound_server_that_dies_is_said_and_nothing_recorded_is_lost(
    server: SoundServer, record: Record
) -> None:
    recording = record("take", MIC)
    recording.until_at(2_000)
    server.kill()
    recording.until(
        lambda one: isinstance(one, Troubled) and one.trouble in {Trouble.LOST, Trouble.STALLED}
    )
    recording.until_at(recording.folder.duration_ms() + 1_000)
    recording.stop()
    (gap,) = recording.folder.read().gaps
    assert gap.reason is GapReason.UNPLUGGED
    assert gap.at_ms >= 2_000


def test_a_window_that_dies_leaves_a_recording_that_finishes_when_asked(
    server: SoundServer, record: Record
) -> None:
    recording = record("take", MIC)
    recording.until_at(500)
    assert recording.process.stdin is not None
    recording.process.stdin.close()
    recording.until_at(1_500)
    assert recording.folder.is_being_recorded()
    recording.folder.stop_file.touch()
    recording.process.wait(20)
    assert not recording.folder.is_being_recorded()
    assert recording.folder.duration_ms() >= 1_500


def test_a_polite_kill_finishes_and_a_rude_one_loses_next_to_nothing(
    server: SoundServer, record: Record
) -> None:
    polite = record("polite", MIC)
    polite.until_at(500)
    polite.process.terminate()
    polite.until(lambda one: isinstance(one, Finished))
    rude = record("rude", MIC)
    rude.until_at(2_000)
    os.kill(rude.process.pid, signal.SIGKILL)
    rude.process.wait(20)
    last = max(one.at_ms for one in rude.told if isinstance(one, Heard))
    assert rude.folder.duration_ms() >= last - 500
    assert not rude.folder.is_being_recorded()
