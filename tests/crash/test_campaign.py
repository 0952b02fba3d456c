"""Kill the real program hundreds of times in the middle of its work; nothing may be lost.

Every home is a queue of a few recordings. The program is killed with SIGKILL at a
moment drawn from the seed, started again with the same arguments, killed again, until
it comes to its end; then everything is counted. Now and then it is the window that is
started with the recordings, killed, and started again. The campaign has parts that run
beside each other, and two homes of a part are lived in at once: most of the time one waits.
``WORDLIGHT_CRASH_SEED`` repeats it, ``WORDLIGHT_CRASH_HOME`` one home of it,
``WORDLIGHT_CRASH_KILLS`` kills more or less often.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from app.jobs.work import MAYBE_BILLED
from tests.crash.stage import (
    LONGEST_S,
    LOOK_S,
    Home,
    catches,
    ended_within,
    kill,
    none_left,
    service,
)

SEED = os.environ.get("WORDLIGHT_CRASH_SEED", "1")
KILLS = int(os.environ.get("WORDLIGHT_CRASH_KILLS", "200"))
MOST_KILLS = 16
RECORDINGS = 10
PARTS = 4
LANES = 2
USUAL_S = 3.0
"""About as long as an undisturbed run takes."""
LONGEST_MOMENT_S = 10.0
"""A window does not end by itself, and what is waited for may not come."""
WINDOW_SHARE = 0.12
"""How many of the starts are of the window; it takes longer to come up."""
WISHES = (
    (),
    ("--diarize",),
    ("--language", "de"),
    ("--redact-pii", "--emotion"),
    ("--save-data",),
    ("--start", "0:00.1"),
)


@dataclass(frozen=True)
class Moment:
    """When to kill: after a time, or after the n-th change of something on disk."""

    watched: str
    change: int
    delay_s: float

    @classmethod
    def draw(cls, chance: random.Random, *, in_window: bool = False) -> Moment:
        if in_window:
            watched = chance.choice(["time", "service", "database", "jobs"])
            if watched == "time":
                return cls(watched, 0, chance.uniform(1, 2 * USUAL_S))
            return cls(watched, chance.randint(1, 5), chance.uniform(0, 0.02))
        watched = chance.choice(
            ["time", "time", "time", "service", "database", "jobs", "overviews", "output"]
        )
        if watched == "time":
            return cls(watched, 0, chance.uniform(0.2, USUAL_S))
        return cls(watched, chance.randint(1, 3), chance.uniform(0, 0.02))


@dataclass
class Course:
    """What happened in one home."""

    name: str
    kills: int = 0
    windows: int = 0
    moments: list[Moment] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)

    @override
    def __str__(self) -> str:
        told = "\n".join(f"    {problem}" for problem in self.problems)
        return (
            f"WORDLIGHT_CRASH_SEED={SEED} WORDLIGHT_CRASH_HOME={self.name}\n"
            f"  killed at {self.moments}\n  asked for {self.asked}\n{told}"
        )


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_or_paid_twice_however_often_it_is_killed(
    tmp_path: Path, part: int
) -> None:
    only = os.environ.get("WORDLIGHT_CRASH_HOME")
    if only and not only.startswith(f"{part}."):
        pytest.skip(f"only home {only} is asked for")
    with ThreadPoolExecutor(LANES) as pool:
        lanes = [f"{part}.{lane}" for lane in range(LANES)]
        if only:
            lanes = [one for one in lanes if only.startswith(f"{one}.")]
        lived = pool.map(lambda lane: _campaign(tmp_path / lane, lane, only), lanes)
        courses = list(itertools.chain.from_iterable(lived))
    kills = sum(course.kills for course in courses)
    asked = sum(len(course.asked) for course in courses)
    landed = Counter(moment.watched for course in courses for moment in course.moments)
    sys.stderr.write(
        f"\n{kills} kills {dict(landed)}, {sum(course.windows for course in courses)} of them "
        f"of windows, in {len(courses)} homes, {asked} asked about\n"
    )
    failed = [str(course) for course in courses if course.problems]
    assert not failed, "\n".join(failed)
    assert only or kills >= KILLS / PARTS


def _campaign(folder: Path, lane: str, only: str | None) -> list[Course]:
    """Live through homes, with a service of their own, until a lane's share is done."""
    folder.mkdir()
    courses: list[Course] = []
    with service(folder) as waves:
        for number in itertools.count():
            name = only or f"{lane}.{number}"
            courses.append(_live(Home(folder / name, waves), name))
            if only or sum(course.kills for course in courses) >= KILLS / PARTS / LANES:
                return courses
    raise AssertionError("count() has no end")


def _live(home: Home, name: str) -> Course:
    """Kill and start again, let it end, and look at everything."""
    chance = random.Random(f"{SEED}-{name}")
    home.options = ("--model", "pulse", *chance.choice(WISHES))
    home.set_up(RECORDINGS, chance)
    course = Course(name)
    home.choose_in_window()
    for _ in range(chance.randint(6, MOST_KILLS)):
        in_window = chance.random() < WINDOW_SHARE
        moment = Moment.draw(chance, in_window=in_window)
        if in_window and not home.undone():
            continue
        process = home.start(home.window_command() if in_window else home.command())
        _reached(home, process, moment)
        if not kill(process):
            break  # it came to its end before
        course.moments.append(moment)
        course.kills += 1
        course.windows += in_window
    if chance.random() < WINDOW_SHARE:
        _finish_in_window(home, course)
    _finish(home, course)
    _judge(home, course)
    return course


