from __future__ import annotations

from pathlib import Path

from app.jobs.stored_places import Kept, stored_places
from app.store.paths import AppPaths


def test_files_and_folders_are_told_with_what_they_take(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path)
    paths.create()
    paths.database.write_bytes(b"x" * 700)
    (paths.logs / "old").mkdir()
    (paths.logs / "a.log").write_bytes(b"x" * 30)
    (paths.logs / "old" / "b.log").write_bytes(b"x" * 12)
    found = {one.kept: one for one in stored_places(paths, paths.data / "models")}
    assert set(found) == set(Kept)
    assert found[Kept.LIBRARY].size_bytes == 700
    assert found[Kept.LIBRARY].folder == paths.data
    assert found[Kept.LOGS].size_bytes == 42
    assert found[Kept.LOGS].folder == paths.logs
    assert found[Kept.MODELS].size_bytes == 0  # nothing was ever downloaded
