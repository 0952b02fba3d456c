"""Sound through Qt. Importing this costs some 60 ms, so it is done when first needed."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import cast

from PySide6.QtCore import (
    QLibraryInfo,
    QObject,
    QPluginLoader,
    QUrl,
    Signal,
)
from PySide6.QtMultimedia import (
    QAudioBuffer,
    QAudioBufferOutput,
    QAudioFormat,
    QAudioOutput,
    QMediaDevices,
    QMediaPlayer,
)
from typing_extensions import override

from app.player.engine import Engine

_LAST_FRAME_MS = 8_200
"""FFmpeg cannot seek into the last frame of a FLAC; one lasts up to 65,535 samples."""
_EARLIER_MS = 250
_LANDED_MS = 1_000
_SEEK_FAILED = "Failed to seek"
"""So begins what Qt says then, in every language."""
_LEVEL_STRIDE = 8
"""Every how many samples the level meter looks at one."""
_SCALES = {
    QAudioFormat.SampleFormat.Int16: ("h", 32_768.0),
    QAudioFormat.SampleFormat.Int32: ("i", 2_147_483_648.0),
    QAudioFormat.SampleFormat.Float: ("f", 1.0),
}


def load_plugins() -> None:
    """Load the libraries that make sound, which Qt would do at first use, for 60 ms."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "multimedia"
    for plugin in folder.glob("*ffmpeg*"):
        QPluginLoader(str(plugin)).load()


