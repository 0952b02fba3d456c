"""The whole library to one file and back, and rolling copies of it.

A backup is a zip: a list of what is in it, the database, and the kept copies of
recordings if wanted. The API key is never in it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from app.core.errors import StorageError
from app.core.messages import message
from app.store import database, schema
from app.store.database import DamagedDatabaseError, Database
from app.store.rescue import move_aside, remove_database
from app.system import clocks
from app.system.files import (
    explain,
    is_folder,
    opened_whole,
    replacing,
    sync_folder,
    unused_name,
)
from app.system.locks import WorkFolder

_FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "wordlight.db"
_RECORDINGS = "recordings/"
_ROLLING_PREFIX = "wordlight-"
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What a backup holds.

    Attributes:
        created_ms: When it was made, milliseconds since 1970.
        transcripts: How many transcripts.
        recordings: How many kept copies of recordings.
    """

    created_ms: int
    transcripts: int
    recordings: int


def write_backup(
    open_database: Database, path: Path, *, now_ms: int, recordings: Path | None = None
) -> BackupContents:
    """Write the library to one file while work goes on.

    Args:
        open_database: The library.
        path: Where to; replaced only once the new backup is whole.
        now_ms: The time.
        recordings: Folder of kept copies, if they are to go along.

    Raises:
        StorageError: It could not be written; an older file at ``path`` is untouched.
    """
    if not is_folder(path.parent):  # a stick that was pulled out is not made up for
        raise StorageError(explain(FileNotFoundError(errno.ENOENT, ""), path))
    WorkFolder.remove_leftovers(path.parent)
    with contextlib.closing(WorkFolder(path.parent)) as work:
        copy = work.path / _DATABASE
        try:
            open_database.copy_to(copy)
            files = sorted(recordings.iterdir()) if recordings and recordings.is_dir() else []
        except OSError as error:
            raise StorageError(explain(error, path)) from error
        contents = BackupContents(
            now_ms,
            open_database.read("SELECT count(*) FROM transcripts")[0][0],
            sum(file.is_file() for file in files),
        )
        with (
            opened_whole(path, is_private=True) as target,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle,
        ):
            bundle.writestr(_MANIFEST, _manifest(contents))
            bundle.write(copy, _DATABASE)
            for file in files:
                if file.is_file():  # recordings are packed already
                    name = f"{_RECORDINGS}{file.name}"
                    bundle.write(file, name, compress_type=zipfile.ZIP_STORED)
    return contents


def read_backup(path: Path) -> BackupContents:
    """Look into a backup without restoring it.

    Raises:
        StorageError: It is none, or cannot be read.
    """
    with _opened(path) as bundle:
        return _contents(bundle, path)


def restore_backup(
    path: Path, database_path: Path, *, recordings: Path, today: str = ""
) -> Path | None:
    """Put a backup in the place of the present library, which is kept aside.

    The database must be closed, and no other Wordlight may use it (hold the
    ``InstanceLock``).

    Args:
        path: The backup.
        database_path: Where the library lies.
        recordings: Folder of kept copies; those of the backup are added to it.
        today: Date for the name of the library kept aside; found out if empty.

    Returns:
        Where the former library lies now, if there was one.

    Raises:
        StorageError: The backup is damaged or newer, or the disk does not allow it;
            the present library is still in its place.
    """
    date = today or clocks.today()
    fresh = database_path.with_name(f"{database_path.name}.restored")
    aside: Path | None = None
    try:
        database_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        remove_database(fresh)
        with _opened(path) as bundle:
            _contents(bundle, path)
            with bundle.open(_DATABASE) as packed, replacing(fresh) as file:
                shutil.copyfileobj(packed, file, 1024 * 1024)
            _check(fresh, path)
            _restore_recordings(bundle, recordings)
        if database_path.exists():
            name = f"{database_path.stem}-before-restore-{date}{database_path.suffix}"
            aside = unused_name(database_path.with_name(name))
            move_aside(database_path, aside)
        fresh.replace(database_path)
        database.rescue_mark(database_path).unlink(missing_ok=True)
        sync_folder(database_path.parent)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise _not_a_backup(path) from error
    except OSError as error:
        raise StorageError(explain(error, database_path)) from error
    finally:
        with contextlib.suppress(OSError):
            remove_database(fresh)
    return aside


