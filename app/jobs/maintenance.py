"""What is done unseen after each start: a check, a rolling backup, old things out."""

from __future__ import annotations

import contextlib
import glob
import logging
from pathlib import Path

from app.core.errors import AppError
from app.core.messages import Message, message
from app.core.preferences import Settings
from app.store.backup import roll_backup
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.paths import AppPaths

_log = logging.getLogger(__name__)
_DAY_MS = 24 * 3_600_000
_DAMAGED = message(
    "The library file is partly damaged. Close Wordlight and start it again to rescue what "
    "can be read."
)


def run_maintenance(
    *,
    paths: AppPaths,
    database: Database,
    jobs: JobStore,
    library: Library,
    settings: Settings,
    now_ms: int,
) -> tuple[Message, ...]:
    """Do all of it, each part even if another failed. Blocks: call it in a thread.

    The check comes first, so that no sound backup is rolled away for a damaged one.

    Returns:
        What a person should know; nothing if all went well.
    """
    if not database.check():
        return (_DAMAGED,)
    told: list[Message] = []
    try:
        roll_backup(database, paths.backups, now_ms=now_ms, kept=settings.backups_kept)
    except AppError as error:
        told.append(error.message)
    try:
        jobs.forget_removed(before_ms=now_ms - _DAY_MS)
        empty_bin(library, days=settings.bin_days, now_ms=now_ms)
    except AppError as error:
        _log.warning("could not clear up: %s", error)
    return tuple(told)


def empty_bin(library: Library, *, days: int, now_ms: int) -> None:
    """Delete for good what has been in the bin for so many days; 0 keeps it for ever."""
    if days > 0:
        remove_copies(library.purge_deleted(before_ms=now_ms - days * _DAY_MS))


def remove_copies(copies: tuple[str, ...]) -> None:
    """Remove kept copies of recordings whose transcripts are gone. Blocks.

    With each go those of the recordings that its transcript had before.
    """
    for copy in map(Path, copies):
        with contextlib.suppress(OSError):
            name = glob.escape(copy.name.partition(".")[0])
            for one in (copy, *copy.parent.glob(f"{name}.*")):
                one.unlink(missing_ok=True)
