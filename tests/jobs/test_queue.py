from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from app.core.errors import Action, RecordingError, ServiceError, StorageError
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.jobs.events import (
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueueEvent,
    QueuePaused,
)
from app.jobs.queue import JobQueue, Removed
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.opening import open_database
from app.system.locks import Presence
from tests.jobs.conftest import ScriptedWork

HERE = TranscriptionOptions()
PULSE = TranscriptionOptions(model=ModelId.PULSE)


@asynccontextmanager
async def opened(queue: JobQueue) -> AsyncIterator[JobQueue]:
    await queue.open()
    try:
        yield queue
    finally:
        await queue.aclose()


async def until(queue: JobQueue, is_so: Callable[[], bool]) -> None:
    """Wait for a state that an event announces."""
    happened = asyncio.Event()
    unsubscribe = queue.subscribe(lambda _: happened.set() if is_so() else None)
    try:
        if not is_so():
            async with asyncio.timeout(10):
                await happened.wait()
    finally:
        unsubscribe()


def states(jobs: Sequence[Job]) -> list[str]:
    return [f"{Path(job.source).name} {job.state}" for job in jobs]


def state_of(queue: JobQueue, job: Job) -> JobState:
    now = queue.job(job.job_id)
    assert now is not None
    return now.state


def failure_of(queue: JobQueue) -> Failure:
    failure = queue.jobs[0].failure
    assert failure is not None
    return failure


# ------------------------------------------------------------------ order and limit


async def test_jobs_are_done_in_order_a_few_at_a_time(queue, work, store):
    async with opened(queue):
        await queue.add("abcdef", HERE)
        await queue.join()

    assert work.started == list("abcdef")
    assert work.most_at_once == 2
    assert states(queue.jobs) == [f"{name} done" for name in "abcdef"]
    assert store.load() == list(queue.jobs)


async def test_a_failed_job_stays_with_its_reason_and_the_others_go_on(queue, work, store):
    work.errors["a"].append(
        RecordingError("It is broken.", action=Action.CHOOSE_FILE, details="raw")
    )
    async with opened(queue):
        failed, _ = await queue.add("ab", HERE)
        await queue.join()

    assert states(queue.jobs) == ["a needs-attention", "b done"]
    kept = store.get(failed.job_id)
    assert kept.failure == Failure(message("It is broken."), Action.CHOOSE_FILE, "raw")


async def test_a_bug_is_a_sentence_and_ends_nothing_else(queue, work, expected_log):
    expected_log("job failed unexpectedly")
    work.errors["a"].append(ZeroDivisionError("odd"))
    async with opened(queue):
        await queue.add("ab", HERE)
        await queue.join()

    failure = failure_of(queue)
    assert failure.message.fill().startswith("Something went wrong inside Wordlight")
    assert "odd" in failure.details
    assert queue.jobs[1].state is JobState.DONE


async def test_reordered_jobs_are_done_in_their_new_order(queue, work, store):
    queue.limit = 1
    work.hold("a")
    async with opened(queue):
        a, b, c, d = await queue.add("abcd", HERE)
        await until(queue, lambda: state_of(queue, a) is JobState.TRANSCRIBING)
        await queue.move([c.job_id, d.job_id], 1)
        assert [job.title for job in queue.jobs] == list("acdb")
        await queue.do_next([b.job_id])
        assert [job.title for job in queue.jobs] == list("abcd")
        await queue.do_next([d.job_id])
        work.gates["a"].set()
        await queue.join()

    assert work.started == list("adbc")
    assert [job.title for job in store.load()] == list("adbc")


# ---------------------------------------------------------------- cancel and retry


async def test_cancel_answers_at_once_and_retry_waits_for_the_old_run(queue, work, store):
    work.hold("a")
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await until(queue, lambda: state_of(queue, job) is JobState.TRANSCRIBING)
        cancelling = asyncio.ensure_future(queue.cancel([job.job_id]))
        await asyncio.sleep(0)
        assert state_of(queue, job) is JobState.CANCELLED
        await queue.retry([job.job_id])
        await cancelling
        work.gates["a"].set()
        await queue.join()

    assert work.started == ["a", "a"]
    assert states(store.load()) == ["a done"]


async def test_a_job_cancelled_before_its_first_step_frees_its_place(queue, work):
    queue.limit = 1
    async with opened(queue):
        job, other = await queue.add("ab", HERE)
        await queue.cancel([job.job_id])  # nothing has run since it was started
        async with asyncio.timeout(10):
            await queue.join()

    assert state_of(queue, job) is JobState.CANCELLED
    assert state_of(queue, other) is JobState.DONE
    assert not queue.is_working


