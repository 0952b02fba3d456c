"""The queue's real store, and work that does as it is told."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.job import Job, JobState
from app.jobs.job_progress import JobProgress
from app.jobs.queue import JobQueue
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.system.locks import Presence


class ScriptedWork:
    """Goes through the states of a job; stands or fails where the test says.

    Attributes:
        started: Names in the order they were begun.
        discarded: Names of what was thrown away.
        errors: What to raise, by name; one is used up with each run.
        gates: Names that wait in ``TRANSCRIBING`` until their event is set.
        most_at_once: How many were at work at a time.
    """

    def __init__(self) -> None:
        self.started: list[str] = []
        self.discarded: list[str] = []
        self.errors: defaultdict[str, list[BaseException]] = defaultdict(list)
        self.gates: dict[str, asyncio.Event] = {}
        self.is_at_work: set[str] = set()
        self.most_at_once = 0
        self.last_step: dict[str, Callable[[], None]] = {}

    def hold(self, *names: str) -> None:
        """Let these wait once they are at work."""
        for name in names:
            self.gates[name] = asyncio.Event()

    async def run(self, progress: JobProgress) -> None:
        name = Path(progress.job.source).name
        self.started.append(name)
        self.is_at_work.add(name)
        self.most_at_once = max(self.most_at_once, len(self.is_at_work))
        try:
            await progress.move(JobState.PREPARING)
            await progress.move(JobState.TRANSCRIBING)
            if name in self.gates:
                await self.gates[name].wait()
            if self.errors[name]:
                raise self.errors[name].pop(0)
            await progress.move(JobState.SAVING)
            await progress.move(JobState.DONE)
        finally:
            self.is_at_work.discard(name)

    async def discard(self, job: Job) -> None:
        self.discarded.append(Path(job.source).name)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened, _ = open_database(tmp_path / "wordlight.db")
    yield opened
    opened.close()


@pytest.fixture
def presence(tmp_path: Path) -> Iterator[Presence]:
    shown = Presence(tmp_path / "running")
    yield shown
    shown.close()


@pytest.fixture
def store(database: Database, presence: Presence) -> JobStore:
    return JobStore(database, presence)


@pytest.fixture
def library(database: Database) -> Library:
    return Library(database)


@pytest.fixture
def work() -> ScriptedWork:
    return ScriptedWork()


@pytest.fixture
def queue(store: JobStore, work: ScriptedWork) -> JobQueue:
    """Not opened yet; the test closes it, or lets it come to rest."""
    return JobQueue(store, work)
