"""What is dropped or given becomes rows of the queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import Action
from app.core.job import Failure, Job, JobState
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.projects import NO_PROJECT, Project, ProjectId
from app.core.transcript import TranscriptId
from app.jobs.job_progress import JobProgress
from app.ui.dropping import Dropped
from app.ui.kit.appearance import Appearance
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.queue.sheets import RepeatSheet
from app.ui.stage import Page
from tests.ui.queue.conftest import Stage


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
        assert [path.name for path in stage.noted] == ["a.mp3", "b.wav"]
        assert stage.window.page is Page.JOB
        (sheet,) = stage.window.findChildren(NotDoneSheet)
        sheet.close()
        await stage.aclose()

    run_async(flow())


def test_what_is_added_while_a_project_is_shown_goes_into_it(
    stage: Stage, tmp_path: Path, run_async
) -> None:
    for name in ("a.wav", "b.wav", "talk.srt"):
        (tmp_path / name).write_bytes(b"x")
    dropped: list[tuple[list[Path], str]] = []
    stage.controller.adding.transcripts_dropped.connect(lambda *told: dropped.append(told))
    stage.window.options.show_options(TranscriptionOptions(model=ModelId.PULSE))

    async def flow() -> None:
        stage.project = Project(ProjectId("thesis"), "Thesis")
        link = "https://x.org/c.mp3"
        files = (tmp_path / "a.wav", tmp_path / "talk.srt")
        stage.window.sources_dropped.emit(Dropped(files, (link,)))
        stage.project = None  # the page is turned while it is looked at
        await stage.settle()
        stage.window.sources_dropped.emit(Dropped((tmp_path / "b.wav",)))
        await stage.settle()
        assert [(job.title, job.project_id) for job in stage.model.jobs] == [
            ("a.wav", "thesis"),
            ("c.mp3", "thesis"),
            ("b.wav", ""),
        ]
        assert dropped == [([tmp_path / "talk.srt"], "thesis")]
        stage.window.queue.again_requested.emit([stage.model.jobs[0].job_id])
        (sheet,) = stage.window.findChildren(RepeatSheet)
        sheet.options_given.emit(TranscriptionOptions())
        sheet.close()
        await stage.settle()
        assert stage.model.jobs[-1].project_id == "thesis"
        await stage.aclose()

    run_async(flow())


class Hears:
    """Work that gives each job a transcript."""

    async def run(self, progress: JobProgress) -> None:
        for state in (JobState.PREPARING, JobState.TRANSCRIBING, JobState.SAVING):
            await progress.move(state)
        await progress.move(JobState.DONE, transcript_id=TranscriptId("talk"))

    async def discard(self, job: Job) -> None: ...


@pytest.mark.parametrize(("now_in", "expected"), [("thesis", "thesis"), (None, "")])
def test_what_is_transcribed_again_goes_where_its_transcript_is_by_now(
    appearance: Appearance, qtbot, tmp_path: Path, run_async, now_in: str | None, expected: str
) -> None:
    """Its project's word list helps to hear it, not that of the project it was added to."""
    (tmp_path / "a.wav").write_bytes(b"x")

    async def flow() -> None:
        stage = Stage(appearance, qtbot, Hears())
        await stage.queue.open()
        stage.window.sources_dropped.emit(Dropped((tmp_path / "a.wav",)))
        await stage.settle()
        await stage.queue.join()
        (job,) = stage.model.jobs
        assert job.state is JobState.DONE
        assert job.project_id == NO_PROJECT
        if now_in is not None:
            stage.projects[TranscriptId("talk")] = ProjectId(now_in)
        stage.window.queue.again_requested.emit([job.job_id])
        (sheet,) = stage.window.findChildren(RepeatSheet)
        sheet.options_given.emit(TranscriptionOptions())
        sheet.close()
        await stage.settle()
        assert [one.project_id for one in stage.model.jobs] == [NO_PROJECT, expected]
        await stage.queue.join()
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
        stage.controller.turn_away()
        stage.window.turn_to(Page.TRANSCRIPT)  # of the library
        (tmp_path / "d.wav").write_bytes(b"x")
        stage.window.sources_dropped.emit(Dropped((tmp_path / "d.wav",)))
        await stage.settle()
        assert not shown()
        assert stage.window.page is Page.TRANSCRIPT
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
        await stage.queue.refuse(job.job_id, Failure(message("There is no sound in it.")))
        stage.window.sources_dropped.emit(Dropped((path,)))
        await stage.settle()
        assert [job.state for job in stage.queue.jobs] == [JobState.WAITING]
        billed = Failure(message("Perhaps billed."), Action.ASK_RESEND)
        await stage.queue.refuse(job.job_id, billed)
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
