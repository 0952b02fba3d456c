"""Word of a newer release: asked for once, looked for seldom, said in one line."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.core.errors import AppError
from app.core.releases import Release
from app.jobs.updates import UpdateError, Updates
from app.store.library import Library
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated


class UpdatesController(QObject):
    """Asks whether to look for newer releases, looks, and says what there is.

    Signals:
        told: What came of a look that somebody asked for, as a sentence.
    """

    told = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        updates: Updates,
        library: Library,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._updates = updates
        self._library = library
        self._tasks = tasks

    @property
    def is_offered(self) -> bool:
        """Whether it can be looked for at all; where not, nothing of it is to be seen."""
        return self._updates.is_offered

    def begin(self) -> None:
        """Look, if that is wanted and it is time."""
        if self.is_offered:
            self._tasks.start(self._look_when_due(), "look for a newer release", replace=True)

    def on_transcript_made(self) -> None:
        """Ask whether to look, once there are some transcripts; look again after a week."""
        if self.is_offered:
            self._tasks.start(self._ask_or_look(), "ask about newer releases", replace=True)

    def look_now(self) -> None:
        """Look because somebody wants to know; ``told`` says what there is."""
        self._tasks.start(self._look_now(), "look for a newer release now", replace=True)

    async def _ask_or_look(self) -> None:
        made = await asyncio.to_thread(self._library.entries, limit=3)
        if self._updates.wants_to_ask(len(made)):
            self._ask()
        else:
            await self._look_when_due()

    def _ask(self) -> None:
        sheet = ChoiceSheet(
            self.tr("Should Wordlight check for updates?"),
            self.tr(
                "Once a week it downloads one small file that is the same for everyone. "
                "Nothing about you or your recordings is sent, and nothing is installed. You "
                "can change this in Settings."
            ),
            (("look", self.tr("Check once a week")), ("leave", self.tr("Don't check"))),
            self._stage.dialog_parent,
        )
        sheet.answered.connect(self._on_answered)
        sheet.open()

    def _on_answered(self, answer: str) -> None:
        decided = self._decide(looks=answer == "look")
        self._tasks.start(decided, "keep whether to look for releases")

    async def _decide(self, *, looks: bool) -> None:
        try:
            await asyncio.to_thread(lambda: self._updates.decide(looks=looks))
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True, stays=True)
            return
        await self._look_when_due()

    async def _look_when_due(self) -> None:
        release = await self._updates.look_when_due()
        if release is not None:
            self._say(release)

    async def _look_now(self) -> None:
        self.told.emit(self.tr("Checking for updates…"))
        try:
            release = await self._updates.look()
        except UpdateError as error:
            self.told.emit(translated(error.message))
            return
        if release is None:
            self.told.emit(self.tr("You have the newest version."))
        else:
            self.told.emit(self._there_is(release))
            self._say(release)

    def _say(self, release: Release) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl(release.page))

        self._stage.say(
            self._there_is(release),
            button=self.tr("Open the download page"),
            answer=show,
            stays=True,
        )

    def _there_is(self, release: Release) -> str:
        return self.tr("Wordlight {version} is available.").replace(
            "{version}", release.version
        )
