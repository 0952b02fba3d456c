"""The settings: what the window shows follows them, what a person changes is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import AppError
from app.core.messages import Message
from app.core.options import TranscriptionOptions
from app.core.preferences import Settings
from app.jobs.stored_places import StoredPlace
from app.store.known_voices import KnownVoices
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions, unpack_keys
from app.ui.kit.appearance import Appearance
from app.ui.kit.room import Held
from app.ui.kit.tokens import TEXT_READING
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.shortcuts import ShortcutSheet
from app.ui.settings.words_page import WordsPage
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated

_MOST_RECENT = 5
_PX_PER_PT = 96 / 72
_SMALLEST_SCALE, _LARGEST_SCALE = 0.8, 2.0


@dataclass(frozen=True, slots=True)
class Beyond:
    """What the settings show and ask of what lies outside of them.

    Attributes:
        test_connection: Asks the service whether it is there.
        known: The voices that are known by name.
        chosen_options: Gives what recordings added next are transcribed with.
        look_what_is_stored: Looks what lies where; blocks.
        make_models_page: Makes the page of the models on this computer.
    """

    test_connection: Callable[[], Awaitable[Message]]
    known: KnownVoices
    chosen_options: Callable[[], TranscriptionOptions]
    look_what_is_stored: Callable[[], tuple[StoredPlace, ...]]
    make_models_page: Callable[[], QWidget]


class SettingsController(QObject):
    """Shows the settings and keeps what is changed.

    Signals:
        settings_changed: They are others now: the ``Settings``.
        settings_shown: They hold now, from the start or changed: the ``Settings``.
        key_needed: The key dialog is wanted.
        explanation_needed: What leaves this computer is to be said in full.
    """

    settings_changed = Signal(object)
    settings_shown = Signal(object)
    key_needed = Signal()
    explanation_needed = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        store: SettingsStore,
        tasks: Tasks,
        beyond: Beyond,
    ) -> None:
        """Listen to the actions.

        Args:
            stage: Where it happens.
            actions: The actions.
            appearance: The theme.
            store: What is set.
            tasks: Runs what takes time.
            beyond: What lies outside of the settings.
        """
        super().__init__()
        self._stage = stage
        self._actions = actions
        self._appearance = appearance
        self._store = store
        self._tasks = tasks
        self._beyond = beyond
        actions[ActionId.SETTINGS].triggered.connect(self.open)
        actions[ActionId.WORD_LIST].triggered.connect(lambda: self.open().turn_to(WordsPage))
        actions[ActionId.SHORTCUTS].triggered.connect(
            lambda: ShortcutSheet(actions, stage.dialog_parent, is_gradual=True).open()
        )

    def begin(self) -> None:
        """Show what is set, once everything that follows it is there."""
        self._show(self._store.settings)

    async def change(self, **changes: Any) -> None:
        """Keep some settings and show them; says so if they cannot be kept."""
        try:
            settings = await asyncio.to_thread(lambda: self._store.change(**changes))
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True, stays=True)
            return
        self._show(settings)
        self.settings_changed.emit(settings)

    def open(self) -> SettingsDialog:
        """Open the dialog; gives it."""
        dialog = SettingsDialog(
            self._appearance,
            self._actions,
            self._store.settings,
            self._stage.dialog_parent,
            make_models=self._beyond.make_models_page,
            is_gradual=True,
        )

        def on_change(changes: dict[str, Any]) -> None:
            self._start_change(**changes)

        dialog.change_requested.connect(on_change)
        dialog.key_requested.connect(self.key_needed)
        dialog.connection_test_requested.connect(
            lambda: self._tasks.start(self._test(dialog), "test the connection", replace=True)
        )
        dialog.folder_requested.connect(lambda: self._on_folder_requested(dialog))
        dialog.export_folder_requested.connect(lambda: self._on_export_folder(dialog))
        dialog.explanation_requested.connect(self.explanation_needed)
        dialog.place_requested.connect(self._on_place_requested)
        dialog.forget_requested.connect(partial(self._forget, dialog))
        self.settings_changed.connect(dialog.show_settings)
        self._tasks.start(self._show_voices(dialog), "show known voices", replace=True)
        self._tasks.start(self._show_stored(dialog), "show what is stored", replace=True)
        dialog.open()
        return dialog

    def _forget(self, dialog: SettingsDialog, name: str) -> None:
        async def forget() -> None:
            try:
                await asyncio.to_thread(self._beyond.known.forget, name or None)
            except AppError as error:
                self._stage.say(translated(error.message), is_bad=True, stays=True)
            await self._show_voices(dialog)

        self._tasks.start(forget(), "forget a voice")

    async def _show_voices(self, dialog: SettingsDialog) -> None:
        """Show whose voices are known, each name once."""
        names: tuple[str, ...] = ()
        problem = ""
        try:
            voices = await asyncio.to_thread(self._beyond.known.voices)
            names = tuple(dict.fromkeys(one.name for one in voices))
        except AppError as error:
            problem = translated(error.message)
        if shiboken6.isValid(dialog):
            dialog.show_voices(names, problem)

    async def _show_stored(self, dialog: SettingsDialog) -> None:
        """Show what lies where; adding it up may take a moment."""
        places = await asyncio.to_thread(self._beyond.look_what_is_stored)
        if shiboken6.isValid(dialog):
            dialog.show_places(places)

    def _on_place_requested(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._stage.say(
                self.tr("The folder {folder} could not be shown.").replace(
                    "{folder}", str(folder)
                )
            )

    def _start_change(self, **changes: Any) -> None:
        self._tasks.start(self.change(**changes), "keep the settings")

    async def _test(self, dialog: SettingsDialog) -> None:
        try:
            text, is_good = translated(await self._beyond.test_connection()), True
        except AppError as error:
            text, is_good = translated(error.message), False
        if shiboken6.isValid(dialog):
            dialog.show_connection(text, is_good=is_good)

    def _show(self, settings: Settings) -> None:
        self._appearance.change(
            choice=settings.theme,
            text_scale=text_scale(settings.font_size_pt),
            reading_family=settings.reading_font,
            line_chars=settings.line_chars,
        )
        self._actions.rebind({name: unpack_keys(keys) for name, keys in settings.key_bindings})
        self.settings_shown.emit(settings)

    def save_options(self, options: TranscriptionOptions) -> None:
        """Keep what was chosen for the next recordings."""
        before = self._store.settings
        recent = [options.language, *before.recent_languages]
        # Parts of one recording mean nothing for the next time the program is opened.
        kept = replace(options, start_ms=0, end_ms=None)
        self._start_change(
            options=kept, recent_languages=tuple(dict.fromkeys(recent))[:_MOST_RECENT]
        )

    def toggle_favourite(self, code: str) -> None:
        """Keep a language among the favourites, or no longer."""
        favourites = self._store.settings.favourite_languages
        others = tuple(one for one in favourites if one != code)
        self._start_change(
            favourite_languages=others if code in favourites else (*favourites, code)
        )

    def note(self, changes: dict[str, Any]) -> None:
        """Keep what a person did by the way, by the settings' names."""
        self._start_change(**changes)

    def save_geometry(self, geometry: str, panes: str) -> None:
        """Keep where the window is and how its panes are divided."""
        self._start_change(geometry=geometry, panes=panes)

    def _on_folder_requested(self, dialog: SettingsDialog) -> None:
        self._choose_folder(
            dialog,
            self.tr("Choose a folder to watch"),
            lambda name: dialog.watch.add_folder(name, self._beyond.chosen_options()),
        )

    def _on_export_folder(self, dialog: SettingsDialog) -> None:
        self._choose_folder(
            dialog,
            self.tr("Choose a folder"),
            lambda name: self._start_change(export_folder=name),
        )

    def _choose_folder(
        self, dialog: SettingsDialog, title: str, take: Callable[[str], object]
    ) -> None:
        chooser = QFileDialog(dialog, title)
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)

        def on_chosen(names: list[str]) -> None:
            take(names[0])

        chooser.filesSelected.connect(on_chosen)
        chooser.open()


def text_scale(size_pt: float) -> float:
    """Give the factor on all text that brings the text to read to a size; 0 is the usual."""
    if size_pt <= 0:
        return 1.0
    return min(_LARGEST_SCALE, max(_SMALLEST_SCALE, size_pt * _PX_PER_PT / TEXT_READING))
