"""The part of the window that deals with the service and the models, wired together."""

from __future__ import annotations

from app.bootstrap.services import Services
from app.core.transcript import TranscriptId
from app.jobs.listening import Listening
from app.store.stored import StoredTranscript
from app.ui.actions import Actions
from app.ui.listening.fetching import FetchController
from app.ui.models.controller import ModelsController
from app.ui.queue.controller import QueueController
from app.ui.queue.model import JobModel
from app.ui.service.account import AccountController
from app.ui.service.deliveries import DeliveryController
from app.ui.service.keys import KeyController
from app.ui.service.recovery import RecoveryController
from app.ui.settings.controller import SettingsController
from app.ui.tasks import Tasks
from app.ui.transcript.controller import ReadingController
from app.ui.window import MainWindow


class ServiceDesk:
    """Account, deliveries, lost texts, fetched recordings, and models."""

    def __init__(
        self,
        *,
        window: MainWindow,
        actions: Actions,
        model: JobModel,
        services: Services,
        listening: Listening,
        tasks: Tasks,
    ) -> None:
        kept = services.kept
        self._window = window
        self._tasks = tasks
        self.account = AccountController(
            window=window,
            model=model,
            queue=services.queue,
            spending=services.spending,
            keys=kept.keys,
            settings=kept.settings,
            ask_balance=lambda: services.service.client().balance(),
            tasks=tasks,
        )
        self.deliveries = DeliveryController(
            window=window, callbacks=services.callbacks, settings=kept.settings, tasks=tasks
        )
        self.recovery = RecoveryController(
            window=window, queue=services.queue, recovery=services.recovery, tasks=tasks
        )
        self.models = ModelsController(
            window=window, actions=actions, models=services.models, tasks=tasks
        )
        self.fetching = FetchController(window=window, listening=listening, tasks=tasks)

    def connect(
        self,
        *,
        queue: QueueController,
        keys: KeyController,
        settings: SettingsController,
        reading: ReadingController,
    ) -> None:
        """Let the other controllers and these hear of each other."""
        queue.key_refused.connect(keys.open_because)
        queue.details_needed.connect(self.recovery.show_details)
        queue.log_needed.connect(self.recovery.look_in_log)
        keys.key_changed.connect(self.account.on_key_changed)
        settings.settings_changed.connect(self.account.follow_settings)
        settings.settings_changed.connect(self.deliveries.follow_settings)
        self.account.key_needed.connect(keys.open)
        self.account.model_chosen.connect(settings.show_place)
        self.deliveries.settings_needed.connect(settings.open)

        def on_opened(stored: StoredTranscript) -> None:
            if stored.link.is_url and not stored.copy_path:
                self.fetching.offer(stored)

        def on_fetched(transcript_id: str) -> None:
            self._tasks.start(
                reading.reload_sound(TranscriptId(transcript_id)),
                "open the sound",
                replace=True,
            )

        reading.opened.connect(on_opened)
        self.fetching.fetched.connect(on_fetched)

    async def open(self) -> None:
        """Begin, once the queue is there."""
        await self.deliveries.open()

    def close(self) -> None:
        """Follow the queue no longer."""
        self.account.close()
