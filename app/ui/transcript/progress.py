"""How far a person is with the transcript on the page, and what is next."""

from __future__ import annotations

from typing_extensions import override

from app.core.progress import next_unreviewed, reviewed_share
from app.player.session import PlaySession
from app.ui.stage import Stage
from app.ui.transcript.review_strip import ReviewStrip
from app.ui.transcript.served import Served
from app.ui.transcript.view import TranscriptView

_COUNT_AFTER_MS = 300


class ProgressController(Served):
    """Counts what was heard or approved, and leads to what was not."""

    def __init__(
        self, *, stage: Stage, strip: ReviewStrip, view: TranscriptView, session: PlaySession
    ) -> None:
        super().__init__(_COUNT_AFTER_MS)
        self._stage = stage
        self._strip = strip
        self._view = view
        self._session = session
        session.listened_changed.connect(self._on_heard)

    @override
    def begin(self) -> None:
        spans = () if self._opened is None else self._opened.place.listened
        self._view.text.set_heard(spans)
        if self._opened is not None:
            self._soon.start()

    def go_on(self) -> None:
        """Play the next paragraph that nobody heard or approved."""
        at = self._view.text.caret_paragraph()
        spans = self._session.listened.spans
        number = next_unreviewed(self.transcript, spans, -1 if at is None else at)
        if number is None:
            self._stage.say(self.tr("You have listened to or approved every paragraph."))
            return
        words = self._view.text.places.words_of(number)
        self._view.show_words(words[:1])
        self._view.play_here()

    def _on_heard(self) -> None:
        self._view.text.set_heard(self._session.listened.spans)
        if self._opened is not None:
            self._soon.start()

    @override
    def look(self) -> None:
        if self._opened is None:
            return
        spans = self._session.listened.spans
        share = reviewed_share(self.transcript, spans)
        self._strip.show_reviewed(share, left=int(share < 1.0))
        self._opened.note_reviewed(round(share, 4))
