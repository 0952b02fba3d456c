"""No sound at all, but time passes, so that a transcript can still be followed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from typing_extensions import override

from app.player.engine import Engine

_REPORT_MS = 50


class SilentEngine(Engine):
    """Let time pass where nothing can be heard."""

    def __init__(
        self, duration_ms: int, now_ms: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._duration_ms = duration_ms
        self._now_ms = now_ms
        self._rate = 1.0
        self._from_ms = 0.0
        self._since: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_REPORT_MS)
        self._timer.timeout.connect(self._on_timeout)

    @override
    def open(self, path: Path) -> None:
        self.loaded.emit(self._duration_ms)

    @override
    def close(self) -> None:
        self._timer.stop()
        self._since = None

    @override
    def play(self) -> None:
        if self._since is not None:
            return
        if self._from_ms >= self._duration_ms:
            self._from_ms = 0.0
        self._since = self._now_ms()
        self._timer.start()
        self.playing_changed.emit(self._timer.isActive())
        self.sounded.emit(self._from_ms)

    @override
    def pause(self) -> None:
        if self._since is None:
            return
        self._from_ms = self._position_ms()
        self._since = None
        self._timer.stop()
        self.playing_changed.emit(self._timer.isActive())

    @override
    def seek(self, position_ms: int) -> None:
        self._from_ms = float(position_ms)
        if self._since is not None:
            self._since = self._now_ms()
            self.sounded.emit(position_ms)
        else:
            self.reported.emit(position_ms)

    @override
    def set_rate(self, rate: float) -> None:
        self._from_ms = self._position_ms()
        if self._since is not None:
            self._since = self._now_ms()
        self._rate = rate

    @override
    def set_volume(self, volume: float) -> None:
        pass

    @override
    def set_device(self, name: str) -> None:
        pass

    def _position_ms(self) -> float:
        if self._since is None:
            return self._from_ms
        position_ms = self._from_ms + (self._now_ms() - self._since) * self._rate
        return min(position_ms, float(self._duration_ms))

    def _on_timeout(self) -> None:
        position_ms = self._position_ms()
        self.reported.emit(int(position_ms))
        if position_ms >= self._duration_ms:
            self.pause()
            self.ended.emit()
