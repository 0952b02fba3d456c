"""Paragraphs that are not looked at now are dimmed; they stay where they are.

They are not taken away: whoever selects, deletes or merges would do so to what cannot be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from typing_extensions import override

from app.core.document import Change
from app.core.doubt import doubtful_words
from app.core.progress import ReviewState, Spans, state_of
from app.core.transcript import Paragraph
from app.ui.actions import DIMS, ActionId, Actions
from app.ui.transcript.served import Served
from app.ui.transcript.view import TranscriptView

_SHOWN_AFTER_MS = 0
_KNOWN = 400
"""Of so many paragraphs it is remembered whether they are dimmed."""


class DimmingController(Served):
    """Dims what is reviewed, what is sure, or what others say."""

    def __init__(
        self,
        *,
        actions: Actions,
        view: TranscriptView,
        heard: Callable[[], Spans],
        threshold: Callable[[], float | None],
    ) -> None:
        """Prepare.

        Args:
            actions: All actions.
            view: Where it is shown.
            heard: Gives what was listened to.
            threshold: Gives below what confidence a word is in doubt, if that is known.
        """
        super().__init__(_SHOWN_AFTER_MS)
        self._view = view
        self._heard = heard
        self._threshold = threshold
        self._switches: dict[ActionId, QAction] = {one: actions[one] for one in DIMS}
        self._known: dict[int, tuple[Paragraph, bool]] = {}
        for action_id, action in self._switches.items():
            action.toggled.connect(partial(self._on_toggled, action_id))

    @override
    def begin(self) -> None:
        for action in self._switches.values():
            action.setChecked(False)

    @override
    def follow_change(self, change: Change) -> None:
        self._known.clear()

    def look_anew(self) -> None:
        """Take up that something was heard, or that other words are in doubt."""
        self._known.clear()
        self._view.text.viewport().update()

    def _on_toggled(self, chosen: ActionId, on: bool) -> None:  # noqa: FBT001 - a slot
        if on:
            for action_id, action in self._switches.items():
                if action_id is not chosen:
                    action.setChecked(False)
        self._known.clear()
        if any(action.isChecked() for action in self._switches.values()):
            if on:
                self._view.text.set_dimmed(partial(self._is_dimmed, self._rule(chosen)))
        else:
            self._view.text.set_dimmed(None)

    def _rule(self, chosen: ActionId) -> Callable[[Paragraph], bool]:
        """Give what tells of a paragraph whether it is dimmed."""
        if chosen is ActionId.DIM_OTHERS:
            speaker = self._view.caret_speaker()
            return lambda one: one.speaker_id != speaker
        if chosen is ActionId.DIM_REVIEWED:
            return lambda one: state_of(one, self._heard()) is not ReviewState.UNHEARD
        return lambda one: not doubtful_words(one, self._threshold() or 0.0)

    def _is_dimmed(self, rule: Callable[[Paragraph], bool], number: int) -> bool:
        paragraph = self.transcript.paragraphs[number]
        known = self._known.get(number)
        if known is None or known[0] is not paragraph:
            if len(self._known) > _KNOWN:
                self._known.clear()
            known = self._known[number] = paragraph, rule(paragraph)
        return known[1]
