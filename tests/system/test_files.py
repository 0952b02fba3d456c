from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.system.files import (
    NameTakenError,
    explain,
    is_file,
    is_folder,
    opened_whole,
    unused_name,
    write_whole,
)


def test_file_is_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", [b"one ", b"two"])
    assert (tmp_path / "a.txt").read_bytes() == b"one two"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_link_keeps_pointing_at_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_old_file_survives_an_error_half_way(tmp_path: Path, number: int) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(number, os.strerror(number))

    with pytest.raises(StorageError):
        write_whole(file, chunks())
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_what_a_killed_process_left_is_overwritten(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from app.system.files import write_whole\n"
        "def half():\n"
        "    yield b'half'\n"
        "    os._exit(9)\n"
        "write_whole(Path(sys.argv[1]), half())\n"
    )
    path = tmp_path / "a.txt"
    killed = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert killed.returncode == 9
    assert [one.name.startswith(".") for one in tmp_path.iterdir()] == [True]
    write_whole(path, b"whole")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"whole"]


def test_two_may_write_one_file_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def first() -> Iterator[bytes]:
        yield b"fir"
        write_whole(path, b"second")
        yield b"st"

    write_whole(path, first())
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"first"]


def test_what_is_to_be_new_takes_the_place_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def slow() -> Iterator[bytes]:
        yield b"fir"
        write_whole(path, b"second", is_new=True)
        yield b"st"

    with pytest.raises(NameTakenError):
        write_whole(path, slow(), is_new=True)
    with pytest.raises(NameTakenError), opened_whole(path, is_new=True) as file:
        file.write(b"third")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"second"]


def test_many_may_write_one_file_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    contents = [bytes([letter]) * 500 for letter in b"abcd"]

    def write(content: bytes) -> None:
        for _ in range(60):
            write_whole(path, content)
            assert path.read_bytes() in contents

    with ThreadPoolExecutor(len(contents)) as threads:
        list(threads.map(write, contents))
    assert [one.read_bytes() in contents for one in tmp_path.iterdir()] == [True]


def test_full_disk_leaves_the_old_file_and_a_sentence(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from app.core.errors import StorageError
from app.system.files import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 1_000_000)
except StorageError as error:
    print(error)
"""
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    assert "disk is full" in done.stdout
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "part"),
    [("a" * 300, "too long"), ("no/such/folder/a.txt", "folder"), ("nul\0byte", "not allowed")],
)
def test_unusable_path_is_said(tmp_path: Path, name: str, part: str) -> None:
    with pytest.raises(StorageError) as caught:
        write_whole(tmp_path / name, b"x")
    assert part in str(caught.value)


def test_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        write_whole(tmp_path / "a", b"x")


def test_longest_name_that_fits_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("a" * 255), b"x")
    assert (tmp_path / ("a" * 255)).read_bytes() == b"x"


def test_every_error_has_a_sentence() -> None:
    for number in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.ENOTDIR):
        sentence = explain(OSError(number, os.strerror(number)), Path("/x/talk.srt")).fill()
        assert "talk.srt" in sentence
        assert sentence.endswith(".")


def test_where_nothing_can_be_looked_for_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (is_folder(tmp_path), is_file(tmp_path)) == (True, False)
    assert (is_folder(tmp_path / "file"), is_file(tmp_path / "file")) == (False, True)
    for nothing in ("n" * 300, "a\0b", "none", "file/none"):
        assert not is_folder(tmp_path / nothing)
        assert not is_file(tmp_path / nothing)


def test_name_in_use_gets_a_number(tmp_path: Path) -> None:
    assert unused_name(tmp_path / "a.txt") == tmp_path / "a.txt"
    (tmp_path / "a.txt").touch()
    (tmp_path / "a 2.txt").symlink_to("nowhere")
    assert unused_name(tmp_path / "a.txt") == tmp_path / "a 3.txt"
