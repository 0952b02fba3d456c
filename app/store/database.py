"""The one open database, and its troubles told as sentences.

Two connections serve all threads: one writes, one reads, so that looking
something up never waits for a commit to reach the disk. Other processes may have
the same file open; SQLite keeps them apart by a small file beside it. On a disk with no
room for that one there is a single connection, and nobody else has the file meanwhile:
what is there can be read.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from app.core.errors import StorageError
from app.core.messages import message
from app.system.files import may_not_write

BUSY_TIMEOUT_S = 20.0
_TRIES_AT_LOG = 100
_LEAST_FREE_BYTES = 256 * 1024
_LARGEST_WAL_BYTES = 64 * 1024 * 1024

Row = tuple[Any, ...]


class DamagedDatabaseError(StorageError):
    """The database cannot be read as it is."""


class FullDiskError(StorageError):
    """There is no room for what SQLite has to write."""


def disk_is_full(path: Path) -> bool:
    """Tell whether there is not even room for SQLite's own small files beside a file.

    A disk may have room that is not for this person: it is tried.
    """
    try:
        if shutil.disk_usage(path.parent).free < _LEAST_FREE_BYTES:
            return True
        with tempfile.TemporaryFile(dir=path.parent, buffering=0) as file:
            file.write(bytes(_LEAST_FREE_BYTES))
    except OSError as error:
        return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return False


def storage_error(
    error: sqlite3.Error, path: Path, is_full: Callable[[Path], bool] = disk_is_full
) -> StorageError:
    """Turn SQLite's error into a sentence.

    Args:
        error: What SQLite says.
        path: The database.
        is_full: Tells whether the disk is full, where SQLite cannot tell: it calls a file
            that it could not make larger an error of the device.
    """
    name: str = getattr(error, "sqlite_errorname", "") or ""
    details = f"{name}: {error}"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or name in {
        "SQLITE_IOERR_SHORT_READ",
        "SQLITE_IOERR_DATA",
    }:
        return DamagedDatabaseError(
            message(
                "The library file is damaged. Close Wordlight and open it again to rescue "
                "what can be read."
            ),
            details=details,
        )
    may_be_full = name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN"))
    if name.startswith("SQLITE_FULL") or (may_be_full and is_full(path)):
        return FullDiskError(
            message(
                "The disk is full, so nothing more can be saved. Free some space and try again."
            ),
            details=details,
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StorageError(may_not_write(path.parent), details=details)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(
            message("Another Wordlight is busy with the library. Try again in a moment."),
            details=details,
        )
    return StorageError(
        message(
            "The library could not be read or saved. Check the disk that has {folder}, then "
            "try again.",
            folder=path.parent,
        ),
        details=details,
    )


class Database:
    """The open database; safe to use from any thread.

    Attributes:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        """Open a file that ``open_database`` has brought up to date.

        Raises:
            StorageError: It cannot be opened.
        """
        self.path = path
        self._write_lock = self._read_lock = threading.RLock()
        self._writer = self._reader = connect(path)
        self._is_writing = False
        if not _is_sole(self._writer):
            self._part()
        self._rescue_mark = rescue_mark(path)
        self._file = _identity(path)

    @contextlib.contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Give the connection for one transaction, committed to the disk at the end.

        An exception inside takes everything back. A nested use joins the outer one.

        Raises:
            StorageError: It could not be written; nothing of it was kept.
        """
        with self._write_lock:
            if self._is_writing:
                yield self._writer
                return
            with self._explained():
                self._follow_file()
                self._writer.execute("BEGIN IMMEDIATE")
                self._is_writing = True
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                except BaseException:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
                finally:
                    self._is_writing = False
                self._share_again()

    def _follow_file(self) -> None:
        """Write into nothing that will not be found again: a file that was moved or deleted.

        SQLite would go on writing into it, wherever it lies now, and say nothing. Where
        another file lies in its place by now, a copy that was put back, it is that one.

        Raises:
            StorageError: There is no file in its place.
        """
        found = _identity(self.path)
        if found is None:
            raise StorageError(
                message(
                    "The library was moved or deleted, so nothing more can be saved. Put "
                    "{path} back, or export what is open before you close Wordlight.",
                    path=self.path,
                )
            )
        if found != self._file:
            with self._read_lock:
                self._reader.close()
                self._connect_anew()
            self._file = found

    def _part(self) -> None:
        """Read on a connection of its own from now on."""
        try:
            self._reader = connect(self.path)
        except StorageError:
            self._writer.close()
            raise
        self._read_lock = threading.RLock()

    def _share_again(self) -> None:
        """Let others at a file again that nobody else could have while its disk was full."""
        if self._reader is not self._writer or disk_is_full(self.path):
            return
        self._connect_anew()

    def _connect_anew(self) -> None:
        self._writer.close()
        self._writer = self._reader = connect(self.path)
        if not _is_sole(self._writer):
            self._part()

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of a query.

        Raises:
            StorageError: They cannot be read.
        """
        with self._read_lock, self._explained():
            return self._reader.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def reading(self) -> Generator[Callable[..., list[Row]]]:
        """Give a ``read`` whose queries all see the same state of the database."""
        with self._read_lock, self._explained():
            self._reader.execute("BEGIN")
            try:
                yield self.read
            finally:
                self._reader.execute("ROLLBACK")

    def check(self) -> bool:
        """Look the whole file through; takes seconds for a large one.

        Returns:
            Whether it is sound. If not, the next start rescues what can be read.
        """
        with self._another() as connection:
            sound = is_sound(connection)
        if not sound:
            self._ask_for_rescue()
        return sound

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy while work goes on.

        Raises:
            StorageError: The copy could not be made; a partial one is removed.
        """
        try:
            with (
                self._another() as source,
                contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target,
            ):
                source.backup(target, pages=2000)
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            path.unlink(missing_ok=True)
            raise storage_error(error, path) from error

    @contextlib.contextmanager
    def _another(self) -> Generator[sqlite3.Connection]:
        """Give a connection for what takes long: the only one where there can be no other."""
        if self._reader is self._writer:
            with self._write_lock:
                yield self._writer
            return
        connection = connect(self.path)
        try:
            yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            told = storage_error(error, self.path)
            if isinstance(told, DamagedDatabaseError):
                self._ask_for_rescue()
            raise told from error

    def _ask_for_rescue(self) -> None:
        with contextlib.suppress(OSError):
            self._rescue_mark.touch(mode=0o600)


def _identity(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from any other of the same name; ``None`` if none is reached."""
    try:
        found = path.stat()
    except OSError:  # gone, or a drive that does not answer any more
        return None
    return found.st_dev, found.st_ino


