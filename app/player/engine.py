"""What a way of making sound must be able to do.

``QtEngine`` plays through Qt; ``DecodedEngine`` through our own decoding and another
audio library, should Qt fail; ``SilentEngine`` only lets time pass.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal


class Engine(QObject):
    """One way of playing a recording.

    Signals:
        reported: It is at this position, or a little further.
        sounded: A block of sound that begins at this position was handed on just now.
        diverted: It cannot go where it was told to, and goes to this position instead.
        loaded: The recording can be played; its length in milliseconds.
        playing_changed: Sound runs, or stopped running, also by itself at the end.
        ended: The recording was played to its end.
        stalled_changed: It ran out of sound for now, or has some again.
        level_changed: Loudest sample of the last block, 0 to 1.
        failed: It cannot go on, and why, as raw text.
    """

    reported = Signal(int)
    sounded = Signal(float)
    diverted = Signal(int)
    loaded = Signal(int)
    playing_changed = Signal(bool)
    ended = Signal()
    stalled_changed = Signal(bool)
    level_changed = Signal(float)
    failed = Signal(str)

    def open(self, path: Path) -> None:
        """Get a recording ready; ``loaded`` or ``failed`` follows."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the recording and of the output device."""
        raise NotImplementedError

    def play(self) -> None:
        """Let sound run, from the start again if it had ended."""
        raise NotImplementedError

    def pause(self) -> None:
        """Hold."""
        raise NotImplementedError

    def seek(self, position_ms: int) -> None:
        """Go to a position, playing on if it was playing."""
        raise NotImplementedError

    def set_rate(self, rate: float) -> None:
        """Play faster or slower at the same pitch."""
        raise NotImplementedError

    def set_volume(self, volume: float) -> None:
        """Set loudness, 0 to 1."""
        raise NotImplementedError

    def set_device(self, name: str) -> None:
        """Use an output device by its name; empty for the system's default."""
        raise NotImplementedError
