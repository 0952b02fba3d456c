"""Save what can be read of a damaged database into a new one.

SQLite reads a damaged file up to the first bad page and refuses to go on. Reading
each table from both ends and then trying the row ids in between gets past such
pages; a destroyed first page is replaced by one of a fresh database, whose tables
start at the same pages.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core.errors import StorageError
from app.core.messages import Message, message
from app.store import database, schema
from app.store.job_steps import STEP_TABLES
from app.system import clocks
from app.system.files import explain, sync_folder, unused_name
from app.system.locks import WorkFolder

_TABLES = {
    "settings": "name",
    "jobs": "rowid",
    "job_parts": "rowid",
    "job_preparations": "rowid",
    "job_stretches": "rowid",
    "transcripts": "number",
    "transcript_bodies": "number",
    "transcript_versions": "rowid",
    "transcript_replies": "rowid",
    "watched_files": "rowid",
    "projects": "rowid",
}
"""Tables with their key, those that others refer to first. The search index is made anew."""
_MOST_MISSES = 2_000
"""After how many row ids in a row that give nothing a table is given up."""
_PAGE_SIZE_AT = 16
_PAGE_COUNT_AT = 28

_Row = tuple[Any, ...]


def rescue(path: Path, *, today: str = "") -> Message:
    """Move a damaged database aside and put what can be read into a new one.

    Args:
        path: Where the database lies and the new one will.
        today: Date for the name of the damaged file.

    Returns:
        A sentence that says what happened.

    Raises:
        StorageError: The disk does not allow it; the damaged file is still in its place.
    """
    date = today or clocks.today()
    aside = unused_name(path.with_name(f"{path.stem}-damaged-{date}{path.suffix}"))
    fresh = path.with_name(f"{path.name}.rescued")
    try:
        remove_database(fresh)
        WorkFolder.remove_leftovers(path.parent)
        with contextlib.closing(WorkFolder(path.parent)) as work:
            found = _salvage(path, work.path, fresh)
        move_aside(path, aside)
        fresh.replace(path)
        database.rescue_mark(path).unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(explain(error, path)) from error
    except sqlite3.Error as error:
        raise database.storage_error(error, path) from error
    return message(
        "The library was damaged. {transcripts} transcripts and {jobs} queue entries were "
        "rescued. The damaged file was saved as {name}, and “Restore the library…” in the "
        "menu has older copies.",
        transcripts=found["transcript_bodies"],
        jobs=found["jobs"],
        name=aside.name,
    )


def remove_database(path: Path) -> None:
    """Remove a database with what belongs to it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def move_aside(path: Path, aside: Path) -> None:
    """Give a closed database another name, with what belongs to it."""
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))


def _salvage(path: Path, folder: Path, fresh: Path) -> dict[str, int]:
    """Copy readable rows to ``fresh``; gives how many of each table."""
    work = folder / "damaged.db"
    shutil.copyfile(path, work)
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists():
        shutil.copyfile(wal, work.with_name(f"{work.name}-wal"))
    template = folder / "template.db"
    _make_empty(template)
    with contextlib.closing(database.connect(fresh)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        schema.migrate(target, fresh)
        found = _copy_rows(work, target)
        if not found["jobs"] and not found["transcript_bodies"]:
            # perhaps only the first page is gone
            shutil.copyfile(path, work)
            _transplant_first_page(template, work)
            found = {
                table: found[table] + count for table, count in _copy_rows(work, target).items()
            }
        target.execute("BEGIN IMMEDIATE")
        target.execute(
            "DELETE FROM transcripts WHERE number NOT IN (SELECT number FROM transcript_bodies)"
        )
        for table in ("transcript_bodies", "transcript_versions", "transcript_replies"):
            target.execute(
                f"DELETE FROM {table} WHERE number NOT IN (SELECT number FROM transcripts)"  # noqa: S608 - fixed names
            )
        for table in STEP_TABLES:
            target.execute(
                f"DELETE FROM {table} WHERE job_id NOT IN (SELECT job_id FROM jobs)"  # noqa: S608 - fixed names
            )
        target.execute("COMMIT")
        for table in found:
            found[table] = target.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - fixed names
        target.execute("PRAGMA journal_mode = DELETE")  # one whole file, ready to be moved
    return found


def _make_empty(path: Path) -> None:
    with contextlib.closing(database.connect(path)) as connection:
        schema.migrate(connection, path)
        connection.execute("PRAGMA journal_mode = DELETE")


def _transplant_first_page(template: Path, damaged: Path) -> None:
    page = bytearray(template.read_bytes())
    size = struct.unpack_from(">H", page, _PAGE_SIZE_AT)[0]
    size = 65_536 if size == 1 else size
    del page[size:]
    pages = damaged.stat().st_size // size
    struct.pack_into(">I", page, _PAGE_COUNT_AT, max(1, pages))
    struct.pack_into(">II", page, _PAGE_COUNT_AT + 4, 0, 0)  # no list of free pages
    wal = damaged.with_name(f"{damaged.name}-wal")
    wal.unlink(missing_ok=True)
    with damaged.open("r+b") as file:
        file.write(page)


def _copy_rows(damaged: Path, target: sqlite3.Connection) -> dict[str, int]:
    found = dict.fromkeys(_TABLES, 0)
    try:
        source = sqlite3.connect(damaged, isolation_level=None)
    except sqlite3.Error:
        return found
    with contextlib.closing(source):
        with contextlib.suppress(sqlite3.Error):
            # read on although the file is shorter than its header says
            source.execute("PRAGMA writable_schema = ON")
            source.execute("PRAGMA cell_size_check = ON")
        for table, key in _TABLES.items():
            columns = _columns_of_both(source, target, table)
            if not columns:
                continue
            target.execute("BEGIN IMMEDIATE")
            insert = (
                f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) "  # noqa: S608 - fixed names
                f"VALUES ({', '.join('?' * len(columns))})"
            )
            for row in _readable_rows(source, table, key, columns):
                with contextlib.suppress(sqlite3.IntegrityError):
                    found[table] += target.execute(insert, row).rowcount
            target.execute("COMMIT")
    return found


def _columns_of_both(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str
) -> list[str]:
    """Give the columns to copy: an older database lacks newer ones, which get their default."""
    try:
        present = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
    except sqlite3.Error:
        return []
    known = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    return [column for column in known if column in present]


def _readable_rows(
    source: sqlite3.Connection, table: str, key: str, columns: list[str]
) -> Iterator[_Row]:
    select = f"SELECT {key}, {', '.join(columns)} FROM {table} NOT INDEXED"  # noqa: S608 - fixed names
    first_bad: Any = None
    try:
        for row in source.execute(f"{select} ORDER BY {key}"):
            first_bad = row[0]
            yield row[1:]
    except sqlite3.Error:
        pass
    else:
        return
    last_bad: Any = None
    try:
        for row in source.execute(f"{select} ORDER BY {key} DESC"):
            last_bad = row[0]
            yield row[1:]
    except sqlite3.Error:
        pass
    if key == "name":
        return
    start = first_bad + 1 if isinstance(first_bad, int) else 1
    probe, misses = start, 0
    while misses < _MOST_MISSES and not (isinstance(last_bad, int) and probe >= last_bad):
        misses += 1
        with contextlib.suppress(sqlite3.Error):
            for row in source.execute(f"{select} WHERE {key} = ?", (probe,)):
                yield row[1:]
                misses = 0
        probe += 1
