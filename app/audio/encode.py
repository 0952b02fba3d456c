"""Write sound in one of the forms used here: for the recogniser, and for others to hear."""

from __future__ import annotations

import asyncio
import os
import tempfile
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
    path: Path, target: Path, on_progress: Callable[[int], None] | None = None
) -> None:
    """Write a recording as mono Opus of 32 kbit/s, small enough to put into a page.

    Args:
        path: The recording.
        target: Where the result goes, whole or not at all.
        on_progress: Gets the milliseconds done.
    """
    await _encode(path, target, Form.OPUS, on_progress=on_progress)


async def clip(
    path: Path, start_ms: int, end_ms: int, target: Path, form: Form = Form.WAV
) -> None:
    """Write a stretch of a recording as a file of its own.

    Args:
        path: The recording, or its playback copy where it has one.
        start_ms: Where to begin.
        end_ms: Where to end.
        target: Where the result goes, whole or not at all.
        form: ``WAV``, ``FLAC`` or ``OPUS``; 48 kHz mono.
    """
    length_ms = max(0, end_ms - start_ms)
    before = ("-ss", f"{start_ms / 1000:.3f}", "-t", f"{length_ms / 1000:.3f}")
    await _encode(path, target, form, before=before)


async def _encode(
    path: Path,
    target: Path,
    form: Form,
    *,
    before: tuple[str, ...] = (),
    on_progress: Callable[[int], None] | None = None,
) -> None:
    await asyncio.to_thread(check_file, path)
    made = await asyncio.to_thread(_temporary, target)
    try:
        said = await run_ffmpeg(
            [
                *input_arguments(path, before=before),
                *("-map", "0:a:0", "-ac", "1", "-ar", "48000"),
                *encode_arguments(form),
                *("-y", f"file:{made}"),
                # Sound besides the file, only to count how far it is.
                *("-map", "0:a:0", "-ac", "1", "-ar", "1000", "-f", "u8", "pipe:1"),
            ],
            on_sound=_counter(on_progress),
        )
        if said.exit_code != 0:
            raise failure(said)
        await asyncio.to_thread(os.replace, made, target)
    finally:
        made.unlink(missing_ok=True)


def _temporary(target: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".making-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    return Path(name)


def _counter(on_progress: Callable[[int], None] | None) -> Callable[[bytes], None] | None:
    """Turn sound of 1,000 bytes a second into milliseconds done, told on the loop."""
    if on_progress is None:
        return None
    loop = asyncio.get_running_loop()
    done_ms = 0

    def count(sound: bytes) -> None:
        nonlocal done_ms
        done_ms += len(sound)
        loop.call_soon_threadsafe(on_progress, done_ms)

    return count
