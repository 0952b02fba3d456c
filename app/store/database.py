"""Open the one database, bring it up to date, and tell its troubles as sentences.

Two connections serve all threads: one writes, one reads, so that looking
something up never waits for a commit to reach the disk. Other processes may have
the same file open; SQLite keeps them apart.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.core.errors import StorageError
from app.core.messages import Message, message
from app.store.files import explain

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_TIMEOUT_S = 20.0
_TRIES_AT_LOG = 100
_LARGEST_WAL_BYTES = 64 * 1024 * 1024

Row = tuple[Any, ...]


class NewerDatabaseError(StorageError):
    """The database was written by a newer Wordlight."""


class DamagedDatabaseError(StorageError):
    """The database cannot be read as it is."""


def storage_error(error: sqlite3.Error, path: Path) -> StorageError:
    """Turn SQLite's error into a sentence."""
    name: str = getattr(error, "sqlite_errorname", "") or ""
    details = f"{name}: {error}"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or name in {
        "SQLITE_IOERR_SHORT_READ",
        "SQLITE_IOERR_DATA",
    }:
        return DamagedDatabaseError(
            message(
                "The library's file is damaged; close Wordlight and open it again, and what "
                "can be read is rescued."
            ),
            details=details,
        )
    if name.startswith("SQLITE_FULL"):
        return StorageError(
            message("The disk is full, so nothing more can be kept; make room and try again."),
            details=details,
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StorageError(
            message(
                "Wordlight may not write to {folder}; change its permissions or set "
                "WORDLIGHT_HOME to another folder.",
                folder=path.parent,
            ),
            details=details,
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(
            message("Another Wordlight is busy with the library; try again in a moment."),
            details=details,
        )
    return StorageError(
        message(
            "The library could not be written or read; check the disk {folder} lies on and "
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
        self._write_lock = threading.RLock()
        self._read_lock = threading.RLock()
        self._writer = connect(path)
        try:
            self._reader = connect(path)
        except StorageError:
            self._writer.close()
            raise
        self._is_writing = False
        self._seen_version: int | None = None
        self._rescue_mark = rescue_mark(path)

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

    def changed_elsewhere(self) -> bool:
        """Tell whether another process has written since this was last asked."""
        with self._write_lock, self._explained():
            version = self._writer.execute("PRAGMA data_version").fetchone()[0]
        before, self._seen_version = self._seen_version, version
        return before is not None and before != version

    def check(self) -> bool:
        """Look the whole file through; takes seconds for a large one.

        Returns:
            Whether it is sound. If not, the next start rescues what can be read.
        """
        connection = connect(self.path)
        try:
            sound = is_sound(connection)
        finally:
            connection.close()
        if not sound:
            self._ask_for_rescue()
        return sound

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy while work goes on.

        Raises:
            StorageError: The copy could not be made; a partial one is removed.
        """
        source = connect(self.path)
        try:
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
                source.backup(target, pages=2000)
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            path.unlink(missing_ok=True)
            raise storage_error(error, path) from error
        finally:
            source.close()

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

    Raises:
        StorageError: It cannot be opened.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL_BYTES}")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise storage_error(error, path) from error
    return connection


def is_sound(connection: sqlite3.Connection) -> bool:
    """Tell whether SQLite finds no fault in the file's structure."""
    try:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]
    except sqlite3.DatabaseError:
        return False


def migration_files(folder: Path = MIGRATIONS) -> list[tuple[int, Path]]:
    """Give the migrations with their numbers, in order."""
    return sorted((int(file.name[:4]), file) for file in folder.glob("[0-9]*.sql"))


def migrate(connection: sqlite3.Connection, path: Path, folder: Path = MIGRATIONS) -> None:
    """Bring a database to the newest schema, each step in a transaction of its own.

    Raises:
        NewerDatabaseError: It was written by a newer Wordlight.
        StorageError: It could not be written.
    """
    files = migration_files(folder)
    newest = files[-1][0]
    try:
        found = _version(connection)
        if found == newest:
            return
        if found > newest:
            raise _newer(found, newest)
        for number, file in files:
            connection.execute("BEGIN IMMEDIATE")
            try:
                # asked within the transaction: another process may have been faster
                if _version(connection) < number:
                    for statement in _statements(file.read_text("utf-8")):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number}")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    except sqlite3.Error as error:
        raise storage_error(error, path) from error


def _newer(found: int, known: int) -> NewerDatabaseError:
    return NewerDatabaseError(
        message(
            "The library was written by a newer Wordlight (format {found}, this one knows "
            "{known}); install the newer version to open it.",
            found=found,
            known=known,
        )
    )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def open_database(
    path: Path, *, today: str = "", may_rescue: Callable[[], bool] = lambda: True
) -> tuple[Database, Message | None]:
    """Open, migrate and if need be rescue the database.

    Args:
        path: Its file; made if missing.
        today: Date for the name of a damaged file that is moved aside; found out if empty.
        may_rescue: Tells whether a damaged file may be replaced: not while another
            process has it open.

    Returns:
        The open database, and a sentence if something had to be rescued.

    Raises:
        StorageError: It is newer than this program, or the disk does not allow it.
    """
    from app.store.library import Library  # these need this module
    from app.store.rescue import rescue

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(explain(error, path.parent)) from error
    is_damaged = rescue_mark(path).exists()
    if not is_damaged:
        try:
            _prepare(path)
        except DamagedDatabaseError:
            is_damaged = True
    if not is_damaged:
        return Database(path), None
    if not may_rescue():
        raise DamagedDatabaseError(
            message(
                "The library's file is damaged and another Wordlight has it open; close that "
                "one, then start again, and what can be read is rescued."
            )
        )
    notice = rescue(path, today=today)
    _prepare(path)
    rescued = Database(path)
    Library(rescued).rebuild_search()
    return rescued, notice


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
