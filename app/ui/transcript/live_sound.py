"""Listening to a recording while it is still being made: as far as its sound is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from app.jobs.open_transcript import OpenTranscript
from app.player.session import PlaySession

_EXTEND_MS = 3_000
"""What is there more is taken up whenever it is so much."""
_EDGE_MS = 500
"""The last of it may not be on the disk yet."""
_WORTH_MS = 1_500
"""With less than that nobody is let hear on: it would stutter."""


class SoundBar(Protocol):
    """What the growing sound asks of the player's bar."""

    def set_available(self, *, available: bool, reason: str = "") -> None:
        """Allow or forbid playing, and say why not."""
        ...

    def show_duration(self, duration_ms: int) -> None:
        """Show how long the recording is."""
        ...


class LiveSound(QObject):
    """Lets what is recorded be heard on its page while it is recorded.

    It plays the file that grows: what plays goes on undisturbed, and on into what has come
    meanwhile; what is held keeps its place.
    """

    def __init__(
        self,
        *,
        session: PlaySession,
        bar: SoundBar,
        current: Callable[[], OpenTranscript | None],
        begin: Callable[[OpenTranscript], None],
        parent: QObject,
    ) -> None:
        """Wait for a recording.

        Args:
            session: What plays.
            bar: Shows it.
            current: Gives the transcript on the page.
            begin: Opens its sound for the first time.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._current = current
        self._begin = begin
        self._there_ms = 0
        self._opened_ms = 0
        self._soon = QTimer(self)  # what has ended may not be opened while it says so
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._go_on)
        session.player.ended.connect(self._soon.start)

    def extend(self, transcript_id: str, recorded_ms: int) -> None:
        """More is recorded.

        Args:
            transcript_id: Of which live text.
            recorded_ms: How long the file is by now that is played.
        """
        opened, player = self._current(), self._session.player
        if opened is None or opened.transcript_id != transcript_id or not opened.is_growing:
            return
        self._there_ms = recorded_ms - _EDGE_MS
        if player.path is None:
            self._opened_ms = 0
        more_ms = self._there_ms - self._opened_ms
        if player.is_playing or more_ms < (_EXTEND_MS if self._opened_ms else _WORTH_MS):
            return
        self._open(opened)

    def _open(self, opened: OpenTranscript) -> None:
        if self._session.player.path is None:
            self._begin(opened)
        else:
            self._session.extend(self._there_ms)
        self._opened_ms = self._there_ms
        self._bar.show_duration(self._there_ms)

    def _go_on(self) -> None:
        """All that was there has been played: go on with what has come meanwhile."""
        opened = self._current()
        if opened is None or not opened.is_growing or self._session.player.path is None:
            return
        if self._there_ms - self._session.player.position_ms >= _WORTH_MS:
            self._open(opened)
            self._session.player.play()
