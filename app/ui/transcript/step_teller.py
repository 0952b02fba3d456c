"""Those who hear the page are told what a step did that they did not type themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.document import Change
from app.core.retyping import LABEL as TYPING
from app.jobs.open_transcript import OpenTranscript
from app.ui.kit.announcing import announce
from app.ui.transcript.step_names import spoken_step


class StepTeller(QObject):
    """Follows the transcript on the page; what is typed, screen readers say by themselves."""

    def __init__(
        self,
        *,
        page: QWidget,
        current: Callable[[], OpenTranscript | None],
        say: Callable[[QWidget, str], None] = announce,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._current = current
        self._say = say
        self._done = 0
        self._ahead = 0
        self._unfollow: Callable[[], None] = lambda: None

    def follow(self, _opened: object = None) -> None:
        """Follow the transcript that has come to the page."""
        self._unfollow()
        opened = self._current()
        if opened is not None:
            self._unfollow = opened.document.subscribe(self._on_change)
            self._done = len(opened.document.steps)
            self._ahead = len(opened.document.steps_ahead)

    def _on_change(self, change: Change) -> None:
        opened = self._current()
        if opened is None:
            return
        done, ahead = len(opened.document.steps), len(opened.document.steps_ahead)
        was_done, was_ahead = self._done, self._ahead
        self._done, self._ahead = done, ahead
        if done < was_done:
            text = self.tr("Undone: {step}")
            change = change.inverted()
        elif ahead and ahead < was_ahead:
            text = self.tr("Redone: {step}")
        elif done > was_done and ahead == was_ahead - 1:
            text = self.tr("Redone: {step}")  # the last that was ahead
        elif change.label == TYPING:
            return
        else:
            text = "{step}"
        self._say(self._page, text.replace("{step}", spoken_step(change)))
