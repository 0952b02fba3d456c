"""Our own decoding, played by a library whose stream is the only thing made up here."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.player.fallback import DecodedEngine, DecodedSound
from app.player.player import Player
from tests.support.sounds import ffmpeg
from tests.support.waiting import until

RATE_HZ = 44_100
BLOCK_FRAMES = 441
FRAME_BYTES = 4


class Stream:
    """What PortAudio gives: it asks for sound; a test says when."""

    latency = 0.0

    def __init__(self, callback: Callable[..., None], device: int | None, **_: Any) -> None:
        self.callback, self.device = callback, device
        self.is_open = False

    def start(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def pull(self, frames: int = BLOCK_FRAMES) -> array[int]:
        block = bytearray(frames * FRAME_BYTES)
        self.callback(memoryview(block), frames, None, None)
        return array("h", bytes(block))


class Library:
    """PortAudio as far as it is used."""

    PortAudioError = OSError

    def __init__(self) -> None:
        self.streams: list[Stream] = []

    def check_output_settings(self, **_: Any) -> None:
        pass

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {"name": "Microphone", "max_output_channels": 0},
            {"name": "Headset (hw:1,0)", "max_output_channels": 2},
        ]

    def RawOutputStream(self, **given: Any) -> Stream:  # noqa: N802 – PortAudio's name
        self.streams.append(Stream(**given))
        return self.streams[-1]


_open: list[Any] = []


def closed_in_the_end(thing: Any) -> Any:
    """A decoder that nobody takes sound from would never end."""
    _open.append(thing)
    return thing


def made(find_library: Callable[[], Any]) -> DecodedEngine:
    return closed_in_the_end(DecodedEngine(find_library=find_library))


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Four seconds of stereo; each tenth of one is louder than the one before."""
    samples = array("h")
    for place in range(4 * RATE_HZ):
        loud = 600 * (1 + place // 4_410)
        samples.extend([loud if place % 2 else -loud] * 2)
    path = tmp_path / "ramp.wav"
    raw = ("-f", "s16le", "-ar", "44100", "-ac", "2")
    ffmpeg(*raw, "-i", "-", path, fed=samples.tobytes())
    return path


@pytest.fixture
def run(run_async: Callable[..., None]) -> Callable[[Awaitable[None]], None]:
    async def finish(work: Any) -> None:
        try:
            await work
        finally:
            while _open:
                _open.pop().close()
            decoding = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*decoding, return_exceptions=True)

    return lambda work: run_async(finish(work))


async def heard(stream: Stream, blocks: int) -> list[int]:
    """Pull until so many blocks had sound in them; gives their loudest samples."""
    found: list[int] = []

    def pull() -> bool:
        while len(found) < blocks and (loudest := max(stream.pull())):
            found.append(loudest)
        return len(found) == blocks

    await until(pull)
    return found


def tenth_of(loudest: int) -> int:
    return round(loudest / 600) - 1


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile ramp.wav\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:4,\nramp.wav\n#EXT-X-ENDLIST\n",
    ],
    ids=["concat", "hls"],
)
@pytest.mark.parametrize("name", ["talk.mp3", "talk.m3u8", "-talk.wav"])
def test_a_playlist_does_not_make_it_read_other_files(
    run, ramp: Path, playlist: str, name: str
) -> None:
    path = ramp.with_name(name)
    path.write_text(playlist)

    async def play() -> None:
        library = Library()
        engine = made(lambda: library)
        failed: list[str] = []
        engine.failed.connect(failed.append)
        engine.open(path)
        engine.play()
        while not failed:
            assert max(library.streams[-1].pull()) == 0
            await asyncio.sleep(0.005)

    run(play())


