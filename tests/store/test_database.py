from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.store import database as module
from app.store.database import DamagedDatabaseError, Database
from app.store.opening import open_database


def test_exception_takes_everything_back(database: Database) -> None:
    def half_way() -> None:
        with database.writing() as connection, database.writing():
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    assert database.read("SELECT * FROM settings") == []
    with database.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('b', '1')")
    assert database.read("SELECT name FROM settings") == [("b",)]


def test_readers_do_not_see_what_is_not_committed(database: Database) -> None:
    with database.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
        assert database.read("SELECT * FROM settings") == []
    assert len(database.read("SELECT * FROM settings")) == 1


def test_full_disk_is_said_and_nothing_half_written(database: Database) -> None:
    with database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    def fill() -> None:
        with database.writing() as connection:
            for number in range(1000):
                connection.execute(
                    "INSERT INTO settings VALUES (?, ?)", (str(number), "x" * 500)
                )

    with pytest.raises(StorageError, match="disk is full"):
        fill()
    assert database.read("SELECT count(*) FROM settings") == [(0,)]
    assert database.check()


def test_file_size_limit_leaves_a_sound_database(tmp_path: Path) -> None:
    """The system refuses to write on, in the middle of a transaction."""
    script = """
import resource, signal, sys
from pathlib import Path
from app.core.errors import StorageError
from app.store.opening import open_database
opened, _ = open_database(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
kept = 0
try:
    for number in range(1000):
        with opened.writing() as connection:
            connection.execute("INSERT INTO settings VALUES (?, ?)", (str(number), "x" * 5000))
        kept += 1
except StorageError as error:
    print(kept, error, sep="|")
"""
    file = tmp_path / "w.db"
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    kept, sentence = done.stdout.strip().split("|")
    assert sentence.endswith(".")
    opened, notice = open_database(file)
    assert notice is None
    assert opened.check()
    assert opened.read("SELECT count(*) FROM settings") == [(int(kept),)]
    opened.close()


_READS_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from app.core.errors import StorageError
from app.store.opening import open_database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
opened, _ = open_database(Path(sys.argv[1]))

def save(name):
    try:
        with opened.writing() as connection:
            connection.execute("INSERT INTO settings VALUES (?, '1')", (name,))
    except StorageError as error:
        print(error)

with opened.reading() as read:
    print(read("SELECT name FROM settings"), opened.check())
