"""What a step did that nobody typed is told to those who hear the page.

To all is told that a step was taken back, or again, which reaches further than one sees.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.document import Change
from app.core.history import reaches_far
from app.core.retyping import LABEL as TYPING
from app.jobs.open_transcript import OpenTranscript
from app.ui.kit.announcing import announce
from app.ui.stage import Stage
from app.ui.transcript.step_names import spoken_step, step_name
from app.ui.transcript.taking_back import taking_again, taking_back


class StepTeller(QObject):
    """Follows the transcript on the page; what is typed, screen readers say by themselves."""

    def __init__(
        self,
        *,
        stage: Stage,
        page: QWidget,
        current: Callable[[], OpenTranscript | None],
        say: Callable[[QWidget, str], None] = announce,
    ) -> None:
        super().__init__(page)
        self._stage = stage
        self._page = page
        self._current = current
        self._say = say
        self._done = 0
        self._next_ahead: Change | None = None
        self._unfollow: Callable[[], None] = lambda: None

    def follow(self, _opened: object = None) -> None:
        """Follow the transcript that has come to the page."""
        self._unfollow()
        opened = self._current()
        if opened is not None:
            self._unfollow = opened.document.subscribe(self._on_change, is_whole=True)
            self._done = len(opened.document.steps)
            self._next_ahead = _next_of(opened)

    def _on_change(self, change: Change) -> None:
        opened = self._current()
        if opened is None:
            return
        done, next_ahead = len(opened.document.steps), self._next_ahead
        was_done, self._done = self._done, done
        self._next_ahead = _next_of(opened)
        if done < was_done:
            text, back = self.tr("Undone: {step}"), self.tr("Redo")
            answer = taking_again(self._stage, opened, opened.document.steps_ahead[0])
            change = change.inverted()
        elif change is next_ahead:
            text, back = self.tr("Redone: {step}"), self.tr("Undo")
            answer = taking_back(self._stage, opened, opened.document.steps[-1])
        elif change.label == TYPING:
            if sum(len(one.inserted) - len(one.removed) for one in change.splices) > 0:
                self._say(self._page, self.tr("New paragraph"))
            return
        else:
            self._say(self._page, spoken_step(change))
            return
        if reaches_far(change):
            shown = text.replace("{step}", step_name(change.label))
            self._stage.say(shown, button=back, answer=answer)  # which is heard as well
        else:
            self._say(self._page, text.replace("{step}", spoken_step(change)))


def _next_of(opened: OpenTranscript) -> Change | None:
    """Give the step that would be done again, if one was taken back."""
    return next(iter(opened.document.steps_ahead), None)
