"""Each button of a row that needs attention, clicked in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.bootstrap.services import Storage
from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import Region
from app.store.paths import AppPaths
from app.ui.queue.sheets import JobOptionsSheet
from app.ui.queue.wording import RowAction
from app.ui.service.key_dialog import KeyDialog
from app.ui.service.sheets import DetailsSheet
from app.ui.settings.dialog import SettingsDialog
from tests.flow.conftest import Opened, OpenProgram
from tests.support.fake_waves import FakeWaves, Heard
from tests.support.waiting import until

TALK = [Heard("Who", 0.1, 0.3, 0), Heard("speaks?", 0.3, 0.7, 0)]
PULSE = TranscriptionOptions(model=ModelId.PULSE)


def failed(recording: Path, action: Action) -> Job:
    """Give a job that failed with this way out."""
    return Job(
        JobId(action),
        str(recording),
        PULSE,
        created_ms=1,
        state=JobState.NEEDS_ATTENTION,
        failure=Failure(message("It went wrong."), action, details="raw"),
    )


async def press(opened: Opened, action: Action, button: RowAction) -> None:
    """Click a button of a row."""
    view, model = opened.queue.list, opened.program.front.model
    row = model.row_of(JobId(action))
    assert row is not None
    index = model.index(row)
    await until(lambda: view.isVisible() and view.visualRect(index).isValid())
    view.scrollTo(index)
    place = view.delegate.button_rect(index, button)
    assert place is not None, button
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())


def state(opened: Opened, action: Action) -> JobState:
    job = opened.services.queue.job(JobId(action))
    assert job is not None
    return job.state


async def opens(opened: Opened, kind: type[QWidget]) -> None:
    """Wait for a dialog of this kind, and close it."""

    def dialogs() -> list[QDialog]:
        return [one for one in opened.window.findChildren(QDialog) if one.isVisible()]

    await until(dialogs)
    (dialog,) = dialogs()
    assert isinstance(dialog, kind)
    dialog.close()
    await until(lambda: not dialogs())


@pytest.fixture
def keep(fake_waves: FakeWaves, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leave jobs in the queue, as a run of the program before did."""
    fake_waves.answer = TALK

    def put(home: Path, *jobs: Job) -> None:
        storage = Storage.open(AppPaths.below(home))
        storage.jobs.insert(jobs)
        storage.close()
        # Only now: whoever opens what is kept takes the key out of the environment.
        monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
        monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)

    return put


@pytest.mark.slow
def test_the_other_region_is_taken_and_the_job_tried_again_there(
    open_program: OpenProgram,
    run_async,
    keep: Callable[..., None],
    fake_waves: FakeWaves,
    clips: Path,
    tmp_path: Path,
):
    home = tmp_path / "home"
    keep(home, failed(clips / "lj001-0008.flac", Action.OTHER_REGION))

    async def flow() -> None:
        async with open_program(home) as opened:
            await press(opened, Action.OTHER_REGION, RowAction.OTHER_REGION)
            await until(lambda: state(opened, Action.OTHER_REGION) is JobState.DONE, 20)
            assert opened.storage.settings.settings.region is Region.US
            assert opened.storage.settings.settings.base_url == ""

    run_async(flow(), timeout_s=60)
    assert len(fake_waves.transcriptions) == 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_each_button_does_what_it_says(
    open_program: OpenProgram,
    run_async,
    keep: Callable[..., None],
    fake_waves: FakeWaves,
    clips: Path,
    tmp_path: Path,
):
    home = tmp_path / "home"
    talks = {
        Action.RETRY: "lj001-0002",
        Action.ASK_RESEND: "lj001-0004",
        Action.USE_READABLE_PART: "lj001-0008",
        Action.ENTER_KEY: "kennedy-1961",
        Action.OPEN_SETTINGS: "kennedy-1961",
        Action.CHOOSE_FILE: "kennedy-1961",
        Action.CHOOSE_MODEL: "kennedy-1961",
    }
    keep(home, *(failed(clips / f"{name}.flac", action) for action, name in talks.items()))

    async def flow() -> None:
        async with open_program(home) as opened:
            for action, button, dialog in (
                (Action.ENTER_KEY, RowAction.ENTER_KEY, KeyDialog),
                (Action.OPEN_SETTINGS, RowAction.OPEN_SETTINGS, SettingsDialog),
                (Action.CHOOSE_FILE, RowAction.CHOOSE_FILE, QFileDialog),
                (Action.CHOOSE_MODEL, RowAction.CHOOSE_MODEL, JobOptionsSheet),
                (Action.RETRY, RowAction.DETAILS, DetailsSheet),
            ):
                await press(opened, action, button)
                await opens(opened, dialog)
                assert state(opened, action) is JobState.NEEDS_ATTENTION
            for action, button in (
                (Action.RETRY, RowAction.RETRY),
                (Action.ASK_RESEND, RowAction.SEND_AGAIN),
                (Action.USE_READABLE_PART, RowAction.USE_READABLE_PART),
            ):
                await press(opened, action, button)
                await until(lambda action=action: state(opened, action) is JobState.DONE, 20)

    run_async(flow(), timeout_s=100)
    assert len(fake_waves.transcriptions) == 3
