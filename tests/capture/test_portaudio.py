"""Microphones of Windows and macOS, by an imitation of sounddevice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from app.capture.backend import Block
from app.capture.devices import find_backend
from app.capture.portaudio import PortAudioBackend
from app.capture.pulse import PulseBackend
from app.capture.two_ways import TwoWays
from app.core.errors import RecordingError
from app.core.take import Device, Source, SourceKind
from tests.support.fake_sound import FakeBackend

MIC = Source(SourceKind.MICROPHONE)
LONG = "Microphone Array (Intel Smart Sound Technology)"


class PortAudioError(Exception):
    """As sounddevice's."""


@dataclass
class Pair:
    """Its defaults, input first."""

    device: tuple[int, int] = (-1, -1)


@dataclass
class WasapiSettings:
    """As sounddevice's."""

    exclusive: bool = False
    auto_convert: bool = False


@dataclass
class SoundDevice:
    """The module on one of the two systems; sees what is plugged in when it begins.

    Attributes:
        plugged: Names of the microphones that are there.
        rates: What each can do by itself; all but Windows convert.
        opened: What was opened.
    """

    is_windows: bool
    plugged: list[str]
    opened: list[Stream] = field(default_factory=list)
    begun: int = 0
    PortAudioError: type[Exception] = PortAudioError
    WasapiSettings: type[WasapiSettings] = WasapiSettings
    _thread: int = 0
    _seen: list[dict[str, Any]] = field(default_factory=list)

    def load(self) -> SoundDevice:
        if not self.begun:
            self._initialize()
        return self

    def _initialize(self) -> None:
        self.begun += 1
        self._thread = threading.get_ident()
        apis = range(4) if self.is_windows else range(1)
        self._seen = [
            {
                "name": name[:31] if self.is_windows and api < 2 else name,
                "hostapi": api,
                "max_input_channels": inputs,
                "max_output_channels": 2 - inputs,
            }
            for api in apis
            for name, inputs in [*((one, 2) for one in self.plugged), ("Speakers", 0)]
        ]

    def _terminate(self) -> None:
        assert not any(one.is_open for one in self.opened), "it would break them"
        self._seen = []

    def query_hostapis(self, number: int | None = None) -> Any:
        windows = ["MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS"]
        names = windows if self.is_windows else ["Core Audio"]
        each = len(self._seen) // len(names)
        told = [
            {
                "name": name,
                "default_input_device": at * each if each > 1 else -1,
            }
            for at, name in enumerate(names)
        ]
        return told if number is None else told[number]

    def query_devices(self, number: int | None = None) -> Any:
        return self._seen if number is None else self._seen[number]

    @property
    def default(self) -> Pair:
        return Pair((0 if self.plugged else -1, 0))

    def RawInputStream(self, **wanted: Any) -> Stream:  # noqa: N802 - its own name
        assert threading.get_ident() == self._thread, "0x800401F0: CoInitialize first"
        assert isinstance(wanted["device"], int)
        told = self._seen[wanted["device"]]
        assert told["max_input_channels"] > 0
        if self.is_windows:
            converts = wanted["extra_settings"]
            assert told["hostapi"] == 2
            if converts is None or not converts.auto_convert:
                raise PortAudioError("Invalid sample rate")
        else:
            assert wanted["extra_settings"] is None
        assert (wanted["channels"], wanted["dtype"]) == (1, "int16")
        assert wanted["latency"] >= 0.2
        self.opened.append(
            Stream(told["name"], wanted["callback"], wanted["finished_callback"])
        )
        return self.opened[-1]


