from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher, QTimer

from app.core.options import TranscriptionOptions
from app.core.preferences import Settings, WatchFolder
from app.jobs.watching import SETTLED_AFTER_MS, Watch
from app.store.database import Database
from app.store.opening import open_database
from app.store.watched import WatchedFiles
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.queue.watching import WatchController
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened, _ = open_database(tmp_path / "kept" / "wordlight.db")
    yield opened
    opened.close()


class Stage:
    def __init__(self, appearance: Appearance, database: Database, folder: Path, qtbot) -> None:
        self.now_ms = 1_000_000
        self.window = FurnishedWindow(appearance, Actions(appearance), JobModel())
        qtbot.addWidget(self.window, before_close_func=lambda one: one.close_for_good())
        self.window.show()
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _, error: self.errors.append(error))
        self.added: list[tuple[tuple[Path, ...], str]] = []
        self.folder = WatchFolder(str(folder), TranscriptionOptions(language="de"))
        self.controller = WatchController(
            stage=self.window,
            watch=Watch(WatchedFiles(database), lambda: self.now_ms),
            add=self._add,
            tasks=self.tasks,
            settings=Settings(),
        )

    @property
    def timer(self) -> QTimer:
        (timer,) = self.controller.findChildren(QTimer)
        return timer

    @property
    def system(self) -> QFileSystemWatcher:
        (system,) = self.controller.findChildren(QFileSystemWatcher)
        return system

    async def _add(self, paths: Sequence[Path], options: TranscriptionOptions) -> None:
        self.added.append((tuple(paths), options.language))

    def watch(self, *folders: WatchFolder) -> None:
        self.controller.follow_settings(Settings(watch_folders=folders))

    async def settle(self) -> None:
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running)

    async def aclose(self) -> None:
        self.controller.close()
        await self.tasks.aclose()
        assert self.errors == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def stage(appearance: Appearance, database: Database, folder: Path, qtbot) -> Stage:
    return Stage(appearance, database, folder, qtbot)


def test_nothing_ticks_while_no_folder_is_watched(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.settle()
        assert not stage.timer.isActive()
        stage.watch(replace(stage.folder, is_on=False))
        await stage.settle()
        assert not stage.timer.isActive()
        assert stage.system.directories() == []
        await stage.aclose()

    run_async(flow())


def test_a_new_recording_is_noticed_and_queued_with_the_folders_options(
    stage: Stage, folder: Path, run_async
) -> None:
    async def flow() -> None:
        stage.watch(stage.folder)
        await stage.settle()
        assert stage.system.directories() == [str(folder)]
        told = asyncio.Event()
        stage.system.directoryChanged.connect(told.set)
        (folder / "talk.wav").write_bytes(b"sound")
        await told.wait()  # by the system, not by the clock
        await stage.controller.look()
        assert stage.added == []
        assert stage.timer.interval() < 2 * SETTLED_AFTER_MS
        stage.now_ms += SETTLED_AFTER_MS
        await stage.controller.look()
        assert stage.added == [((folder / "talk.wav",), "de")]
        await stage.controller.look()
        assert len(stage.added) == 1
        assert stage.timer.interval() >= 60_000
        await stage.aclose()

    run_async(flow())


def test_what_lay_there_before_is_offered(stage: Stage, folder: Path, run_async) -> None:
    (folder / "old.wav").write_bytes(b"sound")

    async def flow() -> None:
        stage.watch(stage.folder)
        await stage.settle()
        assert stage.added == []
        assert "already has 1 recording" in stage.window.notice.text
        stage.window.notice.button.click()
        await stage.settle()
        assert stage.added == [((folder / "old.wav",), "de")]
        await stage.aclose()

    run_async(flow())


def test_a_folder_no_longer_set_is_watched_no_longer(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.watch(stage.folder)
        await stage.settle()
        stage.watch()
        await stage.settle()
        assert stage.system.directories() == []
        assert not stage.timer.isActive()
        await stage.aclose()

    run_async(flow())
