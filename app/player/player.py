"""Play a recording and know at any moment where it is.

``Player`` chooses the way of making sound, keeps the ``PlayClock`` told, and takes
the next way if one fails: Qt, then our own decoding, then silence in which at least
time passes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.core.messages import translatable
from app.core.recording import is_other_length
from app.player.clock import PlayClock
from app.player.engine import Engine
from app.player.silent_engine import SilentEngine
from app.system.clocks import precise_ms

if TYPE_CHECKING:
    from app.player.qt_engine import QtEngine
    from app.player.video import VideoBeside

_log = logging.getLogger(__name__)
_END_MS = 20
"""A seek never aims nearer to the end: there Qt's player would hang without a word."""


class Player(QObject):
    """Play one recording at a time.

    Attributes:
        clock: Where the sound is.
        path: What is open, if anything.
        duration_ms: Its length, as told, or as found where that is clearly another.
        is_playing: Whether it is meant to run.
        volume: 0 to 1.

    Signals:
        position_changed: Where it is, in milliseconds; some twenty times a second
            while playing, and after each seek.
        anchored: The clock was told something; look again.
        playing_changed: It runs, or stopped.
        duration_changed: Length of the recording in milliseconds.
        rate_changed: Speed.
        volume_changed: Loudness, 0 to 1.
        level_changed: Loudest sample just played, 0 to 1.
        ended: It was played to its end.
        devices_changed: Output devices came or went.
        error_occurred: Sound failed; one English sentence, a translator's key.
    """

    position_changed = Signal(int)
    anchored = Signal()
    playing_changed = Signal(bool)
    duration_changed = Signal(int)
    rate_changed = Signal(float)
    volume_changed = Signal(float)
    level_changed = Signal(float)
    ended = Signal()
    devices_changed = Signal()
    error_occurred = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        now_ms: Callable[[], float] = precise_ms,
        latency_ms: float = 0,
        find_library: Callable[[], Any] | None = None,
    ) -> None:
        """Make it; nothing is loaded yet.

        Args:
            parent: Qt's owner.
            now_ms: The clock.
            latency_ms: How long sound takes to the ear.
            find_library: Gives the library of the second way; sounddevice if left out.
        """
        super().__init__(parent)
        self._find_library = find_library
        self.clock = PlayClock(now_ms, latency_ms=latency_ms)
        self.path: Path | None = None
        self.duration_ms = 0
        self.is_playing = False
        self.volume = 1.0
        self._now_ms = now_ms
        self._device_name = ""
        self._video_output: QObject | None = None
        self._video_path: Path | None = None
        self._video_beside: VideoBeside | None = None
        self._engine: Engine | None = None
        self._qt_engine: QtEngine | None = None
        self._ways: list[Callable[[], Engine]] = []

    @property
    def rate(self) -> float:
        """Speed, 1 being as recorded."""
        return self.clock.rate

    @property
    def position_ms(self) -> int:
        """Where the sound is now."""
        return int(self.clock.position_ms())

    @staticmethod
    def load() -> None:
        """Load what sound needs, which takes a while; to be called in another thread."""
        from app.player.qt_engine import load_plugins

        load_plugins()

    def prepare(self) -> None:
        """Make what sound needs ahead of time, while nobody waits."""
        self._get_qt_engine()

    def open(self, path: Path, *, duration_ms: int = 0, position_ms: int = 0) -> None:
        """Get a recording ready, paused.

        Args:
            path: A file that Qt or ffmpeg can read.
            duration_ms: Its length, if it is known already.
            position_ms: Where to begin.
        """
        self.close()
        self.path = path
        self.duration_ms = 0  # so that the same length is told again
        self._set_duration(duration_ms)
        self._ways = [self._get_qt_engine, self._make_decoded_engine, self._make_silent_engine]
        self._use_next_way(position_ms)

    def take_duration(self, duration_ms: int) -> None:
        """Count with a length that decoding told, whatever the way of making sound found."""
        if duration_ms != self.duration_ms:
            self.duration_ms = duration_ms
            self.duration_changed.emit(duration_ms)

    def close(self) -> None:
        """Let go of the recording."""
        self.set_video_path(None)
        if self._engine is not None:
            self._drop_engine()
        was_playing, self.is_playing = self.is_playing, False
        self.path = None
        self.clock.reset()
        self.anchored.emit()
        if was_playing:
            self.playing_changed.emit(self.is_playing)

    def play(self) -> None:
        """Let it run."""
        if self._engine is not None and not self.is_playing:
            self._mark(playing=True)
            self._engine.play()

    def pause(self) -> None:
        """Hold it."""
        if self._engine is not None and self.is_playing:
            self._mark(playing=False)
            self._engine.pause()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def seek(self, position_ms: int) -> None:
        """Go to a position; it plays on if it was playing."""
        if self._engine is None:
            return
        position_ms = max(0, position_ms)
        if self.duration_ms:
            position_ms = min(position_ms, max(0, self.duration_ms - _END_MS))
        self.clock.seek(position_ms)
        self._engine.seek(position_ms)
        self.position_changed.emit(position_ms)
        self.anchored.emit()

    def set_rate(self, rate: float) -> None:
        """Play faster or slower at the same pitch."""
        rate = min(4.0, max(0.25, rate))
        if rate == self.rate:
            return
        self.clock.set_rate(rate)
        if self._engine is not None:
            self._engine.set_rate(rate)
        self.rate_changed.emit(rate)
        self.anchored.emit()

    def set_volume(self, volume: float) -> None:
        """Set loudness, 0 to 1."""
        volume = min(1.0, max(0.0, volume))
        if volume == self.volume:
            return
        self.volume = volume
        if self._engine is not None:
            self._engine.set_volume(volume)
        self.volume_changed.emit(volume)

    def devices(self) -> list[str]:
        """Give the name of every output device; empty where there is none."""
        return self._get_qt_engine().devices()

    def set_device(self, name: str) -> None:
        """Use an output device by its name; empty for whatever the system uses.

        One that is not there now is used as soon as it is.
        """
        self._device_name = name
        if self._engine is not None:
            self._engine.set_device(name)

    def set_video_output(self, output: QObject | None) -> None:
        """Show moving video on a ``QVideoSink``; ``None`` for none."""
        if output is not self._video_output:
            self._video_output = output
            self._place_video()

    def set_video_path(self, path: Path | None) -> None:
        """Tell where the moving video are, if not in what is played."""
        if path != self._video_path:
            self._video_path = path
            self._place_video()

    def _place_video(self) -> None:
        """Let the video come from what is played, or from the video beside it."""
        if self._video_beside is not None:
            self.playing_changed.disconnect(self._video_beside.follow)
            self.rate_changed.disconnect(self._video_beside.set_rate)
            self.position_changed.disconnect(self._video_beside.keep_step)
            self._video_beside.close()
            self._video_beside = None
        if self._video_path is None or self._video_output is None:
            if self._qt_engine is not None:
                self._qt_engine.set_video_output(self._video_output)
            return
        from app.player.video import VideoBeside

        self._get_qt_engine().set_video_output(None)  # a sink takes frames from one only
        video = self._video_beside = VideoBeside(
            self._video_path,
            self._video_output,
            self,
            sound=lambda: (self.position_ms, self.is_playing),
            now_ms=self._now_ms,
        )
        video.set_rate(self.rate)
        self.playing_changed.connect(video.follow)
        self.rate_changed.connect(video.set_rate)
        self.position_changed.connect(video.keep_step)

    def set_latency(self, latency_ms: float) -> None:
        """Tell how long sound takes from the player to the ear."""
        self.clock.latency_ms = latency_ms
        self.anchored.emit()

    # The ways of making sound

    def _get_qt_engine(self) -> QtEngine:
        from app.player.qt_engine import QtEngine

        if self._qt_engine is None:
            self._qt_engine = QtEngine(self)
            self._qt_engine.set_video_output(self._video_output)
            self._qt_engine.devices_changed.connect(self.devices_changed)
        return self._qt_engine

    def _make_decoded_engine(self) -> Engine:
        from app.player.fallback import DecodedEngine

        return DecodedEngine(self, find_library=self._find_library)

    def _make_silent_engine(self) -> Engine:
        return SilentEngine(self.duration_ms, self._now_ms, self)

    def _use_next_way(self, position_ms: int) -> None:
        path = self.path
        if path is None or not self._ways:
            return
        self._engine = engine = self._ways.pop(0)()
        _log.info("sound by %s", type(engine).__name__)
        engine.reported.connect(self._on_engine_reported)
        engine.sounded.connect(self._on_engine_sounded)
        engine.diverted.connect(self._on_engine_diverted)
        engine.loaded.connect(self._set_duration)
        engine.playing_changed.connect(self._on_engine_playing_changed)
        engine.ended.connect(self._on_engine_ended)
        engine.stalled_changed.connect(self._on_engine_stalled_changed)
        engine.level_changed.connect(self.level_changed)
        engine.failed.connect(self._on_engine_failed)
        engine.set_device(self._device_name)
        engine.set_volume(self.volume)
        self.clock.reset(position_ms)
        engine.open(path)
        engine.set_rate(self.rate)
        if position_ms:
            self.seek(position_ms)
        if self.is_playing:
            self.clock.set_playing(True)
            engine.play()

    def _drop_engine(self) -> None:
        engine, self._engine = self._engine, None
        if engine is None:
            return
        for signal in (
            engine.reported,
            engine.sounded,
            engine.diverted,
            engine.loaded,
            engine.playing_changed,
            engine.ended,
            engine.stalled_changed,
            engine.level_changed,
            engine.failed,
        ):
            signal.disconnect()
        engine.close()
        if engine is not self._qt_engine:
            engine.deleteLater()

    # What they say

    def _on_engine_reported(self, position_ms: int) -> None:
        self.clock.report(position_ms)
        self.anchored.emit()
        self.position_changed.emit(self.position_ms)

    def _on_engine_sounded(self, position_ms: float) -> None:
        self.clock.report(position_ms, is_sounding=True)
        self.anchored.emit()

    def _on_engine_diverted(self, position_ms: int) -> None:
        self.clock.seek(position_ms)
        self.position_changed.emit(position_ms)
        self.anchored.emit()

    def _on_engine_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 – a slot
        if not playing and self.is_playing:
            self._mark(playing=False)

    def _on_engine_stalled_changed(self, stalled: bool) -> None:  # noqa: FBT001 – a slot
        self.clock.set_stalled(stalled)
        self.anchored.emit()

    def _on_engine_ended(self) -> None:
        self._mark(playing=False)
        self.clock.reset(self.duration_ms)
        self.position_changed.emit(self.duration_ms)
        self.anchored.emit()
        self.ended.emit()

    def _on_engine_failed(self, details: str) -> None:
        _log.warning("sound failed: %s", details)
        position_ms = self.position_ms
        self._drop_engine()
        self._use_next_way(position_ms)
        if isinstance(self._engine, SilentEngine):
            self.error_occurred.emit(
                translatable(
                    "This recording cannot be played on this computer. Check the sound output "
                    "in the system settings."
                )
            )

    def _mark(self, *, playing: bool) -> None:
        if playing == self.is_playing:
            return
        self.is_playing = playing
        self.clock.set_playing(playing)
        self.playing_changed.emit(self.is_playing)
        self.anchored.emit()

    def _set_duration(self, duration_ms: int) -> None:
        if is_other_length(duration_ms, self.duration_ms):
            self.duration_ms = duration_ms
            self.duration_changed.emit(duration_ms)
