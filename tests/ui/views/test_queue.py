"""The rows of the queue, as high as what they say."""

from __future__ import annotations

import pytest

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.jobs.events import JobChanged, JobsInserted, JobsRemoved
from app.ui.models.job_model import JobModel
from app.ui.theme import Appearance
from app.ui.views.queue import JobList

FAILURE = Failure(message("There is no sound in this recording."), Action.RETRY)


def job(number: int) -> Job:
    return Job(JobId(f"job-{number}"), f"/{number}.wav", TranscriptionOptions(), 0, number)


@pytest.fixture
def rows(appearance: Appearance, qtbot) -> JobList:
    view = JobList(appearance, JobModel())
    qtbot.addWidget(view)
    view.resize(300, 800)
    view.show()
    return view


def heights(rows: JobList) -> list[int]:
    rows.doItemsLayout()
    model = rows.model()
    return [rows.visualRect(model.index(row, 0)).height() for row in range(model.rowCount())]


def test_a_row_that_says_more_is_higher_and_the_others_are_not(rows: JobList) -> None:
    model = rows._jobs
    model.follow(JobsInserted(0, (job(0), job(1), job(2))))
    plain = heights(rows)
    assert len(set(plain)) == 1
    model.follow(JobChanged(1, job(1).failed(FAILURE, now_ms=1)))
    mixed = heights(rows)
    assert mixed[1] > plain[1]
    assert (mixed[0], mixed[2]) == (plain[0], plain[2])
    model.follow(JobChanged(1, job(1).moved(JobState.PREPARING, now_ms=2)))
    assert heights(rows) == plain
    index = model.index(1)
    assert not rows.delegate.is_other_height(index)  # no layout with each step from now on


def test_a_high_row_among_new_ones_is_high_from_the_start(rows: JobList) -> None:
    model = rows._jobs
    model.follow(JobsInserted(0, (job(0), job(1).failed(FAILURE, now_ms=1))))
    low, high = heights(rows)
    assert high > low
    model.follow(JobsRemoved(1, 1))
    assert heights(rows) == [low]
