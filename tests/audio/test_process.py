from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.audio.process import find_ffmpeg, run_ffmpeg


@pytest.fixture
def endless(clips: Path) -> list[str]:
    """Give what lets any ffmpeg sound on and on; our small one makes no sound by itself."""
    clip = str(clips / "kennedy-1961.flac")
    return ["-v", "error", "-stream_loop", "-1", "-i", clip, "-f", "s16le", "pipe:1"]


async def test_sound_and_words_come_out(clips: Path) -> None:
    sound = bytearray()
    said = await run_ffmpeg(
        [
            *("-hide_banner", "-i", str(clips / "kennedy-1961.flac")),
            *("-t", "1", "-ac", "1", "-ar", "8000", "-f", "s16le", "pipe:1"),
        ],
        on_sound=sound.extend,
    )

    assert said.exit_code == 0
    assert len(sound) == 16_000
    assert "kennedy-1961.flac" in said.text


async def test_a_failure_keeps_its_last_words(tmp_path: Path) -> None:
    said = await run_ffmpeg(["-hide_banner", "-i", str(tmp_path / "gone.wav")])

    assert said.exit_code != 0
    assert "No such file" in said.tail


async def test_a_cancelled_run_ends_at_once(endless: list[str]) -> None:
    sounding = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear(sound: bytes) -> None:
        loop.call_soon_threadsafe(sounding.set)

    work = asyncio.ensure_future(run_ffmpeg(endless, on_sound=hear))
    await sounding.wait()

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


@pytest.mark.skipif(sys.platform != "linux", reason="where children are listed in /proc")
async def test_it_gives_way_to_the_window(endless: list[str]) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    found: list[int] = []

    def hear(sound: bytes) -> None:
        numbers = " ".join(
            one.read_text() for one in Path("/proc/self/task").glob("*/children")
        )
        found.extend(os.getpriority(os.PRIO_PROCESS, int(one)) for one in numbers.split())
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await run_ffmpeg(endless, on_sound=hear)
    assert max(found) > own


async def test_a_run_cancelled_before_it_began_never_begins(endless: list[str]) -> None:
    work = asyncio.ensure_future(run_ffmpeg(endless))
    await asyncio.sleep(0)

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_a_listener_that_fails_takes_the_child_with_it(endless: list[str]) -> None:
    def fail(sound: bytes) -> None:
        raise ValueError("full")

    with pytest.raises(ValueError, match="full"):
        await run_ffmpeg(endless, on_sound=fail)


def test_the_one_that_came_with_the_program_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "imageio_ffmpeg" in str(find_ffmpeg())
