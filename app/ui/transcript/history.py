"""History and versions of the transcript on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from PySide6.QtCore import QDateTime, QLocale, QObject

from app.core.differences import Difference, differences
from app.core.edits import take_over
from app.core.errors import AppError
from app.core.transcript import SpeakerId, Transcript
from app.jobs.open_transcript import OpenTranscript
from app.store.versions import SavedVersion
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.history_panel import HistoryPanel
from app.ui.transcript.step_names import step_name
from app.ui.transcript.taking_back import say_undoable
from app.ui.transcript.versions_sheet import VersionsSheet
from app.ui.transcript.view import TranscriptView
from app.ui.translate import translated

_SHOWN = 300
"""More differences than these nobody reads."""
_GOING, _LISTING = "go to a step", "list versions"
_COMPARING, _RESTORING = "compare a version", "restore a version"


class HistoryController(QObject):
    """Shows the steps, goes to one, and brings an earlier version back as one more step."""

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
        self._followed: OpenTranscript | None = None
        self._unfollow: Callable[[], None] = lambda: None
        self._panel = HistoryPanel(appearance, view)
        self._panel.wanted.connect(self._on_wanted)
        self._panel.versions_wanted.connect(self._on_versions)
        self._panel.closed.connect(self._on_closed)
        actions[ActionId.HISTORY].triggered.connect(self._on_history)
        actions[ActionId.VERSIONS].triggered.connect(self._on_versions)

    # Steps

    def _on_history(self) -> None:
        if not self._panel.isHidden():
            self._panel.close_panel()
            return
        opened = self._current()
        if opened is None or self._stage.page is not Page.TRANSCRIPT:
            return
        self._unfollow()
        self._followed = opened
        self._unfollow = opened.document.subscribe(
            lambda _change: self._show_steps(), is_whole=True
        )
        self._show_steps()
        self._panel.open()

    def _on_closed(self) -> None:
        self._unfollow()
        self._unfollow = lambda: None
        self._followed = None

    def _show_steps(self) -> None:
        if self._followed is None or self._followed is not self._current():
            self._panel.close_panel()
            return
        document = self._followed.document
        self._panel.model.show_steps(document.steps, document.steps_ahead)
        self._panel.go_to_present()

    def _on_wanted(self, steps: int) -> None:
        opened = self._current()
        if opened is not None and opened is self._followed:
            self._tasks.start(opened.go_to(steps), _GOING, replace=True)

    # Versions

    def _on_versions(self) -> None:
        opened = self._current()
        if opened is not None and self._stage.page is Page.TRANSCRIPT:
            self._tasks.start(self._list(opened), _LISTING, replace=True)

    async def _list(self, opened: OpenTranscript) -> None:
        """Show what versions there are."""
        await opened.save()  # what was just done has its version too
        try:
            kept = await opened.versions()
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if self._current() is not opened:
            return
        times = [None, *(one.taken_ms for one in kept)]
        names = [self.tr("Original, as transcribed"), *map(self._name, kept)]
        # The latest first; the original is the oldest.
        names, times = [*names[1:], names[0]], [*times[1:], times[0]]
        sheet = VersionsSheet(self._appearance, names, self._stage.dialog_parent)

        def look(place: int) -> None:
            work = self._compare(sheet, opened, times[place], place)
            self._tasks.start(work, _COMPARING, replace=True)

        def restore(place: int) -> None:
            self._tasks.start(self._restore(opened, times[place]), _RESTORING)

        def end() -> None:
            self._tasks.cancel(_COMPARING)

        sheet.looked_at.connect(look)
        sheet.restore_wanted.connect(restore)
        sheet.finished.connect(end)
        sheet.open()
        sheet.begin()

    def _name(self, one: SavedVersion) -> str:
        at = QDateTime.fromMSecsSinceEpoch(one.taken_ms)
        text = QLocale().toString(at, QLocale.FormatType.ShortFormat)
        if not one.reason:
            return text
        before = self.tr("{time}\nbefore “{step}”").replace("{step}", step_name(one.reason))
        return before.replace("{time}", text)

    async def _compare(
        self, sheet: VersionsSheet, opened: OpenTranscript, taken_ms: int | None, place: int
    ) -> None:
        """Show how a version differs from what is on the page."""
        sheet.show_waiting()
        now = opened.document.transcript
        try:
            earlier = await opened.version(taken_ms)
        except AppError:
            sheet.show_problem(
                self.tr("This version is damaged and cannot be shown. The others are fine.")
            )
            return
        found, left_out, is_other = await asyncio.to_thread(_compared, now, earlier)
        if sheet.place == place:
            sheet.show_differences(
                found,
                left_out,
                partial(self._who, now, earlier),
                is_other=is_other,
            )

    async def _restore(self, opened: OpenTranscript, taken_ms: int | None) -> None:
        try:
            change = await opened.restore(taken_ms)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        say_undoable(self._stage, self.tr("The version was restored."), opened, change)

    def _who(
        self, now: Transcript, earlier: Transcript, ids: Sequence[SpeakerId | None]
    ) -> str:
        labels: list[str] = []
        for one in ids:
            source = now if any(each.speaker_id == one for each in now.speakers) else earlier
            label = source.speaker_label(
                one, self.tr("Speaker {number}"), self.tr("Part {part} · Speaker {number}")
            )
            labels.append(label or self.tr("nobody"))
        return ", ".join(labels)


def _compared(now: Transcript, earlier: Transcript) -> tuple[list[Difference], int, bool]:
    """Give some differences, how many more there are, and whether anything differs at all."""
    every = differences(now, earlier)
    found = list(islice(every, _SHOWN))
    return found, sum(1 for _ in every), take_over(now, earlier, "") is not None
