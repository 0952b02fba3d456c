"""Where a sound pauses, and word times put right by it.

A recogniser says to a tenth of a second or two where a word begins. Beside a pause the sound
itself says it better: the word before ends where it stops, the word behind begins where it
begins again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.core.utterances import Times
from app.ondevice.sound import SAMPLE_RATE_HZ

_HOP_MS = 10
_HOP = SAMPLE_RATE_HZ * _HOP_MS // 1_000
_LEAST_PAUSE_MS = 120
_LEAST_RANGE_DB = 6.0
_AROUND_HOPS = 300
"""Loud and quiet are told by the three seconds before and behind."""
_BLOCK_HOPS = 100
_HOPS_AT_ONCE = 1_000
_REACH_MS = 300
"""A pause further than this from the seam of two words is none between them."""
_MOST_START_MS = 800
_MOST_END_MS = 500
_LEAST_WORD_MS = 30


def in_order(times: Sequence[Times]) -> list[Times]:
    """Give times that go forward: no word begins before the last, or ends behind the next."""
    starts: list[int] = []
    for start_ms, _ in times:
        starts.append(max(start_ms, starts[-1] if starts else 0))
    ends = [end_ms for _, end_ms in times]
    for place, (_, following_ms) in enumerate(pairwise(starts)):
        ends[place] = min(ends[place], following_ms)
    return [(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]


def pauses_in(samples: NDArray[np.int16]) -> list[Times]:
    """Find spans that are quieter than what is around them."""
    loudness = _loudness(samples)
    is_quiet = np.empty(loudness.size, bool)
    for first in range(0, loudness.size, _BLOCK_HOPS):
        around = loudness[max(0, first - _AROUND_HOPS) : first + _BLOCK_HOPS + _AROUND_HOPS]
        floor, top = np.percentile(around, (8, 95))
        limit = floor + max(4.0, 0.3 * (top - floor))
        block = slice(first, first + _BLOCK_HOPS)
        # What is steady all around has no pauses, be it noise or silence.
        is_quiet[block] = (loudness[block] < limit) & (top - floor >= _LEAST_RANGE_DB)
    edges = np.flatnonzero(np.diff(is_quiet.astype(np.int8), prepend=0, append=0))
    return [
        (int(begin) * _HOP_MS, int(end) * _HOP_MS)
        for begin, end in edges.reshape(-1, 2)
        if (end - begin) * _HOP_MS >= _LEAST_PAUSE_MS
    ]


def beside_pauses(
    times: Sequence[Times], pauses: Sequence[Times], openings: Sequence[int] = ()
) -> list[Times]:
    """Put edges of words that lie beside a pause where the sound stops and begins again.

    Each pause belongs to the nearest seam between two words; nothing moves further than a
    pause can have misled the recogniser, and no word changes places.

    Args:
        times: Of each word, going forward.
        pauses: As ``pauses_in`` gives them.
        openings: For each word how many milliseconds it takes at least if it begins a
            sentence, else 0: one that was put into so little before a pause is said behind.
    """
    moved = list(times)
    if not moved:
        return moved
    for seam, found in _by_seam(times, pauses, openings).items():
        if seam < len(moved):
            start_ms, end_ms = moved[seam]
            begins_ms = min((end for _, end in found), key=lambda one: abs(one - start_ms))
            if (
                abs(begins_ms - start_ms) <= _MOST_START_MS
                and begins_ms < end_ms - _LEAST_WORD_MS
            ):
                moved[seam] = begins_ms, end_ms
        if seam:
            start_ms, end_ms = moved[seam - 1]
            stops_ms = min((start for start, _ in found), key=lambda one: abs(one - end_ms))
            if abs(stops_ms - end_ms) <= _MOST_END_MS and stops_ms > start_ms + _LEAST_WORD_MS:
                moved[seam - 1] = start_ms, stops_ms
    return in_order(moved)


def _by_seam(
    times: Sequence[Times], pauses: Sequence[Times], openings: Sequence[int]
) -> dict[int, list[Times]]:
    """Give the pauses of each seam; seam 0 lies before the first word."""
    far_ms = 1 << 40
    ends = np.array([-far_ms, *(end for _, end in times)])
    starts = np.array([*(start for start, _ in times), far_ms])
    found: dict[int, list[Times]] = {}
    for begin_ms, end_ms in pauses:
        apart = np.maximum(0, np.maximum(begin_ms - starts, ends - end_ms))
        inside = np.minimum(end_ms, starts) - np.maximum(begin_ms, ends)
        seam = int(np.argmin(apart - 1e-3 * np.clip(inside, 0, 60_000)))
        if seam and openings and begin_ms - times[seam - 1][0] < openings[seam - 1]:
            seam -= 1
        if apart[seam] <= _REACH_MS:
            found.setdefault(seam, []).append((begin_ms, end_ms))
    return found


def _loudness(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Give the level of each hop in decibels, smoothed a little."""
    count = samples.size // _HOP
    if not count:
        return np.zeros(0)
    frames = samples[: count * _HOP].reshape(count, _HOP)
    # Part by part: in one go a few minutes take fifty megabytes.
    power = np.concatenate(
        [
            np.square(frames[first : first + _HOPS_AT_ONCE] / 32_768).mean(axis=1)
            for first in range(0, count, _HOPS_AT_ONCE)
        ]
    )
    power = np.convolve(power, np.ones(3) / 3, "same")
    return 10 * np.log10(power + 1e-9)
