from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap.exporting import make_exporter
from app.bootstrap.services import Storage
from app.core.job import Job, JobState
from app.core.options import TranscriptionOptions
from app.jobs.auto_export import OFFERED
from app.jobs.job_progress import JobProgress
from app.jobs.queue import JobQueue
from app.store.audio_links import link_to
from app.store.paths import AppPaths
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.queue.work import WorkController
from app.ui.tasks import Tasks
from tests.support.builders import transcript
from tests.support.furnished import FurnishedWindow


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = Storage.open(AppPaths.below(tmp_path / "home"))
    yield opened
    opened.close()


class Held:
    """Work that makes a transcript once it may."""

    def __init__(self, storage: Storage) -> None:
        self.may_go_on = asyncio.Event()
        self._storage = storage

    async def run(self, progress: JobProgress) -> None:
        await progress.move(JobState.PREPARING)
        await progress.move(JobState.TRANSCRIBING)
        await self.may_go_on.wait()
        await progress.move(JobState.SAVING)
        link = link_to(progress.job.path)
        made = transcript((None, "hello there"))
        progress.finish(
            self._storage.library.finish_job(progress.job, made, link=link, now_ms=1)
        )

    async def discard(self, job: Job) -> None: ...


class Stage:
    def __init__(self, appearance: Appearance, storage: Storage, qtbot) -> None:
        self.window = FurnishedWindow(appearance, Actions(appearance), JobModel())
        # Kept until Qt has closed it: collected while a loop turns, a window crashes.
        qtbot.addWidget(
            self.window, before_close_func=lambda one, _kept=self.window: one.close_for_good()
        )
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _, error: self.errors.append(error))
        self.work = Held(storage)
        self.queue = JobQueue(storage.jobs, self.work)
        self.awake: list[str] = []
        self.outside: list[str] = []
        self.is_awake = asyncio.Event()
        self.controller = WorkController(
            stage=self.window,
            queue=self.queue,
            exporter=make_exporter(storage.library),
            settings=storage.settings,
            tasks=self.tasks,
            stay_awake=self._stay_awake,
            say_outside=self.outside.append,
        )

    def _stay_awake(self, reason: str) -> Callable[[], None]:
        assert reason
        self.awake.append("awake")
        self.is_awake.set()
        return lambda: self.awake.append("asleep")

    async def do(self, *paths: Path) -> None:
        await self.queue.open()
        await self.queue.add(paths, TranscriptionOptions())

    async def until_done(self) -> None:
        self.work.may_go_on.set()
        await self.queue.join()
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running)

    async def aclose(self) -> None:
        self.controller.close()
        await self.queue.aclose()
        await self.tasks.aclose()
        assert self.errors == []


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(b"sound")
    return path


def test_the_computer_stays_awake_just_as_long_as_there_is_work(
    appearance, storage, qtbot, talk, run_async
) -> None:
    async def flow() -> None:
        stage = Stage(appearance, storage, qtbot)
        made: list[bool] = []
        stage.controller.transcript_made.connect(lambda: made.append(True))
        await stage.do(talk)
        await stage.is_awake.wait()
        storage.settings.change(keep_awake=False)
        stage.controller.follow_settings()
        assert stage.awake == ["awake", "asleep"]
        storage.settings.change(keep_awake=True)
        stage.controller.follow_settings()
        await stage.until_done()
        assert stage.awake == ["awake", "asleep", "awake", "asleep"]
        assert made == [True]
        # nobody looks at the window, so the end is told there too
        assert stage.window.notice.text == "1 recording is done."
        assert stage.outside == ["1 recording is done."]
        await stage.aclose()

    run_async(flow())


@pytest.mark.parametrize("format_name", OFFERED)
def test_a_done_transcript_is_written_out_where_that_is_set(
    appearance, storage, qtbot, talk, run_async, format_name: str
) -> None:
    async def flow() -> None:
        storage.settings.change(auto_export_format=format_name, notify_done=False)
        stage = Stage(appearance, storage, qtbot)
        await stage.do(talk)
        await stage.until_done()
        written = talk.with_suffix(f".{format_name}")
        if format_name == "html":  # it is no sound that could be put into a page
            assert "talk.wav" in stage.window.notice.text
            assert not written.exists()
        else:
            assert written.stat().st_size
            assert stage.window.notice.isHidden()
        if format_name == "txt":
            assert "hello there" in written.read_text("utf-8-sig")
        await stage.aclose()

    run_async(flow())
