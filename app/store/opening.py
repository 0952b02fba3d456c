"""Open the one database: made if missing, brought up to date, rescued if it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from app.core.errors import StorageError
from app.core.messages import Message, message
from app.store import search
from app.store.database import (
    DamagedDatabaseError,
    Database,
    connect,
    rescue_mark,
    storage_error,
)
from app.store.rescue import rescue
from app.store.schema import migrate
from app.system.files import explain

_LOST = message(
    "The library file is gone, so a new one was begun. “Restore the library…” in the menu "
    "has older copies."
)


def open_database(
    path: Path,
    *,
    today: str = "",
    may_rescue: Callable[[], bool] = lambda: True,
    has_copies: Callable[[], bool] = lambda: False,
) -> tuple[Database, Message | None]:
    """Open, migrate and if need be rescue the database.

    Args:
        path: Its file; made if missing.
        today: Date for the name of a damaged file that is moved aside; found out if empty.
        may_rescue: Tells whether a damaged file may be replaced: not while another
            process has it open.
        has_copies: Tells whether there are copies of an earlier library: a file of no
            bytes is then no new one, and a file that is missing is said.

    Returns:
        The open database, and a sentence if something had to be rescued or is gone.

    Raises:
        StorageError: It is newer than this program, or the disk does not allow it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(explain(error, path.parent)) from error
    is_damaged = rescue_mark(path).exists() or (_is_emptied(path) and has_copies())
    is_lost = not path.exists() and has_copies()
    if not is_damaged:
        try:
            _prepare(path)
        except DamagedDatabaseError:
            is_damaged = True
    if not is_damaged:
        return Database(path), _LOST if is_lost else None
    if not may_rescue():
        raise DamagedDatabaseError(
            message(
                "The library file is damaged, and another Wordlight has it open. Close that "
                "one, then start again to rescue what can be read."
            )
        )
    notice = rescue(path, today=today)
    _prepare(path)
    rescued = Database(path)
    search.rebuild(rescued)
    return rescued, notice


def _is_emptied(path: Path) -> bool:
    """Tell whether a file is there with nothing in it, as a power cut may leave it."""
    try:
        return path.stat().st_size == 0 and not path.with_name(f"{path.name}-wal").exists()
    except OSError:
        return False


def _prepare(path: Path) -> None:
    is_new = not path.exists()
    connection = connect(path)
    try:
        if is_new:
            with contextlib.suppress(OSError):  # a disk without permissions (FAT)
                path.chmod(0o600)
        migrate(connection, path)
        _touch_tables(connection, path)
    finally:
        connection.close()


def _touch_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Read a little of every table, so that gross damage shows at once.

    A full check takes seconds on a large library; callers run ``Database.check``
    in the background after the start.
    """
    try:
        for table in ("settings", "jobs", "job_parts", "transcripts", "transcript_bodies"):
            for order in ("ASC", "DESC"):
                key = {"settings": "name"}.get(table, "rowid")
                connection.execute(
                    f"SELECT * FROM {table} ORDER BY {key} {order} LIMIT 1"  # noqa: S608 - fixed names
                ).fetchone()
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
