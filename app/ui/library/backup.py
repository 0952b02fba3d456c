"""The library to one file and back."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.store.backup import BackupContents, read_backup, write_backup
from app.store.database import Database
from app.store.paths import AppPaths
from app.ui.actions import ActionId, Actions
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.room import Held
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted
from app.ui.wording import size

_SUFFIX = ".zip"


class BackupController(QObject):
    """Asks where to and whether, and says what happened.

    Signals:
        restore_requested: Put this backup in the place of the library: its ``Path``.
    """

    restore_requested = Signal(object)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        paths: AppPaths,
        database: Database,
        tasks: Tasks,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__()
        self._stage = stage
        self._paths = paths
        self._database = database
        self._tasks = tasks
        self._now_ms = now_ms
        actions[ActionId.BACK_UP].triggered.connect(self._on_back_up)
        actions[ActionId.RESTORE].triggered.connect(self._on_restore)

    async def back_up(self, path: Path) -> None:
        """Write the library to a file, the kept copies of recordings too."""
        said = self._stage.say(self.tr("Backing up the library…"), stays=True)
        try:
            contents = await asyncio.to_thread(
                lambda: write_backup(
                    self._database, path, now_ms=self._now_ms(), recordings=self._paths.copies
                )
            )
            written = size(path.stat().st_size)
        except BaseException:
            said.dismiss()
            raise
        text = self.tr("{transcripts} backed up to {name} ({size}).")
        text = text.replace("{transcripts}", _transcripts(contents))
        self._stage.say(text.replace("{name}", path.name).replace("{size}", written))

    async def ask(self, path: Path) -> None:
        """Say what is in a backup, and ask whether it is to take the library's place."""
        contents = await asyncio.to_thread(read_backup, path)
        made = QLocale().toString(
            QDateTime.fromMSecsSinceEpoch(contents.created_ms), QLocale.FormatType.ShortFormat
        )
        text = self.tr(
            "It was made on {date} and has {transcripts}. Your library, queue and settings "
            "will go back to how they were then. The current ones are saved in a file next to "
            "the library. Anything running stops, and Wordlight opens again."
        )
        sheet = ChoiceSheet(
            self.tr("Restore the library from {name}?").replace("{name}", path.name),
            text.replace("{date}", made).replace("{transcripts}", _transcripts(contents)),
            (("restore", self.tr("Restore")), ("leave", self.tr("Cancel"))),
            self._stage.dialog_parent,
        )

        def on_answered(answer: str) -> None:
            if answer == "restore":
                self.restore_requested.emit(path)

        sheet.answered.connect(on_answered)
        sheet.open()

    def _on_back_up(self) -> None:
        dialog = self._dialog(self.tr("Back up the library"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_SUFFIX.removeprefix("."))
        today = dt.datetime.fromtimestamp(self._now_ms() / 1000, dt.UTC).astimezone().date()
        dialog.selectFile(f"Wordlight {today.isoformat()}{_SUFFIX}")
        dialog.filesSelected.connect(self._on_target_chosen)
        dialog.open()

    def _on_restore(self) -> None:
        dialog = self._dialog(self.tr("Restore the library"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if self._paths.backups.is_dir():
            dialog.setDirectory(str(self._paths.backups))  # the rolling copies
        dialog.filesSelected.connect(self._on_backup_chosen)
        dialog.open()

    def _on_target_chosen(self, names: list[str]) -> None:
        self._tasks.start(self.back_up(Path(names[0])), "back up the library")

    def _on_backup_chosen(self, names: list[str]) -> None:
        self._tasks.start(self.ask(Path(names[0])), "look into a backup")

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._stage.dialog_parent, title)
        Held(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(
            [f"{self.tr('Library backups')} (*{_SUFFIX})", f"{self.tr('All files')} (*)"]
        )
        return dialog


def _transcripts(contents: BackupContents) -> str:
    return counted(
        "BackupController", contents.transcripts, "1 transcript", "{count} transcripts"
    )
