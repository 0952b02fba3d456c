"""The page of a job without a transcript: what happened, and what to try."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.core.job import Failure, JobState
from app.core.recording import Recording, Track
from app.jobs.pipeline import NoWordsError
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from tests.support.furnished import FurnishedWindow
from tests.ui.jobs import every_state


def recording(*channels: int) -> Recording:
    tracks = tuple(Track(number, "aac", count, 48_000) for number, count in enumerate(channels))
    return Recording(
        Path("/a.mkv"), 1, 1, 1_000, "matroska", "aac", channels[0], 48_000, tracks=tracks
    )


@pytest.mark.parametrize(
    ("heard", "says"),
    [
        (recording(1), "Try another language or model."),
        (recording(2), "Try one channel only, or another language or model."),
        (recording(1, 1), "Try another audio track, language or model."),
        (None, "Try another language or model."),
    ],
    ids=["mono", "two sides", "two tracks", "a link"],
)
def test_where_nothing_was_heard_row_and_page_say_what_to_try(
    appearance: Appearance, qtbot, heard: Recording | None, says: str
) -> None:
    model = JobModel()
    window = FurnishedWindow(appearance, Actions(appearance), model)
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    page = window.queue_views.job_page
    waiting = next(job for job in every_state() if job.state is JobState.NEEDS_ATTENTION)
    job = replace(waiting, failure=Failure.of(NoWordsError(heard)))

    model.show_jobs([job])
    page.show_job(job)

    shown = " ".join(one.text() for one in page.findChildren(QLabel) if not one.isHidden())
    assert f"No words were heard. {says}" in shown
    assert "Done" not in shown
    assert any("options" in one.text().lower() for one in page.findChildren(QPushButton))
    row = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert f"No words were heard. {says}" in row
