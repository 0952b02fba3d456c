"""What leads out of Wordlight and in from elsewhere: exports and imports."""

from __future__ import annotations

from app.bootstrap.services import Kept
from app.core.transcript import TranscriptId
from app.jobs.exporting import Exporter
from app.system.clocks import now_ms
from app.ui.actions import Actions
from app.ui.export.controller import ExportController
from app.ui.export.importing import ImportController
from app.ui.kit.theme import Appearance
from app.ui.queue.controller import QueueController
from app.ui.tasks import Tasks
from app.ui.transcript.controller import ReadingController
from app.ui.window import MainWindow


class Outlet:
    """Makes the controllers of exports and imports and wires them to those of the window.

    Attributes:
        exports: Writes transcripts out.
        imports: Takes transcripts in.
    """

    def __init__(
        self,
        *,
        window: MainWindow,
        actions: Actions,
        appearance: Appearance,
        kept: Kept,
        exporter: Exporter,
        reading: ReadingController,
        queue: QueueController,
        tasks: Tasks,
    ) -> None:
        """Make them.

        Args:
            window: The window.
            actions: The actions.
            appearance: The theme.
            kept: What is on disk.
            exporter: Writes transcripts.
            reading: Knows what is read.
            queue: Is dropped transcripts among recordings.
            tasks: Runs what takes time.
        """
        self.exports = ExportController(
            window=window,
            actions=actions,
            appearance=appearance,
            exporter=exporter,
            settings=kept.settings,
            tasks=tasks,
            on_page=lambda: reading.stored,
            temporary=lambda: kept.paths.run_folder(kept.presence),
        )
        self.imports = ImportController(
            window=window,
            actions=actions,
            library=kept.library,
            copies=kept.paths.copies,
            tasks=tasks,
            now_ms=now_ms,
        )
        queue.transcripts_dropped.connect(self.imports.take)

    def export_many(self, transcript_ids: list[TranscriptId]) -> None:
        """Ask how transcripts are to be written, and write them all alike."""
        self.exports.export_many(transcript_ids)