async def test_what_is_over_cannot_be_cancelled(queue, work):
    work.errors["b"].append(RecordingError("No."))
    async with opened(queue):
        jobs = await queue.add("ab", HERE)
        await queue.join()
        await queue.cancel([job.job_id for job in jobs])

    assert states(queue.jobs) == ["a done", "b needs-attention"]


@pytest.mark.parametrize("consent", [False, True])
async def test_what_is_done_is_never_done_again_by_retrying(queue, work, consent):
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await queue.join()
        await queue.retry([job.job_id], consent=consent)
        await queue.join()

    assert work.started == ["a"]
    assert states(queue.jobs) == ["a done"]


async def test_a_repeat_is_a_job_of_its_own(queue, work):
    async with opened(queue):
        await queue.add("a", HERE)
        await queue.join()
        await queue.add("a", HERE, is_repeat=True)
        await queue.join()

    assert work.started == ["a", "a"]
    assert states(queue.jobs) == ["a done", "a done"]
    assert [job.is_repeat for job in queue.jobs] == [False, True]


async def test_what_may_have_been_billed_is_sent_again_only_with_consent(queue, work, store):
    work.errors["a"].append(ServiceError("Perhaps.", action=Action.ASK_RESEND))
    async with opened(queue):
        (job,) = await queue.add("a", PULSE)
        await queue.join()
        store.steps.note_sent(job.job_id, 0, 1)
        await queue.retry([job.job_id])
        assert state_of(queue, job) is JobState.NEEDS_ATTENTION
        assert work.started == ["a"]
        await queue.retry([job.job_id], consent=True)
        await queue.join()

    assert state_of(queue, job) is JobState.DONE
    assert store.steps.sent_without_reply(job.job_id) == set()


async def test_consent_to_the_readable_part_outlasts_another_failure(queue, work):
    work.errors["a"] += [
        RecordingError("Damaged.", action=Action.USE_READABLE_PART),
        ServiceError("No line.", action=Action.RETRY),
    ]
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await queue.join()
        await queue.retry([job.job_id])
        await queue.join()
        assert not queue.jobs[0].accepts_damage
        work.errors["a"] += [
            RecordingError("Damaged.", action=Action.USE_READABLE_PART),
            ServiceError("No line.", action=Action.RETRY),
        ]
        await queue.retry([job.job_id])
        await queue.join()
        await queue.retry([job.job_id], consent=True)
        await queue.join()
        assert queue.jobs[0].accepts_damage
        await queue.retry([job.job_id])
        await queue.join()

    assert queue.jobs[0].accepts_damage
    assert queue.jobs[0].state is JobState.DONE


# ------------------------------------------------------------------ pause and hold


async def test_a_paused_queue_starts_nothing_until_resumed(queue, work):
    seen: list[QueueEvent] = []
    queue.subscribe(seen.append)
    work.hold("a")
    async with opened(queue):
        await queue.add("a", HERE)
        queue.pause()
        await queue.add("b", HERE)
        work.gates["a"].set()
        await queue.join()
        assert states(queue.jobs) == ["a done", "b waiting"]
        queue.resume()
        await queue.join()

    assert states(queue.jobs) == ["a done", "b done"]
    pauses = [event for event in seen if isinstance(event, QueuePaused)]
    assert pauses == [QueuePaused(is_paused=True, held=None), QueuePaused(False, None)]


async def test_a_refused_key_holds_the_jobs_of_the_service_alone(queue, work):
    queue.limit = 1
    work.errors["a"].append(ServiceError("Bad key.", pauses_queue=True))
    async with opened(queue):
        await queue.add("ab", PULSE)
        await queue.add("c", HERE)
        await queue.join()
        assert states(queue.jobs) == ["a needs-attention", "b waiting", "c done"]
        assert queue.held == message("Bad key.")
        queue.resume()
        await queue.join()

    assert queue.held is None
    assert states(queue.jobs) == ["a needs-attention", "b done", "c done"]


# ------------------------------------------------------------------- remove, restore


async def test_removing_stops_and_undo_brings_back_what_waited(queue, work, store):
    work.hold("a")
    async with opened(queue):
        a, _, c = await queue.add("abc", HERE)
        await queue.cancel([c.job_id])
        await until(queue, lambda: state_of(queue, a) is JobState.TRANSCRIBING)
        removed = await queue.remove([a.job_id, c.job_id])
        assert [job.title for job in queue.jobs] == ["b"]
        assert [job.title for job in store.load()] == ["b"]
        assert sorted(work.discarded) == ["a", "c"]
        work.gates["a"].set()
        await queue.restore(removed)
        await queue.join()

    # What a person had cancelled before stays cancelled.
    assert states(queue.jobs) == ["a done", "b done", "c cancelled"]
    assert store.load() == list(queue.jobs)


