"""Typing while one listens: the caret goes to what is heard, the sound waits and goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.core.preferences import ClickMode, Settings
from app.player.session import PlaySession
from app.ui.actions import ActionId, Actions
from app.ui.stage import Page, Stage
from app.ui.transcript.view import TranscriptView

_HOWEVER_LONG_MS = 1 << 40
"""In a silence, the word before it is meant."""


class FixingController(QObject):
    """Brings the caret to the spoken word, and holds the sound for whoever types."""

    def __init__(
        self, *, stage: Stage, actions: Actions, view: TranscriptView, session: PlaySession
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._view = view
        self._session = session
        self._settings = Settings()
        self._edited: tuple[int, int] | None = None
        self._was_following = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_pause_over)
        actions[ActionId.CORRECT].triggered.connect(self.fix_heard)
        actions[ActionId.CARET_TO_SPOKEN].triggered.connect(self.go_to_spoken)
        view.seek_requested.connect(self._on_word_clicked)
        view.about_to_type.connect(self._on_about_to_type)
        view.typed.connect(self._on_typed)
        session.player.playing_changed.connect(self._on_playing_changed)

    def take_settings(self, settings: Settings) -> None:
        """Take up how a person types and listens."""
        self._settings = settings
        self._view.does_click_seek = settings.click_mode is not ClickMode.NOTHING_MORE
        self._view.text.is_read_first = settings.space_plays

    def fix_heard(self) -> None:
        """Select the word just heard, to write over it; the sound waits meanwhile."""
        if self._stage.page is not Page.TRANSCRIPT:
            return
        word = self._heard_word()
        if word is None:
            word = self._view.text.caret_word()
        if word is not None:
            self._hold()
            self._view.select_spoken(word)

    def go_to_spoken(self) -> None:
        """Put the caret before the word just heard; the sound runs on."""
        word = self._heard_word()
        if word is not None and self._stage.page is Page.TRANSCRIPT:
            self._view.put_caret(word)

    def finish(self) -> None:
        """Typing is over; what held the sound holds it no longer."""
        self._pause.stop()
        self._edited = None

    def _heard_word(self) -> int | None:
        """Give what a person means by the word just heard: it takes a while to react."""
        player = self._session.player
        if not player.is_playing:
            return self._view.text.spoken
        reaction_ms = round(self._settings.reaction_ms * player.rate)
        heard_ms = player.position_ms - reaction_ms
        return self._session.timeline.word_at(heard_ms, grace_ms=_HOWEVER_LONG_MS)

    def _hold(self) -> None:
        if self._view.is_following and self._session.player.is_playing:
            self._was_following = True
        self._session.begin_typing()

    def _on_word_clicked(self, position_ms: int) -> None:
        self._session.seek(position_ms)
        if self._settings.click_mode is ClickMode.PLAYS:
            self._session.player.play()

    def _on_about_to_type(self) -> None:
        is_wanted = self._settings.types_at_spoken and self._session.player.is_playing
        if is_wanted and self._view.is_following:
            self.fix_heard()

    def _on_typed(self) -> None:
        self._hold()
        times = self._view.caret_times()
        if times is not None and self._edited is not None:
            times = min(times[0], self._edited[0]), max(times[1], self._edited[1])
        self._edited = times or self._edited
        self._pause.start(self._settings.typing_pause_ms)

    def _on_pause_over(self) -> None:
        edited, self._edited = self._edited, None
        self._session.end_typing(edited)

    def _on_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 - a slot
        if playing and self._was_following:
            self._was_following = False
            self._view.follow()
