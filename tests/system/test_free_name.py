from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.system.free_name import move_to_free


def test_a_file_gets_the_name(tmp_path: Path) -> None:
    source, target = tmp_path / "a.part", tmp_path / "ä b.txt"
    source.write_bytes(b"words")
    move_to_free(source, target)
    assert target.read_bytes() == b"words"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "take",
    [
        pytest.param(lambda path: path.write_bytes(b"theirs"), id="file"),
        pytest.param(Path.mkdir, id="folder"),
        pytest.param(lambda path: path.symlink_to("nowhere"), id="link to nothing"),
    ],
)
def test_what_has_the_name_keeps_it(tmp_path: Path, take: Callable[[Path], object]) -> None:
    source, target = tmp_path / "a.part", tmp_path / "a.txt"
    source.write_bytes(b"ours")
    take(target)
    before = target.lstat()
    with pytest.raises(FileExistsError):
        move_to_free(source, target)
    assert source.read_bytes() == b"ours"
    assert target.lstat().st_ino == before.st_ino


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        move_to_free(tmp_path / "a.part", tmp_path / "a.txt")
    assert not list(tmp_path.iterdir())


def test_of_many_who_want_a_name_one_gets_it(tmp_path: Path) -> None:
    sources = [tmp_path / f"{number}.part" for number in range(40)]
    for number, source in enumerate(sources):
        source.write_text(str(number), "utf-8")

    def takes(source: Path) -> bool:
        try:
            move_to_free(source, tmp_path / "a.txt")
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(takes, sources))
    assert taken.count(True) == 1
    assert (tmp_path / "a.txt").read_text("utf-8") == str(taken.index(True))
    assert len(list(tmp_path.iterdir())) == 40


@pytest.mark.skipif(sys.platform != "linux", reason="killed as Linux's own calls are counted")
def test_a_file_never_has_two_names(tmp_path: Path) -> None:
    """At no moment is the new name there and the old one too: a killed process leaves one."""
    script = """
import sys
from pathlib import Path
from app.system.free_name import move_to_free

folder = Path(sys.argv[1])
source, target = folder / "a.part", folder / "a.txt"


def look(event, _):
    if event in {"os.remove", "os.link"}:
        raise SystemExit(f"two steps: {event}")


source.write_bytes(b"words")
sys.addaudithook(look)
move_to_free(source, target)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]
