"""What was heard with doubt, and of two hearings of it the surer words.

In noise a recogniser mishears one word here and, were the sound cut a little differently,
another one there. Where it doubts its own words the sound is heard a second time, cut anew,
and wherever the two hearings differ the likelier words are taken. What it left out is heard
again as well; but what is much fainter than the rest is said by somebody in the background,
and stays without words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.core.names import key
from app.core.utterances import Times
from app.ondevice.protocol import HeardWord
from app.ondevice.sound import SAMPLE_RATE_HZ

_SURE = 0.85
"""Clean speech is heard at a mean of 0.9 and more, where a second hearing changes nothing."""
LONGEST_MS = 14_000
"""Half of what is heard at a time: the sound is never cut as it was before."""
_PAUSE_MS = 1_500
_AROUND_MS = 300
_NOTHING = 0.3
"""So likely a single word that only one hearing has has to be."""
_BETTER = 0.1
"""The first hearing knows more of what was said before, and is believed as long."""
_FAINTER_DB = 4.0
"""Some words in a row are so far below the others only when somebody else says them."""
_LEAST_WORD_MS = 50
_NEAR_MS = 1_000
"""Words further apart are not the same one heard in two ways."""
_ROW_WORDS = 4
"""So many words in a row are hardly said again within half a minute by chance."""
_CHANGED, _ALONE, _FAR = 1.2, 1.0, 3.0


def doubtful(
    words: Sequence[HeardWord], speech: Sequence[Times], missed: Sequence[Times] = ()
) -> list[Times]:
    """Give the spans whose words are doubted or missed, each cut where somebody pauses.

    Args:
        words: What was heard.
        speech: Where somebody speaks, in order.
        missed: Where somebody speaks and no words were heard.
    """
    return [
        span
        for span in _spans(speech)
        if any(start_ms < span[1] and span[0] < end_ms for start_ms, end_ms in missed)
        or _is_unsure([word[3] for word in words if is_within(word, span)])
    ]


def _is_unsure(chances: Sequence[float]) -> bool:
    return bool(chances) and sum(chances) / len(chances) < _SURE


def is_within(word: HeardWord, span: Times) -> bool:
    """Tell whether a word is said within a span."""
    return span[0] - _AROUND_MS <= (word[1] + word[2]) // 2 < span[1] + _AROUND_MS


def as_sure_as_at_first(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Give words of which none in a row that was said before is surer than it was there.

    A recogniser that goes round in circles is the surer of a word the more often it has said
    it: it copies itself.

    Args:
        words: What was heard, in order.
    """
    first: dict[tuple[str, ...], float] = {}
    given: list[HeardWord] = []
    said = [key(word[0]) for word in words]
    for place, word in enumerate(words):
        row = tuple(said[max(0, place - _ROW_WORDS + 1) : place + 1])
        chance = word[3]
        if len(row) == _ROW_WORDS:
            chance = min(chance, first.setdefault(row, chance))
        given.append((*word[:3], chance, word[4]))
    return given


IsFaint = Callable[[Sequence[HeardWord]], bool]
"""Tells whether words are so much fainter than the others that somebody else says them."""


def faint_in(sound: NDArray[np.float32], words: Sequence[HeardWord]) -> IsFaint:
    """Give what tells whether words are said in the background.

    Args:
        sound: The sound, from -1 to 1.
        words: What was heard of it first.
    """
    a_ms = SAMPLE_RATE_HZ // 1_000

    def level_db(word: HeardWord) -> float:
        end_ms = max(word[2], word[1] + _LEAST_WORD_MS)
        part = sound[word[1] * a_ms : end_ms * a_ms]
        return 10 * float(np.log10(np.square(part).mean() + 1e-12)) if part.size else 0.0

    usual_db = float(np.median([level_db(word) for word in words])) if words else None

    def is_faint(some: Sequence[HeardWord]) -> bool:
        if usual_db is None or not some:
            return False
        return float(np.mean([level_db(word) for word in some])) < usual_db - _FAINTER_DB

    return is_faint


def surer(
    first: Sequence[HeardWord],
    second: Sequence[HeardWord],
    is_faint: IsFaint = lambda _: False,
) -> list[HeardWord]:
    """Give the words of the first hearing, and of the second where it is surer.

    Args:
        first: The words of a span.
        second: The words of the same span, heard once more.
        is_faint: Tells what is said in the background: it adds no words.
    """
    found: list[HeardWord] = []
    old: list[HeardWord] = []
    new: list[HeardWord] = []
    for one, other in [*_pairs(first, second), (None, None)]:
        if one is None or other is None or not _is_same(one, other):
            old += [one] if one else []
            new += [other] if other else []
            if one or other:
                continue
        is_more = len(new) > len(old)
        is_surer = _chance(new) > _chance(old) + _BETTER
        found += new if is_surer and not (is_more and is_faint(new)) else old
        found += [one] if one else []
        old, new = [], []
    return found


def _spans(speech: Sequence[Times]) -> list[Times]:
    spans: list[Times] = []
    for start_ms, end_ms in speech:
        begin_ms = start_ms
        while end_ms - begin_ms > LONGEST_MS:  # nobody pauses: cut anywhere
            spans.append((begin_ms, begin_ms + LONGEST_MS))
            begin_ms += LONGEST_MS
        is_near = spans and begin_ms - spans[-1][1] < _PAUSE_MS
        if is_near and end_ms - spans[-1][0] <= LONGEST_MS:
            spans[-1] = spans[-1][0], end_ms
        else:
            spans.append((begin_ms, end_ms))
    return spans


def _chance(words: Sequence[HeardWord]) -> float:
    return sum(word[3] for word in words) / len(words) if words else _NOTHING


def _is_same(one: HeardWord, other: HeardWord) -> bool:
    return key(one[0]) == key(other[0]) and _apart_ms(one, other) < 2 * _NEAR_MS


def _apart_ms(one: HeardWord, other: HeardWord) -> float:
    return abs(one[1] + one[2] - other[1] - other[2]) / 2


def _pairs(
    first: Sequence[HeardWord], second: Sequence[HeardWord]
) -> list[tuple[HeardWord | None, HeardWord | None]]:
    """Pair words with words the cheapest way; what has no other stands alone."""
    costs = [
        [_ALONE * (row + column) for column in range(len(second) + 1)]
        for row in range(len(first) + 1)
    ]
    for row, one in enumerate(first, 1):
        for column, other in enumerate(second, 1):
            costs[row][column] = min(
                costs[row - 1][column - 1] + _cost(one, other),
                costs[row - 1][column] + _ALONE,
                costs[row][column - 1] + _ALONE,
            )
    found: list[tuple[HeardWord | None, HeardWord | None]] = []
    row, column = len(first), len(second)
    while row or column:
        here = costs[row][column]
        one = first[row - 1] if row else None
        other = second[column - 1] if column else None
        if one and other and here >= costs[row - 1][column - 1] + _cost(one, other) - 1e-9:
            found.append((one, other))
            row, column = row - 1, column - 1
        elif one and (not other or here >= costs[row - 1][column] + _ALONE - 1e-9):
            found.append((one, None))
            row -= 1
        else:
            found.append((None, other))
            column -= 1
    return found[::-1]


def _cost(one: HeardWord, other: HeardWord) -> float:
    if _is_same(one, other):
        return 0.0
    return _CHANGED if _apart_ms(one, other) < _NEAR_MS else _FAR
