from __future__ import annotations

import pytest

from app.core.job import JobId
from app.store.database import Database
from app.store.job_steps import JobSteps, SavedReply
from app.store.job_store import JobStore
from tests.store.test_job_store import make_job


@pytest.fixture
def steps(job_store: JobStore) -> JobSteps:
    job_store.insert([make_job()])
    return job_store.steps


def test_what_was_sent_and_not_answered_is_known(steps: JobSteps) -> None:
    job_id = JobId("job-1")
    for part in range(4):
        steps.note_sent(job_id, part, 10 + part)
    steps.save_reply(job_id, 1, b"\x00reply\xff", "request-7")
    steps.note_refused(job_id, 2)
    assert steps.sent_without_reply(job_id) == {0, 3}
    assert steps.replies(job_id) == {1: SavedReply(b"\x00reply\xff", "request-7")}
    steps.note_sent(job_id, 1, 99)  # sent again: the reply that came stays
    assert steps.replies(job_id)[1].raw == b"\x00reply\xff"
    steps.forget(job_id)
    assert steps.sent_without_reply(job_id) == set()
    assert steps.replies(job_id) == {}


def test_preparation_is_kept(steps: JobSteps) -> None:
    assert steps.preparation(JobId("job-1")) is None
    steps.save_preparation(JobId("job-1"), '{"form": "flac"}')
    assert steps.preparation(JobId("job-1")) == '{"form": "flac"}'


def test_chunks_are_kept_in_order_up_to_a_damaged_one(
    steps: JobSteps, database: Database
) -> None:
    for start_ms in (200, 0, 100):
        steps.save_chunk(JobId("job-1"), 0, start_ms, f"from {start_ms}".encode())
    steps.save_chunk(JobId("job-1"), 1, 0, b"other part")
    steps.save_chunk(JobId("job-1"), 0, 100, b"again")

    assert steps.chunks(JobId("job-1"), 0) == [b"from 0", b"again", b"from 200"]
    assert steps.chunks(JobId("job-1"), 1) == [b"other part"]

    with database.writing() as connection:
        connection.execute("UPDATE job_stretches SET stretch = x'00' WHERE start_ms = 100")
    assert steps.chunks(JobId("job-1"), 0) == [b"from 0"]

    steps.forget(JobId("job-1"))
    assert steps.chunks(JobId("job-1"), 0) == steps.chunks(JobId("job-1"), 1) == []
