"""The program behind the window, from the first paint to the last farewell."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from app.bootstrap.bare import SavedWindow
from app.bootstrap.furnish import Front, furnish
from app.bootstrap.leaving import Leaving
from app.bootstrap.maintenance import maintain
from app.bootstrap.opened_files import OpenedFiles
from app.bootstrap.services import Services, Storage, open_services
from app.core.errors import AppError
from app.core.messages import Message
from app.diagnostics import LogFile, Redactor, catch_unhandled, follow_loop, follow_qt
from app.store.paths import AppPaths
from app.system.clocks import now_ms
from app.system.loading import load_modules
from app.system.start_watch import StartWatch
from app.ui.actions import Actions, unpack_keys
from app.ui.dropping import Dropped
from app.ui.kit.appearance import Appearance, SystemLook
from app.ui.kit.desktop_portal import DesktopPortal, load_bus
from app.ui.kit.in_steps import Steps, in_steps
from app.ui.kit.menus import prepare_menus
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from app.ui.translate import load_translations, translated
from app.ui.window import MainWindow

if TYPE_CHECKING:  # with them comes what the first paint does not wait for
    from app.bootstrap.rooms import Rooms
    from app.bootstrap.single import FilesListener

_log = logging.getLogger(__name__)
_PORTAL_S = 0.1


@asynccontextmanager
async def open_program(
    qt_app: QApplication,
    window: MainWindow,
    paths: AppPaths,
    *,
    ask: Callable[[], SystemLook] | None = None,
) -> AsyncGenerator[Program]:
    """Open what is kept, furnish the bare window, and put all away afterwards.

    Args:
        qt_app: The application.
        window: The bare window.
        paths: Where things are kept.
        ask: Asks how the system is set; Qt and the desktop are asked without.

    Raises:
        StorageError: What is kept cannot be opened.
    """
    # The window is bare still, so nobody waits for it: what comes behind it is loaded now,
    # and not once there is something to press.
    storage, portal, _ = await asyncio.gather(
        asyncio.to_thread(Storage.open, paths),
        _ask_portal(),
        load_modules(
            "app.bootstrap.errands",
            "app.bootstrap.renewal",
            "app.bootstrap.rooms",
            "app.bootstrap.single",
            "app.bootstrap.wiring",
        ),
    )
    # What was loaded stays. To look through it for garbage while the window is furnished would
    # hold that up for 8 ms.
    gc.freeze()
    redactor = Redactor()
    log = LogFile(paths.logs, redactor)
    storage.keys.follow(lambda key: redactor.hide(key.reveal()))
    translators: list[QTranslator] = []
    try:
        follow_loop(asyncio.get_running_loop())
        catch_unhandled()
        follow_qt()
        settings = storage.settings.settings
        translators += load_translations(qt_app, settings.interface_language)
        appearance = Appearance(qt_app, settings.theme, ask=ask, portal=portal)
        bound = {name: unpack_keys(keys) for name, keys in settings.key_bindings}
        actions = Actions(appearance, bound, is_gradual=True)
        await in_steps(actions.show_icons())
        front = await in_steps(
            furnish(window, appearance, actions, JobModel(), is_first=not settings.is_welcomed)
        )
        window.unpack_geometry(settings.geometry, settings.panes)
        front.side.options.show_options(settings.options)
        yield Program(window, front, storage)
        geometry, _ = window.pack_geometry()
        saved = SavedWindow(geometry, appearance.theme.window, appearance.theme.panel)
        with contextlib.suppress(AppError):  # it only looks like the default next time
            await asyncio.to_thread(saved.save, paths.config)
    finally:
        for translator in translators:
            qt_app.removeTranslator(translator)
        await asyncio.to_thread(storage.close)
        log.close()


async def _ask_portal() -> DesktopPortal:
    """Ask the desktop how things are to look, before they are painted; it answers at once."""
    await load_bus()
    answered = asyncio.Event()
    portal = DesktopPortal(answered.set)
    if portal.is_waiting:
        with contextlib.suppress(TimeoutError):  # one that has to be started is heard later
            async with asyncio.timeout(_PORTAL_S):
                await answered.wait()
    return portal


class Program:
    """Brings up what works behind a furnished window, and puts it away.

    Attributes:
        window: The window.
        front: What is on it from the first.
        is_open: Whether everything is up.
        services: What works, Qt aside; there once everything is up, as the next two.
        rooms: What works in the window.
        leaving: Asks whether to leave.
        is_restarting: Whether Wordlight is to be started once more afterwards.
    """

    services: Services
    rooms: Rooms
    leaving: Leaving

    def __init__(self, window: MainWindow, front: Front, storage: Storage) -> None:
        self.window = window
        self.front = front
        self.is_open = False
        self._storage = storage
        self._tasks = Tasks(self._on_task_failed)
        self._ending = asyncio.Event()
        self._backup_wanted: Path | None = None
        self.is_restarting = False

    @property
    def is_leaving(self) -> bool:
        """Whether everything is being put away, or soon will be."""
        return self._ending.is_set()

    @property
    def backup_wanted(self) -> Path | None:
        """The backup to be put in the library's place, once everything is put away."""
        return self._backup_wanted

    def leave(self, backup: Path | None = None) -> None:
        """Put everything away and end, without asking; unfinished jobs go on next time.

        Args:
            backup: To be put in the library's place then.
        """
        self._backup_wanted = backup
        self._ending.set()

    def restart(self) -> None:
        """Put everything away, end, and have Wordlight started once more."""
        self.is_restarting = True
        self.leave()

    async def run(self, files: Sequence[Path], notice: Message | None = None) -> None:
        """Live until the window is closed for good, or a backup is to be restored.

        Args:
            files: To be queued at once.
            notice: To be said at once.
        """
        async with open_services(self._storage) as services:
            # Until all is wired nothing can be lost: whoever closes the window is not asked.
            self.window.close_requested.connect(self._ending.set)
            others = await in_steps(self._bring_up(services))
            self.window.close_requested.disconnect(self._ending.set)
            if self._storage.settings.settings.is_queue_paused:
                self.rooms.queue.stay_paused()
            await services.queue.open()
            services.looking.follow(services.queue)
            await self.rooms.deliveries.open()
            self.rooms.library.refresh()
            self._tasks.start(self._maintain(), "keep the library up")
            self._tasks.start(self.rooms.recording.adopt(), "take up recordings")
            # All that is there by now stays until the end. Left to the garbage collector it
            # would be looked through again and again, 60 ms each time, window and all.
            gc.freeze()
            for told in (notice, self._storage.notice, others.problem):
                if told is not None:
                    self.window.say(translated(told), stays=True)
            if files:
                self.rooms.queue.adding.take(Dropped(tuple(files)))
            else:
                self._tasks.start(self._errands.reopen_last(), "open the last transcript")
            opened = OpenedFiles.of(QApplication.instance())
            if opened is not None:
                opened.follow(self._errands.take_files)
            self._tasks.start(in_steps(prepare_menus()), "prepare the first menu")
            self.is_open = True
            StartWatch.end()
            try:
                await self._ending.wait()
            finally:
                if opened is not None:
                    opened.stop()
                others.close()
                await self._put_away()

    def _bring_up(self, services: Services) -> Steps[FilesListener]:
        """Make what was not needed for the first paint, and wire it."""
        from app.bootstrap.errands import Errands
        from app.bootstrap.renewal import Renewal
        from app.bootstrap.rooms import make_rooms
        from app.bootstrap.single import FilesListener
        from app.bootstrap.wiring import wire
        from app.ui.guide.switch_teller import SwitchTeller

        self.services = services
        self.rooms = yield from make_rooms(self.window, self.front, services, self._tasks)
        yield
        self.leaving = Leaving(
            self.window,
            services.queue,
            self._storage.settings,
            self._tasks,
            self.leave,
            save=self.rooms.save_words,
            has_unsaved=lambda: self.rooms.has_unsaved,
            why_unsaved=lambda: self.rooms.reading.why_unsaved,
            recording=self.rooms.recording,
            restart=self.restart,
        )
        # Kept, since a connection to a method does not keep what the method belongs to.
        self._errands = errands = Errands(self.window, self.rooms, services, self._tasks)
        others = FilesListener(self._storage.paths, self.window)
        SwitchTeller(self.front.actions, self.window)
        Renewal(self.window, lambda told: self.window.say(translated(told), stays=True))
        yield
        wire(self.window, self.front, self.rooms, errands, self.leaving, others)
        self.rooms.begin()
        return others

    async def _put_away(self) -> None:
        """Keep what is open and end what runs, in the order that loses nothing."""
        self.window.finish_typing()
        await self.rooms.save()
        self.rooms.close()
        await self._tasks.aclose()

    async def _maintain(self) -> None:
        for sentence in await maintain(self.services, now_ms()):
            self.window.say(translated(sentence), is_bad=True, stays=True)

    def _on_task_failed(self, name: str, error: BaseException) -> None:
        if isinstance(error, AppError):
            self.window.say(translated(error.message), is_bad=True)
            return
        _log.error("task failed: %s", name, exc_info=error)
        self.window.say(
            self.window.tr("Something went wrong inside Wordlight. The log has the details."),
            is_bad=True,
        )