async def test_clear_takes_what_ended_well_or_was_cancelled(queue, work):
    work.errors["b"].append(RecordingError("No."))
    async with opened(queue):
        await queue.add("abc", HERE)
        queue.pause()
        await queue.join()
        await queue.cancel([queue.jobs[2].job_id])
        removed = await queue.clear_finished()
        assert states(queue.jobs) == ["b needs-attention"]
        await queue.restore(removed)

    assert [job.title for job in queue.jobs] == ["a", "b", "c"]


async def test_what_comes_back_into_a_reordered_list_stands_there_next_time_too(queue, store):
    async with opened(queue):
        queue.pause()
        a, b, _ = await queue.add("abc", HERE)
        removed = await queue.remove([a.job_id])
        await queue.move([b.job_id], 2)
        await queue.restore(removed)

    assert store.load() == list(queue.jobs)


# --------------------------------------------------------------------- options, names


async def test_options_change_while_waiting_only(queue, work):
    queue.limit = 1
    work.hold("a")
    async with opened(queue):
        a, b = await queue.add("ab", HERE)
        await until(queue, lambda: state_of(queue, a) is JobState.TRANSCRIBING)
        german = replace(HERE, language="de", emotion=True)
        await queue.set_options([a.job_id, b.job_id], german)
        await queue.rename(b.job_id, "  Talk  ")
        await queue.rename(b.job_id, "  ")
        work.gates["a"].set()
        await queue.join()

    assert queue.jobs[0].options == HERE
    assert queue.jobs[1].options.language == "de"
    assert not queue.jobs[1].options.emotion, "this computer tells no emotions"
    assert queue.jobs[1].title == "Talk"


def test_a_job_is_named_after_its_recording(queue):
    async def titles() -> list[str]:
        await queue.add(["/a/b c.wav", "/a/x\udcff.mp3"], HERE)
        links = ["https://example.org/talks/one%20two.mp3?x=1", "https://example.org"]
        await queue.add(links, PULSE, is_url=True)
        return [job.title for job in queue.jobs]

    assert asyncio.run(titles()) == ["b c.wav", "x?.mp3", "one two.mp3", "example.org"]


# ---------------------------------------------------------------------- after a crash


def crashed(store: JobStore, state: JobState, *, source: str = "a", sent: bool = False) -> Job:
    """Leave a job as a process that was killed would."""
    job = Job(JobId(source), source, PULSE, created_ms=1, state=state, title=source)
    store.insert([job])
    if sent:
        store.steps.note_sent(job.job_id, 0, 5)
    return job


UNTOUCHED = (
    JobState.DONE, JobState.NEEDS_ATTENTION, JobState.CANCELLED, JobState.AWAITING_SERVICE,
)  # fmt: skip


@pytest.mark.parametrize("state", [state for state in JobState if state not in UNTOUCHED])
async def test_what_was_at_work_goes_on_after_a_crash(state, store, queue, work):
    crashed(store, state)
    async with opened(queue):
        await queue.join()

    assert states(queue.jobs) == ["a done"]
    assert work.started == ["a"]


@pytest.mark.parametrize("state", UNTOUCHED)
async def test_what_had_ended_stays_as_it_was(state, store, queue, work):
    job = crashed(store, state)
    async with opened(queue):
        await queue.join()

    assert queue.jobs == (job,)
    assert not work.started


RUNNING = [state for state in JobState if state.is_running]


@pytest.mark.parametrize("state", RUNNING)
async def test_what_may_be_billed_asks_after_a_crash(state, store, queue, work):
    crashed(store, state, sent=True)
    async with opened(queue):
        await queue.join()
        assert states(queue.jobs) == ["a needs-attention"]
        failure = failure_of(queue)
        assert failure.action is Action.ASK_RESEND
        assert "may have finished and billed" in failure.message.fill()
        await queue.retry([JobId("a")])
        assert not work.started
        await queue.retry([JobId("a")], consent=True)
        await queue.join()

    assert states(store.load()) == ["a done"]


async def test_a_reply_that_came_needs_no_question(store, queue, work):
    job = crashed(store, JobState.TRANSCRIBING, sent=True)
    store.steps.save_reply(job.job_id, 0, b"{}")
    async with opened(queue):
        await queue.join()

    assert states(queue.jobs) == ["a done"]


