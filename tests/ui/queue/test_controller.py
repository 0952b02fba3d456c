from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.core.errors import Action, RecordingError
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Recording, Track
from app.jobs.job_progress import JobProgress
from app.jobs.queue import JobQueue, Work
from app.ui.actions import ActionId, Actions
from app.ui.dropping import Dropped
from app.ui.kit.appearance import Appearance
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.queue.controller import Estimates, QueueController
from app.ui.queue.model import JobModel
from app.ui.queue.sheets import RepeatSheet
from app.ui.stage import Page
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow


class Memory:
    """A store that keeps nothing on disk."""

    def __init__(self) -> None:
        self._jobs: dict[JobId, Job] = {}

    def insert(self, jobs: Sequence[Job]) -> None:
        self.update(*jobs)

    def load(self) -> list[Job]:
        return []

    def update(self, *jobs: Job) -> None:
        self._jobs.update((job.job_id, job) for job in jobs)

    def remove(self, job_ids: Sequence[JobId], *, at_ms: int) -> None: ...
    def restore(self, job_ids: Sequence[JobId]) -> None: ...
    def claim(self, job_id: JobId) -> Job | None:
        return self._jobs.get(job_id)

    def release(self, job_id: JobId) -> None: ...
    def claimed_elsewhere(self) -> set[JobId]:
        return set()

    def sent_without_reply(self, job_id: JobId) -> set[int]:
        return set()

    def forget_sent(self, job_id: JobId) -> None: ...


class Refuses:
    """Work that always needs a person."""

    async def run(self, progress: JobProgress) -> None:
        await progress.move(JobState.PREPARING)
        raise RecordingError(message("There is no sound in it."), action=Action.RETRY)

    async def discard(self, job: Job) -> None: ...


class Stage:
    def __init__(
        self,
        appearance: Appearance,
        qtbot,
        work: Work | None = None,
        estimates: Estimates | None = None,
    ) -> None:
        self.actions = Actions(appearance)
        self.model = JobModel()
        self.window = FurnishedWindow(appearance, self.actions, self.model)
        qtbot.addWidget(self.window, before_close_func=lambda one: one.close_for_good())
        self.errors: list[tuple[str, BaseException]] = []
        self.tasks = Tasks(lambda name, error: self.errors.append((name, error)))
        self.queue = JobQueue(Memory(), work or Refuses())  # pyright: ignore[reportArgumentType]
        self.controller = QueueController(
            stage=self.window,
            actions=self.actions,
            appearance=appearance,
            views=self.window.queue_views,
            queue=self.queue,
            tasks=self.tasks,
            estimates=estimates,
        )
        self.window.sources_dropped.connect(self.controller.adding.take)
        self.window.show()

    async def settle(self) -> None:
        while self.tasks._running:
            await asyncio.gather(*self.tasks._running)
        await asyncio.sleep(0)

    async def aclose(self) -> None:
        self.controller.close()
        await self.tasks.aclose()
        await self.queue.aclose()
        assert self.errors == []


@pytest.fixture
def stage(appearance: Appearance, qtbot) -> Stage:
    return Stage(appearance, qtbot)


def test_dropped_files_show_at_once_and_the_rest_is_said_once(
    stage: Stage, tmp_path: Path, run_async
) -> None:
    for name in ("b.wav", "a.mp3", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")

    async def flow() -> None:
        dropped = Dropped((tmp_path, tmp_path / "gone.wav"), ("https://x.org/c.mp3",))
        stage.window.sources_dropped.emit(dropped)
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.mp3", "b.wav"]
        assert stage.window.page is Page.JOB
        (sheet,) = stage.window.findChildren(NotDoneSheet)
        sheet.close()
        await stage.aclose()

    run_async(flow())


def test_what_waits_already_is_not_added_again(stage: Stage, tmp_path: Path, run_async) -> None:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"x")

    async def flow() -> None:
        await stage.queue.add([tmp_path / "a.wav"], TranscriptionOptions())
        stage.window.sources_dropped.emit(Dropped((tmp_path,)))
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.wav", "b.wav"]
        assert stage.window.queue.notice.text == "1 is already in the queue"
        other = TranscriptionOptions(model=ModelId.PULSE)
        stage.window.options.show_options(other)
        stage.window.sources_dropped.emit(Dropped((tmp_path / "a.wav",)))
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.wav", "b.wav", "a.wav"]
        await stage.aclose()

    run_async(flow())


