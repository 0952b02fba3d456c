"""Find and replace in the whole library, when a person asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError, StorageError
from app.core.finding import PATTERN_LIMIT_S, PatternError, Query
from app.core.messages import message
from app.core.replacing import Hit, find_all, replace_hits
from app.core.transcript import Transcript, TranscriptId
from app.jobs.library_replacing import LABEL, FoundIn, LibraryReplacing
from app.jobs.open_transcript import OpenTranscript
from app.system.clocks import countdown
from app.ui.actions import ActionId, Actions
from app.ui.library.replace_sheet import LibraryReplaceSheet
from app.ui.stage import Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated
from app.ui.wording import number

_TRIES = 3
_PARTS = 10
"""How far it is is said so many times, about: those who hear it need not hear each."""
_LOOKING, _REPLACING = "look through the library", "replace in the library"


class LibraryReplacingController(QObject):
    """Looks through all transcripts and replaces in those a person leaves chosen.

    The transcript on the page is changed there, as one step that can be taken back, and so is
    one whose last changes could not be saved yet: what is stored of it is older.

    Signals:
        replaced: Transcripts of the library are others now.
    """

    replaced = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        replacing: LibraryReplacing,
        opened: Callable[[TranscriptId], OpenTranscript | None],
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._replacing = replacing
        self._opened = opened
        self._tasks = tasks
        self._at_work: set[asyncio.Task[Any]] = set()
        self._is_stopped = False
        actions[ActionId.REPLACE_IN_LIBRARY].triggered.connect(self._on_ask)

    @property
    def is_at_work(self) -> bool:
        """Whether it is being replaced in transcripts."""
        return bool(self._at_work)

    async def finish(self) -> None:
        """Wait until it is replaced in all that were chosen, or somebody stops it."""
        if self._at_work:
            await asyncio.wait(self._at_work)

    def _stop(self) -> None:
        self._is_stopped = True

    def _on_ask(self) -> None:
        sheet = LibraryReplaceSheet(self._stage.dialog_parent)

        def look(query: Query, replacement: str) -> None:
            self._tasks.start(self._look(sheet, query, replacement), _LOOKING, replace=True)

        def replace(found: list[FoundIn], query: Query, replacement: str) -> None:
            task = self._tasks.start(self._replace(found, query, replacement), _REPLACING)
            if task is not None:
                self._at_work.add(task)
                task.add_done_callback(self._at_work.discard)

        def end() -> None:
            self._tasks.cancel(_LOOKING)

        sheet.look_wanted.connect(look)
        sheet.replace_wanted.connect(replace)
        sheet.finished.connect(end)
        sheet.open()

    async def _look(self, sheet: LibraryReplaceSheet, query: Query, replacement: str) -> None:
        """Look through one transcript after the other, showing each as it is found."""
        unread = 0
        try:
            everything = await asyncio.to_thread(self._replacing.transcripts)
            for place, (transcript_id, name) in enumerate(everything, start=1):
                text = self.tr("Searching transcript {number} of {count}…")
                text = text.replace("{number}", number(place))
                sheet.tell(text.replace("{count}", number(len(everything))))
                opened = self._opened(transcript_id)
                now = None if opened is None else opened.document.transcript
                try:
                    found = await asyncio.to_thread(
                        self._replacing.find, transcript_id, name, query, replacement, now
                    )
                except StorageError:
                    unread += 1
                    continue
                if found is not None:
                    sheet.model.add(found)
        except (PatternError, AppError) as error:
            sheet.tell_result(translated(error.message))
            return
        count = sheet.model.rowCount()
        kept = self.tr("A version of each transcript is saved before it is changed.")
        told = kept if count else self.tr("No transcript contains it.")
        if unread:
            not_read = counted(
                "LibraryReplacingController",
                unread,
                "1 transcript is damaged and could not be searched.",
                "{count} transcripts are damaged and could not be searched.",
            )
            told = f"{told} {not_read}"
        sheet.tell_result(told)

    async def _replace(self, found: list[FoundIn], query: Query, replacement: str) -> None:
        places = transcripts = 0
        failed: list[str] = []
        left = 0
        self._is_stopped = False
        said: Said | None = None
        for place, one in enumerate(found, start=1):
            if self._is_stopped:
                left = len(found) - place + 1
                break
            is_another_part = place * _PARTS // len(found) != (place - 1) * _PARTS // len(found)
            if len(found) > 1 and (said is None or (is_another_part and said.is_shown)):
                text = self.tr("Replacing in transcript {number} of {count}…")
                said = self._stage.say(
                    text.replace("{number}", number(place)).replace(
                        "{count}", number(len(found))
                    ),
                    button=self.tr("Stop"),
                    answer=self._stop,
                    stays=True,
                )
            try:
                count = await self._replace_in(one, query, replacement)
            except AppError as error:
                failed.append(f"{one.name}: {translated(error.message)}")
                continue
            places += count
            transcripts += count > 0
        if said is not None:
            said.dismiss()
        self.replaced.emit()
        if failed:
            text = counted(
                "LibraryReplacingController",
                len(failed),
                "1 transcript could not be changed.",
                "{count} transcripts could not be changed.",
            )
            self._stage.say(f"{text} {failed[0]}", is_bad=True, stays=True)
            return
        text = counted(
            "LibraryReplacingController", places, "1 match replaced", "{count} matches replaced"
        )
        within = counted(
            "LibraryReplacingController",
            transcripts,
            "in 1 transcript.",
            "in {count} transcripts.",
        )
        kept = self.tr("“Versions…” in each transcript has the text from before.")
        if left:
            kept = counted(
                "LibraryReplacingController",
                left,
                "1 transcript is as it was.",
                "{count} transcripts are as they were.",
            )
        self._stage.say(f"{text} {within} {kept}")

    async def _replace_in(self, one: FoundIn, query: Query, replacement: str) -> int:
        """Replace in one transcript; gives in how many places.

        Raises:
            AppError: It could not be changed, or somebody went on changing it.
        """
        opened = self._opened(one.transcript_id)
        if opened is None:
            return await asyncio.to_thread(
                self._replacing.replace, one.transcript_id, query, replacement
            )
        await opened.save_version(LABEL)
        for _ in range(_TRIES):
            now = opened.document.transcript
            hits = await asyncio.to_thread(_hits, now, query, replacement)
            if opened.document.transcript is now:  # nobody typed meanwhile
                opened.apply(replace_hits(now, hits, LABEL))
                return len(hits)
        raise StorageError(
            message("The text has changed in the meantime. Check the list again.")
        )


def _hits(transcript: Transcript, query: Query, replacement: str) -> list[Hit]:
    left_s = countdown(PATTERN_LIMIT_S)
    return list(find_all(transcript, query, replacement, left_s=left_s))
