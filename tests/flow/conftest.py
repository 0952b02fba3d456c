"""The whole program, brought up and put away in order by a test."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, qInstallMessageHandler
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.bootstrap import program
from app.bootstrap.program import Program
from app.bootstrap.services import Services, Storage
from app.core.job import Job
from app.core.transcript import Transcript
from app.player.session import PlaySession
from app.store.paths import AppPaths
from app.ui.kit.elided_label import ElidedLabel
from app.ui.queue.empty import EmptyView
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.view import QueueView
from app.ui.transcript.view import TranscriptView
from app.ui.window import MainWindow
from tests.support.fake_waves import fake_waves
from tests.support.waiting import until

__all__ = ["fake_waves"]

Kind = TypeVar("Kind", bound=QWidget)


@dataclass
class Opened:
    """The window on a running program, as a person and a test see it."""

    window: MainWindow
    program: Program

    @property
    def storage(self) -> Storage:
        return self.services.storage

    @property
    def services(self) -> Services:
        return self.program.services

    @property
    def jobs(self) -> tuple[Job, ...]:
        return self.services.queue.jobs

    @property
    def view(self) -> TranscriptView:
        return self.window.findChildren(TranscriptView)[0]

    @property
    def transcript(self) -> Transcript:
        """What is on the page."""
        return self.view.document.transcript

    @property
    def session(self) -> PlaySession:
        """What is being listened to."""
        return self.program.rooms.session

    @property
    def queue(self) -> QueueView:
        return self.program.front.side.queue

    @property
    def options(self) -> OptionsPanel:
        return self.program.front.side.options

    @property
    def empty(self) -> EmptyView:
        return self.program.front.empty

    @property
    def title(self) -> ElidedLabel:
        return self.program.front.head.title

    @property
    def copy_button(self) -> QPushButton:
        return self.program.front.head.copy_button

    @property
    def export_button(self) -> QPushButton:
        return self.program.front.head.export_button

    def named(self, kind: type[Kind], name: str) -> Kind:
        """Give the control that assistive technology knows by this name."""
        found = [one for one in self.window.findChildren(kind) if one.accessibleName() == name]
        assert len(found) == 1, (name, found)
        return found[0]

    def drop(self, *paths: Path) -> None:
        """Drop files on the middle of the window, as a file manager does."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = self.window.rect().center()
        rest = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, *rest)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        drop = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, *rest)
        QApplication.sendEvent(self.window, drop)
        assert drop.isAccepted()

    async def at_rest(self, count: int) -> None:
        """Wait until so many jobs are there and all of them are over."""
        await until(
            lambda: len(self.jobs) == count and all(job.state.is_over for job in self.jobs)
        )

    async def shown(self, job: Job) -> None:
        """Turn to a job and wait until its transcript is on the page."""
        self.queue.select(job.job_id)
        now = self.services.queue.job(job.job_id)
        assert now is not None
        transcript_id = now.transcript_id
        assert transcript_id is not None
        await until(
            lambda: (
                (stored := self.program.rooms.reading.stored) is not None
                and stored.entry.transcript_id == transcript_id
            )
        )


OpenProgram = Callable[..., AbstractAsyncContextManager[Opened]]


_QT_MISSES = (
    *("symbolsresolver", "PulseAudio", "PipeWire", "ALSA", "This plugin does not"),
    "Immediate exit requested",
)
"""What Qt says, once a process, on a machine without a sound server or a screen; and of a
recording that was still being opened when another one, or the end, came."""


@pytest.fixture
def _hooks_put_back(qapp: QApplication, _log_watch: Any) -> Iterator[None]:
    """The program takes hold of what a process has one of; give it back to the tests."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    level = logging.getLogger().level
    on_message = qInstallMessageHandler(None)
    qInstallMessageHandler(on_message)
    font = qapp.font()
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.getLogger().setLevel(level)
    qInstallMessageHandler(on_message)
    qapp.setStyleSheet("")
    qapp.setFont(font)
    faulthandler.enable()
    _log_watch.seen[:] = [
        text for text in _log_watch.seen if not any(one in text for one in _QT_MISSES)
    ]


@pytest.fixture
def open_program(qapp: QApplication, tmp_path: Path, _hooks_put_back: None) -> OpenProgram:
    """Open the program with its window: ``async with open_program() as opened``."""

    @asynccontextmanager
    async def opening(
        home: Path = tmp_path / "home", files: Sequence[Path] = ()
    ) -> AsyncIterator[Opened]:
        window = MainWindow()
        window.resize(1100, 760)
        window.show()
        async with program.open_program(qapp, window, AppPaths.below(home)) as running:
            life = asyncio.ensure_future(running.run(files))
            try:
                await until(lambda: life.done() or running.is_open)
                yield Opened(window, running)
                running.leave()
                await asyncio.wait_for(life, 20)
            finally:
                life.cancel()
                await asyncio.gather(life, return_exceptions=True)
        window.close_for_good()
        for thing in (window, running.front.model, running.front.appearance):
            thing.deleteLater()

    return opening
