"""The queue in a furnished window, with work that always needs a person."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.core.errors import Action, RecordingError
from app.core.job import Job, JobId, JobState
from app.core.messages import message
from app.core.projects import Project, ProjectId
from app.core.transcript import TranscriptId
from app.jobs.job_progress import JobProgress
from app.jobs.queue import JobQueue, Work
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.controller import Estimates, QueueController
from app.ui.queue.model import JobModel
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
        self.project: Project | None = None
        self.noted: list[Path] = []
        self.projects: dict[TranscriptId, ProjectId] = {}
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
            project_shown=lambda: self.project,
            project_of=self.projects.get,
            note_added=self.noted.extend,
        )
        self.window.sources_dropped.connect(self.controller.adding.take)
        self.window.show()

    async def settle(self) -> None:
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running)
        await asyncio.sleep(0)

    async def aclose(self) -> None:
        self.controller.close()
        await self.tasks.aclose()
        await self.queue.aclose()
        assert self.errors == []


@pytest.fixture
def stage(appearance: Appearance, qtbot) -> Stage:
    return Stage(appearance, qtbot)