@dataclass
class Stream:
    """An open microphone."""

    name: str
    callback: Callable[..., None]
    finished: Callable[[], None]
    is_open: bool = False

    def start(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self.finished()

    def deliver(self, sound: Block) -> None:
        self.callback(memoryview(sound.tobytes()), len(sound), None, None)


@pytest.fixture(params=[True, False], ids=["windows", "macos"])
def library(request: pytest.FixtureRequest) -> SoundDevice:
    return SoundDevice(request.param, [LONG, "USB"])


def test_each_microphone_is_listed_once_with_its_whole_name(library: SoundDevice) -> None:
    found = PortAudioBackend(library.load).devices()
    assert found == [
        Device(Source(SourceKind.MICROPHONE, LONG, LONG), is_default=True),
        Device(Source(SourceKind.MICROPHONE, "USB", "USB")),
    ]


@pytest.mark.parametrize(("device", "name"), [("", LONG), (LONG, LONG), ("USB", "USB")])
def test_the_chosen_one_is_opened_and_heard(
    library: SoundDevice, device: str, name: str
) -> None:
    blocks: list[Block] = []
    ends: list[str] = []
    source = Source(SourceKind.MICROPHONE, device, device)
    stream = PortAudioBackend(library.load).open(source, blocks.append, ends.append)
    (opened,) = library.opened
    assert (opened.name, stream.where()) == (name, name)
    sound = np.arange(-500, 500, dtype=np.int16)
    opened.deliver(sound)
    assert np.array_equal(np.concatenate(blocks), sound)
    stream.close()
    assert not ends
    assert not opened.is_open


def test_a_device_that_stops_by_itself_is_said(library: SoundDevice) -> None:
    ends: list[str] = []
    PortAudioBackend(library.load).open(MIC, lambda _: None, ends.append)
    library.opened[0].finished()
    assert len(ends) == 1


def test_what_is_plugged_in_again_is_found_by_the_process_that_records(
    library: SoundDevice,
) -> None:
    backend = PortAudioBackend(library.load, is_alone=True)
    usb = Source(SourceKind.MICROPHONE, "USB", "USB")
    stream = backend.open(usb, lambda _: None, lambda _: None)
    library.plugged = [LONG]
    stream.close()
    with pytest.raises(RecordingError, match="chosen device is gone"):
        backend.open(usb, lambda _: None, lambda _: None)
    fallen_back = backend.open(MIC, lambda _: None, lambda _: None)
    fallen_back.close()
    library.plugged = ["USB", LONG]
    again = backend.open(usb, lambda _: None, lambda _: None)
    assert library.opened[-1].name == "USB"
    other = backend.open(MIC, lambda _: None, lambda _: None)  # breaks none that is open
    again.close()
    other.close()


def test_what_is_plugged_in_later_is_listed_by_a_process_that_does_nothing_else(
    library: SoundDevice,
) -> None:
    alone = PortAudioBackend(library.load, is_alone=True)
    assert [one.source.name for one in alone.devices()] == [LONG, "USB"]
    library.plugged = ["USB", "Headset", LONG]
    assert [one.source.name for one in alone.devices()] == ["USB", "Headset", LONG]
    stream = alone.open(MIC, lambda _: None, lambda _: None)
    library.plugged = [LONG]
    assert len(alone.devices()) == 3  # what is being recorded must not break
    stream.close()


def test_the_window_leaves_the_library_as_it_is_since_the_player_may_use_it(
    library: SoundDevice,
) -> None:
    backend = PortAudioBackend(library.load)
    for _ in range(2):
        backend.open(MIC, lambda _: None, lambda _: None).close()
    assert library.begun == 1


def test_without_a_microphone_that_is_said(library: SoundDevice) -> None:
    library.plugged = []
    backend = PortAudioBackend(library.load)
    assert backend.devices() == []
    with pytest.raises(RecordingError, match="no microphone"):
        backend.open(MIC, lambda _: None, lambda _: None)


def test_each_kind_of_source_goes_its_own_way() -> None:
    mic = Source(SourceKind.MICROPHONE, "usb", "USB")
    speakers = Source(SourceKind.COMPUTER, "speakers", "Speakers")
    ears, mouth = FakeBackend([Device(mic)]), FakeBackend([Device(speakers)])
    both = TwoWays(ears, mouth)
    assert [one.source for one in both.devices()] == [mic, speakers]
    both.open(speakers, lambda _: None, lambda _: None)
    both.open(mic, lambda _: None, lambda _: None)
    assert (len(ears.opened), len(mouth.opened)) == (1, 1)


class Barred(FakeBackend):
    """A way that cannot be gone."""

    @override
    def devices(self) -> list[Device]:
        raise RecordingError("barred")


def test_one_way_that_is_barred_leaves_the_other() -> None:
    mic = Device(Source(SourceKind.MICROPHONE, "usb", "USB"))
    assert TwoWays(FakeBackend([mic]), Barred()).devices() == [mic]
    with pytest.raises(RecordingError, match="barred"):
        TwoWays(Barred(), Barred()).devices()


def test_each_system_has_its_way_and_imports_nothing_for_it() -> None:
    assert isinstance(find_backend("ffmpeg", "linux"), PulseBackend)
    assert isinstance(find_backend("ffmpeg", "win32"), TwoWays)
    assert isinstance(find_backend("ffmpeg", "darwin"), TwoWays)
