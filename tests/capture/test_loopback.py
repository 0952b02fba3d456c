"""What Windows plays, by an imitation of soundcard that is as strict as its source."""

from __future__ import annotations

import asyncio
import queue
import threading
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.backend import Block
from app.capture.loopback import LoopbackBackend
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, Device, Source, SourceKind
from tests.support.waiting import until

NOT_INTRODUCED = "Error 0x800401f0"
NOT_FOUND = "Error 0x80070490"
INVALIDATED = "Error 0x88890004"
COMPUTER = Source(SourceKind.COMPUTER)


@dataclass
class Windows:
    """What soundcard speaks to: speakers and microphones, by the names a person sees.

    Attributes:
        speakers: What plays.
        microphones: What hears.
        nameless: Those whose name Windows does not tell.
        refusal: Why a device cannot be opened.
        recorders: What was opened.
    """

    speakers: list[str] = field(default_factory=lambda: ["Speakers (Realtek)", "Headphones"])
    microphones: list[str] = field(default_factory=lambda: ["Headphones"])
    default: str = "Speakers (Realtek)"
    nameless: tuple[str, ...] = ()
    refusal: Exception | None = None
    recorders: list[Recorder] = field(default_factory=list)
    introduced: set[int] = field(default_factory=set)

    def load(self) -> SoundCard:
        """Import it: that introduces this thread to COM, and others by it while it lives."""
        self.introduced.add(threading.get_ident())
        return SoundCard(self)

    def ask(self) -> None:
        alive = {one.ident for one in threading.enumerate()}
        if not self.introduced & alive:
            raise RuntimeError(NOT_INTRODUCED)


@dataclass
class Thing:
    """A speaker or a microphone."""

    windows: Windows
    its_name: str
    isloopback: bool = False

    @property
    def id(self) -> str:
        return f"{{0.0.0.00000000}}.{{{self.its_name}}}"

    @property
    def name(self) -> str:
        self.windows.ask()
        if self.its_name in self.windows.nameless:
            raise RuntimeError("Property was expected to be a string, but is not a string")
        return self.its_name

    def recorder(
        self,
        samplerate: int,
        channels: int | None = None,
        blocksize: int | None = None,
        exclusive_mode: bool = False,
    ) -> Recorder:
        self.windows.ask()
        assert self.isloopback
        assert not exclusive_mode
        assert channels is not None
        assert channels >= 2, "one channel comes out as noise"
        if self.windows.refusal is not None:
            raise self.windows.refusal
        found = Recorder(self.windows, self.its_name, samplerate, channels)
        self.windows.recorders.append(found)
        return found