def test_what_is_dropped_is_shown_but_takes_nobody_from_what_is_read(
    stage: Stage, tmp_path: Path, run_async
) -> None:
    for name in ("a.wav", "b.wav", "c.wav"):
        (tmp_path / name).write_bytes(b"x")

    def shown() -> str:
        job_id = stage.controller.shown
        return next((job.title for job in stage.model.jobs if job.job_id == job_id), "")

    async def flow() -> None:
        for name in ("a.wav", "b.wav"):
            stage.window.sources_dropped.emit(Dropped((tmp_path / name,)))
            await stage.settle()
            assert shown() == name
            assert stage.window.page is Page.JOB
        stage.window.turn_to(Page.TRANSCRIPT)  # the words of b are there
        stage.window.sources_dropped.emit(Dropped((tmp_path / "c.wav",)))
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.wav", "b.wav", "c.wav"]
        assert shown() == "b.wav"
        assert stage.window.page is Page.TRANSCRIPT
        view = stage.window.queue.list
        assert view.viewport().rect().intersects(view.visualRect(stage.model.index(2)))
        stage.window.turn_to(Page.JOB)
        stage.window.sources_dropped.emit(Dropped((tmp_path / "a.wav",)))
        await stage.settle()
        assert shown() == "a.wav"  # which is there already
        await stage.aclose()

    run_async(flow())


def test_of_many_that_are_dropped_the_first_is_shown(
    stage: Stage, tmp_path: Path, run_async
) -> None:
    paths = [tmp_path / f"{number:04}.wav" for number in range(1_200)]
    for path in paths:
        path.write_bytes(b"x")

    async def flow() -> None:
        stage.window.sources_dropped.emit(Dropped((tmp_path,)))
        await stage.settle()
        assert len(stage.model.jobs) == len(paths)
        assert stage.controller.shown == stage.model.jobs[0].job_id
        await stage.aclose()

    run_async(flow())


def test_a_failed_job_is_tried_again_when_its_file_is_given_again(
    stage: Stage, tmp_path: Path, run_async
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"x")

    async def flow() -> None:
        (job,) = await stage.queue.add([path], TranscriptionOptions())
        stage.model.show_jobs(stage.queue.jobs)
        stage.queue._list.put(
            job.failed(Failure(message("There is no sound in it.")), now_ms=1)
        )
        stage.window.sources_dropped.emit(Dropped((path,)))
        await stage.settle()
        assert [job.state for job in stage.queue.jobs] == [JobState.WAITING]
        stage.queue._list.put(
            job.failed(Failure(message("Perhaps billed."), Action.ASK_RESEND), now_ms=1)
        )
        stage.window.sources_dropped.emit(Dropped((path,)))
        await stage.settle()
        assert [job.state for job in stage.queue.jobs] == [JobState.NEEDS_ATTENTION]
        await stage.aclose()

    run_async(flow())


