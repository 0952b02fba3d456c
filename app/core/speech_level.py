"""When somebody is heard, by the level of the sound alone: good enough to put edges to.

It tells speech from pauses in a span of one recording, by what is quiet and what is loud
there; it does not tell speech from music.
"""

from __future__ import annotations

from app.core.peaks import Peaks

_QUIET, _LOUD = 0.15, 0.95
"""Shares of all steps that are at most so loud as the pauses, and as speech, are."""
_OVER_QUIET, _UNDER_LOUD = 2.2, 0.07
_LEAST = 60
"""Samples below this, of 32767, are silence on any recording."""
_FILL_MS, _LEAST_SPEECH_MS = 60, 30
_PAD_MS = 10
"""Speech begins a little before it is loud, and ends a little after."""


def speech_spans(peaks: Peaks, start_ms: int, end_ms: int) -> tuple[tuple[int, int], ...]:
    """Give from when to when somebody is heard within a span of time, in order.

    Args:
        peaks: The waveform of the recording.
        start_ms: Where to begin.
        end_ms: Where to end; beyond the recording there is silence.
    """
    level = peaks.levels[0]
    step = level.step_ms
    first = max(0, start_ms // step)
    last = min(len(level), -(-end_ms // step))
    lows, highs = (
        level.pairs[2 * first : 2 * last : 2],
        level.pairs[2 * first + 1 : 2 * last : 2],
    )
    loudness = [max(-low, high) for low, high in zip(lows, highs, strict=True)]
    if not loudness:
        return ()
    in_order = sorted(loudness)
    quiet = in_order[int(_QUIET * (len(in_order) - 1))]
    loud = in_order[int(_LOUD * (len(in_order) - 1))]
    threshold = max(_LEAST, min(quiet * _OVER_QUIET, loud * 0.5), loud * _UNDER_LOUD)
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for at, sample in enumerate([*loudness, 0]):
        if sample >= threshold and begin is None:
            begin = at
        elif sample < threshold and begin is not None:
            _note(spans, (first + begin) * step, (first + at) * step)
            begin = None
    return tuple(
        (max(0, begin_ms - _PAD_MS), finish_ms + _PAD_MS)
        for begin_ms, finish_ms in spans
        if finish_ms - begin_ms >= _LEAST_SPEECH_MS
    )


def _note(spans: list[tuple[int, int]], start_ms: int, end_ms: int) -> None:
    """Add a span, joined with the one before where there is hardly a pause."""
    if spans and start_ms - spans[-1][1] < _FILL_MS:
        spans[-1] = (spans[-1][0], end_ms)
    else:
        spans.append((start_ms, end_ms))
