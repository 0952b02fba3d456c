"""Keep what was heard of a recording, minute by minute, in a file that can be cut anywhere.

Each minute is a record with a check sum, written at once. Whatever ends the process, the
whole records are good and the next run goes on behind them. Two and a half megabytes an
hour; to be thrown away at will, at the price of listening again.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import numpy as np

from app.voices.models import MODELS_MARK, VECTOR_SIZE
from app.voices.windows import FRAMES, SLOTS, Heard, minute_count

_FORMAT = 1
_LONGEST_HEAD = 1_000
_RECORD = struct.Struct("<II")
_COUNTS = struct.Struct("<HI")
_MOST_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class HeardFile:
    """What a file holds.

    Attributes:
        sample_count: Length of the recording.
        is_narrow: Whether the recording came over a telephone line.
        minutes: What was heard, from the beginning on.
        good_bytes: How much of the file is in order.
    """

    sample_count: int
    is_narrow: bool
    minutes: tuple[Heard, ...]
    good_bytes: int

    @property
    def is_whole(self) -> bool:
        """Whether all of the recording was heard."""
        return len(self.minutes) == minute_count(self.sample_count)


def read_heard(path: Path, sample_count: int | None = None) -> HeardFile | None:
    """Read what was kept of a recording; ``None`` if there is nothing of use.

    Args:
        path: The file.
        sample_count: Length of the recording; the file of another one is of no use. To be
            left out where there is no recording to compare with.

    Raises:
        OSError: The file is there and cannot be read.
    """
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return None
    with stream:
        head = _read_head(stream.readline(_LONGEST_HEAD))
        if head is None or sample_count not in {None, head[0]}:
            return None
        minutes: list[Heard] = []
        good_bytes = stream.tell()
        while len(minutes) < minute_count(head[0]):
            minute = _read_record(stream)
            if minute is None:
                break
            minutes.append(minute)
            good_bytes = stream.tell()
    return HeardFile(*head, tuple(minutes), good_bytes)


def begin_heard(path: Path, sample_count: int, *, is_narrow: bool) -> None:
    """Begin a file anew.

    Raises:
        OSError: It cannot be written.
    """
    head = {
        "format": _FORMAT,
        "models": MODELS_MARK,
        "samples": sample_count,
        "narrow": is_narrow,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json.dumps(head).encode("ascii") + b"\n")


def add_heard(path: Path, minute: Heard, good_bytes: int) -> int:
    """Write one more minute behind what is in order; gives how much then is.

    Raises:
        OSError: It cannot be written.
    """
    content = b"".join(
        (
            _COUNTS.pack(minute.windows, minute.runs),
            *(array.tobytes() for array in _arrays(minute)),
        )
    )
    with path.open("r+b") as stream:
        stream.truncate(good_bytes)
        stream.seek(good_bytes)
        stream.write(_RECORD.pack(len(content), zlib.crc32(content)) + content)
        return stream.tell()


_Array: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"


def _arrays(minute: Heard) -> tuple[_Array, ...]:
    return (
        minute.chances,
        minute.window,
        minute.slot,
        minute.first,
        minute.last,
        minute.is_alone,
        minute.vectors,
    )


def _read_head(line: bytes) -> tuple[int, bool] | None:
    """Give length and kind of the recording, or ``None`` if the file is of no use."""
    try:
        found: object = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    head = cast("dict[str, object]", found)
    if (head.get("format"), head.get("models")) != (_FORMAT, MODELS_MARK):
        return None
    samples, is_narrow = head.get("samples"), head.get("narrow")
    if not isinstance(samples, int) or not isinstance(is_narrow, bool) or samples < 0:
        return None
    return samples, is_narrow


def _read_record(stream: BinaryIO) -> Heard | None:
    head = stream.read(_RECORD.size)
    if len(head) < _RECORD.size:
        return None
    length, check_sum = _RECORD.unpack(head)
    if not _COUNTS.size <= length <= _MOST_BYTES:
        return None
    content = stream.read(length)
    if len(content) < length or zlib.crc32(content) != check_sum:
        return None
    windows, runs = _COUNTS.unpack_from(content)
    place = _COUNTS.size
    arrays: list[_Array] = []
    for kind, shape in (
        (np.uint8, (windows, FRAMES, SLOTS)),
        (np.int32, (runs,)),
        (np.uint8, (runs,)),
        (np.int16, (runs,)),
        (np.int16, (runs,)),
        (np.bool_, (runs,)),
        (np.float16, (runs, VECTOR_SIZE)),
    ):
        count = int(np.prod(shape))
        arrays.append(np.frombuffer(content, kind, count, place).reshape(shape))
        place += count * np.dtype(kind).itemsize
    return Heard(*arrays)  # pyright: ignore[reportArgumentType] – the kinds are those above
