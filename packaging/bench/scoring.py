"""How wrong a telling apart of voices is: by time, and by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HZ = 100
COLLAR_S = 0.25


@dataclass(frozen=True)
class Score:
    """What went wrong in one or more conversations, in hundredths of seconds and words.

    Attributes:
        spoken: How much is said; two at once count twice.
        missed: How much of it was not heard.
        imagined: How much was heard beyond it.
        confused: How much was put down to somebody else.
        words: How many words are said while one voice is heard.
        wrong_words: How many of them were put down to somebody else.
        all_words: How many words there are.
        all_wrong_words: How many of them were put down to somebody else.
        files: How many conversations.
        right_counts: In how many the number of voices was found.
    """

    spoken: int = 0
    missed: int = 0
    imagined: int = 0
    confused: int = 0
    words: int = 0
    wrong_words: int = 0
    all_words: int = 0
    all_wrong_words: int = 0
    files: int = 0
    right_counts: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            *(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__)
        )

    @property
    def der(self) -> float:
        """Diarisation error in per cent."""
        return 100 * (self.missed + self.imagined + self.confused) / max(1, self.spoken)

    @property
    def confusion(self) -> float:
        """The part of it that is the wrong person."""
        return 100 * self.confused / max(1, self.spoken)

    @property
    def clear_words_wrong(self) -> float:
        """Words with the wrong speaker while one voice is heard, in per cent."""
        return 100 * self.wrong_words / max(1, self.words)

    @property
    def words_wrong(self) -> float:
        """All words with the wrong speaker, in per cent."""
        return 100 * self.all_wrong_words / max(1, self.all_words)


def pairs_of(both: np.ndarray) -> list[tuple[int, int]]:
    """Pair rows with columns, one to one, so that the sum is largest."""
    if both.shape[0] < both.shape[1]:
        return [(row, column) for column, row in pairs_of(both.T)]
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for column in range(both.shape[1]):
        longer: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        for taken, (total, pairs) in best.items():
            for row in range(both.shape[0]):
                now = taken | 1 << row
                value = total + float(both[row, column])
                if not taken >> row & 1 and (now not in longer or longer[now][0] < value):
                    longer[now] = value, (*pairs, (row, column))
        best = longer
    return list(max(best.values())[1])


def score(
    turns: Sequence[tuple[float, float, str]],
    found: Sequence[tuple[float, float, int]],
    words: Sequence[tuple[float, float, str]],
    told: Sequence[int],
    voices: int,
) -> Score:
    """Score one conversation.

    Args:
        turns: Who really speaks from when to when.
        found: Who was found to.
        words: Who really says each word.
        told: Who was found to.
        voices: How many were found.
    """
    length = 1 + round(HZ * max(end for _, end, _ in (*turns, *found)))
    names, numbers = sorted({one[2] for one in turns}), sorted({one[2] for one in found})
    true, heard = _grid(turns, names, length), _grid(found, numbers, length)
    is_scored = np.ones(length, bool)
    for start, end, _ in turns:
        for edge in (start, end):
            first = max(0, round((edge - COLLAR_S) * HZ))
            is_scored[first : round((edge + COLLAR_S) * HZ)] = False
    true, heard = true[:, is_scored], heard[:, is_scored]
    right = np.zeros(true.shape[1], int)
    for row, column in pairs_of(true.astype(float) @ heard.T.astype(float)) if numbers else ():
        right += true[row] & heard[column]
    said, held = true.sum(axis=0), heard.sum(axis=0)
    is_wrong = _wrong_words(names, words, told)
    is_clear = np.array(
        [
            not any(one[2] != name and one[0] < end and one[1] > start for one in turns)
            for start, end, name in words
        ]
    )
    return Score(
        spoken=int(said.sum()),
        missed=int(np.maximum(said - held, 0).sum()),
        imagined=int(np.maximum(held - said, 0).sum()),
        confused=int((np.minimum(said, held) - right).sum()),
        words=int(is_clear.sum()),
        wrong_words=int((is_wrong & is_clear).sum()),
        all_words=len(words),
        all_wrong_words=int(is_wrong.sum()),
        files=1,
        right_counts=int(voices == len(names)),
    )


def _grid(
    turns: Sequence[tuple[float, float, object]], names: Sequence[object], length: int
) -> np.ndarray:
    grid = np.zeros((len(names), length), bool)
    for start, end, name in turns:
        grid[names.index(name), round(start * HZ) : round(end * HZ)] = True
    return grid


def _wrong_words(
    names: Sequence[str], words: Sequence[tuple[float, float, str]], told: Sequence[int]
) -> np.ndarray:
    numbers = sorted(set(told))
    both = np.zeros((len(names), len(numbers)))
    for (_, _, name), number in zip(words, told, strict=True):
        both[names.index(name), numbers.index(number)] += 1
    whose = {numbers[column]: names[row] for row, column in pairs_of(both)}
    return np.array(
        [whose.get(number) != name for (_, _, name), number in zip(words, told, strict=True)]
    )
