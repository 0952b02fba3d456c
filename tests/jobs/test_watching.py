from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.preferences import WatchFolder
from app.jobs.watching import SETTLED_AFTER_MS, Watch, folder_of
from app.store.database import Database
from app.store.opening import open_database
from app.store.watched import WatchedFiles


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened, _ = open_database(tmp_path / "kept" / "wordlight.db")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> WatchFolder:
    (tmp_path / "in").mkdir()
    return WatchFolder(str(tmp_path / "in"))


def put(folder: WatchFolder, name: str, content: bytes = b"sound") -> Path:
    path = Path(folder.path, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_was_there_before_is_not_new(database, clock, folder) -> None:
    old = put(folder, "old.wav")
    watch = Watch(WatchedFiles(database), clock)
    assert watch.scan(folder).before == (old,)
    clock.now_ms += SETTLED_AFTER_MS
    scan = watch.scan(folder)
    assert (scan.ready, scan.before, scan.is_growing) == ((), (), False)


def test_a_file_is_ready_once_it_has_stopped_growing_and_only_once(
    database, clock, folder
) -> None:
    watch = Watch(WatchedFiles(database), clock)
    watch.scan(folder)
    path = put(folder, "deep/talk.WAV", b"")
    put(folder, "notes.txt")
    put(folder, ".hidden.wav")
    for content in (b"", b"a", b"ab"):
        path.write_bytes(content)
        clock.now_ms += SETTLED_AFTER_MS
        scan = watch.scan(folder)
        assert scan.ready == ()
        assert scan.is_growing
    clock.now_ms += SETTLED_AFTER_MS - 1
    assert watch.scan(folder).ready == ()
    clock.now_ms += 1
    assert watch.scan(folder).ready == (path,)
    assert watch.scan(folder).ready == ()
    # nor after a restart
    clock.now_ms += SETTLED_AFTER_MS
    again = Watch(WatchedFiles(database), clock)
    assert again.scan(folder).ready == ()
    clock.now_ms += SETTLED_AFTER_MS
    assert again.scan(folder).ready == ()


def test_what_arrived_while_nobody_looked_is_new(database, clock, folder) -> None:
    Watch(WatchedFiles(database), clock).scan(folder)
    path = put(folder, "night.mp3")
    watch = Watch(WatchedFiles(database), clock)
    assert watch.scan(folder).is_growing
    clock.now_ms += SETTLED_AFTER_MS
    assert watch.scan(folder).ready == (path,)


def test_a_folder_that_is_not_there_keeps_what_was_seen(database, clock, folder) -> None:
    watch = Watch(WatchedFiles(database), clock)
    path = put(folder, "a.wav")
    watch.scan(folder)
    moved = Path(folder.path).rename(Path(folder.path).with_name("away"))
    assert watch.scan(folder).is_missing
    moved.rename(folder.path)
    clock.now_ms += SETTLED_AFTER_MS
    assert watch.scan(folder).ready == ()
    assert path.exists()


def test_a_folder_taken_out_and_put_in_again_starts_afresh(database, clock, folder) -> None:
    watch = Watch(WatchedFiles(database), clock)
    watch.scan(folder)
    watch.keep_only([])
    path = put(folder, "a.wav")
    assert watch.scan(folder).before == (path,)


def test_the_innermost_folder_that_is_on_counts(tmp_path: Path) -> None:
    outer, inner = WatchFolder(str(tmp_path)), WatchFolder(str(tmp_path / "in"))
    off = WatchFolder(str(tmp_path / "in" / "off"), is_on=False)
    folders = (outer, inner, off)
    assert folder_of(tmp_path / "a.wav", folders) is outer
    assert folder_of(tmp_path / "in" / "off" / "a.wav", folders) is inner
    assert folder_of(Path("/elsewhere/a.wav"), folders) is None
