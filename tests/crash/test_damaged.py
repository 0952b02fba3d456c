"""A library that cannot be read as it is, through the real program."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.system.locks import Presence
from tests.crash.stage import Home, kill, service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """One that has a transcript of each of its two recordings."""
    with service(tmp_path, think_s=0) as waves:
        made = Home(tmp_path / "home", waves)
        made.set_up(2, random.Random(0))
        status, said = made.finish()
        assert status == 0, said
        yield made


def aside(home: Home) -> list[str]:
    return [path.name for path in home.data.glob("wordlight-damaged-*.db")]


def test_flipped_bytes_are_rescued_and_said(home: Home) -> None:
    content = bytearray(home.database.read_bytes())
    content[:100] = bytes(100)
    home.database.write_bytes(content)
    status, said = home.finish()
    assert status == 0, said
    assert "2 transcripts and 2 queue entries were rescued" in said
    assert len(aside(home)) == 1
    assert len(home.billed()) == 2  # nothing was done again


def test_half_a_file_is_salvaged_and_the_work_goes_on(home: Home) -> None:
    content = home.database.read_bytes()
    home.database.write_bytes(content[: len(content) // 2])
    status, said = home.finish()
    assert status == 0, said
    assert "was damaged" in said
    assert len(aside(home)) == 1
    assert home.rows("PRAGMA integrity_check") == [("ok",)]
    assert {path.name for path in home.out.iterdir()} >= {"talk-0.txt", "talk-1.txt"}


def test_a_newer_library_is_refused_and_left_alone(home: Home) -> None:
    with contextlib.closing(sqlite3.connect(home.database)) as kept:
        kept.execute("PRAGMA user_version = 999")
    before = home.database.read_bytes()
    status, said = home.finish()
    assert status == 1
    assert said.startswith("wordlight: The library was made by a newer Wordlight")
    assert home.database.read_bytes() == before


def test_a_damaged_file_is_not_replaced_under_a_living_process(home: Home) -> None:
    content = bytearray(home.database.read_bytes())
    content[:100] = bytes(100)
    home.database.write_bytes(content)
    living = Presence(home.data / "running")
    try:
        status, said = home.finish()
    finally:
        living.close()
    assert status == 1
    assert "another Wordlight has it open" in said
    assert home.database.read_bytes() == content
    assert not aside(home)
    status, said = home.finish()
    assert status == 0, said
    assert len(aside(home)) == 1


def test_two_at_a_time_do_no_job_twice(tmp_path: Path) -> None:
    with service(tmp_path) as waves:
        home = Home(tmp_path / "shared", waves)
        home.set_up(6, random.Random(1))
        # overlapping files; the first run has put its jobs on disk before the second begins
        first = home.start(home.command(files=home.recordings[:4]))
        while not home.marks()["jobs"] and first.poll() is None:
            with contextlib.suppress(Exception):
                first.wait(0.01)
        status, said = home.finish(files=home.recordings[2:])
        assert first.wait(60) == 0, (home.folder / "said.log").read_text()
        kill(first)
        after, told = home.finish()
        assert after == 0, told
        assert home.rows("PRAGMA integrity_check") == [("ok",)]
        assert status == 0 or "another Wordlight is working on it" in said, said
        assert len(home.billed()) == len(home.recordings)
