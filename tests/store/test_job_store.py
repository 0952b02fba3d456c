from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState, Progress, ProgressUnit
from app.core.messages import Message, message
from app.core.options import ModelId, TranscriptionOptions
from app.core.transcript import TranscriptId
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.opening import open_database
from app.system.locks import Presence
from tests.store.test_records import OPTIONS

_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
_SAFE = st.text(min_size=1, max_size=20)
_MS = st.integers(0, 1 << 45)
_MESSAGES = st.builds(
    Message, text=_TEXT, values=st.lists(st.tuples(_TEXT, _TEXT), max_size=2).map(tuple)
)
JOBS = st.builds(
    Job,
    job_id=_SAFE,
    source=_TEXT,
    options=OPTIONS,
    created_ms=_MS,
    position=st.integers(-1000, 1000),
    state=st.sampled_from(JobState),
    is_url=st.booleans(),
    title=_TEXT,
    since_ms=_MS,
    expected_ms=st.none() | _MS,
    note=st.none() | _MESSAGES,
    wait_until_ms=st.none() | _MS,
    failure=st.none()
    | st.builds(
        Failure,
        message=_MESSAGES,
        action=st.sampled_from(Action),
        details=_TEXT,
        request_id=_TEXT,
    ),
    duration_ms=st.none() | _MS,
    transcript_id=st.none() | _SAFE,
    request_id=_TEXT,
    project_id=_TEXT,
)


def make_job(number: int = 1, **fields: object) -> Job:
    job = Job(JobId(f"job-{number}"), f"/talks/{number}.wav", TranscriptionOptions(), 1000)
    return replace(job, position=number, **fields)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(JOBS, max_size=6, unique_by=lambda job: job.job_id))
def test_jobs_come_back_as_they_were(
    database: Database, job_store: JobStore, jobs: list[Job]
) -> None:
    with database.writing() as connection:
        connection.execute("DELETE FROM jobs")
    job_store.insert(jobs)
    wanted = sorted(jobs, key=lambda job: job.position)
    assert job_store.load() == wanted
    job_store.update(*jobs)
    assert job_store.load() == wanted


def test_step_is_on_disk_when_update_returns(tmp_path: Path, job_store: JobStore) -> None:
    job = make_job(progress=Progress(1, 2, ProgressUnit.BYTES))
    job_store.insert([job])
    job_store.update(job.moved(JobState.PREPARING, now_ms=5))
    other, _ = open_database(tmp_path / "wordlight.db")
    found = JobStore(other, Presence(tmp_path / "running")).load()
    other.close()
    assert [one.state for one in found] == [JobState.PREPARING]


def test_all_or_no_jobs_are_inserted(job_store: JobStore) -> None:
    import pytest

    from app.core.errors import StorageError

    with pytest.raises(StorageError):
        job_store.insert([make_job(1), make_job(2), make_job(1)])
    assert job_store.load() == []


def test_removed_jobs_come_back_with_their_steps(job_store: JobStore) -> None:
    job_store.insert([make_job(1), make_job(2)])
    job_store.steps.save_reply(JobId("job-1"), 0, b"paid")
    job_store.remove([JobId("job-1")], at_ms=50)
    assert [job.job_id for job in job_store.load()] == ["job-2"]
    assert job_store.get(JobId("job-1")) is None
    job_store.restore([JobId("job-1")])
    assert [job.job_id for job in job_store.load()] == ["job-1", "job-2"]
    assert job_store.steps.replies(JobId("job-1"))[0].raw == b"paid"
    job_store.remove([JobId("job-1")], at_ms=50)
    job_store.forget_removed(before_ms=51)
    job_store.restore([JobId("job-1")])
    assert [job.job_id for job in job_store.load()] == ["job-2"]
    assert job_store.steps.replies(JobId("job-1")) == {}


def test_unreadable_options_stop_the_job_not_the_queue(
    database: Database, job_store: JobStore
) -> None:
    job_store.insert([make_job(1), make_job(2), make_job(3)])
    with database.writing() as connection:
        connection.execute(
            """UPDATE jobs SET options = '{"model": "later"}' WHERE job_id = 'job-1'"""
        )
        connection.execute("UPDATE jobs SET rest = '{', state = '?' WHERE job_id = 'job-2'")
    one, two, three = job_store.load()
    assert one.state is two.state is JobState.NEEDS_ATTENTION
    assert one.failure is not None
    assert three == make_job(3)


def test_options_of_a_later_version_lose_only_what_is_unknown(
    database: Database, job_store: JobStore
) -> None:
    job_store.insert(
        [make_job(options=TranscriptionOptions(ModelId.PULSE, "de", diarize=True))]
    )
    with database.writing() as connection:
        connection.execute(
            "UPDATE jobs SET options = json_set(options, '$.version', 2, '$.new', 'x')"
        )
    assert job_store.load()[0].options == TranscriptionOptions(
        ModelId.PULSE, "de", diarize=True
    )


def test_unfinished_jobs_are_those_that_may_go_on(job_store: JobStore) -> None:
    job_store.insert(
        [make_job(place, state=state) for place, state in enumerate(JobState)] + [make_job(100)]
    )
    job_store.remove([JobId("job-100")], at_ms=1)
    states = {job.job_id: job.state for job in job_store.load()}
    unfinished = job_store.unfinished_ids()
    assert JobId("job-100") in unfinished
    assert {states[one] for one in unfinished - {JobId("job-100")}} == set(JobState) - {
        JobState.DONE,
        JobState.CANCELLED,
    }


def test_job_is_worked_on_by_one_process(
    tmp_path: Path, database: Database, job_store: JobStore
) -> None:
    job_store.insert([make_job(1), make_job(2)])
    elsewhere = Presence(tmp_path / "running")
    other = JobStore(database, elsewhere)
    assert other.claim(JobId("job-1")) == make_job(1)
    assert other.claim(JobId("job-1")) == make_job(1)
    assert job_store.claim(JobId("job-1")) is None
    assert job_store.claimed_elsewhere() == {"job-1"}
    job_store.release(JobId("job-1"))  # not ours to release
    assert job_store.claim(JobId("job-1")) is None
    other.release(JobId("job-1"))
    assert job_store.claim(JobId("job-1")) is not None
    assert job_store.claim(JobId("gone")) is None
    elsewhere.close()


def test_claim_gives_the_job_as_it_is_now(
    tmp_path: Path, database: Database, job_store: JobStore
) -> None:
    job_store.insert([make_job()])
    seen = job_store.load()[0]
    elsewhere = Presence(tmp_path / "running")
    other = JobStore(database, elsewhere)
    other.claim(seen.job_id)
    done = replace(seen, state=JobState.DONE, transcript_id=TranscriptId("t"))
    other.update(done)  # being over frees it
    assert job_store.claim(seen.job_id) == done
    elsewhere.close()


def test_claim_ends_with_a_killed_process(tmp_path: Path, job_store: JobStore) -> None:
    job_store.insert([make_job(note=message("{n}", n=1))])
    script = """
import sys
from pathlib import Path
from app.store.opening import open_database
from app.store.job_store import JobStore
from app.system.locks import Presence
home = Path(sys.argv[1])
store = JobStore(open_database(home / "wordlight.db")[0], Presence(home / "running"))
print(store.claim("job-1") is not None, flush=True)
sys.stdin.read()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "True\n"
    assert job_store.claim(JobId("job-1")) is None
    assert job_store.claimed_elsewhere() == {"job-1"}
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert job_store.claimed_elsewhere() == set()
    assert job_store.claim(JobId("job-1")) is not None
