"""The models on this computer, from the dialog to the disk and to the pickers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.errors import AppError
from app.jobs.models import Models
from app.system.clocks import monotonic_ms
from app.ui.actions import ActionId, Actions
from app.ui.kit.room import Held
from app.ui.models.dialog import ModelsDialog
from app.ui.models.panel import ModelsPanel
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import language_name, translated
from app.ui.wording import package_name, size

_SHOWN_EVERY_MS = 100


class ModelsController(QObject):
    """Opens the dialog and does what it asks; downloads go on while it is closed.

    Signals:
        packages_found: What is installed: pairs of a model's name and what it is called.
        package_removed: A model is gone: its name.
    """

    packages_found = Signal(list)
    package_removed = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        models: Models,
        tasks: Tasks,
        clock_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._models = models
        self._tasks = tasks
        self._clock_ms = clock_ms
        self._dialog: ModelsDialog | None = None
        self._panels: list[ModelsPanel] = []
        self._fetching: dict[str, asyncio.Task[None]] = {}
        actions[ActionId.MODELS].triggered.connect(self.open)

    def begin(self) -> None:
        """Look which models are there, once everybody who follows that hears of it."""
        self._tasks.start(self._look(), "look at the models")

    def open(self) -> ModelsDialog:
        """Open the dialog, or bring it to the front; gives it."""
        dialog = self._open_dialog()
        if dialog is not None:
            dialog.raise_()
            dialog.activateWindow()
            return dialog
        dialog = self._dialog = ModelsDialog(self.make_panel(), self._stage.dialog_parent)
        dialog.open()
        return dialog

    def make_panel(self) -> ModelsPanel:
        """Make a panel of the models, for any window; it is kept up to date."""
        panel = ModelsPanel()
        panel.fetch_requested.connect(self._on_fetch)
        panel.cancel_requested.connect(self._on_cancel)
        panel.remove_requested.connect(self._on_remove)
        panel.folder_requested.connect(partial(self._on_folder_requested, panel))
        panel.folder_dropped.connect(partial(self._use_folder, None))
        self._panels = [*self._living(), panel]
        self._tasks.start(self._look(), "look at the models")
        return panel

    def _living(self) -> list[ModelsPanel]:
        """Give the panels whose windows are still there."""
        return [one for one in self._panels if shiboken6.isValid(one)]

    @property
    def _is_seen(self) -> bool:
        return any(one.isVisible() for one in self._living())

    async def _look(self) -> None:
        """Show what is there, in the dialog and in the picker of the options."""
        entries = await self._models.entries()
        installed = [
            (
                entry.name,
                f"{package_name(entry.name, entry.tier)} · {language_name('en')}"
                if entry.languages == ("en",)
                else package_name(entry.name, entry.tier),
            )
            for entry in entries
            if entry.is_installed
        ]
        self.packages_found.emit(installed)
        found = sum(entry.is_own for entry in entries)
        for panel in self._living():
            panel.show_models(entries)
            panel.show_folder(self._models.own_folder, found)

    def _on_fetch(self, name: str) -> None:
        if name not in self._fetching:
            task = self._tasks.start(self._fetch(name), f"download {name}")
            if task is not None:
                self._fetching[name] = task

    def _on_cancel(self, name: str) -> None:
        task = self._fetching.get(name)
        if task is not None:
            task.cancel()

    async def _fetch(self, name: str) -> None:
        shown_ms = 0

        def count(done: int, total: int) -> None:
            nonlocal shown_ms
            now = self._clock_ms()
            if now - shown_ms >= _SHOWN_EVERY_MS or done == total:
                shown_ms = now
                for panel in self._living():
                    panel.show_progress(name, done, total)

        problem = ""
        entries = {entry.name: entry for entry in await self._models.entries()}
        count(entries[name].begun_bytes, entries[name].size_bytes)
        try:
            await self._models.fetch(name, count)
        except AppError as error:
            problem = translated(error.message)
        except asyncio.CancelledError:
            # A person pressed Cancel, or the program ends; either way the rows are put right.
            self._tasks.start(self._rest(name, ""), "look at the models")
            raise
        finally:
            self._fetching.pop(name, None)
        await self._rest(name, problem)
        if not problem and not self._is_seen:
            self._stage.say(
                self.tr("The model {name} is ready. Choose it under “More options”.").replace(
                    "{name}", name
                )
            )
        elif problem and not self._is_seen:
            self._stage.say(problem, is_bad=True, stays=True)

    async def _rest(self, name: str, problem: str) -> None:
        # What is there first, or the row would offer what it did before the download.
        await self._look()
        for panel in self._living():
            panel.show_rest(name, problem)

    def _on_remove(self, name: str) -> None:
        self._tasks.start(self._remove(name), f"remove {name}")

    async def _remove(self, name: str) -> None:
        entry = next(one for one in await self._models.entries() if one.name == name)
        problem = ""
        try:
            await self._models.remove(name)
        except AppError as error:
            problem = translated(error.message)
        await self._rest(name, problem)
        if not problem:
            self.package_removed.emit(name)
            freed = size(entry.begun_bytes or entry.size_bytes)
            self._stage.say(
                self.tr("{name} was removed, which freed {size}.")
                .replace("{name}", name)
                .replace("{size}", freed)
            )

    def _on_folder_requested(self, panel: ModelsPanel) -> None:
        chooser = QFileDialog(panel.window(), self.tr("Choose a folder of models"))
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.filesSelected.connect(self._on_folder_chosen)
        chooser.open()

    def _on_folder_chosen(self, names: list[str]) -> None:
        self._use_folder(Path(names[0]))

    def _use_folder(self, folder: Path | None) -> None:
        async def use() -> None:
            await self._models.use_folder(folder)
            await self._look()

        self._tasks.start(use(), "use a folder of models", replace=True)

    def _open_dialog(self) -> ModelsDialog | None:
        dialog = self._dialog
        if dialog is None or not shiboken6.isValid(dialog) or not dialog.isVisible():
            return None
        return dialog