save("b")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
save("c")
other, _ = open_database(Path(sys.argv[1]))
print(other.read("SELECT name FROM settings"))
other.close()
opened.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to the size of files there")
@pytest.mark.parametrize("killed", [False, True])
def test_a_library_on_a_full_disk_is_read_and_saved_to_once_there_is_room(
    tmp_path: Path, killed: bool
) -> None:
    file = tmp_path / "w.db"
    opened, _ = open_database(file)
    with opened.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
    copy = tmp_path / "copy" / "w.db"
    copy.parent.mkdir()
    copy.write_bytes(file.read_bytes())
    copy.with_name("w.db-wal").write_bytes(file.with_name("w.db-wal").read_bytes())
    opened.close()
    done = subprocess.run(
        [sys.executable, "-c", _READS_ON_A_FULL_DISK, str(copy if killed else file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "[('a',)] True",
        "The disk is full, so nothing more can be saved. Free some space and try again.",
        "[('a',), ('c',)]",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
@pytest.mark.parametrize("comes_back", ["itself", "a copy", "from nowhere"])
def test_a_library_that_is_taken_away_is_said_and_saved_to_once_it_is_back(
    tmp_path: Path, comes_back: str
) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    opened, _ = open_database(folder / "w.db")

    def write(name: str) -> None:
        with opened.writing() as connection:
            connection.execute("INSERT INTO settings VALUES (?, '1')", (name,))

    write("before")
    if comes_back != "a copy":
        folder.rename(elsewhere)
    else:
        shutil.copytree(folder, elsewhere)
        shutil.rmtree(folder)
    if comes_back == "from nowhere":
        folder.symlink_to(folder)  # what leads round in a circle, as a drive gives an error
    with pytest.raises(StorageError, match="moved or deleted"):
        write("meanwhile")
    folder.unlink(missing_ok=True)
    assert opened.read("SELECT name FROM settings") == [("before",)]
    elsewhere.rename(folder)
    write("after")
    opened.close()
    again, notice = open_database(folder / "w.db")
    assert again.read("SELECT name FROM settings ORDER BY name") == [("after",), ("before",)]
    assert again.check()
    again.close()
    assert notice is None


def test_read_only_database_is_said(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("attempt to write a readonly database")
    error.sqlite_errorname = "SQLITE_READONLY"
    assert "may not write" in str(module.storage_error(error, tmp_path / "w.db"))
    error.sqlite_errorname = "SQLITE_BUSY"
    assert "busy" in str(module.storage_error(error, tmp_path / "w.db"))
    error.sqlite_errorname = "SQLITE_CORRUPT_VTAB"
    assert isinstance(module.storage_error(error, tmp_path / "w.db"), DamagedDatabaseError)


@pytest.mark.parametrize(
    "name", ["SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN", "SQLITE_FULL"]
)
def test_a_full_disk_is_said_whatever_sqlite_makes_of_it(tmp_path: Path, name: str) -> None:
    error = sqlite3.OperationalError("told")
    error.sqlite_errorname = name
    told = module.storage_error(error, tmp_path / "w.db", lambda _: True)
    assert "The disk is full" in str(told)
    other = module.storage_error(error, tmp_path / "w.db", lambda _: False)
    assert ("The disk is full" in str(other)) == (name == "SQLITE_FULL")


def test_many_threads_lose_nothing(database: Database) -> None:
    def write(thread: int) -> None:
        for number in range(25):
            with database.writing() as connection:
                connection.execute(
                    "INSERT INTO settings VALUES (?, '1')", (f"{thread}-{number}",)
                )
            assert database.read("SELECT count(*) FROM settings")[0][0] > number

    threads = [threading.Thread(target=write, args=(one,)) for one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.read("SELECT count(*) FROM settings") == [(150,)]


_WRITER = """
import sys
from pathlib import Path
from app.store.opening import open_database
opened, _ = open_database(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    with opened.writing() as connection:
        for half in "ab":
            connection.execute(
                "INSERT INTO settings VALUES (?, ?)",
                (f"{sys.argv[2]}-{number}-{half}", "x" * 3000),
            )
    print(number, flush=True)
"""


def _writer(file: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(file), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_lose_nothing_even_when_both_make_it(tmp_path: Path) -> None:
    file = tmp_path / "w.db"
    writers = [_writer(file, name, 40) for name in "xy"]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    opened, notice = open_database(file)
    assert notice is None
    assert opened.read("SELECT count(*) FROM settings") == [(160,)]
    opened.close()


@pytest.mark.parametrize("seed", range(3))
def test_killed_writer_leaves_whole_transactions(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "w.db"
    writer = _writer(file, "x", 1_000_000)
    assert writer.stdout is not None
    reported = -1
    for line in writer.stdout:
        if line.strip().isdigit():
            reported = int(line)
        if reported >= random.Random(seed).randrange(5, 60):
            break
    writer.send_signal(signal.SIGKILL)
    rest = [int(line) for line in writer.communicate()[0].splitlines() if line.isdigit()]
    reported = max([reported, *rest])
    opened, notice = open_database(file)
    assert notice is None
    assert opened.check()
    names = {row[0] for row in opened.read("SELECT name FROM settings")}
    opened.close()
    for number in range(reported + 1):
        assert {f"x-{number}-a", f"x-{number}-b"} <= names  # told as kept: kept
    assert len(names) % 2 == 0
