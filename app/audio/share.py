"""The sound of a recording for others to hear, within a page or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.audio.encode import encode_arguments, failure
from app.audio.graph import mix_arguments
from app.audio.plan import Form
from app.audio.process import run_ffmpeg
from app.core.recording import Recording

_RATE_HZ = 48_000


async def encode_opus(
    recording: Recording, on_progress: Callable[[int], None] | None = None
) -> bytearray:
    """Give a recording as mono Opus of 32 kbit/s in Ogg, small enough to put into a page.

    It is the sound that was recognised: the same tracks and channels, mixed the same way,
    on the same clock. It never lies on the disk: ten hours are 144 MB.

    Args:
        recording: The recording, and which of its sound.
        on_progress: Gets the milliseconds done, on the loop.

    Raises:
        RecordingError: The recording is gone or cannot be read.
    """
    made = bytearray()
    said = await run_ffmpeg(
        [
            "-progress",
            "pipe:2",
            *mix_arguments(recording, _RATE_HZ),
            *encode_arguments(Form.OPUS),
            "pipe:1",
        ],
        on_sound=made.extend,
        on_line=_counter(on_progress),
    )
    if said.exit_code != 0:
        raise failure(said)
    return made


def _counter(on_progress: Callable[[int], None] | None) -> Callable[[str], None] | None:
    """Read from what ffmpeg says how far it is, and tell it on the loop."""
    if on_progress is None:
        return None
    loop = asyncio.get_running_loop()

    def count(line: str) -> None:
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdigit():
            loop.call_soon_threadsafe(on_progress, int(value) // 1000)

    return count