async def test_jobs_of_another_living_process_are_left_alone(
    store, queue, work, database, tmp_path
):
    job = crashed(store, JobState.TRANSCRIBING)
    other = Presence(tmp_path / "running")
    JobStore(database, other).claim(job.job_id)
    async with opened(queue):
        await queue.join()
    assert queue.jobs == ()

    other.close()
    again = JobQueue(store, work)
    async with opened(again):
        await again.join()
    assert states(again.jobs) == ["a done"]


async def test_a_job_that_another_process_took_meanwhile_leaves_the_list(
    store, queue, work, database, tmp_path
):
    other = Presence(tmp_path / "running")
    queue.pause()
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        JobStore(database, other).claim(job.job_id)
        queue.resume()
        await queue.join()
    other.close()

    assert queue.jobs == ()
    assert not work.started


async def test_closing_keeps_what_is_unfinished_for_the_next_time(queue, work, store):
    work.hold("a")
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await until(queue, lambda: state_of(queue, job) is JobState.TRANSCRIBING)

    assert states(store.load()) == ["a transcribing"]
    work.gates["a"].set()
    again = JobQueue(store, work)
    async with opened(again):
        await again.join()
    assert states(store.load()) == ["a done"]


async def test_a_run_for_some_jobs_leaves_the_others_waiting(store, queue, work):
    mine = crashed(store, JobState.NEEDS_ATTENTION, source="mine")
    crashed(store, JobState.WAITING, source="other")
    await queue.add(["new"], HERE)
    await queue.open_for([mine])
    await queue.join()
    await queue.aclose()

    assert sorted(work.started) == ["mine", "new"]
    assert sorted(states(store.load())) == ["mine done", "new done", "other waiting"]


# --------------------------------------------------------------------- when disks fail


class FullDisk(JobStore):
    """The real store on a disk that is full while ``is_full``."""

    is_full = False
    kinds: tuple[str, ...] = ()

    def _full(self, kind: str) -> None:
        if self.is_full and kind in self.kinds:
            raise StorageError("The disk is full.")

    @override
    def insert(self, jobs):
        self._full("insert")
        super().insert(jobs)

    @override
    def update(self, *jobs):
        self._full("update")
        super().update(*jobs)

    @override
    def release(self, job_id):
        self._full("release")
        super().release(job_id)


@pytest.fixture
def full(database: Database, presence: Presence) -> FullDisk:
    return FullDisk(database, presence)


async def test_a_job_that_cannot_be_kept_does_not_start_and_can_be_retried(full, work):
    queue = JobQueue(full, work)
    full.kinds, full.is_full = ("insert",), True
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await queue.join()
        assert queue.jobs[0].failure == Failure(message("The disk is full."))
        assert not work.started
        await queue.retry([job.job_id])
        assert state_of(queue, job) is JobState.NEEDS_ATTENTION
        full.is_full = False
        await queue.retry([job.job_id])
        await queue.join()

    assert states(full.load()) == ["a done"]


async def test_a_step_that_cannot_be_kept_stops_the_job_with_the_reason(
    full, work, expected_log
):
    expected_log("a failure could not be kept")
    queue = JobQueue(full, work)
    work.hold("a")
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await until(queue, lambda: state_of(queue, job) is JobState.TRANSCRIBING)
        full.kinds, full.is_full = ("update",), True
        work.gates["a"].set()
        await queue.join()
        assert failure_of(queue).message.fill() == "The disk is full."
        full.is_full = False
        await queue.retry([job.job_id])
        await queue.join()

    assert states(full.load()) == ["a done"]


async def test_cancelling_on_a_full_disk_stops_and_says_so(full, work):
    queue = JobQueue(full, work)
    work.hold("a")
    async with opened(queue):
        (job,) = await queue.add("a", HERE)
        await until(queue, lambda: state_of(queue, job) is JobState.TRANSCRIBING)
        full.kinds, full.is_full = ("update",), True
        with pytest.raises(StorageError):
            await queue.cancel([job.job_id])
        await queue.join()

    assert state_of(queue, job) is JobState.CANCELLED


async def test_a_claim_that_cannot_be_given_back_spoils_nothing(full, work, expected_log):
    expected_log("a job could not be released")
    full.kinds, full.is_full = ("release",), True
    queue = JobQueue(full, work)
    async with opened(queue):
        await queue.add("a", HERE)
        await queue.join()

    assert states(full.load()) == ["a done"]


# ------------------------------------------------------------------------ much at once


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


# --------------------------------------------------------------- whatever people do


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
