from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.conftest import Load

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no dpkg here")
CONTROL = {"Package": "talk", "Version": "1.0", "Architecture": "all", "Description": "Talk"}


@pytest.fixture
def debian(load: Load) -> ModuleType:
    return load("debian")


def tree(folder: Path) -> Path:
    program = folder / "usr" / "lib" / "talk"
    program.mkdir(parents=True)
    (program / "talk").write_bytes(b"\x7fELF" + bytes(range(256)) * 40)
    (program / "talk").chmod(0o755)
    (program / ("a" * 120)).write_text("a long name", "utf-8")
    (folder / "usr" / "bin").mkdir()
    (folder / "usr" / "bin" / "talk").symlink_to("../lib/talk/talk")
    return folder


@needs_dpkg
@pytest.mark.parametrize("is_fast", [True, False])
def test_dpkg_reads_what_is_written(debian: ModuleType, tmp_path: Path, is_fast: bool) -> None:
    root, target = tree(tmp_path / "root"), tmp_path / "talk.deb"
    debian.write_package(root, CONTROL, target, seconds=1_700_000_000, is_fast=is_fast)

    def told(*command: str) -> str:
        return subprocess.run(
            ["dpkg-deb", *command], capture_output=True, text=True, check=True
        ).stdout

    assert told("--field", str(target), "Version").strip() == "1.0"
    told("--extract", str(target), str(tmp_path / "out"))
    told("--control", str(target), str(tmp_path / "control"))
    out = tmp_path / "out" / "usr"
    assert (out / "bin" / "talk").readlink() == Path("../lib/talk/talk")
    assert (out / "lib" / "talk" / "talk").stat().st_mode & 0o777 == 0o755
    assert (out / "lib" / "talk" / ("a" * 120)).read_text("utf-8") == "a long name"
    subprocess.run(
        ["md5sum", "--check", "--quiet", tmp_path / "control" / "md5sums"],
        cwd=tmp_path / "out",
        check=True,
    )
    assert sorted(path.name for path in tmp_path.glob("talk*")) == ["talk.deb"]


def test_the_same_tree_gives_the_same_bytes(debian: ModuleType, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        root = tree(tmp_path / name)
        for path in root.rglob("*"):
            os.utime(path, (len(made), len(made)), follow_symlinks=False)
        target = tmp_path / f"{name}.deb"
        debian.write_package(root, CONTROL, target, seconds=1_700_000_000, is_fast=False)
        made.append(target.read_bytes())

    assert made[0] == made[1]


def test_a_package_is_whole_or_not_there(debian: ModuleType, tmp_path: Path) -> None:
    root = tree(tmp_path / "root")
    target = tmp_path / "talk.deb"
    target.write_text("the last one", "utf-8")
    with pytest.raises(ValueError, match="mtime"):
        debian.write_package(root, CONTROL, target, seconds=None, is_fast=True)

    assert list(tmp_path.glob("talk*")) == [target]
    assert target.read_text("utf-8") == "the last one"
