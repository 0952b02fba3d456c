"""Transcripts of other programs, and bundles, into the library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.errors import AppError
from app.core.messages import Message
from app.core.projects import NO_PROJECT, Project, ProjectId
from app.core.recording import Look
from app.core.transcript import TranscriptId
from app.export.importing.encodings import ENCODINGS
from app.export.importing.hints import Hints, TimeUnit, UncertainUnitError
from app.jobs.importing import EncodingGuess, guess_encoding, import_file
from app.jobs.intake import TRANSCRIPT_SUFFIXES
from app.store.library import Library
from app.store.projects import Projects
from app.system.files import printable
from app.ui.actions import ActionId, Actions
from app.ui.export.question import QuestionSheet, encoding_label
from app.ui.kit.appearance import Appearance
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.room import Held
from app.ui.stage import Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated


def _is_on_its_page(_told: Message) -> None:
    """Say nothing: the transcript opens, and its page says so, with what can be done."""


class ImportController(QObject):
    """Takes files into the library.

    Signals:
        imported: The last of the files is in: the id of its transcript.
    """

    imported = Signal(str)

    def __init__(  # noqa: PLR0913 - all that the room is given, by name
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        library: Library,
        copies: Path,
        look: Look,
        tasks: Tasks,
        now_ms: Callable[[], int],
        projects: Projects,
        project_shown: Callable[[], Project | None] = lambda: None,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._library = library
        self._copies = copies
        self._look = look
        self._tasks = tasks
        self._now_ms = now_ms
        self._projects = projects
        self._project_shown = project_shown
        actions[ActionId.IMPORT].triggered.connect(self.choose)

    def choose(self) -> None:
        """Ask for files."""
        chooser = QFileDialog(self._stage.dialog_parent, self.tr("Import a transcript"))
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*{suffix}" for suffix in sorted(TRANSCRIPT_SUFFIXES))
        chooser.setOption(QFileDialog.Option.HideNameFilterDetails)  # all would be read
        chooser.setNameFilters(
            [f"{self.tr('Transcripts')} ({patterns})", f"{self.tr('All files')} (*)"]
        )

        def on_chosen(names: list[str]) -> None:
            project = self._project_shown()
            project_id = NO_PROJECT if project is None else project.project_id
            self.take([Path(name) for name in names], project_id)

        chooser.filesSelected.connect(on_chosen)
        chooser.open()

    def take(
        self, paths: Sequence[Path], project_id: str = NO_PROJECT, *, is_repeat: bool = False
    ) -> None:
        """Take files into the library, or a project of it, and show the last of them.

        Args:
            paths: The files.
            project_id: The project.
            is_repeat: Whether to take again what was taken before.
        """
        taking = self._take(tuple(paths), ProjectId(project_id), is_repeat=is_repeat)
        self._tasks.start(taking, "import transcripts")

    async def _take(
        self, paths: tuple[Path, ...], project_id: ProjectId, *, is_repeat: bool
    ) -> None:
        known: dict[Path, TranscriptId] = {}
        failed: list[tuple[str, str]] = []
        taken: list[TranscriptId] = []
        remarks: list[tuple[str, str]] = []
        said: Said | None = None
        for path in paths:
            said = self._stage.say(
                self.tr("Importing {name}…").replace("{name}", path.name), stays=True
            )
            try:

                def remark(told: Message, *, of: str = path.name) -> None:
                    remarks.append((of, translated(told)))

                made = await self._import(
                    path,
                    remark,
                    remark if len(paths) > 1 else _is_on_its_page,
                    None if is_repeat else partial(known.__setitem__, path),
                )
                if made is not None and path not in known:
                    taken.append(made)
                    if project_id != NO_PROJECT:
                        await asyncio.to_thread(self._projects.move, [made], project_id)
            except asyncio.CancelledError:
                said.dismiss()
                raise
            except AppError as error:
                failed.append((path.name, translated(error.message)))
        if said is not None:
            said.dismiss()
        if taken or known:
            self.imported.emit((taken or [*known.values()])[-1])
        if known:
            self._say_known(known, project_id)
        elif taken:
            self._stage.say(await self._said_of(paths, taken))
        if failed or remarks:
            title = (
                self.tr("Some files could not be imported")
                if failed
                else self.tr("Imported without the recording")
            )
            NotDoneSheet(title, [*failed, *remarks], self._stage.dialog_parent).open()

    def _say_known(self, known: Mapping[Path, TranscriptId], project_id: ProjectId) -> None:
        """Say what was not taken again, and let it be taken all the same."""
        self._stage.say(
            counted(
                "ImportController",
                len(known),
                "1 file was imported before and is in the library already.",
                "{count} files were imported before and are in the library already.",
            ),
            button=self.tr("Import again"),
            answer=lambda: self.take(tuple(known), project_id, is_repeat=True),
        )

    async def _said_of(self, paths: Sequence[Path], taken: Sequence[TranscriptId]) -> str:
        """Say what is in the library now."""
        beside = await self._recording_beside(paths[0], taken[0])
        if len(paths) == 1 and beside:
            return self.tr(
                "The transcript is now in the library, together with its recording {name}."
            ).replace("{name}", beside)
        return counted(
            "ImportController",
            len(taken),
            "The transcript is now in the library.",
            "{count} transcripts are now in the library.",
        )

    async def _recording_beside(self, path: Path, transcript_id: TranscriptId) -> str:
        """Give the name of the recording beside a file that was taken with it, if any."""
        try:
            link = (await asyncio.to_thread(self._library.record, transcript_id)).link
        except AppError:
            return ""  # said where it is opened
        is_beside = not link.is_url and link.path.parent == path.absolute().parent
        return printable(link.path.name) if is_beside and link.has_recording else ""

    async def _import(
        self,
        path: Path,
        on_remark: Callable[[Message], None],
        on_left_out: Callable[[Message], None],
        on_known: Callable[[TranscriptId], None] | None,
    ) -> TranscriptId | None:
        """Take one file, asking what only a person can tell; nothing if that is called off."""
        hints = Hints()
        guess = await asyncio.to_thread(guess_encoding, path)
        if not guess.is_sure:
            encoding = await self._ask_encoding(path, guess)
            if encoding is None:
                return None
            hints = Hints(encoding=encoding)

        async def take(hints: Hints) -> TranscriptId:
            return await import_file(
                self._library,
                self._copies,
                path,
                now_ms=self._now_ms(),
                hints=hints,
                on_remark=on_remark,
                on_left_out=on_left_out,
                on_known=on_known,
                look=self._look,
            )

        try:
            return await take(hints)
        except UncertainUnitError as error:
            unit = await self._ask_unit(path, error)
        return None if unit is None else await take(replace(hints, unit=unit))

    async def _ask_encoding(self, path: Path, guess: EncodingGuess) -> str | None:
        """Show how a file reads in an encoding, until one is agreed to."""
        encodings = [guess.encoding, *(one for one in ENCODINGS if one != guess.encoding)]
        sheet = QuestionSheet(
            self._appearance,
            printable(path.name),
            self.tr("Can you read this? If not, choose another encoding."),
            [(encoding_label(one), one) for one in encodings],
            self._stage.dialog_parent,
            shown_with=lambda encoding: guess.raw.decode(encoding, "replace"),
        )
        return await _answer_to(sheet)

    async def _ask_unit(self, path: Path, error: UncertainUnitError) -> TimeUnit | None:
        names = {
            TimeUnit.SECONDS: self.tr("Seconds"),
            TimeUnit.HUNDREDTHS: self.tr("Hundredths of a second"),
            TimeUnit.MILLISECONDS: self.tr("Milliseconds"),
            TimeUnit.MICROSECONDS: self.tr("Microseconds"),
            TimeUnit.TICKS: self.tr("Tenths of a microsecond"),
        }
        sheet = QuestionSheet(
            self._appearance,
            printable(path.name),
            self.tr("What unit are the times in this file?"),
            [(names[unit], unit.value) for unit in error.units],
            self._stage.dialog_parent,
        )
        answer = await _answer_to(sheet)
        return None if answer is None else TimeUnit(answer)


async def _answer_to(sheet: QuestionSheet) -> str | None:
    """Ask, and wait for the answer; nothing if it was called off."""
    given: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def on_answered(answer: str | None) -> None:
        if not given.done():
            given.set_result(answer)

    sheet.answered.connect(on_answered)
    sheet.open()
    try:
        return await given
    except asyncio.CancelledError:
        sheet.reject()
        raise
