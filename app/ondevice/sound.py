"""Read a WAV file piece by piece, cut at pauses.

The file is 16 kHz mono with 16-bit samples, as ``app/audio`` prepares it. Only one
piece is in memory at a time. Lengths in the header are not relied on: a WAV written
to a pipe has none, and beyond 4 GB they do not fit (RF64).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

if TYPE_CHECKING:  # the window asks for lengths only, and is to stay small
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
_SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1_000
_BYTES_PER_SAMPLE = 2

PIECE_MS = 150_000
"""A piece is never longer: 35 minutes in one go took 2.2 GB, in pieces of five 650 MB."""
SEARCH_MS = 30_000
"""The cut is looked for in this much of the end of a piece, or in a third of a short one."""
_FIRST_MS = 30_000
"""The first piece of a long recording is so short, so that there is something to read soon."""
_LONG_MS = 180_000
"""A recording that is no longer has no short first piece: it is soon heard, and each cut costs
words, since a recogniser hears better that knows what was said before."""
_WHOLE_MS = 90_000
"""So much is not cut."""
_LEAST_MS = 75_000
"""What is left at the end is shared out in pieces of so much at least."""
_QUIET_MS = 400
"""A pause is judged over this long, so that no cut falls between two words spoken on."""
_STEP_MS = 20

Samples: TypeAlias = "NDArray[np.int16]"


class UnreadableSoundError(Exception):
    """The file is not a WAV of the kind that is read here."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Where the samples of a WAV file lie.

    Attributes:
        path: The file.
        data_start: Where in the file the first sample is.
        sample_count: How many there are.
    """

    path: Path
    data_start: int
    sample_count: int

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return self.sample_count // _SAMPLES_PER_MS

    @classmethod
    def open(cls, path: Path) -> Sound:
        """Read the header.

        Raises:
            UnreadableSoundError: It is no 16 kHz mono 16-bit WAV file.
            OSError: It cannot be read at all.
        """
        with path.open("rb") as stream:
            size_bytes = stream.seek(0, 2)
            stream.seek(0)
            return cls(path, *_find_samples(stream, size_bytes))

    def read(self, first: int, count: int) -> Samples:
        """Give samples from a place on; fewer at the end.

        Raises:
            OSError: The file cannot be read any more.
        """
        import numpy as np

        wanted = max(0, min(count, self.sample_count - first))
        with self.path.open("rb") as stream:
            stream.seek(self.data_start + first * _BYTES_PER_SAMPLE)
            raw = stream.read(wanted * _BYTES_PER_SAMPLE)
        return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")

    def pieces(
        self, longest_ms: int = PIECE_MS, search_ms: int = SEARCH_MS, *, begin_ms: int = 0
    ) -> Iterator[tuple[int, Samples]]:
        """Give the sound in pieces that together are the rest, each with its start in samples.

        All but the last end on a whole millisecond, so that a later call may begin there
        and gives the same pieces as this one would have.

        Args:
            longest_ms: No piece is longer; see ``most_ms``.
            search_ms: How much of a piece's end is searched for a pause.
            begin_ms: Where the first piece begins.
        """
        import numpy as np

        with self.path.open("rb") as stream:
            start = begin_ms * _SAMPLES_PER_MS
            while start < self.sample_count:
                stream.seek(self.data_start + start * _BYTES_PER_SAMPLE)
                at_ms = start // _SAMPLES_PER_MS
                most = most_ms(at_ms, self.duration_ms - at_ms, longest_ms)
                wanted = min(most * _SAMPLES_PER_MS, self.sample_count - start)
                raw = stream.read(wanted * _BYTES_PER_SAMPLE)
                samples = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
                if not samples.size:
                    return  # cut off since it was opened
                if start + samples.size < self.sample_count:
                    samples = samples[: cut_place(samples, min(search_ms, most // 3))]
                yield start, samples
                start += samples.size


def most_ms(begin_ms: int, left_ms: int, longest_ms: int = PIECE_MS) -> int:
    """Say how long a piece may be; it depends on nothing but its place.

    They begin short, so that words come early, and grow, since a recogniser that knows what
    was said before hears better. Those at the end are shorter again: several are heard at a
    time, and end together.

    Args:
        begin_ms: Where it begins.
        left_ms: How much sound there is from there on.
        longest_ms: None is longer.
    """
    if left_ms <= _WHOLE_MS:
        return longest_ms
    if begin_ms == 0 and left_ms <= _LONG_MS:
        return min(longest_ms, max(_LEAST_MS, left_ms // 2))
    return min(longest_ms, _FIRST_MS + begin_ms, max(_LEAST_MS, left_ms * 2 // 5))


def most_pieces(begin_ms: int, duration_ms: int) -> int:
    """Say how many pieces a recording has from a place on, if none were cut earlier.

    Args:
        begin_ms: Where the first of them begins.
        duration_ms: Length of the recording.
    """
    count = 0
    while begin_ms < duration_ms:
        begin_ms += most_ms(begin_ms, duration_ms - begin_ms)
        count += 1
    return max(1, count)


def cut_place(samples: Samples, search_ms: int = SEARCH_MS) -> int:
    """Find the quietest moment near the end; the latest one if several are as quiet.

    Args:
        samples: A piece with more sound after it.
        search_ms: How much of its end to look at.

    Returns:
        How many samples to keep: at least one, at most all.
    """
    import numpy as np

    step = _STEP_MS * _SAMPLES_PER_MS
    tail = samples[max(0, samples.size - search_ms * _SAMPLES_PER_MS) :]
    steps = tail[tail.size % step :].reshape(-1, step).astype(np.float32)
    span = _QUIET_MS // _STEP_MS
    if len(steps) < span:
        return samples.size
    loudness = np.convolve(np.square(steps).mean(axis=1), np.ones(span), mode="valid")
    latest = int(len(loudness) - 1 - np.argmin(loudness[::-1]))
    middle = (latest + span // 2) * step
    return max(1, samples.size - steps.size + middle)


def _find_samples(stream: BinaryIO, size_bytes: int) -> tuple[int, int]:
    head = stream.read(12)
    if head[:4] not in {b"RIFF", b"RF64"} or head[8:] != b"WAVE":
        raise UnreadableSoundError("no WAV header")
    is_right_format = False
    while len(chunk := stream.read(8)) == 8:
        name, declared = chunk[:4], int.from_bytes(chunk[4:], "little")
        start = stream.tell()
        if name == b"data":
            if not is_right_format:
                raise UnreadableSoundError("samples before their format")
            there = size_bytes - start
            # 0 and the largest number stand for "not known".
            known = declared if 0 < declared < 0xFFFF_FFFF else there
            return start, min(known, there) // _BYTES_PER_SAMPLE
        if name == b"fmt ":
            _check_format(stream.read(16))
            is_right_format = True
        stream.seek(start + declared + declared % 2)
    raise UnreadableSoundError("no samples")


def _check_format(content: bytes) -> None:
    channels = int.from_bytes(content[2:4], "little")
    rate = int.from_bytes(content[4:8], "little")
    bits = int.from_bytes(content[14:16], "little")
    if (channels, rate, bits) != (1, SAMPLE_RATE_HZ, 8 * _BYTES_PER_SAMPLE):
        raise UnreadableSoundError(f"{channels} channels, {rate} Hz, {bits} bits")
