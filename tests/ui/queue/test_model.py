from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.core.errors import Action
from app.core.job import JobId, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.transcript import TranscriptId
from app.jobs.events import (
    Hold,
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueuePaused,
)
from app.ui.queue.model import JOB_IDS_MIME, JobModel, JobRole
from tests.ui.jobs import NOW_MS, every_state, make_job


@pytest.fixture
def model(qapp) -> JobModel:
    return JobModel(now_ms=lambda: NOW_MS)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_model_follows_any_events_under_qts_tester(qapp, data) -> None:
    model = JobModel(now_ms=lambda: NOW_MS)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    truth = []
    serial = 0
    for _ in range(data.draw(st.integers(1, 25))):
        kind = data.draw(st.sampled_from(["insert", "remove", "change", "order", "pause"]))
        if kind == "insert":
            at = data.draw(st.integers(0, len(truth)))
            count = data.draw(st.integers(0, 4))
            jobs = tuple(make_job(f"{serial + offset}.wav") for offset in range(count))
            serial += count
            truth[at:at] = jobs
            model.follow(JobsInserted(at, jobs))
        elif kind == "pause":
            model.follow(QueuePaused(data.draw(st.booleans()), None))
        elif not truth:
            continue
        elif kind == "remove":
            at = data.draw(st.integers(0, len(truth) - 1))
            count = data.draw(st.integers(0, len(truth) - at))
            del truth[at : at + count]
            model.follow(JobsRemoved(at, count))
        elif kind == "change":
            at = data.draw(st.integers(0, len(truth) - 1))
            other = data.draw(st.sampled_from(every_state()))
            truth[at] = replace(other, job_id=truth[at].job_id)
            model.follow(JobChanged(at, truth[at]))
        else:
            held = QPersistentModelIndex(model.index(0))
            first = truth[0].job_id
            truth = data.draw(st.permutations(truth))
            model.follow(JobsReordered(tuple(truth)))
            assert held.data(JobRole.JOB_ID) == first
        assert model.jobs == tuple(truth)
    tester.deleteLater()


def test_a_drop_asks_and_moves_nothing(model: JobModel, qtbot) -> None:
    model.show_jobs([make_job(name) for name in "abcd"])
    data = model.mimeData([model.index(3), model.index(1)])
    with qtbot.waitSignal(model.move_requested) as asked:
        assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert asked.args == [[JobId("b"), JobId("d")], 0]
    assert [job.title for job in model.jobs] == ["a", "b", "c", "d"]


def test_pausing_shows_on_waiting_rows(model: JobModel) -> None:
    model.show_jobs([make_job()])
    assert model.index(0).data(JobRole.STATE_TEXT) == "Waiting"
    model.follow(QueuePaused(is_paused=True, hold=None))
    assert model.index(0).data(JobRole.STATE_TEXT) == "Waiting · queue paused"
    refused = message("The key was refused.")
    model.follow(QueuePaused(is_paused=False, hold=Hold(refused, Action.ENTER_KEY)))
    assert model.index(0).data(JobRole.STATE_TEXT) == "Waiting · needs your key"


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Interview", "Done · 52:14"),
        ("Lecture", "Uploading 42 % (12 of 28 MB)"),
        ("Board", "Needs attention"),
        ("Focus", "Transcribing (2 min, usually 1 min)"),
        ("On this", "Transcribing 33 % (1:01 of 3:00)"),
        ("Preparing", "Preparing"),
        ("Too fast", "The service asks for a pause · 42 s"),
        ("Called", "Waiting for the service"),
        ("Podcast", "Waiting"),
        ("Not this", "Cancelled"),
    ],
)
def test_every_state_in_words(model: JobModel, title: str, line: str) -> None:
    job = next(job for job in every_state() if job.title.startswith(title))
    assert model.state_text(job) == line


