"""The end of a page that grows while it is spoken: what may still change, and following it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app.core.transcript import SpeakerId, TranscriptId
from app.jobs.open_transcript import OpenTranscript
from app.player.player import Player
from app.ui.kit.appearance import Appearance
from app.ui.transcript.tentative import Tentative, TentativeText
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.way_back import WayBack


class LiveTail(QObject):
    """Shows what is being said under the live text, and keeps its end before the reader.

    Who scrolls away, listens, selects or types stays where they are, and has a button that
    leads back; to scroll down to the end does the same.
    """

    def __init__(
        self,
        *,
        appearance: Appearance,
        view: TranscriptView,
        player: Player,
        current: Callable[[], OpenTranscript | None],
    ) -> None:
        """Follow nothing yet.

        Args:
            appearance: How it looks.
            view: The page.
            player: What plays; the page goes with that as long as it does.
            current: Gives the transcript on the page.
        """
        super().__init__(view)
        self._view = view
        self._player = player
        self._current = current
        self._live: TranscriptId | None = None
        self._parts: tuple[tuple[SpeakerId | None, str], ...] = ()
        self._is_following = True
        self._is_scrolling = False
        self._words = TentativeText(appearance, view.text)
        self.back = WayBack(self.tr("Back to the newest words"), view.text, view)
        self.back.clicked.connect(self.follow)
        text = view.text
        for moved in (text.reader_moved, text.word_clicked, text.word_meant):
            moved.connect(self._on_reader_moved)
        text.about_to_type.connect(self._stay)
        view.finder.reached.connect(self._stay)
        player.playing_changed.connect(self._on_playing_changed)
        text.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        text.updateRequest.connect(self._place_back)

    def begin(self, transcript_id: str) -> None:
        """Live text begins: this transcript grows from now on."""
        self._live, self._parts = TranscriptId(transcript_id), ()
        self._is_following = True
        self._show()

    def show_words(
        self, transcript_id: str, parts: Sequence[tuple[SpeakerId | None, str]]
    ) -> None:
        """Show what is being said, and by whom; the page may have grown as well."""
        if transcript_id == self._live:
            self._parts = tuple(parts)
            self._show()

    def end(self, transcript_id: str) -> None:
        """Nothing more is said in this transcript."""
        if transcript_id == self._live:
            self._live, self._parts = None, ()
            self._show()

    def look_at_page(self) -> None:
        """Another transcript has come to the page."""
        self._is_following = True
        self._show()

    def follow(self) -> None:
        """Go to the end, and go with it from there."""
        self._is_following = True
        self._show()

    # Inside

    @property
    def _is_here(self) -> bool:
        """Whether what is on the page is what grows."""
        current = self._current()
        return current is not None and current.transcript_id == self._live

    def _show(self) -> None:
        self._words.show_parts(self._tentative() if self._is_here else ())
        if self._is_here and self._is_following and not self._player.is_playing:
            bar = self._view.text.verticalScrollBar()
            self._is_scrolling = True
            bar.setValue(bar.maximum())
            self._is_scrolling = False
        self._place_back()

    def _tentative(self) -> tuple[Tentative, ...]:
        transcript = self._view.document.transcript
        has_several = len(transcript.speakers) > 1
        before = transcript.paragraphs[-1].speaker_id if transcript.paragraphs else None
        shown: list[Tentative] = []
        for speaker_id, text in self._parts:
            is_other = not (transcript.paragraphs or shown) or speaker_id != before
            is_named = has_several and speaker_id is not None and is_other
            shown.append(Tentative(speaker_id, text, is_named))
            before = speaker_id
        return tuple(shown)

    def _place_back(self) -> None:
        bar = self._view.text.verticalScrollBar()
        is_away = not self._is_following and bar.value() < bar.maximum()
        is_wanted = self._is_here and is_away and not self._player.is_playing
        if is_wanted or not self.back.isHidden():
            self.back.place(is_wanted=is_wanted)

    def _stay(self) -> None:
        self._is_following = False
        self._place_back()

    # Slots

    def _on_reader_moved(self) -> None:
        if self._view.text.verticalScrollBar().maximum() > 0:  # else there is no away
            self._stay()

    def _on_scrolled(self, value: int) -> None:
        is_end = value >= self._view.text.verticalScrollBar().maximum()
        if is_end and not self._is_scrolling:
            self._is_following = True
        self._place_back()

    def _on_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 - a slot
        if playing:
            self._is_following = False
        self._place_back()
