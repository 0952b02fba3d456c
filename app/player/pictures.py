"""The moving pictures of a recording whose sound is played from a copy.

Some films tell their time falsely to whoever seeks in their sound; the copy that is
played instead has no pictures. A second player shows those of the original, without
its sound, and keeps step.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtMultimedia import QMediaPlayer

if TYPE_CHECKING:
    from app.player.player import Player

_STEP_MS = 40
"""While it stands still, the picture of the very moment is shown."""
_DRIFT_MS = 150
"""So far apart, lips and words are seen to differ."""
_PATIENCE_MS = 1_500
"""A correction takes a while to be seen; only after it another one is tried."""
_ELSEWHERE_MS = 2_000
"""So far apart, somebody went elsewhere."""


class Pictures(QObject):
    """Show the pictures that belong to what a player plays."""

    def __init__(
        self, path: Path, output: QObject, player: Player, now_ms: Callable[[], float]
    ) -> None:
        super().__init__(player)
        self._player = player
        self._now_ms = now_ms
        self._corrected_at = now_ms()
        self._film = QMediaPlayer(self)  # without an audio output it makes no sound
        self._film.setVideoOutput(output)
        self._film.mediaStatusChanged.connect(self._on_media_status_changed)
        player.playing_changed.connect(self._follow)
        player.rate_changed.connect(self._film.setPlaybackRate)
        player.position_changed.connect(self._keep_step)
        self._film.setPlaybackRate(player.rate)
        self._film.setSource(QUrl.fromLocalFile(str(path)))

    def close(self) -> None:
        """Show nothing any more."""
        self._player.playing_changed.disconnect(self._follow)
        self._player.rate_changed.disconnect(self._film.setPlaybackRate)
        self._player.position_changed.disconnect(self._keep_step)
        self._film.mediaStatusChanged.disconnect(self._on_media_status_changed)
        self._film.stop()
        self._film.setVideoOutput(None)  # pyright: ignore[reportArgumentType] - Qt's way
        self._film.setSource(QUrl())
        self.deleteLater()

    def _on_media_status_changed(self, status: QMediaPlayer.MediaStatus) -> None:
        is_new = self._film.playbackState() is QMediaPlayer.PlaybackState.StoppedState
        if status is QMediaPlayer.MediaStatus.LoadedMedia and is_new:
            self._follow()

    def _follow(self) -> None:
        """Run or hold as the sound does, at the same place."""
        if self._player.is_playing:
            self._film.play()
        else:
            self._film.pause()
        self._go_to(self._player.position_ms)

    def _keep_step(self, position_ms: int) -> None:
        if not 0 <= position_ms < self._film.duration():
            return
        off_ms = abs(self._film.position() - position_ms)
        waited_ms = self._now_ms() - self._corrected_at
        if not self._player.is_playing:
            if off_ms > _STEP_MS:
                self._go_to(position_ms)
        elif off_ms > _ELSEWHERE_MS or (off_ms > _DRIFT_MS and waited_ms > _PATIENCE_MS):
            self._go_to(position_ms)

    def _go_to(self, position_ms: int) -> None:
        self._corrected_at = self._now_ms()
        self._film.setPosition(position_ms)
        if self._player.is_playing:
            self._film.play()  # it may have come to its end before the sound did
