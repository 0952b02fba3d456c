"""Make one recording of the parts in which a take was written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from app.audio.encode import failure
from app.audio.process import run_ffmpeg
from app.audio.source import input_arguments
from app.core.errors import StorageError
from app.core.timecode import timestamp
from app.system.files import TEMPORARY_PREFIX, explain, sync_file, sync_folder


async def join_parts(
    parts: Sequence[Path], target: Path, *, marks_ms: Sequence[int] = ()
) -> None:
    """Write the sound of some WAV files, one after the other, as one FLAC file.

    The parts stay; the target is there whole or not at all. FLAC loses nothing.

    Args:
        parts: Files of one form, whose headers may not know how long they are.
        target: The file; its folder is made where it is missing.
        marks_ms: Moments that stand in the file as chapters, as in other FLAC files.

    Raises:
        RecordingError: There is no ffmpeg, or it could not read a part.
        StorageError: The target could not be written.
    """
    inputs: list[str] = []
    for part in parts:
        inputs += input_arguments(part, before=("-ignore_length", "1"))
    mix = ["-map", "0:a"]
    if len(parts) > 1:
        chain = "".join(f"[{number}:a]" for number in range(len(parts)))
        mix = ["-filter_complex", f"{chain}concat=n={len(parts)}:v=0:a=1[all]", "-map", "[all]"]
    chapters: list[str] = []
    for number, at_ms in enumerate(marks_ms):
        chapters += ["-metadata", f"CHAPTER{number:03}={timestamp(at_ms)}"]
    making = target.with_name(f"{TEMPORARY_PREFIX}{target.stem}.part")
    try:
        await asyncio.to_thread(_make_room_for, target)
        finished = await run_ffmpeg(
            [
                *inputs,
                "-y",
                *mix,
                *chapters,
                *("-c:a", "flac", "-sample_fmt", "s16", "-f", "flac", str(making)),
            ]
        )
        if finished.exit_code:
            raise failure(finished)
        await asyncio.to_thread(_put_in_place, making, target)
    except OSError as error:
        raise StorageError(explain(error, target)) from error
    finally:
        with contextlib.suppress(OSError):
            making.unlink()


def _make_room_for(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)


def _put_in_place(making: Path, target: Path) -> None:
    sync_file(making)
    making.replace(target)
    sync_folder(target.parent)