def _reached(home: Home, process: subprocess.Popen[bytes], moment: Moment) -> None:
    """Wait for the moment, or for the program's end."""
    if moment.watched == "time":
        ended_within(process, moment.delay_s)
        return
    before, left = home.marks()[moment.watched], moment.change
    until = time.monotonic() + LONGEST_MOMENT_S
    while left and time.monotonic() < until:
        if ended_within(process, LOOK_S):
            return
        now = home.marks()[moment.watched]
        left -= now != before
        before = now
    ended_within(process, moment.delay_s)


def _finish_in_window(home: Home, course: Course) -> None:
    """Let the window do what it can, and end it politely."""
    unfinished = "SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'needs-attention')"
    wanted = home.undone()
    process = home.start([*home.window_command()])
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until and not ended_within(process, 0.1):
        jobs = home.rows("SELECT source FROM jobs")
        is_listed = {json.loads(str(one)) for (one,) in jobs} >= set(wanted)
        is_through = is_listed and home.rows(unfinished) == [(0,)]
        if is_through and catches(process, signal.SIGTERM):
            break
    process.send_signal(signal.SIGTERM)
    course.expect(ended_within(process, LONGEST_S), "the window did not end when told to")
    course.expect(process.poll() == 0, f"the window ended with {process.poll()}")
    kill(process)


def _finish(home: Home, course: Course) -> None:
    """Run it to its end, and agree to what it asks."""
    status, said = home.finish()
    lines = [line for line in said.splitlines() if line.startswith("wordlight: ")]
    for line in lines:
        source = line.removeprefix("wordlight: ").partition(": ")[0]
        if line.endswith(MAYBE_BILLED.fill()):
            course.asked.append(source)
        else:
            course.problems.append(f"said {line!r}")
    course.expect(status == (1 if lines else 0), f"status {status} after {said!r}")
    if course.asked:
        status, said = home.finish("--again", files=[Path(one) for one in course.asked])
        course.expect(status == 0, f"again: status {status} after {said!r}")
    before = len(home.billed())
    status, said = home.finish()
    course.expect(status == 0, f"at the end: status {status} after {said!r}")
    course.expect(len(home.billed()) == before, "paid for something that was done")


def _judge(home: Home, course: Course) -> None:
    """Compare what was billed, what is kept and what was written."""
    names = [str(path) for path in home.recordings]
    billed = home.billed()
    course.expect(
        len(billed) <= len(names) + len(course.asked),
        f"{len(billed)} billed for {len(names)} recordings and {len(course.asked)} consents",
    )
    queries = {json.dumps(one["query"], sort_keys=True) for one in billed}
    course.expect(len(queries) == 1, f"asked the service in different ways: {queries}")
    with closing(sqlite3.connect(home.database)) as kept:
        course.expect(
            kept.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "database damaged"
        )
        course.expect(
            not kept.execute("PRAGMA foreign_key_check").fetchall(), "a row without its parent"
        )
        jobs = kept.execute("SELECT source, state, owner, job_id FROM jobs").fetchall()
        done = [json.loads(source) for source, state, *_ in jobs if state == "done"]
        rest = [json.loads(source) for source, state, *_ in jobs if state != "done"]
        course.expect(sorted(done) == sorted(names), f"done: {done}")
        course.expect(sorted(rest) == sorted(course.asked), f"not done: {rest}")
        options = kept.execute(
            "SELECT options FROM jobs UNION SELECT options FROM transcripts"
        ).fetchall()
        course.expect(len(options) == 1, f"options changed: {options}")
        transcripts = kept.execute("SELECT source, word_count FROM transcripts").fetchall()
        course.expect(
            sorted(json.loads(source) for source, _ in transcripts) == sorted(names),
            f"transcripts: {transcripts}",
        )
        course.expect(all(words for _, words in transcripts), f"empty: {transcripts}")
        replies = kept.execute("SELECT count(*) FROM transcript_replies").fetchone()[0]
        course.expect(replies == len(names), f"{replies} replies kept")
        course.expect(all(owner is None for _, _, owner, _ in jobs), "a job is still claimed")
    asking = {f"job-{job_id}" for _, state, _, job_id in jobs if state != "done"}
    _judge_folders(home, course, asking)


def _judge_folders(home: Home, course: Course, asking: set[str]) -> None:
    """Look for what a kill left lying about."""
    texts = {f"{path.stem}.txt" for path in home.recordings}
    written = {path.name for path in home.out.iterdir()}
    course.expect(written == texts, f"output: {written}")
    strays = [
        str(path.relative_to(home.folder))
        for top in (home.folder / "home", home.folder / "tmp")
        for path in top.rglob("*")
        if path.is_file() and not _belongs(path, home.folder / "home", asking)
    ]
    course.expect(not strays, f"left behind: {strays}")
    running = none_left(home.folder)
    course.expect(not running, f"still running: {running}")


def _belongs(path: Path, top: Path, asking: set[str]) -> bool:
    """Tell whether a file is one that Wordlight means to keep."""
    if not path.is_relative_to(top):
        return False
    parts = path.relative_to(top).parts
    match parts:
        case ("data", "wordlight.db" | "window.lock") | ("config", "window.json"):
            return True
        case ("data", "backups", name) if name.endswith(".zip") and not name.startswith("."):
            return True
        case ("cache", "overviews", place, "peaks" | "facts.json" | "proxy.ogg"):
            return not place.startswith(".")
        case ("cache", "temp", job, name):
            return job in asking and not name.startswith(".")
        case ("logs", _):
            return True
        case _:
            return False
