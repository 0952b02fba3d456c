"""Hear sound that still grows: settle what is over, and say how the rest reads by now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.core.utterances import Times, utterances
from app.ondevice.hearing import Hearing, Model, Piece, moved, words_of
from app.ondevice.protocol import ChunkEnd, Heard, HeardWord, Open
from app.ondevice.sound import SAMPLE_RATE_HZ, Samples
from app.ondevice.timing import Timing
from app.ondevice.unheard import LEAST_MS

_A_MS = SAMPLE_RATE_HZ // 1_000
_LEVEL = 512
_LARGEST_SAMPLE = 32_768.0
_LEAST_LOG_CHANCE = -1.0
_MOST_SILENCE = 0.6
_MOST_COMPRESSION = 2.4
_LEAST_TOKENS, _TOKENS_A_SECOND, _MOST_TOKENS = 20, 40, 200
"""More is not said in any script; a model that goes round in circles must not keep others."""
_BEFORE_MS = 5_000
"""So much of what is settled is heard once more with each utterance that is over."""
_FEET_MS = 2_000
"""A detector of voices that begins in the middle of speech needs so long to be sure."""


class Attending:
    """Hears a growing sound with one model; keeps nothing of it between two looks."""

    def __init__(self, model: Model, timing: Timing, names: tuple[str, ...] = ()) -> None:
        """Set up.

        Args:
            model: What recognises.
            timing: By how much its word times lag.
            names: Names and terms that may be said.
        """
        self._model = model
        self._timing = timing
        self._names = names
        self._hearing = Hearing(model, timing, names, is_hurried=True)

    def is_other_than(self, model: Model, timing: Timing, names: tuple[str, ...]) -> bool:
        """Tell whether it hears with another model, or in another way."""
        return model is not self._model or (timing, names) != (self._timing, self._names)

    def attend(
        self,
        samples: Samples,
        language: str,
        *,
        begin_ms: int = 0,
        is_last: bool = False,
        is_open_read: bool = True,
    ) -> Iterator[Heard | ChunkEnd | Open]:
        """Hear what is not settled yet.

        Args:
            samples: Some sound that is settled, and all that is not.
            language: Its language, empty to detect it.
            begin_ms: Where the part begins that is not settled.
            is_last: Whether no more comes for now.
            is_open_read: Whether what is still being said is read as well.

        Yields:
            The words of each utterance that is over, and that it is settled; then how the
            one reads that is open. Times are from the begin of ``samples``.
        """
        found = utterances(levels_of(samples, begin_ms), is_last=is_last)
        for start_ms, end_ms in found.over:
            begin, until = start_ms + begin_ms, min(end_ms + begin_ms, samples.size // _A_MS)
            heard, end = moved(self._settled(samples, (begin, until), language), begin, until)
            language = language or end.language
            yield heard
            yield end
        settled_ms = min(found.settled_ms + begin_ms, samples.size // _A_MS)
        if settled_ms > begin_ms:
            yield ChunkEnd(settled_ms, language)
        if found.open is None or not is_open_read:
            yield Open([])
            return
        begin = found.open[0] + begin_ms
        yield Open(self._open(samples[begin * _A_MS :], begin, language))

    def _settled(self, samples: Samples, span: Times, language: str) -> Piece:
        """Hear an utterance behind what was said before it: alone, it is heard less well."""
        begin_ms, end_ms = span
        before_ms = min(begin_ms, _BEFORE_MS)
        first = (begin_ms - before_ms) * _A_MS
        whole = Piece()
        for one in self._hearing.hear(samples[first : end_ms * _A_MS], language):
            if isinstance(one, Piece):
                whole = one
        words: list[HeardWord] = [
            (word[0], word[1] - before_ms, word[2] - before_ms, *word[3:])
            for word in whole.words
            if word[1] + word[2] >= 2 * before_ms
        ]
        wordless = tuple(
            (max(0, start - before_ms), end - before_ms)
            for start, end in whole.wordless
            if end - max(start, before_ms) >= LEAST_MS
        )
        return Piece(whole.language, tuple(words), wordless)

    def _open(self, samples: Samples, begin_ms: int, language: str) -> list[HeardWord]:
        """Read once what is still being said, the quickest way."""
        segments, info = self._model.transcribe(
            samples.astype(np.float32) / np.float32(_LARGEST_SAMPLE),
            language=language or None,
            beam_size=1,
            word_timestamps=True,
            vad_filter=False,
            condition_on_previous_text=False,
            temperature=[0.0],
            max_new_tokens=min(
                _MOST_TOKENS, _LEAST_TOKENS + _TOKENS_A_SECOND * samples.size // SAMPLE_RATE_HZ
            ),
            is_brief=True,
        )
        words = [
            word
            for segment in segments
            if segment.avg_logprob > _LEAST_LOG_CHANCE
            and segment.compression_ratio < _MOST_COMPRESSION
            and segment.no_speech_prob < _MOST_SILENCE
            for word in words_of(segment, 0, info.language)
        ]
        times = self._timing.without_lag(words)
        return [
            (word[0], at[0] + begin_ms, at[1] + begin_ms, *word[3:])
            for word, at in zip(words, times, strict=True)
        ]


def levels_of(samples: Samples, begin_ms: int = 0) -> list[float]:
    """Give how likely somebody speaks in each step of a sound, 0 to 1.

    Args:
        samples: The sound.
        begin_ms: Where the first step begins; what is before helps to be sure.
    """
    from faster_whisper.vad import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
        get_vad_model,
    )

    feet = min(begin_ms, _FEET_MS) * _A_MS // _LEVEL
    sound = samples[max(0, begin_ms * _A_MS - feet * _LEVEL) :]
    count = sound.size // _LEVEL
    if count <= feet:
        return []
    whole = sound[: count * _LEVEL].astype(np.float32) / np.float32(_LARGEST_SAMPLE)
    found = cast("NDArray[np.float32]", get_vad_model()(whole))
    return [float(level) for level in found.ravel()[feet:]]
