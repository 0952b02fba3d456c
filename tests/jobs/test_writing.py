from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.jobs.writing import save


def test_same_content_is_not_written_twice_and_other_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    assert save(path, b"one", replaces=False) == path
    assert save(path, b"one", replaces=False) == path
    assert save(path, b"two", replaces=False).name == "talk 2.txt"
    assert save(path, b"three", replaces=True) == path
    assert path.read_bytes() == b"three"


def test_those_who_write_one_name_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    contents = [f"content {number}".encode() for number in range(6)]
    together = threading.Barrier(len(contents))

    def write(content: bytes) -> list[Path]:
        written: list[Path] = []
        for number in range(20):
            together.wait(30)
            written.append(save(tmp_path / f"talk{number}.txt", content, replaces=False))
        return written

    with ThreadPoolExecutor(len(contents)) as threads:
        written = list(threads.map(write, contents))
    for content, paths in zip(contents, written, strict=True):
        assert all(path.read_bytes() == content for path in paths)
    assert len(list(tmp_path.iterdir())) == 120


def test_same_content_is_found_under_its_number_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.plain.html"
    path.write_bytes(b"foreign")
    assert save(path, b"one", replaces=False).name == "talk.plain 2.html"
    assert save(path, b"two", replaces=False).name == "talk.plain 3.html"
    for content, name in ((b"one", "talk.plain 2.html"), (b"two", "talk.plain 3.html")):
        assert save(path, content, replaces=False).name == name
    assert len(list(tmp_path.iterdir())) == 3


def test_what_is_no_file_is_not_taken_for_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").mkdir()
    assert save(tmp_path / "talk.txt", b"", replaces=False).name == "talk 2.txt"


@pytest.mark.parametrize("trouble", ["too-long", "file-as-folder", "full", "read-only"])
def test_what_cannot_be_written_is_told_and_the_old_file_stays(tmp_path, trouble) -> None:
    old = tmp_path / "talk.txt"
    old.write_text("old")
    path = old
    undo = contextlib.ExitStack()
    if trouble == "too-long":
        path = tmp_path / ("x" * 300 + ".txt")
    elif trouble == "file-as-folder":
        path = old / "talk.txt"
    elif trouble == "read-only":
        # Even the administrator may not write here.
        path = Path("/proc/wordlight/talk.txt")
        if not Path("/proc").is_dir():
            pytest.skip("there is no such folder on this system")
    elif trouble == "full":
        resource = pytest.importorskip("resource")
        signal = pytest.importorskip("signal")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        undo.callback(signal.signal, signal.SIGXFSZ, ignored)
        undo.callback(resource.setrlimit, resource.RLIMIT_FSIZE, limits)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limits[1]))
    with undo, pytest.raises(StorageError) as raised:
        save(path, b"n" * 10_000, replaces=True)
    assert raised.value.message.fill().endswith(".")
    assert old.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["talk.txt"]


def test_the_same_pdf_is_known_by_its_identity(tmp_path: Path) -> None:
    def pdf(fonts: bytes, state: bytes) -> bytes:
        return b"%PDF-1.6\n" + fonts + b"\ntrailer\n/ID [ <ab12> <" + state + b"> ]\n%%EOF\n"

    path = tmp_path / "talk.pdf"
    path.write_bytes(pdf(b"one font, another", b"ab12"))
    assert save(path, pdf(b"another, one font", b"ab12"), replaces=False) == path
    path.write_bytes(pdf(b"with the remarks of a reader", b"cd34"))
    written = save(path, pdf(b"another, one font", b"ab12"), replaces=False)
    assert written.name == "talk 2.pdf"
    assert b"remarks of a reader" in path.read_bytes()
