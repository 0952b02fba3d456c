"""By how much a model's word times lag, and how to find out.

Each model says when a word is spoken by a few of its attention heads, and each head is early
or late by an amount of its own. That is the same in every recording, so it can be taken off.
For models that nobody has measured it is found once, on a clip whose word times are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from app.core.utterances import Times
from app.ondevice.protocol import HeardWord

SAMPLE = ("sample", "kennedy-1961.wav")
"""The clip, among the program's resources."""
_SAMPLE_WORDS: tuple[tuple[str, int, int], ...] = (
    ("and", 290, 570), ("so", 570, 970), ("my", 970, 1_250), ("fellow", 1_250, 1_630),
    ("americans", 1_630, 2_170), ("ask", 3_280, 3_840), ("not", 3_990, 4_310),
    ("what", 5_340, 5_600), ("your", 5_600, 5_850), ("country", 5_850, 6_430),
    ("can", 6_430, 6_660), ("do", 6_660, 6_890), ("for", 6_890, 7_050), ("you", 7_050, 7_520),
    ("ask", 8_170, 8_630), ("what", 8_630, 8_850), ("you", 8_850, 9_160), ("can", 9_190, 9_390),
    ("do", 9_390, 9_670), ("for", 9_670, 9_780), ("your", 9_780, 9_990),
    ("country", 9_990, 10_450),
)  # fmt: skip
"""Its words as an aligner places them, which is right to some ten milliseconds."""
_ENOUGH_WORDS = 12
_MOST_MS = 600


@dataclass(frozen=True, slots=True)
class Timing:
    """How a model's word times are read.

    Attributes:
        start_lag_ms: By how much words begin late; below 0 for early.
        end_lag_ms: By how much they end late.
        heads: Layer and number of the attention heads to go by; empty for the model's own.
    """

    start_lag_ms: int = 0
    end_lag_ms: int = 0
    heads: tuple[tuple[int, int], ...] = ()

    def without_lag(self, words: Sequence[HeardWord]) -> list[Times]:
        """Give the times of words with the lag taken off; none begins before the sound."""
        return [
            (max(0, word[1] - self.start_lag_ms), max(0, word[2] - self.end_lag_ms))
            for word in words
        ]


def lag_of(heard: Sequence[HeardWord]) -> Timing:
    """Say how a model lags that heard the sample so; not at all if it misheard too much."""
    plain = [re.sub(r"[^a-z]", "", word[0].lower()) for word in heard]
    said = [word for word, _, _ in _SAMPLE_WORDS]
    starts: list[int] = []
    ends: list[int] = []
    for block in SequenceMatcher(None, said, plain, autojunk=False).get_matching_blocks():
        for place in range(block.size):
            true, found = _SAMPLE_WORDS[block.a + place], heard[block.b + place]
            starts.append(found[1] - true[1])
            ends.append(found[2] - true[2])
    if len(starts) < _ENOUGH_WORDS:
        return Timing()
    lag = Timing(round(median(starts)), round(median(ends)))
    is_likely = abs(lag.start_lag_ms) <= _MOST_MS and abs(lag.end_lag_ms) <= _MOST_MS
    return lag if is_likely else Timing()
