"""Deliveries by webhook: listen as the settings say, and offer them where they can work."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError
from app.core.preferences import Settings
from app.jobs.callbacks import Callbacks
from app.store.settings import SettingsStore
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated

_TASK = "listen for deliveries"


class DeliveryController(QObject):
    """Keeps the receiver as the settings have it.

    Signals:
        settings_needed: The settings are wanted, since it cannot listen.
        refused: Why recordings cannot be delivered by webhook; empty where they can.
    """

    settings_needed = Signal()
    refused = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        callbacks: Callbacks,
        settings: SettingsStore,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._callbacks = callbacks
        self._tasks = tasks
        self._settings = settings

    def begin(self) -> None:
        """Offer deliveries as the settings have it."""
        self._offer(self._settings.settings)

    async def open(self) -> None:
        """Finish what was delivered before, and listen; once the queue is there."""
        await self._try(opening=True)

    def follow_settings(self, settings: Settings) -> None:
        """Listen elsewhere, or no longer, if the settings say so."""
        self._offer(settings)
        self._tasks.start(self._try(opening=False), _TASK)

    async def _try(self, *, opening: bool) -> None:
        try:
            if opening:
                await self._callbacks.open()
            else:
                await self._callbacks.follow_settings()
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Settings…"),
                answer=self.settings_needed.emit,
                is_bad=True,
                stays=True,
            )

    def _offer(self, settings: Settings) -> None:
        can_be = bool(settings.webhook_url.strip()) or settings.receiver_on
        self.refused.emit(
            ""
            if can_be
            else self.tr("To use a webhook, enter an address under Webhook in Settings.")
        )