def test_a_link_becomes_a_job_where_the_model_takes_it(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.window.options.show_options(TranscriptionOptions(model=ModelId.PULSE))
        stage.window.sources_dropped.emit(Dropped((), ("https://x.org/c.mp3",)))
        await stage.settle()
        (job,) = stage.model.jobs
        assert job.is_url
        await stage.aclose()

    run_async(flow())


def test_removing_can_be_undone(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.queue.add([Path("/a.wav"), Path("/b.wav")], TranscriptionOptions())
        stage.window.queue.select(stage.model.job_at(0).job_id)
        stage.actions[ActionId.REMOVE].trigger()
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["b.wav"]
        notice = stage.window.queue.notice
        assert notice.text == "Removed 1"
        notice._on_answered()
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.wav", "b.wav"]
        await stage.aclose()

    run_async(flow())


def test_cancel_retry_and_pause_reach_the_queue(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.queue.add([Path("/a.wav")], TranscriptionOptions())
        job_id = stage.model.job_at(0).job_id
        stage.window.queue.select(job_id)
        stage.window.queue._offer_what_fits()
        stage.actions[ActionId.CANCEL].trigger()
        await stage.settle()
        assert stage.model.job_at(0).state is JobState.CANCELLED
        stage.window.queue._offer_what_fits()
        stage.actions[ActionId.RETRY].trigger()
        await stage.settle()
        assert stage.model.job_at(0).state is JobState.WAITING
        stage.actions[ActionId.PAUSE_QUEUE].trigger()
        assert stage.queue.is_paused
        stage.actions[ActionId.PAUSE_QUEUE].trigger()
        assert not stage.queue.is_paused
        await stage.aclose()

    run_async(flow())


class Finishes:
    """Work that is done at once."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, progress: JobProgress) -> None:
        self.runs += 1
        for state in (JobState.PREPARING, JobState.TRANSCRIBING, JobState.SAVING):
            await progress.move(state)
        await progress.move(JobState.DONE)

    async def discard(self, job: Job) -> None: ...


def test_what_is_done_is_sent_again_only_as_another_job_that_was_asked_for(
    appearance: Appearance, qtbot, run_async
) -> None:
    def price_of(options: TranscriptionOptions, duration_ms: int) -> Decimal:
        return Decimal(duration_ms) / 100_000

    work = Finishes()
    stage = Stage(appearance, qtbot, work, Estimates(price_of=price_of))
    pulse = TranscriptionOptions(model=ModelId.PULSE)

    async def flow() -> None:
        await stage.queue.open()
        (job,) = await stage.queue.add([Path("/a.wav")], pulse)
        await stage.queue.note_duration(job.job_id, 250_000)
        await stage.queue.join()
        stage.window.queue.select(job.job_id)
        stage.window.queue._offer_what_fits()
        assert not stage.actions[ActionId.RETRY].isEnabled()
        stage.actions[ActionId.RETRY].trigger()
        stage.window.queue.retry_requested.emit([job.job_id])  # however it came about
        await stage.settle()
        assert (work.runs, stage.model.rowCount()) == (1, 1)

        stage.window.queue.again_requested.emit([job.job_id])
        (sheet,) = stage.window.findChildren(RepeatSheet)
        said = [one.text() for one in sheet.findChildren(QLabel) if one.isVisible()]
        assert any("$2.50" in one for one in said), said
        assert any("stays as it is" in one for one in said)
        assert work.runs == 1
        sheet.options_given.emit(replace(pulse, language="de"))
        sheet.accept()
        await stage.settle()
        await stage.queue.join()
        first, second = stage.model.jobs
        assert (first.state, second.state) == (JobState.DONE, JobState.DONE)
        assert (second.options.language, second.is_repeat) == ("de", True)
        assert work.runs == 2
        await stage.aclose()

    run_async(flow())


def test_what_is_offered_of_one_recording_is_what_it_has(
    appearance: Appearance, qtbot, run_async
) -> None:
    looked: list[Path] = []

    async def look(path: Path) -> Recording:
        looked.append(path)
        if path.name == "bad.wav":
            raise RecordingError(message("There is no sound in it."))
        tracks = tuple(Track(number, "aac", 2, 48_000) for number in range(6))
        return Recording(path, 1, 1, 1_000, "mov", "aac", 2, 48_000, tracks=tracks)

    stage = Stage(appearance, qtbot, Finishes(), Estimates(look=look))

    async def flow() -> None:
        await stage.queue.open()
        jobs = await stage.queue.add([Path("/a.mov"), Path("/bad.wav")], TranscriptionOptions())
        await stage.queue.join()
        for job, last in zip(jobs, ("Track 6", "Track 4"), strict=True):
            stage.window.queue.again_requested.emit([job.job_id])
            await stage.settle()
            (sheet,) = [
                one for one in stage.window.findChildren(RepeatSheet) if one.isVisible()
            ]
            sound = sheet.panel.more.sound
            names = [sound.itemText(place) for place in range(sound.count())]
            assert [name for name in names if name.startswith("Track")][-1] == last
            sheet.reject()
        assert looked == [job.path for job in jobs]
        await stage.aclose()

    run_async(flow())


def test_beside_the_queue_is_offered_what_the_recording_has_that_is_shown(
    appearance: Appearance, qtbot, run_async
) -> None:
    counts = {"/a.mov": 6, "/b.mov": 2}

    async def look(path: Path) -> Recording:
        tracks = tuple(Track(number, "aac", 1, 48_000) for number in range(counts[str(path)]))
        return Recording(path, 1, 1, 1_000, "mov", "aac", 1, 48_000, tracks=tracks)

    stage = Stage(appearance, qtbot, Finishes(), Estimates(look=look))

    async def offered() -> list[str]:
        stage.window.options.more_button.click()
        await stage.settle()
        sound = stage.window.options.more.sound
        stage.window.options.more.close()
        names = [sound.itemText(place) for place in range(sound.count())]
        return [name for name in names if name.startswith("Track")]

    async def flow() -> None:
        await stage.queue.open()
        assert len(await offered()) == 4  # of none in particular
        jobs = await stage.queue.add([Path("/a.mov"), Path("/b.mov")], TranscriptionOptions())
        await stage.queue.join()
        assert await offered() == ["Track 1", "Track 2"]  # of the last one
        stage.window.queue.job_selected.emit(jobs[0].job_id)
        assert await offered() == [f"Track {number}" for number in range(1, 7)]
        await stage.aclose()

    run_async(flow())
