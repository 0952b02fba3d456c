"""Which language is spoken when, where a recording may be in several.

A model that is told nothing asks once for half a minute: what is said in another language in
between is left out, or comes out translated. So each stretch of speech is asked about by
itself; short ones, of which nobody can tell, go with their neighbour, and another language
is believed only where it is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.ondevice.pauses import Times

SURE = 0.8
_PAUSE_MS = 500
_LEAST_MS = 3_000

Detect = Callable[[Times], tuple[str, float]]
"""Gives the language of a span of sound, and how sure that is."""


@dataclass(frozen=True, slots=True)
class Run:
    """Sound in one language.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        language: Its code; empty where nothing is known.
    """

    start_ms: int
    end_ms: int
    language: str


def stretches_of(speech: Sequence[Times]) -> list[Times]:
    """Join speech to stretches: over short pauses, and what is short with what is nearest."""
    joined: list[Times] = []
    for start_ms, end_ms in speech:
        if joined and start_ms - joined[-1][1] < _PAUSE_MS:
            joined[-1] = joined[-1][0], end_ms
        else:
            joined.append((start_ms, end_ms))
    while len(joined) > 1:
        place = min(range(len(joined)), key=lambda at: joined[at][1] - joined[at][0])
        if joined[place][1] - joined[place][0] >= _LEAST_MS:
            break
        before = joined[place][0] - joined[place - 1][1] if place else None
        after = joined[place + 1][0] - joined[place][1] if place + 1 < len(joined) else None
        first = place if before is None or (after is not None and after < before) else place - 1
        joined[first : first + 2] = [(joined[first][0], joined[first + 1][1])]
    return joined


def runs_of(
    stretches: Sequence[Times], detect: Detect, before: str, until_ms: int
) -> list[Run]:
    """Say from when to when which language is spoken; together the runs are all the sound.

    Args:
        stretches: Where somebody speaks.
        detect: Asks about one of them.
        before: What was spoken before; empty for nothing.
        until_ms: Length of the sound.
    """
    found = [detect(one) for one in stretches]
    sure = [code if chance >= SURE else "" for code, chance in found]
    language = before or next((code for code in sure if code), "")
    runs: list[Run] = []
    for (start_ms, end_ms), code in zip(stretches, sure, strict=True):
        language = code or language
        if runs and runs[-1].language == language:
            runs[-1] = Run(runs[-1].start_ms, end_ms, language)
        else:
            runs.append(Run(start_ms, end_ms, language))
    if not runs:
        return [Run(0, until_ms, before)]
    cuts = [
        0,
        *((one.end_ms + after.start_ms) // 2 for one, after in pairwise(runs)),
        until_ms,
    ]
    return [Run(cuts[place], cuts[place + 1], one.language) for place, one in enumerate(runs)]
