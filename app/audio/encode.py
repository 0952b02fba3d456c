"""Write sound in one of the forms used here: for the recogniser, and for others to hear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from app.audio.plan import Form
from app.audio.process import Finished, run_ffmpeg
from app.audio.source import check_file, input_arguments
from app.core.errors import Action, AppError, RecordingError, StorageError

_ENCODERS = {
    Form.WAV: ("-c:a", "pcm_s16le", "-f", "wav"),
    # Qt begins to play at the next whole frame behind the place sought: up to 264 ms late
    # with the encoder's own 4,608 samples, 27 ms with 512, which are smaller on disk too.
    Form.FLAC: ("-c:a", "flac", "-sample_fmt", "s16", "-frame_size", "512", "-f", "flac"),
    Form.OPUS: ("-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-f", "ogg"),
}
_FULL_DISK = ("No space left on device", "Disk quota exceeded", "There is not enough space")


def encode_arguments(form: Form) -> list[str]:
    """Give ffmpeg's arguments for a form; no titles or other tags leave with it."""
    return ["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact", *_ENCODERS[form]]


def failure(said: Finished) -> AppError:
    """Say why ffmpeg failed to write."""
    if any(one in said.text or one in said.tail for one in _FULL_DISK):
        return StorageError(
            "The disk is full; free some space and try again.",
            action=Action.RETRY,
            details=said.tail,
        )
    return RecordingError(
        "The sound of this recording could not be converted; it may be damaged.",
        action=Action.RETRY,
        details=said.tail,
    )


async def encode_opus(
    path: Path, on_progress: Callable[[int], None] | None = None
) -> bytearray:
    """Give a recording as mono Opus of 32 kbit/s in Ogg, small enough to put into a page.

    It never lies on the disk: ten hours are 144 MB.

    Args:
        path: The recording.
        on_progress: Gets the milliseconds done, on the loop.

    Raises:
        RecordingError: The recording is gone or cannot be read.
    """
    await asyncio.to_thread(check_file, path)
    made = bytearray()
    said = await run_ffmpeg(
        [
            *input_arguments(path),
            *("-progress", "pipe:2", "-map", "0:a:0", "-ac", "1", "-ar", "48000"),
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