def rescue_mark(path: Path) -> Path:
    """Give the file whose presence asks the next start to rescue the database."""
    return path.with_name(f"{path.name}.rescue")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; waits for whoever makes the same file just now.

    SQLite does not wait by itself here: two that change over at once would lock each
    other out for ever.
    """
    pause = threading.Event()
    for _ in range(_TRIES_AT_LOG):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            pause.wait(BUSY_TIMEOUT_S / _TRIES_AT_LOG)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def connect(path: Path) -> sqlite3.Connection:
    """Open one connection with the settings that all of them share.

    Where the disk has no room for the file by which processes share the library, it is one
    that nobody else can have another beside.

    Raises:
        StorageError: It cannot be opened.
    """
    try:
        return _connect(path, is_sole=False)
    except sqlite3.Error as error:
        told = storage_error(error, path)
        if not isinstance(told, FullDiskError) or not path.exists():
            raise told from error
        full = error
    try:
        return _connect(path, is_sole=True)
    except sqlite3.Error as error:
        raise storage_error(error, path) from full


def _connect(path: Path, *, is_sole: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        if is_sole:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL_BYTES}")
        # SQLite makes its small files at the first look, and would only then find no room.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_sole(connection: sqlite3.Connection) -> bool:
    """Tell whether nobody else can have a connection beside this one."""
    return connection.execute("PRAGMA locking_mode").fetchone()[0] == "exclusive"


def is_sound(connection: sqlite3.Connection) -> bool:
    """Tell whether SQLite finds no fault in the file's structure."""
    try:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]
    except sqlite3.DatabaseError:
        return False
