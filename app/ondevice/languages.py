"""Which language is spoken when, where a recording may be in several.

A model that is told nothing asks once for half a minute: what is said in another language in
between is left out, or comes out translated. So each part of speech between two pauses is
asked about by itself. Only a part of some length brings in a language, or several short ones
together, and only where it is sure; of a short one it is asked which of those languages it is
most likely in, and a change of language has to be worth it. So a short sentence is not taken
for its neighbours' language, and one that nobody can tell goes with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from app.core.utterances import Times

SURE = 0.8
_PAUSE_MS = 500
_LEAST_MS = 3_000
"""A shorter part brings in no language that nobody spoke so far."""
_SHORTEST_MS = 1_000
"""Of a shorter one nobody can tell the language."""
_TOGETHER_MS = 3_000
"""What is said after a longer pause is not asked about together."""
_CLEAR = 0.5
"""A short part that is so likely in a known language needs no others beside it."""
_WHOLE_MS = 2_500
"""A shorter part counts less in so far as it is shorter."""
_CHANGE = 1.0
"""By how much the logarithm of a chance has to be larger for a change of language."""
_LEAST_CHANCE = 0.01
"""What is less likely is not told apart."""

Detect = Callable[[Times], Mapping[str, float]]
"""Gives how likely each language is in a span of sound; unlikely ones may be left out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found out about a part of speech.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        chances: How likely each language is; empty for a part too short to tell.
        sure: The language it stands for, alone or with those beside it; empty where it is
            short or unsure.
    """

    start_ms: int
    end_ms: int
    chances: Mapping[str, float] = field(default_factory=dict[str, float])
    sure: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it alone says too little."""
        return self.end_ms - self.start_ms < _LEAST_MS

    def worth(self, language: str) -> float:
        """Say how much speaks for a language here."""
        if not self.chances:
            return 0.0
        weight = min(1.0, (self.end_ms - self.start_ms) / _WHOLE_MS)
        return weight * math.log(max(_LEAST_CHANCE, self.chances.get(language, 0.0)))


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
    """Ask about each part of speech between two pauses.

    Args:
        speech: Where somebody speaks.
        detect: Asks about one span.
    """
    asked = [
        Asked(start_ms, end_ms, detect((start_ms, end_ms)))
        if end_ms - start_ms >= _SHORTEST_MS
        else Asked(start_ms, end_ms)
        for start_ms, end_ms in _over_pauses(speech)
    ]
    asked = [one if one.is_short else replace(one, sure=_sure(one.chances)) for one in asked]
    return _asked_together(asked, detect)


def _asked_together(asked: Sequence[Asked], detect: Detect) -> list[Asked]:
    """Ask about short parts that follow each other, and in none of the languages so far."""
    found = list(asked)
    known = {one.sure for one in asked} - {""}
    first = 0
    for place, one in enumerate(asked):
        is_clear = any(one.chances.get(code, 0.0) >= _CLEAR for code in known)
        is_far = place > first and one.start_ms - asked[place - 1].end_ms > _TOGETHER_MS
        if is_clear or is_far or not one.is_short:
            first = place if is_far and one.is_short and not is_clear else place + 1
        elif one.end_ms - asked[first].start_ms >= _LEAST_MS:
            chances = detect((asked[first].start_ms, one.end_ms))
            if sure := _sure(chances):
                known.add(sure)
                for at in range(first, place + 1):
                    found[at] = replace(found[at], chances=chances, sure=sure)
                first = place + 1
            else:
                first += 1
    return found


def _sure(chances: Mapping[str, float]) -> str:
    language = max(chances, key=chances.__getitem__, default="")
    return language if chances.get(language, 0.0) >= SURE else ""


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
    runs: list[Run] = []
    for one, language in zip(asked, _likeliest(asked, before), strict=True):
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


def _likeliest(asked: Sequence[Asked], before: str) -> list[str]:
    """Give the language of each part, such that all together are the likeliest."""
    spoken = dict.fromkeys(code for code in (before, *(one.sure for one in asked)) if code)
    if not spoken:
        return [""] * len(asked)
    worth = {code: -_CHANGE if before and code != before else 0.0 for code in spoken}
    ways: list[dict[str, str]] = []
    for one in asked:
        best = max(worth, key=worth.__getitem__)
        way = {code: best if worth[best] - _CHANGE > worth[code] else code for code in spoken}
        ways.append(way)
        worth = {
            code: max(worth[code], worth[best] - _CHANGE) + one.worth(code) for code in spoken
        }
    codes = [max(worth, key=worth.__getitem__)]
    for way in reversed(ways[1:]):
        codes.append(way[codes[-1]])
    return codes[::-1] if asked else []
