"""Microphones by one way and what the computer plays by another, as if it were one."""

from __future__ import annotations

from app.capture.backend import Backend, OnBlock, OnEnd, Stream
from app.core.errors import RecordingError
from app.core.take import Device, Source, SourceKind


class TwoWays:
    """Gives each kind of source to the backend that knows it."""

    def __init__(self, microphones: Backend, computer: Backend) -> None:
        """Join them.

        Args:
            microphones: The way to what hears.
            computer: The way to what plays.
        """
        self._microphones = microphones
        self._computer = computer

    def devices(self) -> list[Device]:
        """Give microphones first, then what the computer plays; blocks.

        Where one of the two ways is barred, what the other one gives can be recorded.
        """
        found: list[Device] = []
        refusals: list[RecordingError] = []
        for way in (self._microphones, self._computer):
            try:
                found += way.devices()
            except RecordingError as error:
                refusals.append(error)
        if refusals and not found:
            raise refusals[0]
        return found

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        """Begin to record a source; blocks until it is open."""
        is_computer = source.kind is SourceKind.COMPUTER
        way = self._computer if is_computer else self._microphones
        return way.open(source, on_block, on_end)
