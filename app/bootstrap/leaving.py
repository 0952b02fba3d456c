"""Closing the window: at once, once the queue is done, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from app.core.messages import Message
from app.core.options import CAPABILITIES
from app.core.preferences import Leaving as WhenLeaving
from app.jobs.queue import JobQueue
from app.store.settings import SettingsStore
from app.system.children import UPDATED_MEANWHILE
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.queue.sheets import LeaveSheet
from app.ui.stage import Said
from app.ui.tasks import Tasks
from app.ui.translate import translated
from app.ui.window import MainWindow

_FINISH = "finish before leaving"


class Recording(Protocol):
    """What may be being recorded."""

    @property
    def is_recording(self) -> bool:
        """Whether something is."""
        ...

    @property
    def is_dictating(self) -> bool:
        """Whether something is said of which only the words are kept."""
        ...

    async def finish(self) -> None:
        """Stop it, and wait until it stands in the queue, or its words are kept."""
        ...


class Leaving:
    """Asks whether to leave while work is under way.

    The ways to end lead through ``close_requested`` of the window: the close button,
    *Quit*, and the system's request when the session ends. A signal of the system cannot
    be asked back; it does not come by here.
    """

    def __init__(  # noqa: PLR0913 - all that it asks and does, by name
        self,
        window: MainWindow,
        queue: JobQueue,
        settings: SettingsStore,
        tasks: Tasks,
        leave: Callable[[Path | None], None],
        *,
        save: Callable[[], Awaitable[bool]],
        has_unsaved: Callable[[], bool],
        why_unsaved: Callable[[], Message | None],
        recording: Recording,
        restart: Callable[[], None],
    ) -> None:
        """Ask on a window.

        Args:
            window: Where it is asked.
            queue: What may be under way.
            settings: What a person wants without being asked.
            tasks: Runs what takes time.
            leave: Puts everything away and ends; then puts a backup in the library's
                place, if it is given one.
            save: Saves what was typed; gives whether all of it is kept.
            has_unsaved: Whether anything is left to be saved.
            why_unsaved: Why it could not be saved.
            recording: What may be being recorded.
            restart: Puts everything away, ends, and starts Wordlight once more.
        """
        self._window = window
        self._queue = queue
        self._settings = settings
        self._tasks = tasks
        self._leave = leave
        self._save = save
        self._has_unsaved = has_unsaved
        self._why_unsaved = why_unsaved
        self._recording = recording
        self._restart = restart
        self._is_restarting = False
        self._leaves_unsaved = False
        self._asked_unsaved: Said | None = None
        self._is_finishing = False
        self._sheet: ChoiceSheet | None = None

    def restore(self, backup: Path) -> None:
        """Leave, so that a backup can take the library's place; jobs go on afterwards."""
        self._leave(backup)

    def restart(self) -> None:
        """Leave and start once more, with nothing lost; jobs go on afterwards.

        What the service has in hand is waited for: it is paid for, and its answer would
        find nobody.
        """
        self._window.finish_typing()
        self._is_restarting = True
        self._go_on()

    def ask(self) -> None:
        """Leave, unless work is under way and a person is to be asked about it."""
        if self._is_restarting:  # closed meanwhile: nobody waits for the service then
            self._is_restarting = False
            self._tasks.cancel(_FINISH)
        self._go_on()

    def _go_on(self) -> None:
        if self._has_unsaved() and not self._leaves_unsaved:
            self._tasks.start(self._save_first(), "save before leaving", replace=True)
            return
        if self._recording.is_recording:
            self._ask_about_recording()
            return
        if self._recording.is_dictating:  # its words are kept: there is nothing to ask
            self._stop_first()
            return
        if self._is_restarting:
            self._restart_first()
            return
        left = sum(1 for job in self._queue.jobs if not job.state.is_over)
        wanted = self._settings.settings.leaving
        if not left or wanted is WhenLeaving.CONTINUE_NEXT_TIME or self._is_finishing:
            self._leave(None)
        elif wanted is WhenLeaving.FINISH:
            self._finish_first()
        elif self._sheet is None:  # asked once, however often the button is pressed
            self._sheet = LeaveSheet(left, self._window)
            self._sheet.answered.connect(self._on_answered)
            self._sheet.open()

    def _ask_about_recording(self) -> None:
        if self._sheet is not None:
            return
        window = self._window
        self._sheet = ChoiceSheet(
            window.tr("Wordlight is still recording"),
            window.tr("What has been recorded so far is saved and in the queue."),
            (
                ("stop", window.tr("Stop and close")),
                ("stay", window.tr("Keep recording")),
            ),
            window,
        )
        self._sheet.answered.connect(self._on_recording_answered)
        self._sheet.open()

    def _on_recording_answered(self, answer: str) -> None:
        self._sheet = None
        if answer == "stop":
            self._stop_first()

    def _stop_first(self) -> None:
        async def stop() -> None:
            await self._recording.finish()
            self._go_on()

        self._tasks.start(stop(), "stop recording before leaving", replace=True)

    async def _save_first(self) -> None:
        """Go on once what was typed is kept; if it cannot be, only when asked again."""
        if await self._save():
            self._go_on()
            return
        self._leaves_unsaved = True
        reason = self._why_unsaved()
        self._asked_unsaved = self._window.say(
            # Translators: {reason} is a sentence or two: what is wrong, and what to do.
            self._window.tr(
                "The last changes are not saved. {reason} Close again to discard them."
            ).replace("{reason}", "" if reason is None else translated(reason)),
            button=self._window.tr("Stay open"),
            answer=self._stay_unsaved,
            is_bad=True,
            stays=True,
        )

    def note_saved(self) -> None:
        """Something is saved: what was said of discarding it holds for nothing typed later."""
        if self._leaves_unsaved and not self._has_unsaved():
            self._stay_unsaved()

    def _stay_unsaved(self) -> None:
        self._leaves_unsaved = False
        if self._asked_unsaved is not None:
            self._asked_unsaved.dismiss()
            self._asked_unsaved = None

    def _on_answered(self, answer: str) -> None:
        self._sheet = None
        if answer == "later":
            self._leave(None)
        elif answer == "finish":
            self._finish_first()

    def _finish_first(self) -> None:
        """Close by itself once the queue is through; closing again leaves at once."""
        self._is_finishing = True
        self._window.say(
            self._window.tr(
                "Wordlight will close when the queue is done. Close again to quit now."
            ),
            button=self._window.tr("Stay open"),
            answer=self._stay,
            stays=True,
        )

        async def finish() -> None:
            await self._queue.join()
            self._leave(None)

        self._tasks.start(finish(), _FINISH)

    def _restart_first(self) -> None:
        """Restart once the service has answered, or at once where nothing was asked of it."""
        is_sent = any(
            job.state.is_running and CAPABILITIES[job.options.model].needs_key
            for job in self._queue.jobs
        )
        if not is_sent:
            self._restart()
            return
        self._queue.wait_for_restart(UPDATED_MEANWHILE)
        self._window.say(
            self._window.tr("Wordlight will restart once the service has answered."),
            button=self._window.tr("Restart now"),
            answer=self._restart,
            stays=True,
        )

        async def finish() -> None:
            await self._queue.join()
            self._restart()

        self._tasks.start(finish(), _FINISH, replace=True)

    def _stay(self) -> None:
        self._is_finishing = False
        self._tasks.cancel(_FINISH)
