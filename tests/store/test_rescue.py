from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.job import Job, JobId
from app.core.options import ModelId, TranscriptionOptions
from app.store.audio_links import AudioLink
from app.store.database import rescue_mark
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.system.locks import Presence
from tests.support.builders import transcript

COUNT = 60
OPTIONS = TranscriptionOptions(ModelId.PULSE, "de")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A closed library with jobs and transcripts."""
    path = tmp_path / "wordlight.db"
    opened, _ = open_database(path)
    presence = Presence(tmp_path / "running")
    library, jobs = Library(opened), JobStore(opened, presence)
    jobs.insert(
        Job(JobId(f"job-{number}"), f"/talks/{number}.wav", OPTIONS, 0, number)
        for number in range(COUNT)
    )
    for number in range(COUNT):
        text = " ".join(f"word{number}x{place * 7919}" for place in range(300))
        library.add(
            transcript(("a", text)),
            name=f"talk {number}",
            options=OPTIONS,
            link=AudioLink(f"/talks/{number}.wav"),
            now_ms=number,
        )
    presence.close()
    opened.close()
    return path


def _reopen(path: Path) -> tuple[int, int, str]:
    """Open again; gives transcripts and jobs that can be used, and what was said."""
    opened, notice = open_database(path, today="2026-01-31")
    presence = Presence(path.parent / "running")
    try:
        library, jobs = Library(opened), JobStore(opened, presence).load()
        assert opened.check()
        assert all(job.options == OPTIONS for job in jobs)
        entries = library.entries()
        for entry in entries:
            assert library.load(entry.transcript_id).transcript.word_count == 300
            number = entry.name.split()[1]
            (hit,) = library.search(f'"word{number}x7919"')
            assert hit.transcript_id == entry.transcript_id
        return len(entries), len(jobs), notice.fill() if notice else ""
    finally:
        presence.close()
        opened.close()


def test_sound_library_is_left_alone(file: Path) -> None:
    assert _reopen(file) == (COUNT, COUNT, "")
    assert not list(file.parent.glob("*damaged*"))


def test_truncated_library_is_rescued_and_said(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.truncate(file.stat().st_size * 3 // 4)
    damaged = file.read_bytes()
    transcripts, jobs, said = _reopen(file)
    assert transcripts > COUNT // 3
    assert jobs > COUNT // 2
    assert "wordlight-damaged-2026-01-31.db" in said
    assert f"{transcripts} transcripts" in said
    assert (file.parent / "wordlight-damaged-2026-01-31.db").read_bytes() == damaged
    assert _reopen(file) == (transcripts, jobs, "")


def test_library_without_its_first_page_is_rescued(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.write(b"\0" * 4096)
    transcripts, jobs, said = _reopen(file)
    assert (transcripts, jobs) == (COUNT, COUNT)
    assert "damaged" in said


def test_file_that_is_no_database_is_moved_aside(file: Path) -> None:
    file.write_bytes(random.Random(3).randbytes(50_000))
    assert _reopen(file)[:2] == (0, 0)
    assert (file.parent / "wordlight-damaged-2026-01-31.db").stat().st_size == 50_000


def test_damaged_page_in_the_middle_costs_only_what_it_held(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        pages = [
            row[0]
            for row in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'transcript_bodies' "
                "AND pagetype = 'leaf' ORDER BY pageno"
            )
        ]
    with file.open("r+b") as handle:
        handle.seek((pages[len(pages) // 2] - 1) * 4096)
        handle.write(b"\xff" * 4096)
    rescue_mark(file).touch()  # as Database.check() leaves it
    transcripts, jobs, said = _reopen(file)
    assert jobs == COUNT
    assert COUNT - 30 <= transcripts < COUNT
    assert said
    assert not rescue_mark(file).exists()


def test_check_finds_damage_and_asks_for_the_rescue(file: Path) -> None:
    opened, notice = open_database(file)
    assert notice is None
    assert opened.check()
    opened.close()
    size = file.stat().st_size
    with file.open("r+b") as handle:
        for place in range(5 * 4096, size, 4 * 4096):
            handle.seek(place)
            handle.write(b"\xee" * 64)
    opened, notice = open_database(file, today="2026-01-31")
    if notice is None:  # damage that opening does not meet
        assert not opened.check()
        assert rescue_mark(file).exists()
    opened.close()


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bits_never_stop_the_start(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(file.read_bytes())
    for _ in range(40):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    rescue_mark(file).touch()
    opened, notice = open_database(file)
    assert notice is not None
    assert opened.check()
    assert Library(opened).entries()
    assert opened.read("SELECT count(*) FROM jobs")[0][0] > 0
    opened.close()
