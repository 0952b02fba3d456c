"""The moving pictures of a recording whose sound is played from a copy.

Some videos tell their time falsely to whoever seeks in their sound; the copy that is
played instead has no pictures. A second player shows those of the original, without
its sound, and keeps step.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtMultimedia import QMediaPlayer

_STEP_MS = 40
"""While it stands still, the picture of the very moment is shown."""
_DRIFT_MS = 150
"""So far apart, lips and words are seen to differ."""
_PATIENCE_MS = 1_500
"""A correction takes a while to be seen; only after it another one is tried."""
_ELSEWHERE_MS = 2_000
"""So far apart, somebody went elsewhere."""


class VideoBeside(QObject):
    """Show the pictures that belong to what is played; the player tells it of each change."""

    def __init__(
        self,
        path: Path,
        output: QObject,
        parent: QObject,
        *,
        sound: Callable[[], tuple[int, bool]],
        now_ms: Callable[[], float],
    ) -> None:
        """Open the video.

        Args:
            path: The video.
            output: A ``QVideoSink``.
            parent: Its owner.
            sound: Tells where the sound is, in milliseconds, and whether it runs.
            now_ms: The clock.
        """
        super().__init__(parent)
        self._sound = sound
        self._now_ms = now_ms
        self._corrected_at = now_ms()
        self._player_of_video = QMediaPlayer(self)  # without an audio output it makes no sound
        self._player_of_video.setVideoOutput(output)
        self._player_of_video.mediaStatusChanged.connect(self._on_media_status_changed)
        self._player_of_video.setSource(QUrl.fromLocalFile(str(path)))

    def close(self) -> None:
        """Show nothing any more."""
        self._player_of_video.mediaStatusChanged.disconnect(self._on_media_status_changed)
        self._player_of_video.stop()
        self._player_of_video.setVideoOutput(None)  # pyright: ignore[reportArgumentType] - Qt's way
        self._player_of_video.setSource(QUrl())
        self.deleteLater()

    def _on_media_status_changed(self, status: QMediaPlayer.MediaStatus) -> None:
        is_new = (
            self._player_of_video.playbackState() is QMediaPlayer.PlaybackState.StoppedState
        )
        if status is QMediaPlayer.MediaStatus.LoadedMedia and is_new:
            self.follow()

    def set_rate(self, rate: float) -> None:
        """Run at the speed of the sound."""
        self._player_of_video.setPlaybackRate(rate)

    def follow(self) -> None:
        """Run or hold as the sound does, at the same place."""
        position_ms, is_playing = self._sound()
        if is_playing:
            self._player_of_video.play()
        else:
            self._player_of_video.pause()
        self._go_to(position_ms)

    def keep_step(self, position_ms: int) -> None:
        """Be where the sound is, as far as that can be seen."""
        if not 0 <= position_ms < self._player_of_video.duration():
            return
        off_ms = abs(self._player_of_video.position() - position_ms)
        waited_ms = self._now_ms() - self._corrected_at
        _, is_playing = self._sound()
        if not is_playing:
            if off_ms > _STEP_MS:
                self._go_to(position_ms)
        elif off_ms > _ELSEWHERE_MS or (off_ms > _DRIFT_MS and waited_ms > _PATIENCE_MS):
            self._go_to(position_ms)

    def _go_to(self, position_ms: int) -> None:
        self._corrected_at = self._now_ms()
        self._player_of_video.setPosition(position_ms)
        if self._sound()[1]:
            self._player_of_video.play()  # it may have come to its end before the sound did
