"""What is dropped, pasted or chosen becomes jobs at the end of the queue."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.file_kinds import dialog_patterns
from app.core.job import Job, JobId
from app.core.messages import Message
from app.core.options import CAPABILITIES, Feature, ModelId, TranscriptionOptions
from app.core.projects import NO_PROJECT, Project, ProjectId
from app.jobs.intake import entries_of_text, gather_some
from app.jobs.queue import JobQueue
from app.system.resources import sample_path
from app.ui.actions import ActionId, Actions
from app.ui.dropping import Dropped
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.room import Held
from app.ui.queue.empty import EmptyView
from app.ui.queue.sheets import UrlSheet
from app.ui.queue.side import QueueSide
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated


class AddingController(QObject):
    """Asks for recordings and queues what can be transcribed.

    Signals:
        stands_at: What was added begins with this row of the queue, or stood there
            already: the id of its job. Told once, however much is added.
        transcripts_dropped: Files among what was dropped that are to be imported, and the
            project they go into.
    """

    stands_at = Signal(str)
    transcripts_dropped = Signal(list, str)

    def __init__(
        self,
        *,
        stage: Stage,
        side: QueueSide,
        empty: EmptyView,
        actions: Actions,
        queue: JobQueue,
        tasks: Tasks,
        project_shown: Callable[[], Project | None] = lambda: None,
        note_added: Callable[[Sequence[Path]], None] = lambda _paths: None,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._side = side
        self._queue = queue
        self._tasks = tasks
        self._project_shown = project_shown
        self._note_added = note_added
        self._last_folder = ""
        empty.sample_requested.connect(self._on_sample)
        actions[ActionId.ADD_FILES].triggered.connect(self._on_add_files)
        actions[ActionId.ADD_FOLDER].triggered.connect(self._on_add_folder)
        actions[ActionId.ADD_URL].triggered.connect(self._on_add_url)

    def take(self, dropped: Dropped) -> None:
        """Begin to put what was dropped at the end of the queue.

        Its transcripts go into the project that is shown, if one is.
        """
        project = self._project_shown()
        project_id = NO_PROJECT if project is None else project.project_id
        self._tasks.start(self.add(dropped, project_id=project_id), "add recordings")

    async def add(
        self,
        dropped: Dropped,
        options: TranscriptionOptions | None = None,
        *,
        project_id: ProjectId = NO_PROJECT,
    ) -> None:
        """Put what was dropped at the end of the queue; say once what could not be.

        Args:
            dropped: Files, folders and links; they show some hundred at a time.
            options: What to ask for; the panel's choice if left out.
            project_id: The project its transcripts go into.
        """
        chosen = self._side.options.options if options is None else options
        refused: list[tuple[str, str]] = []
        transcripts: list[Path] = []
        known = _Known(self._queue.unfinished(chosen))
        given = itertools.chain(dropped.paths, dropped.links, entries_of_text(dropped.listing))
        intakes = gather_some(given)
        left_out: Message | None = None
        first: JobId | None = None
        files: list[Path] = []
        while (intake := await asyncio.to_thread(next, intakes, None)) is not None:
            left_out = intake.left_out.sentence() or left_out
            refused += [(one.name, translated(one.reason)) for one in intake.refused]
            transcripts += intake.transcripts
            files += intake.files
            new = known.new(intake.files)
            added = await self._queue.add(new, chosen, project_id=project_id)
            if Feature.BY_URL in CAPABILITIES[chosen.model].features:
                new = known.new(intake.links)
                added += await self._queue.add(new, chosen, is_url=True, project_id=project_id)
            else:
                reason = self.tr("Only Pulse can transcribe links. Choose Pulse as the model.")
                refused += [(link, reason) for link in intake.links]
            if added and first is None:
                first = added[0].job_id
                self.stands_at.emit(first)
        self._note_added(files)
        if left_out is not None:
            self._side.queue.notice.say(translated(left_out))
        if known.met:
            if first is None:
                self.stands_at.emit(known.met[0].job_id)
            await self._go_on_with(known.met)
        if transcripts:
            self.transcripts_dropped.emit(transcripts, project_id)
        if refused:
            title = self.tr("Some files could not be added")
            NotDoneSheet(title, refused, self._stage.dialog_parent).open()

    async def _go_on_with(self, jobs: Sequence[Job]) -> None:
        """Do what is in the queue already instead of the same once more."""
        self._side.queue.notice.say(
            counted(
                "AddingController",
                len(jobs),
                "1 is already in the queue",
                "{count} are already in the queue",
            )
        )
        await self._queue.retry([job.job_id for job in jobs])

    def _on_sample(self) -> None:
        options = TranscriptionOptions(model=ModelId.ON_DEVICE, language="en", diarize=True)
        self._tasks.start(self.add(Dropped((sample_path(),), ()), options), "add the sample")

    def _on_add_files(self) -> None:
        dialog = self._file_dialog(self.tr("Add recordings"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = dialog_patterns()
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # all would be read
        dialog.setNameFilters(
            [f"{self.tr('Recordings')} ({patterns})", f"{self.tr('All files')} (*)"]
        )
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def _on_add_folder(self) -> None:
        dialog = self._file_dialog(self.tr("Add a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def choose_again(self, job: Job) -> None:
        """Ask for the recording of a job that cannot be read, and queue it in its place."""
        dialog = self._file_dialog(self.tr("Choose the recording"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)

        async def use(path: Path) -> None:
            await self._queue.add([path], job.options, project_id=job.project_id)
            await self._queue.remove([job.job_id])

        def on_chosen(names: list[str]) -> None:
            self._tasks.start(use(Path(names[0])), "choose the recording")

        dialog.filesSelected.connect(on_chosen)
        dialog.open()

    def _on_add_url(self) -> None:
        sheet = UrlSheet(self._stage.dialog_parent)
        sheet.url_given.connect(self._on_url_given)
        sheet.open()

    def _on_url_given(self, url: str) -> None:
        self.take(Dropped((), (url,)))

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._stage.dialog_parent, title, self._last_folder)
        Held(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _on_files_chosen(self, names: Sequence[str]) -> None:
        paths = tuple(Path(name) for name in names)
        if paths:
            self._last_folder = str(paths[0].parent)
            self.take(Dropped(paths, ()))


class _Known:
    """Sifts what is to be added by what the queue has unfinished."""

    def __init__(self, unfinished: Iterable[Job]) -> None:
        self._jobs = {job.source: job for job in unfinished}
        self.met: list[Job] = []

    def new(self, sources: Iterable[Path | str]) -> list[Path | str]:
        """Give the sources no job is for; ``met`` has the jobs of the others."""
        new: list[Path | str] = []
        for source in sources:
            job = self._jobs.get(str(source))
            if job is None:
                new.append(source)
            else:
                self.met.append(job)
        return new
