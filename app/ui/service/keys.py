"""The key to the service: entered, tried, kept, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.core.errors import AppError
from app.core.messages import Message
from app.store.secrets import ApiKey, KeyPlace, KeyStore
from app.ui.service.key_dialog import KEYS_PAGE, KeyDialog, KeyStorage
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated


class KeyCheck(Protocol):
    """What testing a key showed; the service's client gives it."""

    @property
    def is_accepted(self) -> bool | None:
        """``None`` when the server does not tell."""
        ...

    @property
    def message(self) -> Message:
        """The same as a sentence."""
        ...


class KeyController(QObject):
    """Opens the key dialog and does what it asks.

    Signals:
        key_changed: Another key, or none, is in use; a held queue may go on.
    """

    key_changed = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        keys: KeyStore,
        check_key: Callable[[str | None], Awaitable[KeyCheck]],
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._keys = keys
        self._check_key = check_key
        self._tasks = tasks
        self._dialog: KeyDialog | None = None

    def open(self) -> KeyDialog:
        """Open the dialog, or bring it to the front; gives it."""
        dialog = self._dialog
        if dialog is not None and _is_open(dialog):
            dialog.raise_()
            dialog.activateWindow()
            return dialog
        dialog = self._dialog = KeyDialog(self._stage.dialog_parent)
        dialog.test_requested.connect(
            lambda: self._tasks.start(self._test(dialog), "test the key", replace=True)
        )

        def on_save(_key: str, where: str) -> None:
            self._tasks.start(self._save(dialog, KeyStorage(where)), "keep the key")

        dialog.save_requested.connect(on_save)
        dialog.forget_requested.connect(
            lambda: self._tasks.start(self._forget(dialog), "forget the key")
        )
        dialog.page_requested.connect(lambda: QDesktopServices.openUrl(QUrl(KEYS_PAGE)))
        dialog.finished.connect(lambda: self._tasks.cancel("test the key"))
        self._tasks.start(self._look(dialog), "look for the key")
        dialog.open()
        return dialog

    def open_because(self, why: str) -> None:
        """Open the dialog with the reason why another key is wanted."""
        self.open().show_reason(why)

    async def _look(self, dialog: KeyDialog) -> None:
        place = await asyncio.to_thread(self._keys.where)
        works = await asyncio.to_thread(self._keys.keyring_works)
        if not _is_open(dialog):
            return
        dialog.show_keyring(works=works)
        if place is not KeyPlace.NONE:
            dialog.show_place(self._where(place), can_forget=True)

    def _where(self, place: KeyPlace) -> str:
        return {
            KeyPlace.KEYRING: self.tr("Your key is stored in the system's keyring."),
            KeyPlace.ENVIRONMENT: self.tr("The key comes from SMALLEST_API_KEY."),
            KeyPlace.SESSION: self.tr("Your key is used until you close Wordlight."),
            KeyPlace.FILE: self.tr("Your key is stored in a file that only you can read."),
            KeyPlace.NONE: "",
        }[place]

    async def _test(self, dialog: KeyDialog) -> None:
        try:
            typed = dialog.field.text()
            found = await self._check_key(ApiKey(typed).reveal() if typed.strip() else None)
        except AppError as error:
            answer, is_good = translated(error.message), False
        else:
            answer, is_good = translated(found.message), found.is_accepted is not False
        if _is_open(dialog):
            dialog.show_answer(answer, is_good=is_good)

    async def _save(self, dialog: KeyDialog, where: KeyStorage) -> None:
        try:
            key = ApiKey(dialog.field.text())
            if where is KeyStorage.FILE:
                await asyncio.to_thread(self._keys.save_in_file, key)
            else:
                await asyncio.to_thread(self._keys.save, key)
        except AppError as error:
            if _is_open(dialog):
                dialog.show_answer(translated(error.message), is_good=False)
            return
        self.key_changed.emit()
        if _is_open(dialog):
            dialog.accept()

    async def _forget(self, dialog: KeyDialog) -> None:
        await asyncio.to_thread(self._keys.forget)
        self.key_changed.emit()
        if _is_open(dialog):
            dialog.accept()


def _is_open(dialog: KeyDialog) -> bool:
    import shiboken6

    return shiboken6.isValid(dialog) and dialog.isVisible()
