"""Everything by which a transcript is reviewed: put together, and told what is on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.core.preferences import Settings
from app.store.library import Library
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.controller import ReadingController, ReadingParts
from app.ui.transcript.dimming import DimmingController
from app.ui.transcript.fillers import FillerController
from app.ui.transcript.legend_sheet import LegendSheet
from app.ui.transcript.long_paragraphs import LongParagraphController
from app.ui.transcript.notes import NotesController
from app.ui.transcript.progress import ProgressController
from app.ui.transcript.review_strip import ReviewStrip
from app.ui.transcript.served import Served
from app.ui.transcript.side_pane import SidePane
from app.ui.transcript.walk_bar import WalkBar, WalkKind
from app.ui.transcript.walking import WalkController


class Reviewing(QObject):
    """The strip over the page, the walk, the fillers and the pane beside the text.

    Attributes:
        notes: Notes, bookmarks and highlights; it may need another transcript opened.
    """

    def __init__(
        self,
        *,
        stage: Stage,
        appearance: Appearance,
        actions: Actions,
        parts: ReadingParts,
        reading: ReadingController,
        library: Library,
        settings: SettingsStore,
        tasks: Tasks,
    ) -> None:
        view, session, save_setting = parts.view, parts.session, parts.playing.save_setting
        super().__init__(view)
        self._stage = stage
        self._appearance = appearance
        self._actions = actions
        self._view = view
        self._save_setting = save_setting
        self._reading = reading
        strip = ReviewStrip(appearance, actions)
        bar = WalkBar(appearance)
        pane = SidePane(appearance)
        view.place_above(strip)
        view.place_above(bar)
        view.place_beside(pane)
        self._walk = WalkController(
            stage=stage, bar=bar, view=view, session=session, tasks=tasks
        )
        self._fillers = FillerController(
            stage=stage,
            appearance=appearance,
            view=view,
            settings=settings,
            save_setting=save_setting,
            tasks=tasks,
        )
        self.notes = NotesController(
            stage=stage, pane=pane, view=view, library=library, tasks=tasks
        )
        self._progress = ProgressController(
            stage=stage, strip=strip, view=view, session=session
        )
        self._dimming = DimmingController(
            actions=actions,
            view=view,
            heard=lambda: session.listened.spans,
            threshold=lambda: self._walk.threshold,
        )
        self._served: tuple[Served, ...] = (
            *(self._walk, self._fillers, self.notes, self._progress, self._dimming),
            LongParagraphController(stage=stage),
        )
        self._session = session
        session.listened_changed.connect(self._dimming.look_anew)
        self._walk.counted.connect(self._dimming.look_anew)
        self._fillers.hidden_changed.connect(self._skip_struck)
        self._walk.counted.connect(strip.show_doubts)
        self._fillers.counted.connect(strip.show_fillers)
        self.notes.counted.connect(strip.show_notes)
        session.listened_changed.connect(lambda: self.notes.show_heard(session.listened.spans))
        self._connect_actions()
        self.take_settings(settings.settings)
        reading.opened.connect(self.take)
        reading.let_go.connect(self.close)

    @property
    def doubt_below(self) -> float | None:
        """Below what a word is in doubt; ``None`` where nothing is known of it."""
        return self._walk.threshold

    def take(self) -> None:
        """Work on the transcript that is on the page now."""
        opened = self._reading.current
        for one in self._served:
            one.serve(opened)
        self.notes.show_heard(() if opened is None else opened.place.listened)

    def close(self) -> None:
        """Let go of the transcript: nothing is counted, and nothing noted in it any more."""
        for one in self._served:
            one.serve(None)

    def take_settings(self, settings: Settings) -> None:
        """Take up settings."""
        self._actions[ActionId.MARK_UNCERTAIN].setChecked(settings.marks_uncertain)
        self._walk.mark(wanted=settings.marks_uncertain)
        self._actions[ActionId.PALE_UNHEARD].setChecked(settings.pales_unheard)
        self._view.text.set_unheard_paler(settings.pales_unheard)
        self._actions[ActionId.HIDE_STRUCK].setChecked(settings.hides_struck)
        self._view.text.set_struck_hidden(settings.hides_struck)
        self._skip_struck(settings.hides_struck)

    def _connect_actions(self) -> None:
        actions: dict[ActionId, Callable[[], Any]] = {
            ActionId.CHECK_WORDS: partial(self._walk.start, WalkKind.WORDS),
            ActionId.CHECK_SPEAKERS: partial(self._walk.start, WalkKind.SPEAKERS),
            ActionId.NEXT_UNREVIEWED: self._progress.go_on,
            ActionId.ONLY_UNREVIEWED: self.notes.show_unreviewed,
            ActionId.FILLERS: self._fillers.ask,
            ActionId.STRIKE: self._fillers.toggle_struck,
            ActionId.RESTORE_STRUCK: self._fillers.restore,
            ActionId.NOTES: self.notes.toggle,
            ActionId.BOOKMARK: self._view.bookmark,
            ActionId.LEGEND: self._on_legend,
        }
        for action_id, act in actions.items():
            self._actions[action_id].triggered.connect(partial(self._on_page, act))
        self._actions[ActionId.MARK_UNCERTAIN].triggered.connect(self._on_mark)
        self._actions[ActionId.PALE_UNHEARD].triggered.connect(self._on_pale)
        self._actions[ActionId.HIDE_STRUCK].triggered.connect(self._on_hide)

    def _on_page(self, act: Callable[[], Any]) -> None:
        if self._stage.page is Page.TRANSCRIPT:
            act()

    def _on_mark(self, marked: bool) -> None:  # noqa: FBT001 - a slot
        self._save_setting(marks_uncertain=marked)
        self._walk.mark(wanted=marked)

    def _on_pale(self, paler: bool) -> None:  # noqa: FBT001 - a slot
        self._save_setting(pales_unheard=paler)
        self._view.text.set_unheard_paler(paler)

    def _on_hide(self, hidden: bool) -> None:  # noqa: FBT001 - a slot
        self._fillers.hide(hidden)

    def _skip_struck(self, hidden: bool) -> None:  # noqa: FBT001 - a slot
        self._actions[ActionId.HIDE_STRUCK].setChecked(hidden)
        self._session.set_options(replace(self._session.options, skips_struck=hidden))

    def _on_legend(self) -> None:
        LegendSheet(self._appearance, self._stage.dialog_parent).open()
