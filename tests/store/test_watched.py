from __future__ import annotations

from pathlib import Path

from app.store.database import Database
from app.store.watched import SeenFile, WatchedFiles


def test_a_folder_is_unknown_until_it_was_looked_through(database: Database) -> None:
    watched = WatchedFiles(database)
    assert watched.seen("/in") is None
    watched.remember("/in", [])
    assert watched.seen("/in") == frozenset()
    assert watched.seen("/out") is None


def test_a_file_with_another_time_is_another_one(database: Database) -> None:
    watched = WatchedFiles(database)
    old = SeenFile(Path("/in/\udcff.wav"), 7, 1)
    watched.remember("/in", [old])
    assert watched.seen("/in") == {old}
    assert SeenFile(old.path, 7, 2) not in (watched.seen("/in") or ())


def test_folders_no_longer_watched_are_forgotten(database: Database) -> None:
    watched = WatchedFiles(database)
    for folder in ("/a", "/b"):
        watched.remember(folder, [SeenFile(Path(folder, "x.wav"), 1, 1)])
    watched.forget_all_but(["/b"])
    assert watched.seen("/a") is None
    assert watched.seen("/b")
