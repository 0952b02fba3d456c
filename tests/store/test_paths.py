from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.store.paths import AppPaths
from app.system.locks import Presence, WorkFolder


def test_home_variable_moves_all_folders(tmp_path: Path) -> None:
    paths = AppPaths.find({"WORDLIGHT_HOME": str(tmp_path / "home")})
    paths.create()
    for folder in (paths.data, paths.config, paths.cache, paths.logs, paths.temp):
        assert folder.is_relative_to(tmp_path / "home")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert paths.temp.is_relative_to(paths.cache)
    assert paths.recent is None  # no trace is left elsewhere


def test_platform_folders_are_different_ones() -> None:
    paths = AppPaths.find({})
    assert paths.temp.is_relative_to(paths.cache)
    assert len({paths.data, paths.cache, paths.logs}) == 3
    assert all("ordlight" in str(one) for one in (paths.data, paths.config, paths.cache))
    if sys.platform == "linux":
        assert paths.recent == paths.data.parent / "recently-used.xbel"


def test_leftovers_go_and_what_is_needed_stays(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path)
    paths.create()
    dead, alive = Presence(paths.presence), Presence(paths.presence)
    for folder in (
        paths.run_folder(dead),
        paths.run_folder(alive),
        paths.job_folder("done"),
        paths.job_folder("half"),
    ):
        (folder / "part.flac").write_bytes(b"x")
    (paths.temp / "stray.wav").write_bytes(b"x")
    (paths.temp / "link").symlink_to(paths.data)
    dead.close()
    assert paths.clear_leftovers(alive, lambda: {"half"}) == 4
    assert {one.name for one in paths.temp.iterdir()} == {f"run-{alive.token}", "job-half"}
    assert paths.data.is_dir()
    paths.remove_job_folder("half")
    assert not (paths.temp / "job-half").exists()
    alive.close()


def test_what_somebody_killed_left_in_the_folder_of_an_unfinished_job_goes(
    tmp_path: Path,
) -> None:
    paths = AppPaths.below(tmp_path)
    paths.create()
    job = paths.job_folder("half")
    (job / "part-0.flac").write_bytes(b"prepared")
    (job / ".making-16981-be0d70c2e61d.lock").touch()
    (job / ".making-16982-0c6a1be0d70c").mkdir()
    living = WorkFolder(job)
    presence = Presence(paths.presence)

    assert paths.clear_leftovers(presence, lambda: {"half"}) == 0
    left = {one.name for one in job.iterdir()}
    assert left == {"part-0.flac", living.path.name, f"{living.path.name}.lock"}
    living.close()
    presence.close()


def test_half_a_backup_goes_once_nobody_writes_it(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path)
    paths.create()
    (paths.backups / ".wordlight-4f").mkdir(parents=True)
    (paths.backups / ".wordlight-4f" / "wordlight.db").write_bytes(b"half")
    (paths.backups / ".wordlight-00ff.part").write_bytes(b"half")
    (paths.backups / "wordlight-2026-01-02.zip").write_bytes(b"whole")
    mine, other = Presence(paths.presence), Presence(paths.presence)

    assert paths.clear_leftovers(mine, set) == 0
    other.close()
    assert paths.clear_leftovers(mine, set) == 2
    assert [one.name for one in paths.backups.iterdir()] == ["wordlight-2026-01-02.zip"]
    mine.close()


def test_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        AppPaths.below(tmp_path / "file").create()


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root may write to")
def test_folder_that_may_not_be_written_to_says_which_and_what_to_do() -> None:
    with pytest.raises(StorageError) as told:
        AppPaths.below(Path("/sys/wordlight")).create()
    assert "Wordlight may not write to /sys/wordlight/data." in str(told.value)
    assert "WORDLIGHT_HOME" in str(told.value)
