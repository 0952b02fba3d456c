"""Transcripts of other programs, and bundles, into the library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.errors import AppError
from app.core.transcript import TranscriptId
from app.jobs.importing import import_file
from app.jobs.intake import TRANSCRIPT_SUFFIXES
from app.store.library import Library
from app.ui.actions import ActionId, Actions
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.room import Held
from app.ui.stage import Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated


class ImportController(QObject):
    """Takes files into the library.

    Signals:
        imported: The last of the files is in: the id of its transcript.
    """

    imported = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        library: Library,
        copies: Path,
        tasks: Tasks,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__()
        self._stage = stage
        self._library = library
        self._copies = copies
        self._tasks = tasks
        self._now_ms = now_ms
        actions[ActionId.IMPORT].triggered.connect(self.choose)

    def choose(self) -> None:
        """Ask for files."""
        chooser = QFileDialog(self._stage.dialog_parent, self.tr("Import a transcript"))
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*{suffix}" for suffix in sorted(TRANSCRIPT_SUFFIXES))
        chooser.setNameFilters(
            [f"{self.tr('Transcripts')} ({patterns})", f"{self.tr('All files')} (*)"]
        )

        def on_chosen(names: list[str]) -> None:
            self.take([Path(name) for name in names])

        chooser.filesSelected.connect(on_chosen)
        chooser.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Take files into the library and show the last of them."""
        self._tasks.start(self._take(tuple(paths)), "import transcripts")

    async def _take(self, paths: tuple[Path, ...]) -> None:
        failed: list[tuple[str, str]] = []
        taken: list[TranscriptId] = []
        said: Said | None = None
        for path in paths:
            said = self._stage.say(
                self.tr("Importing {name}…").replace("{name}", path.name), stays=True
            )
            try:
                taken.append(
                    await import_file(self._library, self._copies, path, now_ms=self._now_ms())
                )
            except asyncio.CancelledError:
                said.dismiss()
                raise
            except AppError as error:
                failed.append((path.name, translated(error.message)))
        if said is not None:
            said.dismiss()
        if taken:
            self.imported.emit(taken[-1])
            self._stage.say(
                counted(
                    "ImportController",
                    len(taken),
                    "The transcript is in the library.",
                    "{count} transcripts are in the library.",
                )
            )
        if failed:
            title = self.tr("Not everything could be imported")
            NotDoneSheet(title, failed, self._stage.dialog_parent).open()
