"""Find and replace in the transcript on the page: one, or all after a look at them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.core.finding import PATTERN_LIMIT_S, PatternError, Query, Search
from app.core.replacing import ONE_LABEL, Hit, find_all, replace_hits
from app.core.transcript import Transcript
from app.jobs.open_transcript import OpenTranscript
from app.system.clocks import countdown
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.transcript.taking_back import say_undoable
from app.ui.transcript.view import TranscriptView
from app.ui.translate import counted, translated

_LOOKING, _LISTING = "search by a pattern", "list what is replaced"
_REPLACING = "replace all"


class ReplacingController(QObject):
    """Does what the find bar asks for; every replacement is one step that can be undone."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        view: TranscriptView,
        current: Callable[[], OpenTranscript | None],
        tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._appearance = appearance
        self._view = view
        self._current = current
        self._tasks = tasks
        self._finder, self._bar = view.finder, view.find_bar
        actions[ActionId.REPLACE].triggered.connect(self._on_open)
        self._finder.pattern_wanted.connect(self._on_pattern_wanted)
        self._bar.replace_requested.connect(self._on_replace)
        self._bar.replace_all_requested.connect(self._on_replace_all)

    def _on_open(self) -> None:
        if self._stage.page is Page.TRANSCRIPT:
            self._finder.open(replaces=True)

    # A pattern

    def _on_pattern_wanted(self, search: Search) -> None:
        self._tasks.start(self._look(search), _LOOKING, replace=True)

    async def _look(self, search: Search) -> None:
        """Look elsewhere than where is painted: a pattern may take long, or for ever."""
        transcript = self._view.document.transcript
        texts = tuple(self._view.text.places.texts)
        is_over = False

        def look() -> list[list[tuple[int, int]]]:
            found: list[list[tuple[int, int]]] = []
            for number, paragraph in enumerate(transcript.paragraphs):
                if is_over:
                    break
                is_wanted = search.wants(number, paragraph)
                found.append(search.find(texts[number], number) if is_wanted else [])
            return found

        try:
            found = await asyncio.to_thread(look)
        except PatternError as error:
            if self._finder.search is search:
                self._finder.fail(error)
            return
        except asyncio.CancelledError:
            is_over = True
            raise
        if self._view.document.transcript is not transcript:
            self._finder.look()  # it was edited meanwhile
        else:
            self._finder.take(search, found)

    # Replacing

    def _on_replace(self) -> None:
        opened = self._current()
        if opened is None:
            return
        try:
            current = self._finder.current()
        except PatternError as error:
            self._bar.show_problem(translated(error.message))
            return
        if current is None:
            return
        paragraph, found = current
        change = replace_hits(opened.document.transcript, [Hit(paragraph, found)], ONE_LABEL)
        if change is None:
            self._finder.step(1)
            return
        self._finder.stand_behind(paragraph, found)
        opened.apply(change)
        self._finder.step(1)

    def _on_replace_all(self) -> None:
        opened = self._current()
        query, replacement = self._bar.query, self._bar.replacement
        if opened is not None and query:
            self._tasks.start(self._ask(opened, query, replacement), _LISTING, replace=True)

    async def _ask(self, opened: OpenTranscript, query: Query, replacement: str) -> None:
        """List all that would be replaced, and ask."""
        transcript = opened.document.transcript

        def look() -> list[Hit]:
            left_s = countdown(PATTERN_LIMIT_S)
            return list(find_all(transcript, query, replacement, left_s=left_s))

        try:
            hits = await asyncio.to_thread(look)
        except PatternError as error:
            self._bar.show_problem(translated(error.message))
            return
        if not hits or self._current() is not opened:
            return
        title = (
            self.tr("Replace “{old}” with “{new}”")
            if replacement
            else self.tr("Remove “{old}”")
        )
        sheet = ReplaceSheet(
            self._appearance,
            title.replace("{old}", query.text).replace("{new}", replacement),
            transcript,
            hits,
            self._stage.dialog_parent,
        )
        sheet.wanted.connect(partial(self._on_wanted, opened, transcript))
        sheet.open()

    def _on_wanted(
        self, opened: OpenTranscript, transcript: Transcript, hits: list[Hit]
    ) -> None:
        self._tasks.start(self._replace_all(opened, transcript, hits), _REPLACING)

    async def _replace_all(
        self, opened: OpenTranscript, transcript: Transcript, hits: list[Hit]
    ) -> None:
        """Replace in all these places, if the transcript is still as it was."""
        change = await asyncio.to_thread(replace_hits, transcript, hits)
        if opened.document.transcript is not transcript:
            self._stage.say(
                self.tr("The text has changed in the meantime. Check the list again.")
            )
            return
        opened.apply(change)
        text = counted("ReplacingController", len(hits), "1 replaced.", "{count} replaced.")
        say_undoable(self._stage, text, opened, change)
