from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.errors import Action, RecordingError, ServiceError
from app.core.job import Job, JobId, JobState
from app.jobs.queue import JobQueue
from app.store.job_store import JobStore
from app.system.locks import Presence
from tests.support.queues import HERE, PULSE, failure_of, opened, state_of, states, until

# ------------------------------------------------------ cancel and retry


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


# ------------------------------------------------------- remove, restore


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


# -------------------------------------------------------- options, names


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


# --------------------------------------------------------- after a crash


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
        assert "may be finished and billed" in failure.message.fill()
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


@pytest.mark.parametrize(
    ("source", "is_url", "title"),
    [
        ("/talks/two\n  lines.flac", False, "two lines.flac"),
        ("/talks/caf\udce9\x07.flac", False, "caf?�.flac"),
        ("/talks/ ", False, " "),
        ("https://host/two%0Alines.mp3", True, "two lines.mp3"),
        ("https://host/%0A", True, "host"),
    ],
)
async def test_a_name_of_any_bytes_is_one_line_in_its_row(queue, source, is_url, title):
    queue.pause()
    async with opened(queue):
        (job,) = await queue.add([source], PULSE, is_url=is_url)
        assert job.title == title
        await queue.rename(job.job_id, " Two \n lines\t")
        assert [one.title for one in queue.jobs] == ["Two lines"]
