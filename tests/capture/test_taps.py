"""What macOS plays, by an imitation of catap that is as strict as its source."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from app.capture.backend import Block
from app.capture.taps import TapBackend
from app.core.errors import RecordingError
from app.core.take import (
    RATE_HZ,
    Source,
    SourceKind,
    Trouble,
    Troubled,
    trouble_message,
)
from tests.support.waiting import until

COMPUTER = Source(SourceKind.COMPUTER)


@dataclass(frozen=True, kw_only=True)
class Format:
    """As ``AudioStreamFormat``."""

    sample_rate: float = 48_000.0
    num_channels: int = 1
    bits_per_sample: int = 32
    sample_type: str = "float"
    format_id: str = "lpcm"

    @property
    def is_float(self) -> bool:
        return self.sample_type == "float"


@dataclass(frozen=True, kw_only=True)
class Buffer:
    """As ``AudioBuffer``."""

    data: bytes
    frame_count: int
    format: Format


@dataclass
class Mac:
    """Stands for the module, and for the Mac.

    Attributes:
        refusal: Why a tap cannot be made.
        sessions: Those that were made.
    """

    refusal: Exception | None = None
    sessions: list[Session] = field(default_factory=list)

    def record_system_audio(
        self,
        output_path: str | None = None,
        *,
        mono: bool = False,
        on_buffer: Callable[[Buffer], None] | None = None,
        max_pending_buffers: int = 256,
    ) -> Session:
        assert output_path is None
        assert mono
        assert on_buffer is not None
        assert max_pending_buffers > 0
        self.sessions.append(Session(self, on_buffer))
        return self.sessions[-1]


class Session:
    """As ``RecordingSession``: its callback runs in one thread, which ``close`` waits for."""

    def __init__(self, mac: Mac, on_buffer: Callable[[Buffer], None]) -> None:
        self.is_recording = False
        self._mac = mac
        self._on_buffer = on_buffer
        self._failed = threading.Event()
        self._worker: threading.Thread | None = None
        self._failure: BaseException | None = None

    def start(self) -> None:
        assert not self.is_recording
        if self._mac.refusal is not None:
            raise self._mac.refusal
        self.is_recording = True

    def close(self) -> None:
        assert threading.current_thread() is not self._worker
        self.is_recording = False
        if self._failed.is_set():
            raise OSError("Failed to close recording session")

    def wait_for_capture_failure(self, timeout: float | None = None) -> bool:
        if not self.is_recording:
            raise RuntimeError("Not recording")
        assert timeout is not None, "nobody would ever wake it"
        return self._failed.wait(timeout)

    def play(self, data: bytes, frames: int, form: Format | None = None) -> None:
        """Let a piece of sound come as catap's worker brings it."""

        def work() -> None:
            try:
                self._on_buffer(Buffer(data=data, frame_count=frames, format=form or Format()))
            except BaseException as error:
                self._failure = error
                self._failed.set()
                raise

        self._worker = threading.Thread(target=work)
        self._worker.start()
        self._worker.join()
        assert self._failure is None

    def fail(self) -> None:
        self._failed.set()


class Heard:
    """What a recording is told."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.ends: list[str] = []


@pytest.fixture
def mac() -> Mac:
    return Mac()


@pytest.fixture
def backend(mac: Mac) -> TapBackend:
    return TapBackend(lambda: mac)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def floats(*values: float) -> bytes:
    return np.array(values, np.float32).tobytes()


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (Format(), floats(0.5, -0.25)),
        (Format(num_channels=2), floats(0.75, 0.25, -0.5, 0.0)),
        (
            Format(bits_per_sample=16, sample_type="signed_integer"),
            struct.pack("<2h", 16_384, -8_192),
        ),
        (
            Format(bits_per_sample=24, sample_type="signed_integer"),
            b"\x00\x00\x40\x00\x00\xe0",
        ),
        (
            Format(bits_per_sample=32, sample_type="signed_integer"),
            struct.pack("<2i", 1 << 30, -(1 << 29)),
        ),
        (
            Format(num_channels=32),
            floats(*[0.5] * 32, *[-0.25] * 32),
        ),
    ],
)
def test_every_form_it_may_come_in_is_the_same_sound(
    backend: TapBackend, mac: Mac, heard: Heard, form: Format, data: bytes
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    mac.sessions[0].play(data, 2, form)
    stream.close()
    assert [list(one) for one in heard.blocks] == [[16_384, -8_192]]
    assert not mac.sessions[0].is_recording
    assert not heard.ends


def test_another_rate_is_brought_to_that_of_a_take(
    backend: TapBackend, mac: Mac, heard: Heard
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    at = np.arange(44_100) / 44_100
    tone = (0.5 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)
    for piece in np.array_split(tone, 90):
        mac.sessions[0].play(piece.tobytes(), len(piece), Format(sample_rate=44_100.0))
    stream.close()
    sound = np.concatenate(heard.blocks)
    assert abs(len(sound) - RATE_HZ) < 50
    rises = np.count_nonzero((sound[:-1] < 0) & (sound[1:] >= 0))
    assert abs(rises - 440) <= 1


async def test_a_tap_that_fails_ends_once(backend: TapBackend, mac: Mac, heard: Heard) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    mac.sessions[0].fail()
    await until(lambda: bool(heard.ends))
    await asyncio.to_thread(stream.close)
    assert heard.ends == ["the tap failed"]


@pytest.mark.parametrize(
    "refusal",
    [
        OSError("AudioHardwareCreateProcessTap failed with status 560947818"),
        RuntimeError("Native CoreAudio dylib cannot be loaded"),
        ValueError("Unsupported tap layout"),
    ],
)
def test_a_refusal_is_one_sentence_and_leaves_nothing_open(
    backend: TapBackend, mac: Mac, heard: Heard, refusal: Exception
) -> None:
    mac.refusal = refusal
    with pytest.raises(RecordingError, match="Privacy & Security") as refused:
        backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    assert refused.value.details == str(refusal)
    assert not heard.ends


def test_an_older_macos_offers_nothing_and_says_what_it_takes(heard: Heard) -> None:
    backend = TapBackend()  # here, as on an older macOS, the real one cannot be imported
    assert backend.devices() == []
    with pytest.raises(RecordingError, match=r"macOS 14\.2"):
        backend.open(COMPUTER, heard.blocks.append, heard.ends.append)


def test_there_is_one_thing_to_record(backend: TapBackend) -> None:
    (device,) = backend.devices()
    assert device.source.kind is SourceKind.COMPUTER
    assert device.is_default


def test_silence_under_macos_asks_whether_it_is_allowed() -> None:
    silent = Troubled(Trouble.SILENT, 0)
    said = {
        system: trouble_message(silent, (COMPUTER,), system).fill()
        for system in ("darwin", "linux", "win32")
    }
    assert "allowed in the system settings" in said["darwin"]
    assert said["linux"] == said["win32"] == "The computer is not playing anything right now."
