"""Every write of a run fails once: each ends in a sentence, and nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.jobs.work import MAYBE_BILLED
from tests.crash.stage import ROOT, Home, service

ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO)
WORKERS = 2
RECORDINGS = 2
LARGEST = (0, 4_096, 40_000, 100_000, 120_000, 140_000, 160_000, 200_000, 250_000)
"""No file may grow larger: the database, its log, peaks, copies and texts all hit one."""

Run = Callable[..., dict[str, Any]]


@contextlib.contextmanager
def runner() -> Iterator[Run]:
    """Give a function that runs the program with an order of ``faulty.py``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.faulty"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def run(home: Home, *more: str, **fault: int) -> dict[str, Any]:
        order = {
            "arguments": home.command(*more)[3:],
            "environ": home.surroundings,
            "below": [str(home.folder / "home"), str(home.out), str(home.folder / "tmp")],
            **fault,
        }
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())

    with process:
        try:
            yield run
        finally:
            stdin.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_each_write_may_fail(tmp_path: Path) -> None:
    with service(tmp_path, think_s=0) as waves, runner() as run:
        home = Home(tmp_path / "counted", waves)
        home.set_up(RECORDINGS, random.Random("counted"))
        counted = run(home)
        assert counted["status"] == 0, counted
    # a few more: what a failed write leads to writes too, and order varies
    faults = [
        {"nth": nth, "errno": ERRORS[nth % len(ERRORS)]}
        for nth in range(1, counted["writes"] + 5)
    ]
    faults += [{"largest": largest} for largest in LARGEST]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(
            lambda worker: _try(tmp_path / f"worker-{worker}", faults[worker::WORKERS]),
            range(WORKERS),
        )
        problems = list(itertools.chain.from_iterable(found))
    assert not problems, "\n".join(problems)


def _try(folder: Path, faults: list[dict[str, int]]) -> list[str]:
    """Run with each fault in a fresh home, then without; gives what went wrong."""
    folder.mkdir()
    problems: list[str] = []
    with service(folder, think_s=0) as waves, runner() as run:
        for number, fault in enumerate(faults):
            home = Home(folder / str(number), waves)
            home.set_up(RECORDINGS, random.Random(number))
            failed = run(home, **fault)
            problems += [
                f"{fault} at {failed['hit']!r}: {problem}"
                for problem in (*_told(failed), *_recovered(home, run))
            ]
            shutil.rmtree(home.folder)
    return problems


def _told(failed: dict[str, Any]) -> Iterator[str]:
    """Check that a failure is said in sentences, and nothing but sentences."""
    if failed["status"] not in {0, 1}:
        yield f"status {failed['status']}: {failed['said']}"
        return
    lines = [line for line in failed["said"].splitlines() if not _is_progress(line)]
    if failed["status"] == 1 and not lines:
        yield "failed without a word"
    for line in lines:
        if not line.startswith("wordlight: ") or not line.endswith("."):
            yield f"said {failed['said']!r}"
            return


def _is_progress(line: str) -> bool:
    if line.startswith("wordlight: There is no log of this run"):
        return True
    return line.endswith((": Done", ".txt")) and not line.startswith("wordlight: ")


def _recovered(home: Home, run: Run) -> Iterator[str]:
    """Check that the same command does all of it once the fault is gone."""
    after = run(home)
    asked = [line for line in after["said"].splitlines() if line.endswith(MAYBE_BILLED.fill())]
    if after["status"] != (1 if asked else 0):
        yield f"afterwards status {after['status']}: {after['said']!r}"
        return
    if asked:
        yield f"asked, though nothing was killed: {after['said']!r}"
    if len(home.billed()) > len(home.recordings):
        yield f"{len(home.billed())} billed"
    wanted = {f"{path.stem}.txt" for path in home.recordings}
    written = {path.name for path in home.out.iterdir()}
    if written != wanted:
        yield f"written {written}"
    with contextlib.closing(sqlite3.connect(home.database)) as kept:
        if kept.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            yield "database damaged"
        count = kept.execute("SELECT count(*) FROM transcripts").fetchone()[0]
        if count != len(home.recordings):
            yield f"{count} transcripts"
