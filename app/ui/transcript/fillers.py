"""Fillers of the transcript on the page: counted, struck through, hidden, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from typing_extensions import override

from app.core import striking
from app.core.fillers import Filler, find_fillers, hits_of, places_of
from app.core.replacing import Hit
from app.core.transcript import Transcript
from app.store.settings import SettingsStore
from app.ui.kit.appearance import Appearance
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.filler_sheet import FillerSheet
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.transcript.served import Served
from app.ui.transcript.view import TranscriptView
from app.ui.translate import counted

_COUNT_AFTER_MS = 1_500


class FillerController(Served):
    """Finds fillers, and does with them what a person chooses, each in one step.

    Signals:
        counted: How many there are that are not struck through; mere sounds and a person's
            own ones.
        hidden_changed: Whether what is struck through is neither seen nor heard.
    """

    counted = Signal(int)
    hidden_changed = Signal(bool)

    def __init__(
        self,
        *,
        stage: Stage,
        appearance: Appearance,
        view: TranscriptView,
        settings: SettingsStore,
        save_setting: Callable[..., None],
        tasks: Tasks,
    ) -> None:
        super().__init__(_COUNT_AFTER_MS)
        self._stage = stage
        self._appearance = appearance
        self._view = view
        self._settings = settings
        self._save_setting = save_setting
        self._tasks = tasks
        self._sheet: FillerSheet | None = None
        self._own = settings.settings.own_fillers

    @override
    def begin(self) -> None:
        self.counted.emit(0)
        self.look()

    def ask(self) -> None:
        """Ask which fillers go."""
        if self._opened is None:
            return
        hidden = self._view.text.are_struck_hidden
        sheet = FillerSheet(
            self._appearance, is_hidden=hidden, parent=self._stage.dialog_parent
        )
        sheet.strike_requested.connect(self._on_strike)
        sheet.delete_requested.connect(self._on_delete)
        sheet.choose_requested.connect(self._on_choose)
        sheet.restore_requested.connect(self.restore)
        sheet.added.connect(self._on_added)
        sheet.hide_requested.connect(self.hide)
        sheet.destroyed.connect(self._on_sheet_gone)
        self._sheet = sheet
        self.look()

    def restore(self) -> None:
        """Bring back everything that is struck through."""
        places = striking.struck_places(self.transcript)
        self.apply(striking.strike(self.transcript, places, struck=False))

    def hide(self, hidden: bool) -> None:  # noqa: FBT001 - a slot
        """Let what is struck through be seen and heard, or not."""
        self._view.text.set_struck_hidden(hidden)
        self.hidden_changed.emit(hidden)
        self._save_setting(hides_struck=hidden)

    def toggle_struck(self) -> None:
        """Strike through what is selected, else the caret's word; or bring it back."""
        words = self._view.selected_range() or self._view.text.selected_words()
        places = self._view.text.places
        chosen: dict[int, list[int]] = {}
        for word in words:
            paragraph = places.paragraph_of(word)
            chosen.setdefault(paragraph, []).append(word - places.words_of(paragraph).start)
        is_struck = bool(chosen) and all(
            self.transcript.paragraphs[number].words[place].is_struck
            for number, own in chosen.items()
            for place in own
        )
        self.apply(striking.strike(self.transcript, chosen, struck=not is_struck))

    # -- inside ----------------------------------------------------------------

    @override
    def look(self) -> None:
        if self._opened is not None:
            self._tasks.start(self._find(), "find fillers", replace=True)

    async def _find(self) -> None:
        """Look off the thread that paints: there may be a hundred thousand words."""
        opened, transcript = self._opened, self.transcript
        found = await asyncio.to_thread(_find_unstruck, transcript, self._own)
        struck = await asyncio.to_thread(striking.struck_places, transcript)
        if opened is not self._opened:
            return
        self.counted.emit(sum(len(one.places) for one in found if one.is_sound or one.is_own))
        if self._sheet is not None:
            self._sheet.show_fillers(found, sum(len(own) for own in struck.values()))
            self._sheet.open()

    def _on_strike(self, chosen: tuple[Filler, ...]) -> None:
        self._do(striking.strike, chosen)

    def _on_delete(self, chosen: tuple[Filler, ...]) -> None:
        self._do(striking.delete, chosen)

    def _do(self, act: Any, chosen: tuple[Filler, ...]) -> None:
        """Do it to the words as they are now: the sheet may have been open for long."""
        wanted = {one.text for one in chosen}
        now = _find_unstruck(self.transcript, self._own)
        places = places_of(one for one in now if one.text in wanted)
        self.apply(act(self.transcript, places))
        count = sum(len(one.places) for one in now if one.text in wanted)
        self._stage.say(
            counted(
                "FillerController",
                count,
                "1 filler was removed.",
                "{count} fillers were removed.",
            )
        )

    def _on_choose(self, chosen: tuple[Filler, ...]) -> None:
        """List each place as it would read, and strike through those that stay chosen."""
        transcript = self.transcript
        wanted = {one.text for one in chosen}
        now = [one for one in _find_unstruck(transcript, self._own) if one.text in wanted]
        words = hits_of(transcript, now)
        sheet = ReplaceSheet(
            self._appearance,
            self.tr("Fillers, one by one"),
            transcript,
            list(words),
            self._stage.dialog_parent,
            hint=self.tr("Untick words that are meant. The others are struck through."),
            strikes=True,
        )

        def strike(left: list[Hit]) -> None:
            if self.transcript is not transcript:
                self._stage.say(
                    self.tr("The text has changed in the meantime. Check the list again.")
                )
                return
            places: dict[int, set[int]] = {}
            for hit in left:
                places.setdefault(hit.paragraph, set()).update(words[hit])
            self.apply(striking.strike(transcript, places))

        sheet.wanted.connect(strike)
        sheet.open()

    def _on_added(self, text: str) -> None:
        if text not in self._own:
            self._own = (*self._own, text)
            self._save_setting(own_fillers=self._own)
        self.look()

    def _on_sheet_gone(self) -> None:
        self._sheet = None


def _find_unstruck(transcript: Transcript, own: tuple[str, ...]) -> tuple[Filler, ...]:
    """Give the fillers that are still read."""
    paragraphs = transcript.paragraphs
    left: list[Filler] = []
    for one in find_fillers(transcript, own):
        places = tuple(
            (number, words)
            for number, words in one.places
            if not all(paragraphs[number].words[at].is_struck for at in words)
        )
        if places:
            left.append(Filler(one.text, one.is_sound, one.is_own, places))
    return tuple(left)
