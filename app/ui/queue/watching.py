"""Watched folders: the system tells of a change, a slow timer catches what it does not tell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from app.core.options import TranscriptionOptions
from app.core.preferences import Settings, WatchFolder
from app.jobs.watching import SETTLED_AFTER_MS, FolderScan, Watch
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted

_SAFETY_MS = 60_000
"""Network drives tell nothing; while no folder is watched this rests too."""
_SOON_MS = 300
_TASK = "look at watched folders"

Add = Callable[[Sequence[Path], TranscriptionOptions], Awaitable[object]]


class WatchController(QObject):
    """Queues new recordings of watched folders with the folder's own options."""

    def __init__(
        self,
        *,
        stage: Stage,
        watch: Watch,
        add: Add,
        tasks: Tasks,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._watch = watch
        self._add = add
        self._tasks = tasks
        self._folders: tuple[WatchFolder, ...] = ()
        self._looking = asyncio.Lock()
        self._system = QFileSystemWatcher(self)
        self._system.directoryChanged.connect(self._on_changed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start)
        self.follow_settings(settings)

    def follow_settings(self, settings: Settings) -> None:
        """Watch the folders that are set now."""
        if settings.watch_folders == self._folders:
            return
        self._folders = settings.watch_folders
        self._start()

    def close(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        self._show_system(())
        self._folders = ()

    async def look(self) -> None:
        """Look at all folders once and queue what is ready."""
        async with self._looking:
            folders = self._folders
            await asyncio.to_thread(self._watch.keep_only, folders)
            # A look remembers what it gives out, so it is finished once begun.
            looks = [
                await asyncio.shield(self._look_at(folder))
                for folder in folders
                if folder.is_on
            ]
        if self._folders != folders:
            self._start()
            return
        self._show_system([str(path) for one in looks for path in one.folders])
        if any(one.is_growing for one in looks):
            self._timer.start(SETTLED_AFTER_MS + _SOON_MS)
        elif looks:
            self._timer.start(_SAFETY_MS)
        else:
            self._timer.stop()

    async def _look_at(self, folder: WatchFolder) -> FolderScan:
        scan = await asyncio.to_thread(self._watch.scan, folder)
        if scan.ready:
            await self._add(scan.ready, folder.options)
        if scan.before:
            self._offer(scan)
        return scan

    def _offer(self, scan: FolderScan) -> None:
        """What lay there before is not queued unasked."""
        self._stage.say(
            counted(
                "WatchController",
                len(scan.before),
                "This folder already has 1 recording. Only new ones will be queued.",
                "This folder already has {count} recordings. Only new ones will be queued.",
            ),
            button=self.tr("Add to the queue"),
            answer=lambda: self._add_before(scan),
            stays=True,
        )

    def _add_before(self, scan: FolderScan) -> None:
        async def add() -> None:
            await self._add(scan.before, scan.folder.options)

        self._tasks.start(add(), "add what a watched folder had")

    def _show_system(self, paths: Sequence[str]) -> None:
        before, after = set(self._system.directories()), set(paths)
        if gone := before - after:
            self._system.removePaths(sorted(gone))
        if new := after - before:
            self._system.addPaths(sorted(new))

    def _on_changed(self) -> None:
        self._timer.start(_SOON_MS)

    def _start(self) -> None:
        self._tasks.start(self.look(), _TASK)