def test_a_wait_that_says_itself_when_it_ends_is_one_sentence(model: JobModel) -> None:
    job = next(job for job in every_state() if job.title.startswith("Too fast"))
    offline = replace(job, note=message("Offline. Trying again in {time}"))
    assert model.state_text(offline) == "Offline. Trying again in 42 s"


def test_a_row_read_aloud_says_everything(model: JobModel) -> None:
    job = next(job for job in every_state() if job.title.startswith("Board"))
    model.show_jobs([job])
    heard = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    for piece in ("Board meeting", "Needs attention", "does not know this key", "Pulse"):
        assert piece in heard
    assert "Enter key…" in heard


def test_only_rows_that_count_time_are_refreshed(model: JobModel, qtbot) -> None:
    model.show_jobs([make_job("a"), make_job("b", JobState.TRANSCRIBING)])
    with qtbot.waitSignal(model.dataChanged) as changed:
        assert model.refresh_times()
    assert changed.args[0].row() == 1
    model.show_jobs([make_job("a")])
    assert not model.refresh_times()
    assert not model.is_counting


@pytest.mark.parametrize(
    ("state", "progress", "line"),
    [
        (JobState.TRANSCRIBING, (725_000, 3_660_000), "Identifying speakers, 12 of 61 min"),
        (JobState.TRANSCRIBING, (20_000, 60_000), "Identifying speakers"),
        (JobState.TRANSCRIBING, None, "Identifying speakers"),
        (JobState.DONE, None, "Done · 52:14 · speakers not identified"),
    ],
)
def test_a_row_says_how_far_voices_are_told_apart(
    model: JobModel, state: JobState, progress: tuple[int, int] | None, line: str
) -> None:
    job = next(job for job in every_state() if job.title.startswith("Interview"))
    counted = None if progress is None else Progress(*progress, ProgressUnit.MILLISECONDS)

    told = model.state_text(replace(job, state=state, progress=counted, awaits_voices=True))

    assert told == line


@pytest.mark.parametrize(
    ("left_ms", "line"),
    [
        (200_000, "Transcribing 19 % · about 3 min left"),
        (None, "Transcribing 19 % (12:05 of 1:01:00)"),
    ],
)
def test_a_row_says_how_long_is_left_where_that_is_known(
    model: JobModel, left_ms: int | None, line: str
) -> None:
    job = next(job for job in every_state() if job.title.startswith("Interview"))
    counted = Progress(725_000, 3_660_000, ProgressUnit.MILLISECONDS, left_ms)

    told = model.state_text(
        replace(job, state=JobState.TRANSCRIBING, progress=counted, awaits_voices=False)
    )

    assert told == line


def test_a_row_that_is_done_says_which_sound_was_taken(model: JobModel) -> None:
    job = next(job for job in every_state() if job.title.startswith("Interview"))
    taken = message("{count} audio tracks, using track {numbers}", count=2, numbers="2")

    told = model.state_text(replace(job, remark=taken))

    assert told == "Done · 52:14 · 2 audio tracks, using track 2"


def test_done_rows_that_are_dragged_are_files_outside(model: JobModel) -> None:
    asked: list[Sequence[TranscriptId]] = []

    def write(ids: Sequence[TranscriptId]) -> Future[Sequence[Path]]:
        asked.append(ids)
        written: Future[Sequence[Path]] = Future()
        written.set_result([Path("/tmp/talk.txt")])
        return written

    model.write_files_by(write)
    done = replace(make_job("done.wav", JobState.DONE), transcript_id=TranscriptId("t"))
    model.show_jobs([make_job("waits.wav"), done])
    rows = [model.index(row) for row in range(2)]
    assert not model.mimeData(rows[:1]).hasUrls()
    dragged = model.mimeData(rows)
    assert asked == [["t"]]
    assert [url.toLocalFile() for url in dragged.urls()] == ["/tmp/talk.txt"]
    assert dragged.hasFormat(JOB_IDS_MIME)
    assert model.supportedDragActions() & Qt.DropAction.CopyAction
