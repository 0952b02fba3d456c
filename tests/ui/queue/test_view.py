"""The rows of the queue, as high as what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QListView, QMenu

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.jobs.events import JobChanged, JobsInserted, JobsRemoved
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.mnemonics import plain
from app.ui.kit.tokens import SPACE_12, TEXT_SMALL
from app.ui.queue import wording
from app.ui.queue.model import JobModel
from app.ui.queue.view import JobList, QueueView
from app.ui.queue.wording import RowAction
from tests.support.fit import settle

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
    model = rows.jobs
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
    model = rows.jobs
    model.follow(JobsInserted(0, (job(0), job(1).failed(FAILURE, now_ms=1))))
    low, high = heights(rows)
    assert high > low
    model.follow(JobsRemoved(1, 1))
    assert heights(rows) == [low]


@pytest.fixture
def actions(appearance: Appearance) -> Actions:
    return Actions(appearance)


@pytest.fixture
def queue(appearance: Appearance, actions: Actions, qtbot) -> QueueView:
    model = JobModel()
    view = QueueView(appearance, actions, model)
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


def done_job(number: int) -> Job:
    return replace(job(number), state=JobState.DONE, since_ms=number)


def seen(queue: QueueView) -> list[str]:
    """The rows in sight, from the top."""
    model = queue.list.model()
    rows = range(model.rowCount())
    return [queue.model.job_at(row).job_id for row in rows if not queue.list.isRowHidden(row)]


@pytest.fixture
def many(appearance: Appearance, actions: Actions, qtbot) -> QueueView:
    """Forty rows in a window that shows a few."""
    model = JobModel()
    view = QueueView(appearance, actions, model)
    qtbot.addWidget(view)
    view.resize(300, 420)
    view.show()
    model.follow(JobsInserted(0, tuple(job(number) for number in range(40))))
    qtbot.waitUntil(lambda: view.list.visualRect(model.index(39)).isValid())
    return view


def is_in_sight(queue: QueueView, row: int) -> bool:
    where = queue.list.visualRect(queue.model.index(row))
    return queue.list.viewport().rect().contains(where)


def run(queue: QueueView, row: int) -> None:
    """Let a row be the only one at work, and everything before it done."""
    for before in range(row):
        if queue.model.job_at(before).state is not JobState.DONE:
            queue.model.follow(JobChanged(before, done_job(before)))
    queue.model.follow(JobChanged(row, job(row).moved(JobState.PREPARING, now_ms=99)))
    queue.update_rows()


def test_done_rows_fold_away_and_come_back_by_a_button(many: QueueView, qtbot) -> None:
    run(many, 4)
    assert many.done_button.isHidden()
    assert len(seen(many)) == 40
    run(many, 10)
    assert many.done_button.text() == "Show 7 done"
    assert seen(many)[:4] == ["job-7", "job-8", "job-9", "job-10"]
    many.select(JobId("job-2"))  # as when its transcript is opened
    many.update_rows()
    assert seen(many)[:2] == ["job-2", "job-7"]
    qtbot.mouseClick(many.done_button, Qt.MouseButton.LeftButton)
    assert many.done_button.text() == "Hide 7 done"
    assert len(seen(many)) == 40
    qtbot.mouseClick(many.done_button, Qt.MouseButton.LeftButton)
    assert seen(many)[:2] == ["job-2", "job-7"]


def test_thousands_of_done_rows_fold_away_some_at_a_time(many: QueueView, qtbot) -> None:
    more = tuple(done_job(number) for number in range(100, 1_300))
    many.model.follow(JobsInserted(40, more))
    many.update_rows()
    assert 700 < len(seen(many)) < 900
    qtbot.waitUntil(lambda: len(seen(many)) == 43)
    many.done_button.click()
    qtbot.waitUntil(lambda: len(seen(many)) == 1_240)


def test_what_is_folded_away_is_no_part_of_all_that_is_selected(many: QueueView) -> None:
    run(many, 10)
    many.list.selectAll()
    assert many.list.selected_ids()[0] == "job-7"
    assert len(many.list.selected_ids()) == 33


def test_rows_that_were_removed_and_brought_back_fold_as_before(many: QueueView) -> None:
    run(many, 10)
    gone = many.model.jobs[:2]
    many.model.follow(JobsRemoved(0, 2))
    many.update_rows()
    assert seen(many)[:2] == ["job-7", "job-8"]
    many.model.follow(JobsInserted(0, gone))
    many.update_rows()
    assert seen(many)[:2] == ["job-7", "job-8"]
    many.model.show_jobs(many.model.jobs)
    many.update_rows()
    assert seen(many)[:2] == ["job-7", "job-8"]


def test_a_row_is_moved_past_those_that_nobody_sees(many: QueueView, actions: Actions) -> None:
    run(many, 10)
    asked: list[int] = []
    many.move_requested.connect(lambda _, before: asked.append(before))
    many.select(JobId("job-7"))
    many.update_rows()
    actions[ActionId.MOVE_UP].trigger()
    assert asked == [0]


def test_the_list_goes_along_with_the_row_at_work_until_a_person_scrolls(
    many: QueueView, qtbot
) -> None:
    run(many, 8)
    many.done_button.click()  # all are in the list
    for row in (9, 20):
        run(many, row)
        qtbot.waitUntil(lambda row=row: is_in_sight(many, row))
    bar = many.list.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMinimum)  # a person looks at the first ones
    qtbot.waitUntil(lambda: not many.running.is_followed)
    run(many, 30)
    assert bar.value() == 0
    run(many, 31)
    assert bar.value() == 0
    many.list.scrollTo(many.model.index(31))
    bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)  # and goes back to the work
    qtbot.waitUntil(lambda: many.running.is_followed)
    run(many, 38)
    qtbot.waitUntil(lambda: is_in_sight(many, 38))


def test_nothing_stands_twice_in_the_menu_of_a_row(queue: QueueView, qtbot) -> None:
    model = queue.model
    told = replace(job(1).failed(FAILURE, now_ms=1), failure=replace(FAILURE, details="raw"))
    model.follow(JobChanged(1, told))
    queue.select(JobId("job-1"))
    queue.list.menu_requested.emit(queue.mapToGlobal(queue.rect().center()))
    (menu,) = queue.findChildren(QMenu)
    texts = [
        plain(one.text()).split("\t")[0].rstrip("…") for one in menu.actions() if one.text()
    ]
    assert texts.count("Try again") == 1
    assert texts.count("Details") == 1
    assert len(set(texts)) == len(texts)
    menu.close()


NO_SOUND = Failure(message("There is no audio in this file."), Action.CHOOSE_FILE)
LOST = Failure(message("This file has been moved."), Action.FIND_FILE)
REFUSED = Failure(message("The service refused the request."), Action.CHOOSE_MODEL)


@pytest.mark.parametrize(
    ("failure", "is_offered"),
    [(FAILURE, True), (LOST, True), (NO_SOUND, False), (REFUSED, False)],
)
def test_trying_again_is_offered_only_where_it_can_help(
    queue: QueueView, actions: Actions, failure: Failure, is_offered: bool
) -> None:
    queue.model.follow(JobChanged(1, job(1).failed(failure, now_ms=1)))
    queue.select(JobId("job-1"))
    queue.update_rows()
    assert actions[ActionId.RETRY].isEnabled() == is_offered
    texts = [one.text for one in wording.buttons(queue.model.job_at(1))]
    assert ("Try again" in texts) == is_offered
    assert texts  # there is always a way out


def test_of_many_that_are_selected_only_those_are_tried_again_whom_it_can_help(
    queue: QueueView, actions: Actions
) -> None:
    for number, failure in enumerate((LOST, NO_SOUND, FAILURE)):
        queue.model.follow(JobChanged(number, job(number).failed(failure, now_ms=1)))
    asked: list[list[str]] = []
    queue.retry_requested.connect(asked.append)
    queue.list.selectAll()
    queue.update_rows()
    actions[ActionId.RETRY].trigger()
    assert asked == [["job-0", "job-2"]]


def test_what_is_transcribed_already_is_no_error(queue: QueueView) -> None:
    there = Failure(message("You already have it."), Action.OPEN_OR_REPEAT)
    known = job(1).failed(there, now_ms=1)
    queue.model.follow(JobChanged(1, known))
    assert queue.model.state_text(known) == "Already transcribed"
    assert not known.needs_attention
    assert known.is_there_already
    broken = job(2).failed(NO_SOUND, now_ms=1)
    assert broken.needs_attention
    assert not broken.is_there_already


def test_where_new_recordings_go_is_said_beside_the_ways_in(queue: QueueView) -> None:
    def said() -> list[str]:
        return [one.text() for one in queue.findChildren(QLabel) if one.isVisible()]

    text = "New recordings go into Thesis."
    queue.show_target(text)
    assert text in said()
    queue.set_folded(True)
    assert text not in said()
    queue.set_folded(False)
    assert text in said()
    queue.show_target("")
    assert text not in said()


def width_of(list_view: QListView, colour: QColor) -> int:
    """Give how wide what is painted in a colour is, without what only blends into it."""
    image = list_view.viewport().grab().toImage()
    columns = [
        x
        for x in range(image.width())
        if any(image.pixel(x, y) == colour.rgb() for y in range(image.height()))
    ]
    return max(columns) - min(columns) + 1


def test_the_icon_of_a_row_and_its_buttons_grow_with_the_text(
    rows: JobList, appearance: Appearance
) -> None:
    done = replace(job(0), state=JobState.DONE)
    rows.jobs.follow(JobsInserted(0, (done, job(1).failed(FAILURE, now_ms=1))))
    heights(rows)
    usual = width_of(rows, appearance.color("good"))
    failed = rows.jobs.index(1)
    button = rows.delegate.button_rect(failed, RowAction.RETRY)
    assert button is not None
    appearance.set_text_scale(2.0)
    heights(rows)
    assert width_of(rows, appearance.color("good")) == pytest.approx(2 * usual, abs=2)
    larger = rows.delegate.button_rect(failed, RowAction.RETRY)
    assert larger is not None
    assert larger.height() > QFontMetrics(appearance.font(TEXT_SMALL)).height()
    assert larger.height() > button.height()


def test_the_heading_and_the_first_button_begin_together_also_once_unfolded(
    queue: QueueView,
) -> None:
    queue.resize(304, 600)
    queue.set_folded(True)
    queue.set_folded(False)
    settle()
    (heading,) = (one for one in queue.findChildren(ElidedLabel) if one.text() == "Queue")
    assert heading.x() == queue.add_button.x() == SPACE_12
