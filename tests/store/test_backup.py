from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.store.backup import (
    read_backup,
    restore_backup,
    roll_backup,
    rolling_backups,
    write_backup,
)
from app.store.database import Database
from app.store.library import Library
from app.store.opening import open_database
from tests.store.test_library import keep

DAY_MS = 24 * 3600 * 1000


def test_library_goes_to_one_file_and_back(
    tmp_path: Path, database: Database, library: Library
) -> None:
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    (recordings / "1.flac").write_bytes(b"sound")
    keep(library, "kept words")
    backup = tmp_path / "my.backup.zip"
    contents = write_backup(database, backup, now_ms=5, recordings=recordings)
    assert contents == read_backup(backup)
    assert (contents.transcripts, contents.recordings) == (1, 1)
    keep(library, "later words")
    database.close()
    (recordings / "1.flac").unlink()
    aside = restore_backup(backup, database.path, recordings=recordings, today="2026-01-31")
    again, notice = open_database(database.path)
    assert notice is None
    assert [len(Library(again).search(one)) for one in ("kept", "later")] == [1, 0]
    again.close()
    assert (recordings / "1.flac").read_bytes() == b"sound"
    assert aside is not None
    former, _ = open_database(aside)
    assert len(Library(former).search("later")) == 1
    former.close()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_backup_restores_where_nothing_is(
    tmp_path: Path, database: Database, library: Library
) -> None:
    keep(library)
    write_backup(database, tmp_path / "b.zip", now_ms=5)
    fresh = tmp_path / "other" / "wordlight.db"
    assert restore_backup(tmp_path / "b.zip", fresh, recordings=tmp_path / "r") is None
    again, _ = open_database(fresh)
    assert len(Library(again).entries()) == 1
    again.close()


@pytest.mark.parametrize("seed", range(6))
def test_damaged_backup_leaves_the_library_alone(
    tmp_path: Path, database: Database, library: Library, seed: int
) -> None:
    keep(library, "kept words")
    backup = tmp_path / "b.zip"
    write_backup(database, backup, now_ms=5)
    data = bytearray(backup.read_bytes())
    chance = random.Random(seed)
    if seed % 2:
        del data[chance.randrange(len(data)) :]
    else:
        place = chance.randrange(200, len(data) * 3 // 4)
        data[place : place + 64] = chance.randbytes(64)
    backup.write_bytes(data)
    with pytest.raises(StorageError):
        restore_backup(backup, database.path, recordings=tmp_path / "r")
    assert len(library.search("kept")) == 1
    assert not list(tmp_path.glob("*before-restore*"))


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"text")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bundle:
        bundle.writestr("photo.jpg", b"x")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as bundle:
        bundle.writestr("manifest.json", "[1]")
        bundle.writestr("wordlight.db", b"x")
    for name in ("a.zip", "b.zip", "c.zip", "missing.zip"):
        with pytest.raises(StorageError, match="another"):
            read_backup(tmp_path / name)


def test_recording_cannot_leave_its_folder(
    tmp_path: Path, database: Database, library: Library
) -> None:
    write_backup(database, tmp_path / "b.zip", now_ms=5)
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as bundle:
        bundle.writestr("recordings/../../evil.txt", b"x")
        bundle.writestr("recordings/fine.flac", b"x")
    home = tmp_path / "home"
    restore_backup(tmp_path / "b.zip", home / "w.db", recordings=home / "recordings")
    assert {one.name for one in (home / "recordings").iterdir()} == {"fine.flac"}
    assert not list(tmp_path.rglob("evil.txt"))


def test_backup_that_cannot_be_written_leaves_the_older_one(
    tmp_path: Path, database: Database
) -> None:
    with pytest.raises(StorageError):
        write_backup(database, tmp_path / "no" / "such" / "b.zip", now_ms=5)
    (tmp_path / "b.zip").mkdir()
    with pytest.raises(StorageError):
        write_backup(database, tmp_path / "b.zip", now_ms=5)
    assert not list(tmp_path.glob(".wordlight-*"))


def test_rolling_copies_are_daily_and_few(tmp_path: Path, database: Database) -> None:
    folder = tmp_path / "backups"
    first = roll_backup(database, folder, now_ms=DAY_MS, kept=2)
    assert first is not None
    assert roll_backup(database, folder, now_ms=DAY_MS + 1000, kept=2) is None
    second = roll_backup(database, folder, now_ms=2 * DAY_MS, kept=2)
    third = roll_backup(database, folder, now_ms=3 * DAY_MS, kept=2)
    assert rolling_backups(folder) == [third, second]
    assert roll_backup(database, folder, now_ms=9 * DAY_MS, kept=0) is None


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are kept otherwise there")
def test_a_backup_is_for_this_person_only(tmp_path: Path, database: Database) -> None:
    backup = tmp_path / "b.zip"
    backup.write_bytes(b"readable by all")
    backup.chmod(0o644)
    write_backup(database, backup, now_ms=5)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert read_backup(backup).transcripts == 0


def test_what_a_killed_backup_left_goes_with_the_next_one(
    tmp_path: Path, database: Database
) -> None:
    target = tmp_path / "stick"
    target.mkdir()
    code = (
        "import os, sys, pathlib; from app.system.locks import WorkFolder;"
        "work = WorkFolder(pathlib.Path(sys.argv[1])); (work.path / 'w.db').write_bytes(b'1');"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, target], check=False)
    assert len(list(target.iterdir())) == 2
    write_backup(database, target / "b.zip", now_ms=5)
    assert [one.name for one in target.iterdir()] == ["b.zip"]


def test_what_a_killed_copy_left_goes_though_none_is_due(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "rolling"
    assert roll_backup(database, folder, now_ms=DAY_MS, kept=3) is not None
    left = folder / ".making-1-000000000000"
    left.mkdir()
    (left / "wordlight.db").write_bytes(b"half")

    assert roll_backup(database, folder, now_ms=DAY_MS + 1_000, kept=3) is None

    assert [path.suffix for path in folder.iterdir()] == [".zip"]
