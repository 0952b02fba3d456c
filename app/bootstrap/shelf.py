"""What goes on around the library: its page, watched folders, backups, upkeep."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.bootstrap.services import Services
from app.core.job import Job, JobId
from app.core.transcript import TranscriptId
from app.jobs.experience import Experience
from app.jobs.exporting import Exporter
from app.jobs.upkeep import keep_up
from app.jobs.watching import Watch
from app.store.settings import Settings
from app.store.watched import WatchedFiles
from app.system.clocks import now_ms
from app.ui.actions import Actions
from app.ui.kit.theme import Appearance
from app.ui.library.backup import BackupController
from app.ui.library.controller import LibraryController
from app.ui.library.view import LibraryView
from app.ui.queue.controller import QueueController
from app.ui.queue.watching import WatchController
from app.ui.queue.work import WorkController
from app.ui.tasks import Tasks
from app.ui.transcript.controller import ReadingController
from app.ui.translate import translated
from app.ui.window import MainWindow


def time_left_ms(services: Services, jobs: Sequence[Job]) -> int | None:
    """Estimate how long the queue still takes, from how long past jobs took."""
    experience = Experience(dict(services.kept.settings.settings.experience))
    return experience.time_left_ms(jobs, now_ms=now_ms(), limit=services.queue.limit)


_PATIENCE_S = 5.0
"""How long leaving waits for what is done after the start."""


class Shelf(QObject):
    """Makes the controllers around the library and wires them to those of the window.

    Signals:
        restore_requested: Put this backup in the library's place: its ``Path``.
        export_requested: Write transcripts out: their ids.
    """

    restore_requested = Signal(object)
    export_requested = Signal(list)

    def __init__(
        self,
        *,
        window: MainWindow,
        actions: Actions,
        appearance: Appearance,
        services: Services,
        exporter: Exporter,
        reading: ReadingController,
        queue: QueueController,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._window = window
        self._services = services
        self._reading = reading
        self._queue = queue
        self._tasks = tasks
        kept = services.kept
        view = LibraryView(appearance)
        window.place_library(view)
        view.export_requested.connect(self.export_requested)
        self._library = LibraryController(
            window=window,
            actions=actions,
            view=view,
            library=kept.library,
            tasks=tasks,
            now_ms=now_ms,
        )
        self._watching = WatchController(
            window=window,
            watch=Watch(WatchedFiles(kept.database), now_ms),
            add=services.queue.add,
            tasks=tasks,
            settings=kept.settings.settings,
        )
        self._work = WorkController(
            window=window,
            queue=services.queue,
            exporter=exporter,
            settings=kept.settings,
            tasks=tasks,
        )
        self._backup = BackupController(
            window=window,
            actions=actions,
            paths=kept.paths,
            database=kept.database,
            tasks=tasks,
            now_ms=now_ms,
        )
        self._job_before: JobId | None = None
        self._wire()

    def start(self) -> None:
        """Begin what is done after each start; nothing of it is waited for."""
        self._library.refresh()
        self._tasks.start(self._keep_up(), "keep the library up")

    def follow_settings(self, settings: Settings) -> None:
        """Take up settings that were changed."""
        self._watching.follow_settings(settings)
        self._work.follow_settings()

    async def keep(self) -> None:
        """Wait until what a person changed in the library is kept."""
        await self._library.keep()

    def close(self) -> None:
        """Watch and follow no longer."""
        self._watching.close()
        self._work.close()

    def _wire(self) -> None:
        self._library.transcript_needed.connect(self.show_transcript)
        self._library.shown.connect(self._on_library_shown)
        self._library.left.connect(self._on_library_left)
        self._library.renamed.connect(self._on_renamed)
        self._queue.transcript_needed.connect(self.show_transcript)
        self._reading.changed.connect(self._library.refresh)
        self._work.transcript_made.connect(self._library.refresh)
        self._backup.restore_requested.connect(self.restore_requested)

    def show_transcript(self, transcript_id: str, word: int | None = None) -> None:
        """Open a transcript of the library, at a word or where one was."""
        self._queue.turn_away()
        self._job_before = None
        self._window.notice.dismiss()
        self._tasks.start(
            self._reading.open(TranscriptId(transcript_id), word),
            "open a transcript",
            replace=True,
        )

    def _on_library_shown(self) -> None:
        self._reading.pause()
        self._tasks.start(self._reading.keep(), "keep the transcript")
        self._job_before = self._queue.shown
        self._queue.turn_away()

    def _on_library_left(self) -> None:
        if self._job_before is not None:
            self._queue.turn_to(self._job_before)

    def _on_renamed(self, transcript_id: str, name: str) -> None:
        self._reading.show_name(TranscriptId(transcript_id), name)

    async def _keep_up(self) -> None:
        kept = self._services.kept
        working = asyncio.ensure_future(
            asyncio.to_thread(
                lambda: keep_up(
                    paths=kept.paths,
                    database=kept.database,
                    jobs=kept.jobs,
                    library=kept.library,
                    settings=kept.settings.settings,
                    now_ms=now_ms(),
                )
            )
        )
        try:
            told = await asyncio.shield(working)
        except asyncio.CancelledError:
            # The thread goes on, and the database is closed next: let it come to its end.
            working.add_done_callback(lambda done: done.cancelled() or done.exception())
            await asyncio.wait([working], timeout=_PATIENCE_S)
            raise
        for sentence in told:
            self._window.notice.say(translated(sentence), is_bad=True, stays=True)