def test_it_plays_from_where_one_seeks_and_tells_where_it_is(run, ramp: Path) -> None:
    async def play() -> None:
        library = Library()
        engine = made(lambda: library)
        told: list[int] = []
        engine.reported.connect(told.append)
        engine.open(ramp)
        engine.seek(2_000)
        assert told == [2_000]
        engine.play()
        assert tenth_of((await heard(library.streams[-1], 50))[0]) == 20
        await until(lambda: 2_400 < told[-1] <= 2_500)
        engine.seek(1_000)  # while it plays
        assert not library.streams[0].is_open
        assert tenth_of((await heard(library.streams[-1], 10))[0]) == 10
        engine.pause()
        assert not library.streams[-1].is_open
        engine.play()
        assert tenth_of((await heard(library.streams[-1], 5))[0]) in {10, 11}

    run(play())


def test_speed_counts_in_the_recordings_time(run, ramp: Path) -> None:
    async def play() -> None:
        library = Library()
        engine = made(lambda: library)
        told: list[int] = []
        engine.reported.connect(told.append)
        engine.open(ramp)
        engine.set_rate(2.0)
        engine.play()
        await heard(library.streams[-1], 100)  # a second of sound
        await until(lambda: told and 1_900 < told[-1] <= 2_000)

    run(play())


def test_the_end_is_told_and_the_volume_heeded(run, ramp: Path) -> None:
    async def play() -> None:
        library = Library()
        engine = made(lambda: library)
        ended = asyncio.Event()
        engine.ended.connect(ended.set)
        engine.open(ramp)
        engine.set_volume(0.5)
        engine.seek(3_500)
        engine.play()
        blocks = await heard(library.streams[-1], 45)
        assert abs(blocks[0] - 0.5 * 36 * 600) < 400

        def play_on() -> bool:
            if library.streams[-1].is_open:
                library.streams[-1].pull()
            return ended.is_set()

        await until(play_on)

    run(play())


def test_it_uses_the_chosen_device_and_else_the_systems(run, ramp: Path) -> None:
    async def play() -> None:
        library = Library()
        engine = made(lambda: library)
        engine.open(ramp)
        engine.set_device("Headset")
        engine.play()
        assert library.streams[-1].device == 1
        engine.set_device("A thing that was unplugged")
        assert library.streams[-1].device is None

    run(play())


def test_sound_that_is_late_is_silence_and_not_counted() -> None:
    sound = DecodedSound()
    assert sound.take(40) == bytes(40)
    assert sound.frames_taken == 0
    sound.put(b"\x01\x00" * 6)
    sound.put(None)
    assert sound.take(16) == b"\x01\x00" * 6 + bytes(4)
    assert sound.frames_taken == 3
    assert sound.is_over


@pytest.mark.parametrize("why", ["no library", "no device"])
def test_where_it_cannot_play_it_says_so(run, ramp: Path, why: str) -> None:
    def find_library() -> Any:
        if why == "no library":
            raise ImportError(why)
        library = Library()

        def refuse(**_: Any) -> None:
            raise ValueError(why)

        library.check_output_settings = refuse
        return library

    async def play() -> None:
        engine = made(find_library)
        failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        engine.failed.connect(failed.set_result)
        engine.open(ramp)
        assert await failed == why

    run(play())


@pytest.mark.qt_log_ignore("PulseAudioService", "pipewire", "Could not open media", extend=True)
@pytest.mark.parametrize("has_second_way", [True, False])
def test_qt_fails_then_our_decoding_then_silence(
    run,
    tmp_path: Path,
    expected_log,
    caplog: pytest.LogCaptureFixture,
    has_second_way: bool,
) -> None:
    """A file that Qt cannot open; the second way opens whatever it is told to."""
    expected_log("sound failed")
    caplog.set_level("INFO", "app.player.player")
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"nothing to hear")

    async def play() -> None:
        library = Library()

        def find_library() -> Any:
            if not has_second_way:
                raise ImportError("none")
            return library

        player = closed_in_the_end(Player(find_library=find_library))
        errors: list[str] = []
        player.error_occurred.connect(errors.append)
        player.play()
        player.open(broken, duration_ms=5_000)
        if has_second_way:
            await until(lambda: "sound by DecodedEngine" in caplog.messages or errors)
            player.play()
            assert library.streams[-1].is_open or errors
        await until(lambda: errors)
        assert caplog.messages[-1] == "sound by SilentEngine"
        player.play()
        await until(lambda: player.position_ms >= 100)

    run(play())
