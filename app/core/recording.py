"""What is known of a recording once it has been looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recording:
    """A file with sound, as found by decoding it.

    Attributes:
        path: Where it lies.
        size_bytes: Its size when it was looked at.
        modified_ns: Its time of change when it was looked at.
        duration_ms: Length of the sound that can be read.
        container: ffmpeg's short name of the container (``wav``, ``mp3``, ``mov``, …).
        codec: ffmpeg's name of the sound's codec (``pcm_s16le``, ``aac``, …).
        channels: 1 mono, 2 stereo, …
        sample_rate_hz: Samples a second.
        has_video: Whether there are moving pictures (a cover picture is none).
        is_variable_rate: Whether a compressed stream may change its bit rate, so that
            seeking in it cannot be trusted.
        starts_ms: When the sound begins on the file's own clock; silence before it counts.
        lone_channel: Which of two channels to take alone, since both mixed cancel out.
        damaged_at_ms: Where decoding broke off, if it did; what comes before is usable.
    """

    path: Path
    size_bytes: int
    modified_ns: int
    duration_ms: int
    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    has_video: bool = False
    is_variable_rate: bool = False
    starts_ms: int = 0
    lone_channel: int | None = None
    damaged_at_ms: int | None = None
