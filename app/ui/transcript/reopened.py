"""Whether a transcript that came to the page by itself at the start is being read by now."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.player.session import PlaySession
from app.ui.transcript.view import TranscriptView


class Reopened(QObject):
    """Waits for a person to do something with the page, or to play it.

    Until then nobody has turned to that transcript: what is added meanwhile may take its place.

    Attributes:
        is_untouched: Whether the transcript on the page came there by itself, and nobody cared
            for it yet.
    """

    def __init__(self, view: TranscriptView, session: PlaySession) -> None:
        """Know of nothing that was reopened.

        Args:
            view: The page.
            session: What plays.
        """
        super().__init__(view)
        self.is_untouched = False
        text = view.text
        for touched in (
            text.reader_moved,
            text.word_clicked,
            text.word_meant,
            text.name_clicked,
            text.about_to_type,
            text.typed,
            session.player.playing_changed,
        ):
            touched.connect(self.end)

    def begin(self) -> None:
        """The transcript on the page has just come there by itself."""
        self.is_untouched = True

    def end(self) -> None:
        """Somebody reads it, or something else is on the page."""
        self.is_untouched = False
