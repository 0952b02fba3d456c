"""The tables of the database: brought to the newest form step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import StorageError
from app.core.messages import message
from app.store.database import storage_error

MIGRATIONS = Path(__file__).with_name("migrations")


class NewerDatabaseError(StorageError):
    """The database was written by a newer Wordlight."""


def migration_files(folder: Path = MIGRATIONS) -> list[tuple[int, Path]]:
    """Give the migrations with their numbers, in order."""
    return sorted((int(file.name[:4]), file) for file in folder.glob("[0-9]*.sql"))


def migrate(connection: sqlite3.Connection, path: Path, folder: Path = MIGRATIONS) -> None:
    """Bring a database to the newest schema, each step in a transaction of its own.

    Raises:
        NewerDatabaseError: It was written by a newer Wordlight.
        StorageError: It could not be written, or the steps themselves are not there.
    """
    files = migration_files(folder)
    if not files:
        raise StorageError("A part of Wordlight is missing. Install Wordlight again.")
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
            "The library was made by a newer Wordlight (format {found}; this one reads "
            "{known}). Install the newer version to open it.",
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
