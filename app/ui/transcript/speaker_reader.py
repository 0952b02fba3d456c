"""Read with speakers: who comes to a paragraph by ear is told what is painted beside it.

Name, time and marks are no part of the text, so a screen reader does not meet them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.doubt import doubtful_words
from app.core.progress import Spans, state_of
from app.core.transcript import Paragraph
from app.jobs.open_transcript import OpenTranscript
from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce
from app.ui.transcript.review_wording import translate_state
from app.ui.transcript.text import TranscriptText
from app.ui.translate import counted
from app.ui.wording import spoken_time

_CONTEXT = "SpeakerReader"


def about_paragraph(
    paragraph: Paragraph, label: str, heard: Spans, doubt_below: float | None
) -> str:
    """Say of a paragraph what those who see it see beside it.

    Args:
        paragraph: Which.
        label: Who speaks; empty for nobody.
        heard: What was listened to.
        doubt_below: How sure a word must be not to be in doubt; ``None`` if nobody knows.
    """
    doubtful = 0 if doubt_below is None else len(doubtful_words(paragraph, doubt_below))
    parts: Sequence[str] = (
        label,
        spoken_time(paragraph.start_ms),
        counted(_CONTEXT, doubtful, "1 uncertain word", "{count} uncertain words")
        if doubtful
        else "",
        translate_state(state_of(paragraph, heard)),
        QCoreApplication.translate(_CONTEXT, "Highlighted") if paragraph.is_highlighted else "",
        QCoreApplication.translate(_CONTEXT, "Note: {note}").replace("{note}", paragraph.note)
        if paragraph.note
        else "",
    )
    return ", ".join(part for part in parts if part)


class SpeakerReader(QObject):
    """Says it of each paragraph the caret comes to, while *Read with speakers* is on.

    While it is off, who speaks is said where that is another.

    Signals:
        switched: Whether it is on from now on.
    """

    switched = Signal(bool)

    def __init__(
        self,
        *,
        actions: Actions,
        text: TranscriptText,
        current: Callable[[], OpenTranscript | None],
        doubt_below: Callable[[], float | None],
        is_on: bool,
        say: Callable[[QWidget, str], None] = announce,
    ) -> None:
        super().__init__(text)
        self._text = text
        self._current = current
        self._doubt_below = doubt_below
        self._say = say
        self._at: int | None = None
        self._action = actions[ActionId.READ_SPEAKERS]
        self._action.setChecked(is_on)
        self._action.triggered.connect(self._on_triggered)
        text.cursorPositionChanged.connect(self._on_caret_moved)
        text.turn_entered.connect(self._on_turn_entered)

    def follow(self, _opened: object = None) -> None:
        """Take up that another transcript is on the page."""
        self._at = None

    def _on_triggered(self, is_on: bool) -> None:  # noqa: FBT001 - a slot
        name = (
            self.tr("Read aloud with speakers: on")
            if is_on
            else self.tr("Read aloud with speakers: off")
        )
        self._say(self._text, name)
        self._at = None
        self.switched.emit(is_on)
        self._on_caret_moved()

    def _on_turn_entered(self, label: str) -> None:
        """Say at least who speaks; the name is nowhere in the text."""
        if label and self._text.hasFocus() and not self._action.isChecked():
            self._say(self._text, label)

    def _on_caret_moved(self) -> None:
        number = self._text.caret_paragraph()
        if number == self._at or not self._text.hasFocus():
            return
        self._at = number
        opened = self._current()
        if number is None or opened is None or not self._action.isChecked():
            return
        paragraphs = opened.document.transcript.paragraphs
        if number < len(paragraphs):
            label = self._text.label_of(number)
            heard, below = opened.place.listened, self._doubt_below()
            self._say(self._text, about_paragraph(paragraphs[number], label, heard, below))
