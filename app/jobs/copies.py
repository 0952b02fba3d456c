"""Keep a copy of a recording beside the library, so that it can be heard for good."""

from __future__ import annotations

import shutil
from itertools import chain, count
from pathlib import Path

from app.core.errors import StorageError
from app.core.messages import message
from app.core.transcript import TranscriptId
from app.store.library import Library
from app.system.files import explain, printable, write_whole

_SPARE_BYTES = 512 * 1024 * 1024
"""Room that a copy leaves on the disk for everything else."""
_CHUNK_BYTES = 1024 * 1024


def save_copy(
    library: Library,
    folder: Path,
    transcript_id: TranscriptId,
    source: Path,
    *,
    is_another: bool = False,
) -> Path:
    """Copy a recording into the folder and note where. Blocks: call it in a thread.

    Args:
        library: Where the transcript is.
        folder: Where copies lie.
        transcript_id: The transcript; its id names the copy.
        source: The recording.
        is_another: The transcript had one before, whose copy stays: replacing a recording
            can be taken back.

    Raises:
        StorageError: There is no room, or it could not be read or written.
    """
    suffix = source.suffix.lower()
    target = folder / f"{transcript_id}{suffix}"
    if is_another:
        names = (folder / f"{transcript_id}.{number}{suffix}" for number in count(2))
        target = next(one for one in chain((target,), names) if not one.exists())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        needed = source.stat().st_size
        if shutil.disk_usage(folder).free < needed + _SPARE_BYTES:
            raise StorageError(
                message(
                    "There is no space to save a copy of {name}. Its transcript is saved.",
                    name=printable(source.name),
                )
            )
        with source.open("rb") as sound:
            write_whole(target, iter(lambda: sound.read(_CHUNK_BYTES), b""))
    except OSError as error:
        raise StorageError(explain(error, target)) from error
    library.save_copy_path(transcript_id, str(target))
    return target
