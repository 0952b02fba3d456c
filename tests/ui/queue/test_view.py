"""The rows of the queue, as high as what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.jobs.events import JobChanged, JobsInserted, JobsRemoved
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.queue.view import JobList, QueueView

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


@pytest.fixture
def queue(appearance: Appearance, qtbot) -> QueueView:
    model = JobModel()
    view = QueueView(appearance, Actions(appearance), model)
    qtbot.addWidget(view)
    view.resize(300, 500)
    view.show()
    model.follow(JobsInserted(0, (job(0), job(1), job(2))))
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


@pytest.fixture
def told(queue: QueueView) -> list[str]:
    """The jobs that were to be shown."""
    told: list[str] = []
    queue.job_selected.connect(told.append)
    return told


def tab_into(queue: QueueView, qtbot) -> None:
    queue.library_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(queue.library_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is queue.list
    assert queue.list.current_job() == job(0)  # the ring is seen


def test_the_focus_alone_opens_nothing_and_the_next_key_does(
    queue: QueueView, told: list[str], qtbot
) -> None:
    tab_into(queue, qtbot)
    assert told == []
    qtbot.keyClick(queue.list, Qt.Key.Key_Down)
    assert told == ["job-1"]
    qtbot.keyClick(queue.list, Qt.Key.Key_Up)
    assert told == ["job-1", "job-0"]


@pytest.mark.parametrize("row", [0, 2])
@pytest.mark.parametrize("is_focused", [True, False])
def test_a_click_opens_the_row_and_no_other(
    queue: QueueView, told: list[str], qtbot, row: int, is_focused: bool
) -> None:
    if is_focused:
        tab_into(queue, qtbot)
    at = queue.list.visualRect(queue.list.model().index(row, 0)).center()
    qtbot.mouseClick(queue.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == [f"job-{row}"]
