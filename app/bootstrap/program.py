"""The program behind the window, from the first paint to the last farewell."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from app.bootstrap.desk import ServiceDesk
from app.bootstrap.first_look import FirstLook
from app.bootstrap.services import Kept, Services, open_services
from app.core.errors import Action, AppError
from app.core.job import Job, JobId
from app.core.messages import Message
from app.diagnostics import LogFile, Redactor, catch_unhandled, follow_loop, follow_qt
from app.jobs.listening import Listening
from app.store.paths import AppPaths
from app.store.settings import Leaving, Region, Settings
from app.system.clocks import now_ms
from app.ui.actions import Actions, unpack_keys
from app.ui.kit.questions import LeaveSheet
from app.ui.kit.theme import Appearance, Look
from app.ui.queue.controller import QueueController
from app.ui.queue.model import JobModel
from app.ui.service.keys import KeyController
from app.ui.settings.controller import SettingsController
from app.ui.tasks import Tasks
from app.ui.translate import load_translations, translated
from app.ui.window import Dropped, MainWindow

_log = logging.getLogger(__name__)
_FINISH = "finish before leaving"


@asynccontextmanager
async def open_program(
    qt_app: QApplication, window: MainWindow, paths: AppPaths
) -> AsyncGenerator[Program]:
    """Open what is kept, furnish the bare window, and put all away afterwards.

    Raises:
        StorageError: What is kept cannot be opened.
    """
    kept = await asyncio.to_thread(Kept.open, paths)
    redactor = Redactor()
    log = LogFile(paths.logs, redactor)
    try:
        follow_loop(asyncio.get_running_loop())
        catch_unhandled()
        follow_qt()
        settings = kept.settings.settings
        language = settings.interface_language
        translators = load_translations(qt_app, QLocale(language) if language else QLocale())
        appearance = Appearance(qt_app, Look(settings.theme.value))
        actions = Actions(
            appearance, {name: unpack_keys(keys) for name, keys in settings.key_bindings}
        )
        model = JobModel()
        window.furnish(appearance, actions, model)
        yield Program(window, actions, appearance, model, kept, redactor)
        for translator in translators:
            qt_app.removeTranslator(translator)
        geometry, _ = window.pack_geometry()
        look = FirstLook(geometry, appearance.theme.window, appearance.theme.panel)
        with contextlib.suppress(AppError):  # it only looks like the default next time
            await asyncio.to_thread(look.keep, paths.config)
    finally:
        await asyncio.to_thread(kept.close)
        log.close()


class Program:
    """Brings up what works behind a furnished window, and puts it away.

    The ways to end lead through ``close_requested`` of the window: the close button,
    *Quit*, and the system's request when the session ends. A signal cannot be asked
    back, so it leads to ``leave``.
    """

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        appearance: Appearance,
        model: JobModel,
        kept: Kept,
        redactor: Redactor,
    ) -> None:
        self._window = window
        self._actions = actions
        self._appearance = appearance
        self._model = model
        self._kept = kept
        self._redactor = redactor
        self._tasks = Tasks(self._on_task_failed)
        self._leaving = asyncio.Event()
        self._is_finishing = False
        self._leave_sheet: LeaveSheet | None = None
        self._backup_wanted: Path | None = None

    @property
    def backup_wanted(self) -> Path | None:
        """The backup to be put in the library's place, once everything is put away."""
        return self._backup_wanted

    def leave(self) -> None:
        """Put everything away and end, without asking; unfinished jobs go on next time."""
        self._leaving.set()

    async def run(self, files: Sequence[Path], notice: Message | None = None) -> None:
        """Live until the window is closed for good, or a backup is to be restored.

        Args:
            files: To be queued at once.
            notice: To be said at once.
        """
        self._window.close_requested.connect(self._on_close_requested)
        async with open_services(self._kept) as services:
            self._services = services
            self._bring_up(services)
            self._tasks.start(self._hide_key(), "hide the key")
            await services.queue.open()
            await self._desk.open()
            self._shelf.start()
            # All that is there by now stays until the end. Left to the garbage collector it
            # would be looked through again and again, 60 ms each time, window and all.
            gc.freeze()
            self._tasks.start(self._reading.prepare(), "prepare the sound")
            for told in (notice, self._kept.notice):
                if told is not None:
                    self._window.notice.say(translated(told), stays=True)
            if files:
                self._window.sources_dropped.emit(Dropped(tuple(files), ()))
            try:
                await self._leaving.wait()
            finally:
                await self._put_away()

    # -- up and down ---------------------------------------------------------

    def _bring_up(self, services: Services) -> None:
        """Make what was not needed for the first paint, and wire it."""
        from app.bootstrap.exporting import make_exporter
        from app.bootstrap.outlet import Outlet
        from app.bootstrap.shelf import Shelf, time_left_ms
        from app.bootstrap.single import FilesListener
        from app.player.player import Player
        from app.player.session import PlaySession
        from app.ui.export.labels import reader_labels
        from app.ui.export.places import documents_folder
        from app.ui.listening.bar import PlayerBar
        from app.ui.listening.controller import Desk
        from app.ui.listening.place import ReadingPlace
        from app.ui.transcript.controller import ReadingController
        from app.ui.transcript.view import TranscriptView

        view = TranscriptView(self._appearance)
        desk = Desk(
            view,
            ReadingPlace(view),
            PlayerBar(self._appearance),
            PlaySession(Player(self._window), self._window),
        )
        self._window.place_transcript(desk.place)
        self._window.place_player(desk.bar)
        self._settings = SettingsController(
            window=self._window,
            actions=self._actions,
            appearance=self._appearance,
            store=self._kept.settings,
            tasks=self._tasks,
            test_connection=self._test_connection,
        )
        self._keys = KeyController(
            window=self._window,
            keys=self._kept.keys,
            check_key=lambda key: services.service.client().check_key(key),
            tasks=self._tasks,
        )
        listening = Listening(
            self._kept.library,
            services.cache,
            copies=self._kept.paths.copies,
            fetch=services.service.fetch,
        )
        self._reading = ReadingController(
            window=self._window,
            actions=self._actions,
            desk=desk,
            library=self._kept.library,
            listening=listening,
            settings=self._kept.settings,
            tasks=self._tasks,
            now_ms=now_ms,
        )
        self._queue = QueueController(
            window=self._window,
            actions=self._actions,
            appearance=self._appearance,
            model=self._model,
            queue=services.queue,
            tasks=self._tasks,
            time_left_ms=lambda jobs: time_left_ms(services, jobs),
        )
        exporter = make_exporter(self._kept.library, reader_labels(), documents_folder())
        self._shelf = Shelf(
            window=self._window,
            actions=self._actions,
            appearance=self._appearance,
            services=services,
            exporter=exporter,
            reading=self._reading,
            queue=self._queue,
            tasks=self._tasks,
        )
        self._desk = ServiceDesk(
            window=self._window,
            actions=self._actions,
            model=self._model,
            services=services,
            listening=listening,
            tasks=self._tasks,
        )
        self._outlet = Outlet(
            window=self._window,
            actions=self._actions,
            appearance=self._appearance,
            kept=self._kept,
            exporter=exporter,
            reading=self._reading,
            queue=self._queue,
            tasks=self._tasks,
        )
        self._others = FilesListener(self._kept.paths, self._window)
        self._wire()

    def _wire(self) -> None:
        self._desk.connect(
            queue=self._queue,
            keys=self._keys,
            settings=self._settings,
            reading=self._reading,
        )
        self._queue.job_shown.connect(self._on_job_shown)
        self._queue.key_needed.connect(self._keys.open)
        self._queue.settings_needed.connect(self._settings.open)
        self._queue.other_region_needed.connect(self._on_other_region)
        self._settings.key_needed.connect(self._keys.open)
        self._settings.settings_changed.connect(self._on_settings_changed)
        self._shelf.export_requested.connect(self._outlet.export_many)
        self._outlet.imports.imported.connect(self._shelf.show_transcript)
        self._shelf.restore_requested.connect(self._on_restore_requested)
        self._keys.key_changed.connect(self._on_key_changed)
        self._others.files_given.connect(self._on_files_given)

    async def _put_away(self) -> None:
        """Keep what is open and end what runs, in the order that loses nothing."""
        self._others.close()
        self._window.finish_typing()
        await self._shelf.keep()
        self._shelf.close()
        await self._reading.close()
        self._queue.close()
        self._desk.close()
        await self._tasks.aclose()

    # -- what happens --------------------------------------------------------

    def _on_job_shown(self, job: Job | None) -> None:
        if job is not None and job.transcript_id is not None and job.failure is None:
            self._tasks.start(
                self._reading.open(job.transcript_id), "open a transcript", replace=True
            )

    def _on_settings_changed(self, settings: Settings) -> None:
        self._services.queue.limit = settings.jobs_at_once
        self._reading.follow_settings(settings)
        self._shelf.follow_settings(settings)

    def _on_key_changed(self) -> None:
        """Go on with what waited for the key, and try again what failed for want of it."""
        queue = self._services.queue

        async def go_on() -> None:
            await self._hide_key()
            queue.resume()
            await queue.retry(
                [
                    job.job_id
                    for job in queue.jobs
                    if job.failure is not None and job.failure.action is Action.ENTER_KEY
                ]
            )

        self._tasks.start(go_on(), "go on with the key")

    async def _hide_key(self) -> None:
        """Keep the key out of the log, whatever a message should contain."""
        key = await asyncio.to_thread(self._kept.keys.load)
        if key is not None:
            self._redactor.hide(key.reveal())

    def _on_other_region(self, job_id: str) -> None:
        """Use the other regional host from now on, and try the job again there."""
        now = self._kept.settings.settings.region
        other = Region.INDIA if now is Region.US else Region.US

        async def retry() -> None:
            await self._settings.change(region=other, base_url="")
            await self._services.queue.retry([JobId(job_id)])

        self._tasks.start(retry(), "try the other region")

    def _on_files_given(self, files: list[Path]) -> None:
        self._window.come_forward()
        if files:
            self._window.sources_dropped.emit(Dropped(tuple(files)))

    async def _test_connection(self) -> Message:
        return (await self._services.service.client().health()).message

    def _on_task_failed(self, name: str, error: BaseException) -> None:
        if isinstance(error, AppError):
            self._window.notice.say(translated(error.message), is_bad=True)
            return
        _log.error("task failed: %s", name, exc_info=error)
        self._window.notice.say(
            self._window.tr("Something went wrong inside Wordlight; the log tells what."),
            is_bad=True,
        )

    # -- leaving -------------------------------------------------------------

    def _on_restore_requested(self, backup: Path) -> None:
        self._backup_wanted = backup
        self._leaving.set()

    def _on_close_requested(self) -> None:
        left = sum(1 for job in self._services.queue.jobs if not job.state.is_over)
        leaving = self._kept.settings.settings.leaving
        if not left or leaving is Leaving.CONTINUE_NEXT_TIME or self._is_finishing:
            self._leaving.set()
        elif leaving is Leaving.FINISH:
            self._finish_first()
        else:
            self._ask(left)

    def _ask(self, left: int) -> None:
        """Ask once, however often somebody presses the button."""
        if self._leave_sheet is not None:
            return
        self._leave_sheet = LeaveSheet(left, self._window)
        self._leave_sheet.answered.connect(self._on_leave_answered)
        self._leave_sheet.open()

    def _on_leave_answered(self, answer: str) -> None:
        self._leave_sheet = None
        if answer == "later":
            self._leaving.set()
        elif answer == "finish":
            self._finish_first()

    def _finish_first(self) -> None:
        """Close by itself once the queue is through; closing again leaves at once."""
        self._is_finishing = True
        self._window.notice.say(
            self._window.tr(
                "Wordlight closes when the queue is done; close again to leave now."
            ),
            button=self._window.tr("Stay open"),
            answer=self._stay,
            stays=True,
        )

        async def finish() -> None:
            await self._services.queue.join()
            self._leaving.set()

        self._tasks.start(finish(), _FINISH)

    def _stay(self) -> None:
        self._is_finishing = False
        self._tasks.cancel(_FINISH)
