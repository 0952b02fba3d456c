from __future__ import annotations

import pytest
from typing_extensions import override

from app.core.errors import Action, RecogniserError, RecordingError, ServiceError, StorageError
from app.core.job import Failure, JobState
from app.core.messages import message
from app.jobs.events import (
    Hold,
    QueueEvent,
    QueuePaused,
)
from app.jobs.queue import JobQueue
from app.store.database import Database
from app.store.job_store import JobStore
from app.system.locks import Presence
from tests.support.queues import HERE, PULSE, failure_of, opened, state_of, states, until

# ------------------------------------------------------- order and limit


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


# -------------------------------------------------------- pause and hold


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
    assert pauses == [QueuePaused(is_paused=True, hold=None), QueuePaused(False, None)]


async def test_a_refused_key_holds_the_jobs_of_the_service_alone(queue, work):
    queue.limit = 1
    work.errors["a"].append(ServiceError("Bad key.", pauses_queue=True))
    async with opened(queue):
        await queue.add("ab", PULSE)
        await queue.add("c", HERE)
        await queue.join()
        assert states(queue.jobs) == ["a needs-attention", "b waiting", "c done"]
        assert queue.hold == Hold(message("Bad key."))
        queue.resume()
        await queue.join()

    assert queue.hold is None
    assert states(queue.jobs) == ["a needs-attention", "b done", "c done"]


async def test_jobs_that_no_part_of_this_build_can_do_any_more_wait_and_none_fails(
    queue, work, store
):
    updated = RecogniserError("Updated.", action=Action.RESTART, pauses_queue=True)
    queue.limit = 1
    work.errors["a"].append(updated)
    async with opened(queue):
        await queue.add("ab", HERE)
        await queue.add("c", PULSE)
        await queue.join()
        assert states(queue.jobs) == ["a waiting", "b waiting", "c waiting"]
        assert states(store.load()) == states(queue.jobs)
        assert queue.hold == Hold(message("Updated."), Action.RESTART)
        assert work.started == ["a"]


async def test_what_is_at_work_goes_on_while_all_else_waits_for_a_restart(queue, work):
    queue.limit = 1
    work.hold("a")
    async with opened(queue):
        a, _ = await queue.add("ab", PULSE)
        await until(queue, lambda: state_of(queue, a) is JobState.TRANSCRIBING)
        queue.wait_for_restart(message("Updated."))
        work.gates["a"].set()
        await queue.join()
        assert states(queue.jobs) == ["a done", "b waiting"]


# ------------------------------------------------------- when disks fail


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
