"""Where known words lie in a sound, by a small aligner that knows how English is said.

SoundSwallower is optional: where it is not installed, or where a phrase cannot be aligned,
word times stay as they were.
"""

from __future__ import annotations

import queue
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any

from app.core.utterances import Times
from app.ondevice.pronouncing import phones_of, said_aloud
from app.ondevice.sound import SAMPLE_RATE_HZ, Samples, Sound

LANGUAGES = frozenset({"en"})
"""Those whose words it knows; there is a French model too, which nobody has measured."""
_GAP_MS = 350
"""A gap at least as long parts two phrases."""
_LONGEST_MS = 12_000
_MARGIN_MS = 300
_ESTIMATED_MARGIN_MS = 800
_TRUST_MS = 250
"""A phrase whose words move more than this, at the median, was most likely misheard."""
_ESTIMATED_TRUST_MS = 1_500
_LEAST_MS = 100
_A_MS = SAMPLE_RATE_HZ // 1_000
_SILENCES = frozenset({"<sil>", "(NULL)", "<s>", "</s>", "[NOISE]"})
_PEAK = 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and about where it lies.

    Attributes:
        text: As it is written, with its punctuation.
        start_ms: About when it begins.
        end_ms: About when it ends.
        is_estimated: Its times were worked out from its neighbours, and may be far off.
    """

    text: str
    start_ms: int
    end_ms: int
    is_estimated: bool = False


def is_available(language: str) -> bool:
    """Tell whether words of a language can be aligned here."""
    return language in LANGUAGES and find_spec("soundswallower") is not None


class Aligner:
    """Puts words where they are said, phrase by phrase."""

    def __init__(self) -> None:
        """Load the model, some 0.15 s and 40 MB.

        Raises:
            ImportError: It is not installed.
        """
        import soundswallower

        folder: str = soundswallower.get_model_path("en-us")
        # Wide beams: with the usual ones noise ends the search before the last word.
        self._decoder: Any = soundswallower.Decoder(
            hmm=folder, loglevel="FATAL", beam=1e-200, wbeam=1e-150, pbeam=1e-200
        )

    def align(
        self, words: Sequence[Placed], sound: Sound | Samples
    ) -> Iterator[tuple[int, list[Times]]]:
        """Find words in a sound; phrases that cannot be found are left out.

        Args:
            words: In the order they are said.
            sound: What they are said in; their times are from its begin.

        Yields:
            The place of a phrase's first word, and the times of its words.
        """
        for first, end in phrases_of(words):
            begin_ms, until_ms = _window(words, first, end)
            begin, until = begin_ms * _A_MS, until_ms * _A_MS
            if isinstance(sound, Sound):
                samples = sound.read(begin, max(0, until - begin))
            else:
                samples = sound[begin:until]
            times = self._placed(words[first:end], samples)
            if times is None:
                continue
            found = [(start + begin_ms, stop + begin_ms) for start, stop in times]
            if _is_trusted(words[first:end], found):
                yield first, found

    def _placed(self, words: Sequence[Placed], samples: Samples) -> list[Times] | None:
        """Give times from the begin of the samples; ``None`` where they are not found."""
        spoken = [self._spoken(word.text) for word in words]
        said = [one for each in spoken for one in each]
        if not said or samples.size < _LEAST_MS * _A_MS:
            return None
        found = self._searched(said, samples)
        if len(found) != len(said):
            return None
        times: list[Times] = []
        at = 0
        for word, each in zip(words, spoken, strict=True):
            if each:
                times.append((found[at][0], found[at + len(each) - 1][1]))
                at += len(each)
            else:  # a dash, or letters it does not know: between its neighbours
                before_ms = times[-1][1] if times else found[0][0]
                after_ms = found[at][0] if at < len(found) else before_ms
                lasts_ms = word.end_ms - word.start_ms
                times.append((before_ms, max(before_ms, min(after_ms, before_ms + lasts_ms))))
        return times

    def _searched(self, said: Sequence[str], samples: Samples) -> list[Times]:
        import numpy as np

        decoder = self._decoder
        loud = samples.astype(np.float32)
        loud *= _PEAK * 32_767 / max(3.0, float(np.abs(loud).max()))
        try:
            decoder.set_align_text(" ".join(said))
            decoder.start_utt()
            decoder.process_raw(loud.astype("<i2").tobytes(), no_search=False, full_utt=True)
            decoder.end_utt()
            return [
                (round(one.start * 1_000), round((one.start + one.duration) * 1_000))
                for one in decoder.seg or ()
                if re.sub(r"\(\d+\)$", "", one.text) not in _SILENCES
            ]
        except (RuntimeError, ValueError):  # the search died out
            with suppress(RuntimeError):
                decoder.end_utt()
            return []

    def _spoken(self, text: str) -> list[str]:
        words: list[str] = []
        for word in said_aloud(text):
            if self._decoder.lookup_word(word) is None:
                phones = phones_of(word)
                if not phones:
                    continue
                self._decoder.add_word(word, phones, True)  # noqa: FBT003 - takes no names
            words.append(word)
        return words


class Aligners:
    """Lends an aligner to one thread after the other, and loads no more than are needed."""

    def __init__(self, most: int = 1) -> None:
        """Begin; none is loaded yet.

        Args:
            most: How many threads may have one at a time.
        """
        self._free: queue.LifoQueue[Aligner | None] = queue.LifoQueue()
        for _ in range(most):
            self._free.put(None)

    @contextmanager
    def one(self) -> Generator[Aligner]:
        """Lend one, once one is free.

        Raises:
            ImportError: None is installed.
        """
        aligner = self._free.get()
        try:
            aligner = aligner or Aligner()
            yield aligner
        finally:
            self._free.put(aligner)


def phrases_of(words: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    """Cut words into phrases at pauses; a long one at the widest gap of its later half.

    Yields:
        Place of the first word, and the place behind the last.
    """
    first = 0
    while first < len(words):
        end = first + 1
        while (
            end < len(words)
            and words[end].start_ms >= words[first].start_ms
            and words[end].start_ms - words[end - 1].end_ms < _GAP_MS
            and words[end].end_ms - words[first].start_ms < _LONGEST_MS
        ):
            end += 1
        if end < len(words) and words[end].start_ms - words[end - 1].end_ms < _GAP_MS:
            middle = (first + end) // 2 + 1
            end = max(
                range(min(middle, end), end + 1),
                key=lambda at: (words[at].start_ms - words[at - 1].end_ms, at),
            )
        yield first, end
        first = end


def _window(words: Sequence[Placed], first: int, end: int) -> tuple[int, int]:
    """Say where a phrase is looked for: a little beyond it, not in its neighbours."""
    begin_ms, until_ms = words[first].start_ms, words[end - 1].end_ms
    is_estimated = any(word.is_estimated for word in words[first:end])
    margin_ms = _ESTIMATED_MARGIN_MS if is_estimated else _MARGIN_MS
    earliest_ms, latest_ms = 0, until_ms + margin_ms
    if first:
        earliest_ms = min(begin_ms, (words[first - 1].end_ms + begin_ms) // 2)
    if end < len(words):
        latest_ms = max(until_ms, (until_ms + words[end].start_ms) // 2)
    return max(0, begin_ms - margin_ms, earliest_ms), min(until_ms + margin_ms, latest_ms)


def _is_trusted(words: Sequence[Placed], times: Sequence[Times]) -> bool:
    off = [abs(new[0] - old.start_ms) for old, new in zip(words, times, strict=True)]
    is_estimated = any(word.is_estimated for word in words)
    return median(off) <= (_ESTIMATED_TRUST_MS if is_estimated else _TRUST_MS)
