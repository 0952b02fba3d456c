"""Exports: the dialog, once more with one key, the clipboard, many at once, a drag."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import AppError, StorageError
from app.core.messages import Message
from app.core.transcript import TranscriptId
from app.export.options import AudioPlace, Encoding, ExportOptions, LineEnd
from app.export.preview import make_preview
from app.export.request import ExportRequest
from app.jobs.documents import find_recording, why_soundless
from app.jobs.exporting import Exporter
from app.jobs.formats import first_options, last_options, usual_request
from app.store.settings import SettingsStore
from app.store.stored import StoredTranscript
from app.system.files import explain
from app.ui.actions import ActionId, Actions
from app.ui.export.dialog import AS_TEXT, ExportDialog
from app.ui.export.drag import DragHandles, DragWatch, FileDrag
from app.ui.export.format_list import format_label
from app.ui.export.places import with_a_place
from app.ui.export.sheets import OverwriteSheet
from app.ui.kit.appearance import Appearance
from app.ui.kit.in_steps import Steps, in_steps
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.room import Held
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated

_TASK = "export"


class ExportController(QObject):
    """Writes transcripts out, and asks how where that is not known."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        exporter: Exporter,
        settings: SettingsStore,
        tasks: Tasks,
        handles: DragHandles,
        on_page: Callable[[], StoredTranscript | None],
    ) -> None:
        """Listen to the actions.

        Args:
            stage: Where it happens.
            actions: The actions.
            appearance: The theme.
            exporter: Writes them.
            settings: How things were exported last.
            tasks: Runs what takes time.
            handles: What a person drags to get a file.
            on_page: Gives the transcript that is read, edits included.
        """
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._settings = settings
        self._tasks = tasks
        self._on_page = on_page
        self._temporary = handles.folder
        self._previewing = False
        self._wants_preview = False
        self.exporter = exporter
        self._drag = FileDrag(stage.dialog_parent)
        export_button, title = handles.export_button, handles.title
        self._watch = DragWatch((export_button, title), self)
        self._watch.drag_wanted.connect(self._on_drag_wanted)
        # Not of the button as well: whoever hears it needs its key.
        title.setAccessibleDescription(self.tr("Drag this out of the window to get a file"))
        export_button.addActions([actions[ActionId.EXPORT], actions[ActionId.EXPORT_AGAIN]])
        export_button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for action_id, work in (
            (ActionId.EXPORT, self.open),
            (ActionId.EXPORT_AGAIN, self.export_again),
            (ActionId.COPY_ALL, self.copy),
        ):
            actions[action_id].triggered.connect(work)
        for kind in exporter.formats.values():
            if kind.name in AS_TEXT:
                handles.copy_menu.addAction(
                    f"{format_label(kind)}  {kind.suffix}",
                    lambda name=kind.name: self.copy_as(name),
                )

    # -- what can be asked ----------------------------------------------------

    def open(self) -> None:
        """Ask how the transcript on the page is to be written."""
        self._with_page(self._open_one, "open the export")

    def export_again(self) -> None:
        """Write the transcript on the page as it was written last; ask if it never was."""
        self._with_page(self._export_again, _TASK)

    def copy(self) -> None:
        """Put the transcript on the clipboard as plain text."""
        self.copy_as("txt")

    def copy_as(self, form: str) -> None:
        """Put the transcript on the clipboard.

        Args:
            form: Name of the format it is copied in, with the options used last.
        """

        async def copy(stored: StoredTranscript) -> None:
            preset = self.exporter.formats[form].preset
            last = self.exporter.last_request(stored)
            if last is None or last.format_name != form:
                last = ExportRequest(form, self._chosen(stored).get(form, preset))
            await self._copy(stored, last)

        self._with_page(copy, "copy the transcript")

    def export_many(self, transcript_ids: Sequence[TranscriptId]) -> None:
        """Ask how transcripts are to be written, and write them all alike."""
        ids = tuple(dict.fromkeys(transcript_ids))
        if not ids:
            self._stage.say(self.tr("None of these has been transcribed yet."))
            return

        async def ask() -> None:
            page = self._on_page()
            if page is not None and page.entry.transcript_id == ids[0]:
                record = await self.exporter.record(ids[0])
                stored = record.with_words(page.transcript)
            else:
                stored = await self.exporter.load(ids[0])
            await in_steps(self._open_dialog(stored, ids))

        self._start(ask(), "open the export")

    # -- the dialog -----------------------------------------------------------

    async def _open_one(self, stored: StoredTranscript) -> None:
        recording = await asyncio.to_thread(find_recording, stored)
        ids = (stored.entry.transcript_id,)
        soundless = why_soundless(stored.link) if recording is None else None
        await in_steps(self._open_dialog(stored, ids, soundless=soundless))

    def _open_dialog(
        self,
        stored: StoredTranscript,
        ids: tuple[TranscriptId, ...],
        *,
        soundless: Message | None = None,
    ) -> Steps[None]:
        settings = self._settings.settings
        chosen = self._chosen(stored)
        dialog = ExportDialog(
            self._appearance,
            self.exporter.formats,
            stored.transcript,
            self._stage.dialog_parent,
            count=len(ids),
            soundless=soundless,
            last=self._used_last(stored),
            is_gradual=True,
        )
        yield
        dialog.show_presets(settings.export_presets)
        request = self._last_or_usual(stored)
        dialog.show_request(with_a_place(request, stored), chosen)
        dialog.preview_requested.connect(lambda: self._on_preview(dialog, stored, ids))
        dialog.export_requested.connect(lambda: self._on_export(dialog, stored, ids))
        dialog.copy_requested.connect(
            lambda: self._start(self._copy_from(dialog, stored), "copy the transcript")
        )
        dialog.stop_requested.connect(lambda: self._tasks.cancel(_TASK))
        dialog.folder_requested.connect(lambda: self._on_folder_requested(dialog))
        dialog.presets_changed.connect(
            lambda: self._change_settings(export_presets=dialog.presets)
        )
        yield
        for one in dialog.findChildren(QWidget):
            one.ensurePolished()  # else all at once as it is shown, and so with its size
        yield
        dialog.sizeHint()
        yield
        dialog.open()

    def _on_preview(
        self, dialog: ExportDialog, stored: StoredTranscript, ids: Sequence[TranscriptId]
    ) -> None:
        """Make a preview; while one is being made, the latest request waits, not each."""
        self._wants_preview = True
        if not self._previewing:
            self._start(self._preview(dialog, stored, ids), "preview the export")

    async def _preview(
        self, dialog: ExportDialog, stored: StoredTranscript, ids: Sequence[TranscriptId]
    ) -> None:
        self._previewing = True
        document = self.exporter.document(stored)
        try:
            while self._wants_preview and shiboken6.isValid(dialog):
                self._wants_preview = False
                request = dialog.request
                dialog.show_target(self._target_text(stored, request, len(ids)))
                kind = self.exporter.formats[request.format_name]
                try:
                    shown = await asyncio.to_thread(
                        make_preview, document, kind, request.options
                    )
                except AppError as error:
                    if shiboken6.isValid(dialog):
                        dialog.preview.show_failure(translated(error.message))
                    continue
                if (
                    shiboken6.isValid(dialog)
                    and dialog.request.format_name == request.format_name
                ):
                    dialog.show_preview(shown)
        finally:
            self._previewing = False

    def _target_text(self, stored: StoredTranscript, request: ExportRequest, count: int) -> str:
        target = str(self.exporter.target(stored, request))
        if count == 1:
            return target
        return counted(
            "ExportController",
            count,
            "{count} file, named like {path}. The preview shows the first.",
            "{count} files, named like {path}. The preview shows the first.",
        ).replace("{path}", target)

    def _on_export(
        self, dialog: ExportDialog, stored: StoredTranscript, ids: tuple[TranscriptId, ...]
    ) -> None:
        request = dialog.request
        kept = {name: options.to_dict() for name, options in dialog.chosen_options.items()}
        usual = with_a_place(ExportRequest(), stored).folder
        self._change_settings(
            export_format=request.format_name,
            export_folder="" if request.folder == usual else request.folder,
            export_template=request.template,
            export_options_json=json.dumps(kept),
        )
        dialog.show_failure("")
        work = (
            self._export_one(dialog, stored, request)
            if len(ids) == 1
            else self._export_all(dialog, ids, request)
        )
        self._tasks.start(work, _TASK, replace=True)

    async def _export_one(
        self, dialog: ExportDialog, stored: StoredTranscript, request: ExportRequest
    ) -> None:
        replaces = await self._may_replace(stored, request, dialog)
        if replaces is None:
            return
        dialog.show_running(0.0)
        try:
            path = await self.exporter.write(
                stored, request, replaces=replaces, on_progress=_shown_by(dialog)
            )
        except AppError as error:
            if shiboken6.isValid(dialog):
                dialog.show_failure(translated(error.message))
            return
        finally:
            if shiboken6.isValid(dialog):
                dialog.show_running(None)
        remark = await self.exporter.remark(stored, request)
        if shiboken6.isValid(dialog):
            dialog.accept()
        self._tell_written(path, remark=remark)

    async def _export_all(
        self, dialog: ExportDialog, ids: Sequence[TranscriptId], request: ExportRequest
    ) -> None:
        """Write several; one that fails does not keep the others from being written."""
        failed: list[tuple[str, str]] = []
        written: list[Path] = []
        remark: Message | None = None
        dialog.show_running(0.0)
        try:
            for place, transcript_id in enumerate(ids):
                tell = _shown_by(dialog, place / len(ids), 1 / len(ids))
                name = transcript_id[:8]
                try:
                    stored = await self.exporter.load(transcript_id)
                    name = stored.entry.name
                    target = self.exporter.target(stored, request)
                    is_own = await asyncio.to_thread(self.exporter.is_own_work, stored, target)
                    written.append(
                        await self.exporter.write(
                            stored, request, replaces=is_own, on_progress=tell
                        )
                    )
                    remark = remark or await self.exporter.remark(stored, request)
                except AppError as error:
                    failed.append((name, translated(error.message)))
                tell(1.0)
        finally:
            if shiboken6.isValid(dialog):
                dialog.show_running(None)
        if shiboken6.isValid(dialog):
            dialog.accept()
        if written:
            self._tell_written(written[-1], len(written), remark)
        if failed:
            title = counted(
                "ExportController",
                len(failed),
                "1 was not exported",
                "{count} were not exported",
            )
            NotDoneSheet(title, failed, self._stage.dialog_parent).open()

    def _on_folder_requested(self, dialog: ExportDialog) -> None:
        chooser = QFileDialog(dialog, self.tr("Choose a folder"), dialog.request.folder)
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)

        def on_chosen(names: list[str]) -> None:
            dialog.use_folder(names[0])

        chooser.filesSelected.connect(on_chosen)
        chooser.open()

    # -- without the dialog ---------------------------------------------------

    async def _export_again(self, stored: StoredTranscript) -> None:
        request = self.exporter.last_request(stored)
        if request is None:
            await self._open_one(stored)
            return
        replaces = await self._may_replace(stored, request, self._stage.dialog_parent)
        if replaces is None:
            return
        said = self._stage.say(
            self.tr("Exporting…"),
            button=self.tr("Stop"),
            answer=lambda: self._tasks.cancel(_TASK),
            stays=True,
        )
        try:
            path = await self.exporter.write(stored, request, replaces=replaces)
        except asyncio.CancelledError:
            said.dismiss()
            raise
        self._tell_written(path, remark=await self.exporter.remark(stored, request))

    def _used_last(self, stored: StoredTranscript) -> tuple[str, ...]:
        """Give the formats used last: of this transcript, then of any; none at first."""
        last = self.exporter.last_request(stored)
        settings = self._settings.settings
        any_one = (settings.export_format,) if last_options(settings) else ()
        return (last.format_name, *any_one) if last is not None else any_one

    async def _copy_from(self, dialog: ExportDialog, stored: StoredTranscript) -> None:
        try:
            said = await self._put_on_clipboard(stored, dialog.copied)
        except AppError as error:
            if shiboken6.isValid(dialog):
                dialog.show_failure(translated(error.message))
            return
        if shiboken6.isValid(dialog):
            dialog.show_done(said)

    async def _copy(self, stored: StoredTranscript, request: ExportRequest) -> None:
        self._stage.say(await self._put_on_clipboard(stored, request))

    async def _put_on_clipboard(self, stored: StoredTranscript, request: ExportRequest) -> str:
        """Copy a transcript; gives the sentence that says so."""
        plain = replace(request.options, encoding=Encoding.UTF8, line_end=LineEnd.LF)
        content = await self.exporter.render(stored, replace(request, options=plain))
        QGuiApplication.clipboard().setText(content.decode("utf-8-sig"))
        if request.format_name == "txt":
            return self.tr("Copied to the clipboard")
        label = format_label(self.exporter.formats[request.format_name])
        said = self.tr("Copied to the clipboard as {format}")
        return said.replace("{format}", label)

    # -- dragging -------------------------------------------------------------

    def _on_drag_wanted(self) -> None:
        self._with_page(self._drag_out, "drag the transcript")

    async def _drag_out(self, stored: StoredTranscript) -> None:
        """Write the file once a drag has begun, and drag it if the button is still down."""
        request = self._last_or_usual(stored)
        path = await self.write_temporary(stored, request)
        if self._watch.is_held:
            self._drag.begin(path)

    def write_dragged(self, ids: Sequence[TranscriptId]) -> Future[Sequence[Path]]:
        """Begin to write transcripts whose rows are dragged, each as it was exported last.

        They hold no recording: a drag must not last. A thread of their own writes them, for
        whoever they are dropped on may wait, and the window with it.
        """
        written: Future[Sequence[Path]] = Future()
        shown = self._on_page()  # with edits that are not kept yet

        async def write() -> list[Path]:
            paths: list[Path] = []
            for one in ids:
                is_shown = shown is not None and shown.entry.transcript_id == one
                stored = shown if is_shown and shown else await self.exporter.load(one)
                request = self._last_or_usual(stored)
                options = replace(request.options, audio=AudioPlace.NONE)
                paths.append(
                    await self.write_temporary(stored, replace(request, options=options))
                )
            return paths

        def carry_out() -> None:
            try:
                written.set_result(asyncio.run(write()))
            except Exception as error:  # noqa: BLE001 - told to whoever waits for it
                written.set_exception(error)

        threading.Thread(target=carry_out, name="write what is dragged", daemon=True).start()
        self._start(_ended(written), "write what is dragged")
        return written

    async def write_temporary(self, stored: StoredTranscript, request: ExportRequest) -> Path:
        """Write a file that is only to be handed on; gives where it lies.

        Raises:
            AppError: It could not be written.
        """
        name = self.exporter.target(stored, request).name
        suffix = self.exporter.formats[request.format_name].suffix
        folder = await asyncio.to_thread(self._drag_folder, stored.entry.transcript_id)
        handed_on = replace(request, folder=str(folder), template=name.removesuffix(suffix))
        return await self.exporter.write(stored, handed_on, replaces=True, remembers=False)

    def _drag_folder(self, transcript_id: TranscriptId) -> Path:
        folder = self._temporary() / f"drag-{transcript_id}"
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(explain(error, folder)) from error
        return folder

    # -- inside ---------------------------------------------------------------

    def _chosen(self, stored: StoredTranscript) -> dict[str, ExportOptions]:
        """Give what is chosen in each format before a person chooses: as last, or at first."""
        first = {
            name: first_options(kind, stored)
            for name, kind in self.exporter.formats.items()
            if "times" in kind.takes
        }
        return {**first, **last_options(self._settings.settings)}

    def _last_or_usual(self, stored: StoredTranscript) -> ExportRequest:
        """Give how a transcript was exported last, or as any other was."""
        return self.exporter.last_request(stored) or usual_request(
            self._settings.settings, self.exporter.formats, stored
        )

    def _start(self, work: Any, name: str) -> None:
        self._tasks.start(work, name)

    def _with_page(self, work: Callable[[StoredTranscript], Any], name: str) -> None:
        """Do something with the transcript that is read, as the library has it now."""
        page = self._on_page()
        if page is None or self._stage.page is not Page.TRANSCRIPT:
            self._stage.say(self.tr("Open a transcript first."))
            return
        transcript = page.transcript

        async def go() -> None:
            kept = await self.exporter.record(page.entry.transcript_id)
            await work(kept.with_words(transcript))

        self._start(go(), name)

    async def _may_replace(
        self, stored: StoredTranscript, request: ExportRequest, parent: QWidget
    ) -> bool | None:
        """Say whether what is there may go; asks a person. ``None`` is to do nothing."""
        target = self.exporter.target(stored, request)
        if not await asyncio.to_thread(os.path.lexists, target):
            return False
        if await asyncio.to_thread(self.exporter.is_own_work, stored, target):
            return True
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        sheet = OverwriteSheet(target.name, str(target.parent), parent)

        def on_answered(answer: str) -> None:
            if not answered.done():
                answered.set_result(answer)

        sheet.answered.connect(on_answered)
        sheet.open()
        try:
            answer = await answered
        except asyncio.CancelledError:
            if shiboken6.isValid(sheet):
                sheet.close()
            raise
        return {"replace": True, "both": False}.get(answer)

    def _tell_written(self, path: Path, count: int = 1, remark: Message | None = None) -> None:
        text = counted(
            "ExportController",
            count,
            "Saved to {path}",
            "{count} files saved, the last one to {path}",
        )
        said = text.replace("{path}", str(path))
        if remark is not None:
            said = f"{said}\n{translated(remark)}"
        self._stage.say(
            said,
            button=self.tr("Show in folder"),
            answer=lambda: _show_folder(path.parent),
            stays=remark is not None,
        )

    def _change_settings(self, **changes: Any) -> None:
        self._start(
            asyncio.to_thread(lambda: self._settings.change(**changes)), "keep the settings"
        )


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _shown_by(
    dialog: ExportDialog, begins: float = 0.0, share: float = 1.0
) -> Callable[[float], None]:
    """Give a listener that shows progress in a dialog while there is one."""

    def show(done: float) -> None:
        if shiboken6.isValid(dialog):
            dialog.show_running(begins + share * done)

    return show


async def _ended(written: Future[Sequence[Path]]) -> None:
    """Wait until files are written; what went wrong is said as of any work."""
    await asyncio.wrap_future(written)
