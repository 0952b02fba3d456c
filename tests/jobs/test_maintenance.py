from __future__ import annotations

from pathlib import Path

import pytest

from app.core.options import TranscriptionOptions
from app.core.preferences import Settings
from app.jobs.maintenance import run_maintenance
from app.store.audio_links import AudioLink
from app.store.backup import rolling_backups
from app.store.database import rescue_mark
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.listing import Filter
from app.store.opening import open_database
from app.store.paths import AppPaths
from app.system.locks import Presence
from tests.support.builders import transcript

DAY_MS = 24 * 3_600_000


class Kept:
    def __init__(self, home: Path) -> None:
        self.paths = AppPaths.below(home)
        self.paths.create()
        self.database, _ = open_database(self.paths.database)
        self.presence = Presence(self.paths.presence)
        self.jobs = JobStore(self.database, self.presence)
        self.library = Library(self.database)

    def run_maintenance(self, now_ms: int, **settings: object):
        return run_maintenance(
            paths=self.paths,
            database=self.database,
            jobs=self.jobs,
            library=self.library,
            settings=Settings(**settings),  # pyright: ignore[reportArgumentType]
            now_ms=now_ms,
        )

    def close(self) -> None:
        self.database.close()
        self.presence.close()


@pytest.fixture
def kept(tmp_path: Path):
    made = Kept(tmp_path)
    yield made
    made.close()


def test_a_start_rolls_a_backup_and_empties_the_bin_in_time(kept: Kept, tmp_path: Path) -> None:
    copy = tmp_path / "copy.wav"
    copy.write_bytes(b"x")
    ids = [
        kept.library.add(
            transcript((None, "a b")),
            name=name,
            options=TranscriptionOptions(),
            link=AudioLink("/a.wav"),
            now_ms=1,
        )
        for name in ("old", "new")
    ]
    kept.library.save_copy_path(ids[0], str(copy))
    kept.library.delete(ids[:1], now_ms=10)
    kept.library.delete(ids[1:], now_ms=20 * DAY_MS)
    assert kept.run_maintenance(31 * DAY_MS, bin_days=30) == ()
    assert len(rolling_backups(kept.paths.backups)) == 1
    assert [one.name for one in kept.library.entries(Filter(is_deleted=True))] == ["new"]
    assert not copy.exists()
    kept.run_maintenance(31 * DAY_MS + 1000, bin_days=0)
    assert len(rolling_backups(kept.paths.backups)) == 1
    assert kept.library.entries(Filter(is_deleted=True))


def test_damage_is_told_and_no_backup_is_made_of_it(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    for number in range(200):
        first.library.add(
            transcript((None, "words " * 50)),
            name=str(number),
            options=TranscriptionOptions(),
            link=AudioLink("/a.wav"),
            now_ms=1,
        )
    first.close()
    with first.paths.database.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)
        file.write(b"\xff" * 16384)
    kept = Kept(tmp_path)
    told = kept.run_maintenance(5 * DAY_MS)
    assert any("damaged" in one.fill() for one in told)
    assert rolling_backups(kept.paths.backups) == []
    assert rescue_mark(kept.paths.database).exists()
    kept.close()
