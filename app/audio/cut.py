"""Cut a prepared copy into parts at quiet moments, exact to the sample."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.audio.encode import encode_arguments, failure
from app.audio.plan import Form
from app.audio.process import run_ffmpeg
from app.audio.source import input_arguments
from app.core.peaks import RATE_HZ

_WINDOW_MS = 30_000
_PAUSE_MS = 200
_UNDER_AVERAGE_DB = 16
_BYTES_PER_MS = RATE_HZ * 2 // 1000


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a copy, in milliseconds from the copy's start."""

    start_ms: int
    end_ms: int


def target_windows(duration_ms: int, split_ms: int, overlap_ms: int) -> list[Span]:
    """Give the span in which to look for each cut, so that no part gets too long.

    The parts come out about equally long; none exceeds ``split_ms`` with its overlap.
    """
    if duration_ms <= split_ms:
        return []
    window_ms = min(_WINDOW_MS, split_ms // 5)
    longest_ms = max(1, split_ms - window_ms - overlap_ms)
    count = -(-duration_ms // longest_ms)
    middles = [duration_ms * place // count for place in range(1, count)]
    return [Span(one - window_ms // 2, one + window_ms // 2) for one in middles]


def spans_around(cuts: list[int], duration_ms: int, overlap_ms: int) -> list[Span]:
    """Give the parts on both sides of each cut, sharing some sound with the next."""
    half_ms = overlap_ms // 2
    starts = [0, *(max(0, cut - half_ms) for cut in cuts)]
    ends = [*(min(duration_ms, cut + overlap_ms - half_ms) for cut in cuts), duration_ms]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


async def find_spans(
    copy: Path, duration_ms: int, split_ms: int, overlap_ms: int
) -> list[Span]:
    """Decide where the parts of a copy begin and end, by listening near each cut."""
    overlap_ms = min(overlap_ms, split_ms // 5)
    cuts: list[int] = []
    for window in target_windows(duration_ms, split_ms, overlap_ms):
        sound = await _read(copy, window)
        cuts.append(window.start_ms + await asyncio.to_thread(quietest_ms, sound))
    return spans_around(cuts, duration_ms, overlap_ms)


async def cut(copy: Path, span: Span, target: Path, form: Form) -> None:
    """Write one part of a copy as a file of its own.

    Raises:
        StorageError: The disk is full.
        RecordingError: It could not be made.
    """
    said = await run_ffmpeg(
        [*_input(copy, span), *encode_arguments(form), "-y", f"file:{target}"]
    )
    if said.exit_code != 0:
        raise failure(said)


def quietest_ms(sound: bytes) -> int:
    """Find the best moment to cut in a span of 16 kHz mono sound.

    The middle of its longest pause; where nobody pauses, the middle of the softest
    fifth of a second.
    """
    # pydub takes whole sounds into memory; this one is a bounded window.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for ffmpeg at import, which is not used
        from pydub import AudioSegment  # pyright: ignore[reportMissingTypeStubs]
        from pydub.silence import (  # pyright: ignore[reportMissingTypeStubs]
            detect_silence,  # pyright: ignore[reportUnknownVariableType]
        )

    window = AudioSegment(data=sound, sample_width=2, frame_rate=RATE_HZ, channels=1)
    threshold_db = max(-80, int(max(-80.0, window.dBFS)) - _UNDER_AVERAGE_DB)
    pauses = cast(
        "list[list[int]]", detect_silence(window, _PAUSE_MS, threshold_db, seek_step=10)
    )
    if pauses:
        start_ms, end_ms = max(pauses, key=lambda pause: pause[1] - pause[0])
        return (start_ms + end_ms) // 2
    return _softest_ms(sound)


def _softest_ms(sound: bytes) -> int:
    import numpy as np

    samples = np.frombuffer(sound, "<i2").astype(np.float64)
    power = np.concatenate(([0.0], np.cumsum(samples * samples)))
    width = RATE_HZ * _PAUSE_MS // 1000
    if len(power) <= width:
        return len(sound) // _BYTES_PER_MS // 2
    quietest = int(np.argmin(power[width:] - power[:-width]))
    return (quietest + width // 2) * 1000 // RATE_HZ


async def _read(copy: Path, span: Span) -> bytes:
    sound = bytearray()
    said = await run_ffmpeg(
        [*_input(copy, span), "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"],
        on_sound=sound.extend,
    )
    if said.exit_code != 0:
        raise failure(said)
    return bytes(sound)


def _input(copy: Path, span: Span) -> list[str]:
    start = f"{span.start_ms / 1000:.3f}"
    length = f"{(span.end_ms - span.start_ms) / 1000:.3f}"
    return input_arguments(copy, before=("-ss", start, "-t", length))
