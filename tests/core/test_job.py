import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Action, ServiceError
from app.core.job import (
    FOLLOWS,
    Failure,
    IllegalStepError,
    Job,
    JobId,
    JobState,
    Progress,
    ProgressUnit,
)
from app.core.messages import message
from app.core.options import TranscriptionOptions

FAILURE = Failure(message("No sound in it."), Action.CHOOSE_FILE)


def job(state: JobState = JobState.WAITING) -> Job:
    return Job(
        JobId("1"),
        "/recordings/a.wav",
        TranscriptionOptions(),
        created_ms=5,
        state=state,
        progress=Progress(1, 2, ProgressUnit.BYTES),
        expected_ms=100,
        wait_until_ms=7,
        failure=FAILURE,
        duration_ms=60_000,
    )


@pytest.mark.parametrize(("here", "there"), [*itertools.product(JobState, JobState)])
def test_only_named_steps_can_be_taken(here, there):
    if here is there or there in FOLLOWS[here]:
        assert job(here).moved(there, now_ms=9).state is there
    else:
        with pytest.raises(IllegalStepError, match=f"{here} -> {there}"):
            job(here).moved(there, now_ms=9)


def test_step_starts_progress_wait_and_failure_afresh_and_keeps_the_rest():
    moved = job().moved(JobState.PREPARING, now_ms=9)

    assert (moved.progress, moved.expected_ms, moved.wait_until_ms) == (None, None, None)
    assert moved.failure is None
    assert moved.since_ms == 9
    assert (
        replace(job(), note=message("Offline.")).moved(JobState.CANCELLED, now_ms=9).note
        is None
    )
    assert (moved.source, moved.duration_ms, moved.created_ms) == (
        "/recordings/a.wav",
        60_000,
        5,
    )


def test_failed_job_needs_attention_and_says_why():
    failed = job(JobState.UPLOADING).failed(FAILURE, now_ms=9)

    assert failed.state is JobState.NEEDS_ATTENTION
    assert failed.failure == FAILURE


def test_finished_job_cannot_fail():
    with pytest.raises(IllegalStepError):
        job(JobState.DONE).failed(FAILURE, now_ms=9)


def test_a_job_runs_or_is_over_but_never_both():
    assert not [state for state in JobState if state.is_running and state.is_over]


@pytest.mark.parametrize("state", [one for one in JobState if one.is_over])
def test_every_ended_job_can_be_tried_again(state):
    assert job(state).moved(JobState.WAITING, now_ms=9).state is JobState.WAITING


@pytest.mark.parametrize("state", [one for one in JobState if not one.is_over])
def test_every_other_job_can_be_cancelled_and_can_fail(state):
    assert {JobState.CANCELLED, JobState.NEEDS_ATTENTION} <= FOLLOWS[state]


@pytest.mark.parametrize("state", [one for one in JobState if one is not JobState.DONE])
def test_done_can_be_reached_from_everywhere(state):
    reached = {state}
    while not reached >= (more := reached.union(*(FOLLOWS[one] for one in reached))):
        reached = more

    assert JobState.DONE in reached


@given(st.integers(0, 10**12), st.integers(-5, 10**12))
def test_fraction_is_a_share(done, total):
    assert 0.0 <= Progress(done, total, ProgressUnit.MILLISECONDS).fraction <= 1.0


def test_failure_keeps_what_the_error_says():
    error = ServiceError(
        "Too many at once.", action=Action.RETRY, details="429", request_id="r-1"
    )

    assert Failure.of(error) == Failure(error.message, Action.RETRY, "429", "r-1")


def test_job_knows_its_path():
    assert job().path.name == "a.wav"