class QtEngine(Engine):
    """Play with ``QMediaPlayer``.

    Signals:
        devices_changed: Output devices came or went, or the system uses another one.
    """

    devices_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device_name = ""
        self._pending_seek_ms: int | None = None
        self._is_play_pending = False
        self._sought_ms = 0
        self._doubtful = 0  # seeks to near the end that may still fail
        self._is_loaded = False
        self._duration_ms = 0
        self._devices = QMediaDevices(self)
        self._output: QAudioOutput | None = None  # only where there is a device
        self._volume = 1.0
        self._buffers = QAudioBufferOutput(self)
        self._player = player = QMediaPlayer(self)
        player.setAudioBufferOutput(self._buffers)
        if player.pitchCompensationAvailability() is not (
            QMediaPlayer.PitchCompensationAvailability.Unavailable
        ):
            player.setPitchCompensation(True)
        player.positionChanged.connect(self._on_position_changed)
        player.durationChanged.connect(self._on_duration_changed)
        player.mediaStatusChanged.connect(self._on_media_status_changed)
        player.playbackStateChanged.connect(self._on_playback_state_changed)
        player.errorOccurred.connect(self._on_error_occurred)
        self._buffers.audioBufferReceived.connect(self._on_buffer_received)
        self._devices.audioOutputsChanged.connect(self._on_outputs_changed)
        self._choose_device()

    @override
    def open(self, path: Path) -> None:
        self._is_loaded = False
        self._pending_seek_ms = None
        self._is_play_pending = False
        self._duration_ms = self._sought_ms = self._doubtful = 0
        self._player.setSource(QUrl.fromLocalFile(str(path)))

    @override
    def close(self) -> None:
        self._is_loaded = False
        self._player.stop()
        self._player.setSource(QUrl())

    @override
    def play(self) -> None:
        if self._is_loaded:
            self._player.play()
        else:  # a seek that is pending too would make it a pause
            self._is_play_pending = True

    @override
    def pause(self) -> None:
        self._is_play_pending = False
        self._player.pause()

    @override
    def seek(self, position_ms: int) -> None:
        if not self._is_loaded:
            self._pending_seek_ms = position_ms  # Qt would drop it without a word
            return
        if self._player.playbackState() is QMediaPlayer.PlaybackState.StoppedState:
            self._player.pause()  # from *stopped*, as before the first start, likewise
        self._sought_ms = position_ms
        self._doubtful += self._is_near_end(position_ms)
        self._player.setPosition(position_ms)

    @override
    def set_rate(self, rate: float) -> None:
        self._player.setPlaybackRate(rate)

    @override
    def set_volume(self, volume: float) -> None:
        self._volume = volume
        if self._output is not None:
            self._output.setVolume(volume)

    @override
    def set_device(self, name: str) -> None:
        if name != self._device_name:
            self._device_name = name
            self._choose_device()

    def set_video_output(self, output: QObject | None) -> None:
        """Show moving pictures on a ``QVideoWidget`` or a ``QVideoSink``."""
        self._player.setVideoOutput(cast("QObject", output))

    def devices(self) -> list[str]:
        """Give the name of every output device."""
        names = (device.description() for device in QMediaDevices.audioOutputs())
        return list(dict.fromkeys(names))

    def _on_outputs_changed(self) -> None:
        self._choose_device()
        self.devices_changed.emit()

    def _choose_device(self) -> None:
        """Take the chosen device if it is there, else what the system uses now."""
        device = QMediaDevices.defaultAudioOutput()
        for other in QMediaDevices.audioOutputs():
            if self._device_name and other.description() == self._device_name:
                device = other
                break
        if device.isNull():
            self._output = None
            self._player.setAudioOutput(cast("QAudioOutput", None))  # time still moves
            return
        if self._output is None:
            self._output = QAudioOutput(device, self)
            self._output.setVolume(self._volume)
            self._player.setAudioOutput(self._output)
        elif device != self._output.device():
            self._output.setDevice(device)

    def _on_position_changed(self, position_ms: int) -> None:
        self.reported.emit(position_ms)

    def _on_duration_changed(self, duration_ms: int) -> None:
        self._duration_ms = duration_ms
        if self._is_loaded:
            self.loaded.emit(duration_ms)

    def _on_media_status_changed(self, status: QMediaPlayer.MediaStatus) -> None:
        # *Loaded* comes again after each seek and pause.
        if status is QMediaPlayer.MediaStatus.LoadedMedia and not self._is_loaded:
            self._is_loaded = True
            self.loaded.emit(self._player.duration())
            if self._pending_seek_ms is not None:
                position_ms, self._pending_seek_ms = self._pending_seek_ms, None
                self.seek(position_ms)
            if self._is_play_pending:
                self._is_play_pending = False
                self._player.play()
        elif status is QMediaPlayer.MediaStatus.EndOfMedia:
            self.ended.emit()
        elif status is QMediaPlayer.MediaStatus.InvalidMedia:
            self.failed.emit(self._player.errorString())
        self.stalled_changed.emit(status is QMediaPlayer.MediaStatus.StalledMedia)

    def _on_playback_state_changed(self, state: QMediaPlayer.PlaybackState) -> None:
        if not self._is_play_pending:  # it is held only until the pending seek is made
            self.playing_changed.emit(state is QMediaPlayer.PlaybackState.PlayingState)

    def _on_error_occurred(self, error: QMediaPlayer.Error, text: str) -> None:
        if error is QMediaPlayer.Error.NoError:
            return
        if not self._doubtful or not text.startswith(_SEEK_FAILED):
            self.failed.emit(text)
            return
        self._doubtful -= 1
        if self._is_near_end(self._sought_ms):  # else somebody has gone elsewhere already
            earlier_ms = max(0, self._sought_ms - _EARLIER_MS)
            self.diverted.emit(earlier_ms)
            self.seek(earlier_ms)

    def _is_near_end(self, position_ms: int) -> bool:
        return position_ms > max(0, self._duration_ms - _LAST_FRAME_MS)

    def _on_buffer_received(self, buffer: QAudioBuffer) -> None:
        if buffer.startTime() >= 0:
            position_ms = buffer.startTime() / 1_000
            has_landed = abs(position_ms - self._sought_ms) < _LANDED_MS
            if self._doubtful and has_landed and not self._is_near_end(self._sought_ms):
                self._doubtful = 0
            self.sounded.emit(position_ms)
        kind = _SCALES.get(buffer.format().sampleFormat())
        data = cast("memoryview | None", buffer.constData())
        if kind is None or not data:
            return
        code, full = kind
        samples = array(code, bytes(data))[::_LEVEL_STRIDE]
        self.level_changed.emit(min(1.0, max(samples, default=0.0) / full))
