"""What each walk through a file needs: its bytes, and how to say what was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

from app.core.recording import ByteRange

MOST_LINKS = 60
"""More recordings in one file are not read: each is an input of its own for ffmpeg."""
UNKNOWN_SIZES = {0, 0xFFFF_FFFF, 0x7FFF_FFFF}
LEAST_LOST = 4_096
"""Fewer odd bytes at the end are padding or a stray tag."""
MOST_SEARCHED = 1 << 31
WINDOW = 1 << 16
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sound of a file lies.

    Attributes:
        links: The recordings in it, one after the other; empty where it is one.
        ignores_size: The size in the header is wrong and must not be believed.
        raw: Where the bare samples lie, for a container whose header ffmpeg must believe.
        raw_codec: ffmpeg's name of what the bare samples are, where it would err about it.
        raw_form: Channels and samples a second of them, where ffmpeg finds no samples.
        bytes_per_s: How much a second of uncompressed sound takes; 0 where nobody looked.
        sound_bytes: How much uncompressed sound there really is, where that is known.
        claimed_bytes: How much its header says there is, where that is wrong.
        missing: How much more the file says it holds than there is, as a share of it.
        is_chained: It holds several streams in turn, which are read as one.
        unread_bytes: How much at its end is in no form that is known.
    """

    links: tuple[ByteRange, ...] = ()
    ignores_size: bool = False
    raw: ByteRange | None = None
    raw_codec: str = ""
    raw_form: tuple[int, int] | None = None
    bytes_per_s: int = 0
    sound_bytes: int | None = None
    claimed_bytes: int = 0
    missing: float = 0.0
    is_chained: bool = False
    unread_bytes: int = 0


class FileBytes:
    """A file as if it were in memory, read a window at a time.

    No memory map: a file cut short by another program would end this one.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._start = 0
        self._window = b""

    def __len__(self) -> int:
        return self._size

    def byte(self, place: int) -> int:
        """Give one byte."""
        found = self.cut(place, place + 1)
        return found[0] if found else 0

    def cut(self, start: int, end: int) -> bytes:
        """Give the bytes between two places, fewer at the end of the file."""
        if not self._start <= start <= end <= self._start + len(self._window):
            self._file.seek(start)
            self._window = self._file.read(max(end - start, WINDOW))
            self._start = start
        return self._window[start - self._start : end - self._start]

    def find(self, wanted: bytes, begin: int) -> int:
        """Give the next place at which these bytes are, -1 for none."""
        while begin < self._size:
            piece = self.cut(begin, begin + _PIECE)
            found = piece.find(wanted)
            if found >= 0:
                return begin + found
            if len(piece) < _PIECE:
                return -1
            begin += _PIECE - len(wanted) + 1
        return -1


def walk_marked(data: FileBytes, *, mark: bytes) -> Layout:
    """Look for the long mark with which a recording of a kind begins, all through a file."""
    starts: list[int] = []
    place = 0
    while len(data) <= MOST_SEARCHED and (place := data.find(mark, place)) >= 0:
        starts.append(place)
        place += len(mark)
    return limited(Layout(links=joined(starts, len(data))))


def joined(starts: list[int], size: int) -> tuple[ByteRange, ...]:
    """Give the links between places at which a recording begins; none for only one."""
    if len(starts) < 2:
        return ()
    return tuple(
        ByteRange(start, end) for start, end in zip(starts, [*starts[1:], size], strict=True)
    )


def limited(layout: Layout) -> Layout:
    """Keep to as many links as can be read, and count what is behind them."""
    if len(layout.links) <= MOST_LINKS:
        return layout
    kept = layout.links[:MOST_LINKS]
    unread = layout.links[-1].end - kept[-1].end
    return replace(layout, links=kept, unread_bytes=layout.unread_bytes + unread)
