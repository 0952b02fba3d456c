"""The sound of one channel that the service has not settled yet, and when to send it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from app.core.live import LIVE_RATE_HZ, LIVE_SAMPLE_BYTES

FRAME_MS = 100
_BYTES_PER_MS = LIVE_RATE_HZ * LIVE_SAMPLE_BYTES // 1_000
FRAME_BYTES = FRAME_MS * _BYTES_PER_MS
SMALLEST_FRAME_BYTES = 1_024
"""Smaller ones the service does not want."""
_BURST_MS = 200


class UnsettledSound:
    """Sound from the last settled word on; what is settled is let go of.

    Positions are bytes from the first sample that was fed.

    Attributes:
        sent: Up to here this connection has it.
        end: Up to here it was fed.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.end = 0
        self._start = 0
        self._bytes = bytearray()

    @property
    def sent_ms(self) -> int:
        """How much of the take this connection has."""
        return self.sent // _BYTES_PER_MS

    @property
    def end_ms(self) -> int:
        """How much of the take was fed."""
        return self.end // _BYTES_PER_MS

    @property
    def unsent_ms(self) -> int:
        """How much waits to be sent."""
        return (self.end - self.sent) // _BYTES_PER_MS

    @property
    def unsettled_ms(self) -> int:
        """How much was sent, and would be sent again if the connection broke now."""
        return (self.sent - self._start) // _BYTES_PER_MS

    def add(self, sound: bytes) -> None:
        """Take the next sound."""
        self._bytes += sound
        self.end += len(sound)

    def settle(self, until_ms: int) -> None:
        """Let go of what lies before; never of what was not sent."""
        until = min(until_ms * _BYTES_PER_MS, self.sent)
        if until > self._start:
            del self._bytes[: until - self._start]
            self._start = until

    def begin_again(self) -> int:
        """Send from the last settled word on once more; gives where that is, in ms."""
        self.sent = self._start
        return self._start // _BYTES_PER_MS

    def frame(self, *, is_rest: bool) -> bytes:
        """Give the next frame and count it as sent; empty while there is not enough.

        Args:
            is_rest: No more comes for now, so that a shorter one will do.
        """
        at = self.sent - self._start
        piece = bytes(self._bytes[at : at + FRAME_BYTES])
        if len(piece) < (SMALLEST_FRAME_BYTES if is_rest else FRAME_BYTES):
            return b""
        self.sent += len(piece)
        return piece

    def last_frame(self) -> bytes:
        """Give what is left, filled up with silence; empty when there is nothing."""
        piece = bytes(self._bytes[self.sent - self._start :])
        self.sent += len(piece)
        return piece.ljust(SMALLEST_FRAME_BYTES, b"\0") if piece else b""


class Pacer:
    """Lets frames leave at twice the speed of speech at most."""

    def __init__(self, clock_ms: Callable[[], float]) -> None:
        self._clock_ms = clock_ms
        self._due_ms = clock_ms()

    def delay_ms(self, frame_bytes: int) -> float:
        """Count a frame as sent; gives how long to wait before the next one."""
        now_ms = self._clock_ms()
        half_ms = frame_bytes / _BYTES_PER_MS / 2
        self._due_ms = max(self._due_ms + half_ms, now_ms - _BURST_MS)
        return max(0.0, self._due_ms - now_ms)


def sound_ms(size_bytes: int) -> int:
    """Tell how long so much sound lasts."""
    return size_bytes // _BYTES_PER_MS
