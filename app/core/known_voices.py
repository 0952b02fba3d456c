"""Whose voice a speaker's is like, of those a person asked to be known. Pure.

A likeness is a reason to suggest a name, never to assign it. Voices over a telephone line
and others are not compared, and neither are those of other models.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.transcript import SpeakerId

LEAST_S = 10.0
"""So much of a voice must be heard with nobody else speaking, on both sides."""
LEAST_LIKENESS = 0.55
LEAST_AHEAD = 0.10
"""So much more alike it must be than to anybody else who is known."""
_NUMBER_BYTES = 2


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """What somebody sounds like.

    Attributes:
        name: As a person called them; empty for a speaker nobody has named.
        vector: The direction of the voice: little-endian numbers of 16 bits, in base 64.
        seconds: How much was heard of it with nobody else speaking.
        is_narrow: Whether over a telephone line.
        models: Mark of the models that heard it.
    """

    name: str
    vector: str
    seconds: float
    is_narrow: bool
    models: str


def likeness(one: KnownVoice, other: KnownVoice) -> float | None:
    """Say how alike two voices are, -1 to 1; ``None`` where they cannot be compared."""
    if (one.is_narrow, one.models) != (other.is_narrow, other.models):
        return None
    if min(one.seconds, other.seconds) < LEAST_S:
        return None
    left, right = _numbers(one.vector), _numbers(other.vector)
    if not left or len(left) != len(right):
        return None
    size = math.hypot(*left) * math.hypot(*right)
    return sum(a * b for a, b in zip(left, right, strict=True)) / size if size else None


def suggested(
    voices: Mapping[SpeakerId, KnownVoice], known: Sequence[KnownVoice]
) -> dict[SpeakerId, str]:
    """Say whom speakers sound like; nobody is suggested for two of them.

    Args:
        voices: Of the speakers without a name.
        known: Everybody who may be suggested.
    """
    found: list[tuple[float, SpeakerId, str]] = []
    for speaker, voice in voices.items():
        by_name: dict[str, float] = {}
        for one in known:
            alike = likeness(voice, one)
            if alike is not None:
                by_name[one.name] = max(alike, by_name.get(one.name, -1.0))
        ranked = sorted(by_name.items(), key=lambda pair: -pair[1])
        if not ranked or ranked[0][1] < LEAST_LIKENESS:
            continue
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < LEAST_AHEAD:
            continue
        found.append((ranked[0][1], speaker, ranked[0][0]))
    names: dict[SpeakerId, str] = {}
    for _, speaker, name in sorted(found, reverse=True):
        if name not in names.values():
            names[speaker] = name
    return {speaker: names[speaker] for speaker in voices if speaker in names}


def _numbers(vector: str) -> tuple[float, ...]:
    try:
        packed = base64.b64decode(vector, validate=True)
        numbers = struct.unpack(f"<{len(packed) // _NUMBER_BYTES}e", packed)
    except (binascii.Error, ValueError, struct.error):
        return ()
    return numbers if all(map(math.isfinite, numbers)) else ()
