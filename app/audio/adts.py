"""Bare AAC, and where in it another recording begins.

Its frames carry no times: decoders count them at the rate of the first. Where a second
recording with another rate has been copied behind it, half of its sound would be thrown
away to keep to that count, or silence put between its frames. So the places where the rate
changes are found, and what lies between is read as recordings of their own.

Source: ISO/IEC 13818-7, 6.2 (ADTS).
"""

from __future__ import annotations

from app.audio.walking import MOST_SEARCHED, FileBytes, Layout, joined, limited

_HEADER_BYTES = 7
_PIECE = 1 << 20


def is_adts(head: bytes) -> bool:
    """Whether bytes begin with a frame's header."""
    return _frame(head, 0) is not None


def walk_adts(data: FileBytes, begin: int = 0) -> Layout:
    """Find the places in bare AAC where the sample rate changes.

    Args:
        data: The file.
        begin: Where its first frame is, behind a tag.
    """
    size = len(data)
    if size > MOST_SEARCHED:
        return Layout()
    starts = [0]
    rate, place = -1, begin
    while place + _HEADER_BYTES <= size:
        piece = data.cut(place, min(size, place + _PIECE))
        at, is_last = 0, place + len(piece) >= size
        while at + _HEADER_BYTES <= len(piece):
            frame = _frame(piece, at)
            if frame is None:
                at = _next_frame(piece, at + 1)
                continue
            length, found = frame
            following = _frame(piece, at + length)
            if following is None and at + length + _HEADER_BYTES > len(piece) and not is_last:
                break  # what follows is in the next piece
            # One odd header may be a damaged byte; two alike, one behind the other, are not.
            if found != rate and following is not None and following[1] == found:
                if rate >= 0:
                    starts.append(place + at)
                rate = found
            at += length
        if at == 0:
            break
        place += at
    return limited(Layout(links=joined(starts, size)))


def _frame(data: bytes, at: int) -> tuple[int, int] | None:
    """Give the length of a frame in bytes and the number of its rate."""
    if at + _HEADER_BYTES > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return None
    rate = data[at + 2] >> 2 & 0xF
    length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    return (length, rate) if length > _HEADER_BYTES and rate < 13 else None


def _next_frame(piece: bytes, at: int) -> int:
    """Give the next place that looks like a frame; the end of the piece where none does."""
    while (at := piece.find(b"\xff", at)) >= 0:
        if _frame(piece, at) is not None:
            return at
        if at + _HEADER_BYTES > len(piece):
            return at
        at += 1
    return len(piece)
