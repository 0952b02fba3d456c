"""What can be believed of the shortest sounds, and of words that stand alone.

A recogniser that gets a scrap of speech finishes it: a third of a second of a vowel comes out
as *Thank you*. Whistles and birds come out as a word in the middle of silence. Two things give
such words away: nobody could say them so quickly, and another look gives others.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.core.names import key
from app.ondevice.protocol import HeardWord

BRIEF_MS = 1_000
"""A sound that is shorter is looked at in more than one way."""
LEAST_MS = 80
"""In less nobody says a word."""
PAD_MS = 500
"""So much silence around it helps detector and recogniser to hear where it begins."""
_ALONE_MS = 1_000
_LEAST_LETTER_MS = 40
"""People who talk fast say a letter in fifty milliseconds."""
_FLASH_LETTER_MS = 25
"""Where a pause begins in a word that was put there late, less of it is left."""


def agreed(first: Sequence[HeardWord], second: Sequence[HeardWord]) -> list[HeardWord]:
    """Give the words of two hearings of one sound that agree; none where both have others.

    Args:
        first: The words of the better hearing.
        second: The words of the other.
    """
    few, many = (first, second) if len(first) <= len(second) else (second, first)
    said = [key(word[0]) for word in many]
    at = 0
    for word in few:
        if key(word[0]) not in said[at:]:
            return []
        at = said.index(key(word[0]), at) + 1
    return list(few)


def sayable(
    words: Sequence[HeardWord], within_ms: int, letter_ms: int = _LEAST_LETTER_MS
) -> bool:
    """Tell whether so many words can be said in so little time.

    Args:
        words: The words.
        within_ms: The time.
        letter_ms: How long a letter takes at least.
    """
    letters = sum(sum(map(str.isalpha, word[0])) for word in words)
    return letters * letter_ms <= within_ms


def without_flashes(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Leave out what stands alone and is quicker than anybody speaks.

    Args:
        words: What was heard, in order, placed where it is said.
    """
    groups: list[list[HeardWord]] = []
    for word in words:
        if groups and word[1] - groups[-1][-1][2] < _ALONE_MS:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        word
        for group in groups
        if sayable(group, group[-1][2] - group[0][1], _FLASH_LETTER_MS)
        for word in group
    ]
