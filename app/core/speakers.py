"""Put who speaks onto the words of a transcript. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.segmenting import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript

NOBODY = -1
"""Number of nobody: a word at which no voice was heard."""
UNSURE_BELOW = 0.7
"""A word whose speaker is less sure than this is worth a look."""


def with_speakers(
    transcript: Transcript, people: Sequence[int], sureness: Sequence[float]
) -> Transcript:
    """Give a transcript its speakers; the words stay as they are, turns are made anew.

    Args:
        transcript: Words without speakers, or with others.
        people: Of each word, the number of who says it; ``NOBODY`` where no voice was heard.
        sureness: How sure that is, 0 to 1.

    Raises:
        ValueError: There are not as many as words.
    """
    words = list(transcript.words())
    told = [
        replace(word, speaker_confidence=None if person == NOBODY else sure)
        for word, person, sure in zip(words, people, sureness, strict=True)
    ]
    ids = [None if person == NOBODY else speaker_id(person) for person in people]
    heard = dict.fromkeys(one for one in ids if one is not None)
    return replace(
        transcript,
        segments=group_words(told, ids),
        speakers=tuple(Speaker(one) for one in heard),
    )


def speaker_id(person: int) -> SpeakerId:
    """Give the id of a person told apart on this computer."""
    return SpeakerId(f"speaker_{person}")


def unsure_share(transcript: Transcript) -> float:
    """Give the share of words of which it is not sure who says them, 0 to 1."""
    words = [word for word in transcript.words() if word.speaker_confidence is not None]
    unsure = sum((word.speaker_confidence or 0) < UNSURE_BELOW for word in words)
    return unsure / len(words) if words else 0.0