class Recorder:
    """An open stream: blocks until there is sound, and fails once the device is gone."""

    def __init__(self, windows: Windows, name: str, samplerate: int, channels: int) -> None:
        self.name = name
        self.is_running = False
        self._windows = windows
        self._samplerate = samplerate
        self._channels = channels
        self._waiting: queue.Queue[NDArray[np.float32] | None] = queue.Queue()

    def __enter__(self) -> Recorder:
        self._windows.ask()
        self.is_running = True
        return self

    def __exit__(self, *_: object) -> None:
        self.is_running = False

    def record(self, numframes: int | None = None) -> NDArray[np.float32]:
        assert self.is_running
        assert numframes is None, "so much and no more may wait for ever"
        try:
            rows = self._waiting.get(timeout=0.04)
        except queue.Empty:  # a silent sound card: zeros by the clock
            return np.zeros((self._samplerate // 25, self._channels), np.float32)
        if rows is None:
            raise RuntimeError(INVALIDATED)
        return rows

    def play(self, left: float, right: float, frames: int) -> None:
        self._waiting.put(np.tile(np.array([left, right], np.float32), (frames, 1)))

    def unplug(self) -> None:
        self._waiting.put(None)


@dataclass
class SoundCard:
    """The module."""

    windows: Windows

    def all_speakers(self) -> list[Thing]:
        self.windows.ask()
        return [Thing(self.windows, one) for one in self.windows.speakers]

    def default_speaker(self) -> Thing:
        self.windows.ask()
        if not self.windows.speakers:
            raise RuntimeError(NOT_FOUND)
        return Thing(self.windows, self.windows.default)

    def all_microphones(self, include_loopback: bool = False) -> list[Thing]:
        self.windows.ask()
        loopbacks = [Thing(self.windows, one, isloopback=True) for one in self.windows.speakers]
        return (loopbacks if include_loopback else []) + [
            Thing(self.windows, one) for one in self.windows.microphones
        ]


class Heard:
    """What a recording is told."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.ends: list[str] = []

    @property
    def sound(self) -> Block:
        return np.concatenate([np.zeros(0, np.int16), *self.blocks])


@pytest.fixture
def windows() -> Windows:
    return Windows()


@pytest.fixture
def backend(windows: Windows) -> LoopbackBackend:
    return LoopbackBackend(windows.load)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_speakers_are_listed_by_their_names_and_the_usual_one_is_marked(
    backend: LoopbackBackend, windows: Windows
) -> None:
    windows.nameless = ("Headphones",)
    assert backend.devices() == [
        Device(
            Source(SourceKind.COMPUTER, "Speakers (Realtek)", "Speakers (Realtek)"),
            is_default=True,
        )
    ]


async def test_both_channels_are_heard_as_one_in_a_thread_of_its_own(
    backend: LoopbackBackend, windows: Windows, heard: Heard
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    (recorder,) = windows.recorders
    assert recorder.name == "Speakers (Realtek)"
    recorder.play(0.5, 0.25, RATE_HZ // 100)
    await until(lambda: 12_288 in heard.sound)
    assert np.count_nonzero(heard.sound == 12_288) == RATE_HZ // 100
    assert stream.where() == "Speakers (Realtek)"
    await asyncio.to_thread(stream.close)
    assert not recorder.is_running
    assert not heard.ends


async def test_silence_goes_on_though_windows_delivers_nothing(
    backend: LoopbackBackend, heard: Heard
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    await until(lambda: len(heard.sound) > RATE_HZ // 10)
    await asyncio.to_thread(stream.close)
    assert not heard.sound.any()


async def test_a_chosen_speaker_is_no_microphone_of_the_same_name(
    backend: LoopbackBackend, windows: Windows, heard: Heard
) -> None:
    source = Source(SourceKind.COMPUTER, "Headphones", "Headphones")
    stream = backend.open(source, heard.blocks.append, heard.ends.append)
    windows.default = "Headphones"
    assert stream.where() == "Headphones"
    windows.default = "Speakers (Realtek)"
    assert stream.where() == "Headphones"  # chosen is chosen
    assert not heard.ends
    await asyncio.to_thread(stream.close)


async def test_it_ends_once_when_the_speaker_goes_away(
    backend: LoopbackBackend, windows: Windows, heard: Heard
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    windows.recorders[0].unplug()
    await until(lambda: bool(heard.ends))
    windows.default = "Headphones"
    stream.where()
    await asyncio.to_thread(stream.close)
    assert heard.ends == [INVALIDATED]


async def test_where_the_sound_goes_elsewhere_it_ends_to_be_opened_there(
    backend: LoopbackBackend, windows: Windows, heard: Heard
) -> None:
    stream = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    windows.default = "Headphones"
    stream.where()
    await until(lambda: bool(heard.ends))
    await asyncio.to_thread(stream.close)
    again = backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    assert windows.recorders[-1].name == "Headphones"
    await asyncio.to_thread(again.close)
    assert len(heard.ends) == 1


def test_what_cannot_be_recorded_is_said_in_a_sentence(
    backend: LoopbackBackend, windows: Windows, heard: Heard
) -> None:
    gone = Source(SourceKind.COMPUTER, "Beamer", "Beamer")
    with pytest.raises(RecordingError, match="chosen device is gone"):
        backend.open(gone, heard.blocks.append, heard.ends.append)
    windows.refusal = RuntimeError("Error 0x8889000a")  # another program has it for itself
    with pytest.raises(RecordingError, match="for themselves") as refused:
        backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    assert refused.value.details == "Error 0x8889000a"
    windows.refusal = AssertionError()  # a format it does not know
    with pytest.raises(RecordingError, match="cannot be recorded"):
        backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    windows.speakers = []
    assert backend.devices() == []
    with pytest.raises(RecordingError, match="nothing to play sound on"):
        backend.open(COMPUTER, heard.blocks.append, heard.ends.append)
    assert not heard.ends
