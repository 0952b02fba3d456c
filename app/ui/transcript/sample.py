"""A short piece of the recording, heard by itself: then sound is where and as it was."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.player.session import PlaySession


class SamplePlayer(QObject):
    """Plays from one moment to another, and goes back."""

    def __init__(self, session: PlaySession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._until_ms: int | None = None
        self._back_ms = 0
        session.position_changed.connect(self._on_position_changed)
        session.player.playing_changed.connect(self._on_playing_changed)

    def play(self, start_ms: int, end_ms: int) -> bool:
        """Play it; gives whether there is a recording to play."""
        player = self._session.player
        if player.path is None:
            return False
        if self._until_ms is None:
            self._back_ms = player.position_ms
        self._until_ms = None  # going there is no end of it
        self._session.seek(start_ms)
        self._until_ms = end_ms
        player.play()
        return True

    def _on_position_changed(self, position_ms: int) -> None:
        if self._until_ms is None or not self._session.player.is_playing:
            return
        if position_ms >= self._until_ms:
            self._until_ms = None
            self._session.player.pause()
            self._session.seek(self._back_ms)

    def _on_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 - a slot
        if not playing:
            self._until_ms = None  # somebody stopped it: there they want to be
