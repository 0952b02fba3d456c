"""Which language is spoken when, where a recording may be in several.

A model that is told nothing asks once for half a minute: what is said in another language in
between is left out, or comes out translated. So each stretch of speech is asked about by
itself; short ones, of which nobody can tell, go with their neighbour, and another language
is believed only where it is sure. Where such a neighbour speaks another language, both
together are unsure: then each is asked about after all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.utterances import Times

SURE = 0.8
_PAUSE_MS = 500
_LEAST_MS = 3_000

Detect = Callable[[Times], tuple[str, float]]
"""Gives the language of a span of sound, and how sure that is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found out about a stretch of speech.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        language: The most likely one.
        chance: How likely it is.
        is_short: Whether it is too short to bring in a language nobody spoke so far.
    """

    start_ms: int
    end_ms: int
    language: str
    chance: float
    is_short: bool = False


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


def ask(speech: Sequence[Times], detect: Detect) -> list[Asked]:
    """Ask about each stretch of speech, and about the parts of one that is unsure.

    Args:
        speech: Where somebody speaks.
        detect: Asks about one span.
    """
    parts = _over_pauses(speech)
    found: list[Asked] = []
    for start_ms, end_ms in stretches_of(speech):
        inside = [one for one in parts if start_ms <= one[0] and one[1] <= end_ms]
        whole = Asked(start_ms, end_ms, *detect((start_ms, end_ms)))
        if whole.chance >= SURE or len(inside) == 1:
            found.append(whole)
            continue
        for begin_ms, until_ms in inside:
            is_short = until_ms - begin_ms < _LEAST_MS
            code, chance = detect((begin_ms, until_ms))
            found.append(Asked(begin_ms, until_ms, code, chance, is_short))
    return found


def stretches_of(speech: Sequence[Times]) -> list[Times]:
    """Join speech to stretches: over short pauses, and what is short with what is nearest."""
    joined = _over_pauses(speech)
    while len(joined) > 1:
        place = min(range(len(joined)), key=lambda at: joined[at][1] - joined[at][0])
        if joined[place][1] - joined[place][0] >= _LEAST_MS:
            break
        before = joined[place][0] - joined[place - 1][1] if place else None
        after = joined[place + 1][0] - joined[place][1] if place + 1 < len(joined) else None
        first = place if before is None or (after is not None and after < before) else place - 1
        joined[first : first + 2] = [(joined[first][0], joined[first + 1][1])]
    return joined


def _over_pauses(speech: Sequence[Times]) -> list[Times]:
    joined: list[Times] = []
    for start_ms, end_ms in speech:
        if joined and start_ms - joined[-1][1] < _PAUSE_MS:
            joined[-1] = joined[-1][0], end_ms
        else:
            joined.append((start_ms, end_ms))
    return joined


def runs_of(asked: Sequence[Asked], before: str, until_ms: int) -> list[Run]:
    """Say from when to when which language is spoken; together the runs are all the sound.

    Args:
        asked: Where somebody speaks, and in what.
        before: What was spoken before; empty for nothing.
        until_ms: Length of the sound.
    """
    sure = [one.language if one.chance >= SURE else "" for one in asked]
    known = {code for one, code in zip(asked, sure, strict=True) if not one.is_short}
    known |= {before}
    sure = [
        "" if one.is_short and code not in known else code
        for one, code in zip(asked, sure, strict=True)
    ]
    language = before or next((code for code in sure if code), "")
    runs: list[Run] = []
    for one, code in zip(asked, sure, strict=True):
        language = code or language
        if runs and runs[-1].language == language:
            runs[-1] = Run(runs[-1].start_ms, one.end_ms, language)
        else:
            runs.append(Run(one.start_ms, one.end_ms, language))
    if not runs:
        return [Run(0, until_ms, before)]
    cuts = [
        0,
        *((one.end_ms + after.start_ms) // 2 for one, after in pairwise(runs)),
        until_ms,
    ]
    return [Run(cuts[place], cuts[place + 1], one.language) for place, one in enumerate(runs)]