def roll_backup(
    open_database: Database, folder: Path, *, now_ms: int, kept: int, every_s: int = _DAY_S
) -> Path | None:
    """Write a rolling copy if the latest one is old, and drop the oldest.

    What one left that was killed, be it at its very end, goes in any case.

    Returns:
        The new copy, or nothing if none was due.

    Raises:
        StorageError: It could not be written; older copies are untouched.
    """
    WorkFolder.remove_leftovers(folder)
    if kept <= 0:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        copies = rolling_backups(folder)
        if copies and 0 <= now_ms / 1000 - copies[0].stat().st_mtime < every_s:
            return None
        stamp = dt.datetime.fromtimestamp(now_ms / 1000, tz=dt.UTC).strftime("%Y-%m-%d-%H%M%S")
        path = unused_name(folder / f"{_ROLLING_PREFIX}{stamp}.zip")
        write_backup(open_database, path, now_ms=now_ms)
        os.utime(path, (now_ms / 1000, now_ms / 1000))
        for old in rolling_backups(folder)[kept:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(explain(error, folder)) from error
    return path


def rolling_backups(folder: Path) -> list[Path]:
    """Give the rolling copies, latest first."""
    found = folder.glob(f"{_ROLLING_PREFIX}*.zip")
    return sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)


@contextlib.contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as bundle:
            yield bundle
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _not_a_backup(path) from error
    except FileNotFoundError as error:
        raise StorageError(
            message("{name} no longer exists. Choose another backup.", name=path.name)
        ) from error


def _manifest(contents: BackupContents) -> str:
    return json.dumps(
        {
            "format": _FORMAT,
            "program": "Wordlight",
            "created_ms": contents.created_ms,
            "transcripts": contents.transcripts,
            "recordings": contents.recordings,
        }
    )


def _contents(bundle: zipfile.ZipFile, path: Path) -> BackupContents:
    try:
        found: object = json.loads(bundle.read(_MANIFEST))
        bundle.getinfo(_DATABASE)
    except (KeyError, ValueError) as error:
        raise _not_a_backup(path) from error
    plain = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    numbers = [
        plain.get(name) for name in ("format", "created_ms", "transcripts", "recordings")
    ]
    if plain.get("program") != "Wordlight" or not all(isinstance(one, int) for one in numbers):
        raise _not_a_backup(path)
    form, created_ms, transcripts, recordings = cast("list[int]", numbers)
    if form > _FORMAT:
        raise StorageError(
            message(
                "{name} was made by a newer Wordlight. Install that version to restore it.",
                name=path.name,
            )
        )
    return BackupContents(created_ms, transcripts, recordings)


def _check(fresh: Path, path: Path) -> None:
    """Refuse a database that is damaged or newer; an older one is brought up to date."""
    try:
        connection = database.connect(fresh)
        try:
            if not database.is_sound(connection):
                raise _not_a_backup(path)
            schema.migrate(connection, fresh)
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()
    except DamagedDatabaseError as error:
        raise _not_a_backup(path) from error


def _restore_recordings(bundle: zipfile.ZipFile, recordings: Path) -> None:
    for entry in bundle.infolist():
        if not entry.filename.startswith(_RECORDINGS) or entry.is_dir():
            continue
        name = entry.filename.removeprefix(_RECORDINGS)
        if Path(name).name != name or name in {"", ".", ".."} or "\\" in name:
            continue  # would leave the folder
        target = recordings / name
        if target.exists() and target.stat().st_size == entry.file_size:
            continue
        recordings.mkdir(parents=True, exist_ok=True, mode=0o700)
        with bundle.open(entry) as packed, replacing(target) as file:
            shutil.copyfileobj(packed, file, 1024 * 1024)


def _not_a_backup(path: Path) -> StorageError:
    return StorageError(
        message(
            "{name} is damaged or is not a Wordlight backup. Choose another file. Your "
            "library was not changed.",
            name=path.name,
        )
    )
