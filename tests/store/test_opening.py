from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.store.opening import open_database
from app.store.schema import NewerDatabaseError, migration_files


def test_new_database_is_private_durable_and_current(tmp_path: Path) -> None:
    opened, notice = open_database(tmp_path / "deep" / "w.db")
    with opened.writing() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    newest = migration_files()[-1][0]
    assert opened.read("PRAGMA user_version") == [(newest,)]
    assert opened.check()
    opened.close()
    opened.close()
    assert notice is None
    assert (tmp_path / "deep" / "w.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("has_copies", [True, False])
def test_a_file_of_no_bytes_is_a_new_library_unless_there_are_copies_of_one(
    tmp_path: Path, *, has_copies: bool
) -> None:
    file = tmp_path / "w.db"
    file.touch()
    opened, notice = open_database(file, today="2026-01-02", has_copies=lambda: has_copies)
    opened.close()
    assert (notice is not None) == has_copies
    assert (tmp_path / "w-damaged-2026-01-02.db").exists() == has_copies
    opened, notice = open_database(file, has_copies=lambda: has_copies)
    opened.close()
    assert notice is None


@pytest.mark.parametrize("has_copies", [True, False])
def test_a_library_that_is_gone_is_said_where_there_are_copies_of_it(
    tmp_path: Path, *, has_copies: bool
) -> None:
    opened, notice = open_database(tmp_path / "w.db", has_copies=lambda: has_copies)
    opened.close()
    assert (notice is not None and "is gone" in notice.fill()) == has_copies
    opened, notice = open_database(tmp_path / "w.db", has_copies=lambda: has_copies)
    opened.close()
    assert notice is None


def test_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "w.db"
    open_database(file)[0].close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = file.read_bytes()
    with pytest.raises(NewerDatabaseError, match="newer Wordlight"):
        open_database(file)
    assert file.read_bytes() == before


def test_file_that_may_not_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "w.db").mkdir()
    with pytest.raises(StorageError, match="may not write"):
        open_database(tmp_path / "w.db")
