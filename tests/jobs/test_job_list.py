from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Action, RecordingError
from app.core.job import Job, JobId, JobState
from app.jobs.events import (
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueueEvent,
    QueuePaused,
)
from app.jobs.queue import JobQueue, Removed
from app.store.job_store import JobStore
from app.store.opening import open_database
from app.system.locks import Presence
from tests.jobs.conftest import ScriptedWork
from tests.support.queues import HERE

# ---------------------------------------------------- whatever people do


class Mirror:
    """A list that knows only the events."""

    def __init__(self, queue: JobQueue) -> None:
        self.jobs: list[Job] = list(queue.jobs)
        queue.subscribe(self.follow)

    def follow(self, event: QueueEvent) -> None:
        match event:
            case JobsInserted(at, jobs):
                self.jobs[at:at] = jobs
            case JobsRemoved(at, count):
                assert len(self.jobs[at : at + count]) == count
                del self.jobs[at : at + count]
            case JobChanged(at, job):
                assert self.jobs[at].job_id == job.job_id
                self.jobs[at] = job
            case JobsReordered(jobs):
                assert sorted(one.job_id for one in jobs) == sorted(
                    one.job_id for one in self.jobs
                )
                self.jobs = list(jobs)
            case QueuePaused():
                pass


PLACES = st.integers(0, 7)
OPERATION = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 3)),
    st.tuples(
        st.sampled_from(["cancel", "retry", "consent", "remove", "next", "options"]),
        st.sets(PLACES, max_size=3),
    ),
    st.tuples(st.just("move"), st.tuples(st.sets(PLACES, max_size=3), PLACES)),
    st.tuples(
        st.sampled_from(["restore", "clear", "pause", "resume", "turn", "join", "limit"]),
        st.none(),
    ),
)


@pytest.mark.slow
@settings(max_examples=50)
@given(operations=st.lists(OPERATION, max_size=25), fails=st.sets(st.integers(0, 20)))
def test_events_rebuild_the_list_and_the_store_agrees(operations, fails, tmp_path_factory):
    """Events replayed give exactly ``queue.jobs``; what is kept is what is shown."""
    folder = tmp_path_factory.mktemp("queue")
    database, _ = open_database(folder / "q.db")
    presence = Presence(folder / "running")
    try:
        asyncio.run(_drive(JobStore(database, presence), operations, fails))
    finally:
        presence.close()
        database.close()


class Person:
    """Does to a queue what a list of operations says."""

    def __init__(self, queue: JobQueue) -> None:
        self.queue = queue
        self.removed: list[Removed] = []
        self.names = iter(range(1000))

    def ids(self, places: set[int]) -> list[JobId]:
        jobs = self.queue.jobs
        return [jobs[place].job_id for place in places if place < len(jobs)]

    async def add(self, count: int) -> None:
        await self.queue.add([f"{next(self.names)}" for _ in range(count)], HERE)

    async def cancel(self, places: set[int]) -> None:
        await self.queue.cancel(self.ids(places))

    async def retry(self, places: set[int]) -> None:
        await self.queue.retry(self.ids(places))

    async def consent(self, places: set[int]) -> None:
        await self.queue.retry(self.ids(places), consent=True)

    async def remove(self, places: set[int]) -> None:
        self.removed.append(await self.queue.remove(self.ids(places)))

    async def next(self, places: set[int]) -> None:
        await self.queue.do_next(self.ids(places))

    async def options(self, places: set[int]) -> None:
        await self.queue.set_options(self.ids(places), replace(HERE, language="de"))

    async def move(self, where: tuple[set[int], int]) -> None:
        await self.queue.move(self.ids(where[0]), min(where[1], len(self.queue.jobs)))

    async def restore(self, _: None) -> None:
        if self.removed:
            await self.queue.restore(self.removed.pop())

    async def clear(self, _: None) -> None:
        self.removed.append(await self.queue.clear_finished())

    async def pause(self, _: None) -> None:
        self.queue.pause()

    async def resume(self, _: None) -> None:
        self.queue.resume()

    async def turn(self, _: None) -> None:
        await asyncio.sleep(0)

    async def join(self, _: None) -> None:
        await self.queue.join()

    async def limit(self, _: None) -> None:
        self.queue.limit = 3 - self.queue.limit


async def _drive(store: JobStore, operations, fails: set[int]) -> None:
    work = ScriptedWork()
    for number in fails:
        action = Action.ASK_RESEND if number % 2 else Action.RETRY
        work.errors[f"{number}"] = [RecordingError("No.", action=action)]
    numbers = iter(range(1000))
    queue = JobQueue(store, work, new_id=lambda: JobId(f"id{next(numbers)}"), now_ms=lambda: 7)
    mirror, person = Mirror(queue), Person(queue)
    await queue.open()
    for name, value in operations:
        await getattr(person, name)(value)
        assert mirror.jobs == list(queue.jobs)
    await queue.join()
    await queue.aclose()
    assert mirror.jobs == list(queue.jobs)
    assert not queue.is_working
    assert store.load() == list(queue.jobs)
    at_rest = {JobState.DONE, JobState.CANCELLED, JobState.NEEDS_ATTENTION, JobState.WAITING}
    assert {job.state for job in queue.jobs} <= at_rest


# ---------------------------------------------------------- much at once


@pytest.mark.slow
async def test_ten_thousand_jobs_are_shown_and_kept_and_come_back(queue, store):
    seen: list[QueueEvent] = []
    queue.subscribe(seen.append)
    await queue.add([f"{number}.wav" for number in range(10_000)], HERE)

    assert {type(event) for event in seen} == {JobsInserted}
    assert len(store.load()) == 10_000
    removed = await queue.remove([job.job_id for job in queue.jobs[::2]])
    assert len(store.load()) == 5_000
    await queue.restore(removed)
    assert store.load() == list(queue.jobs)
