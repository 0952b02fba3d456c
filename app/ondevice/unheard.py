"""Where somebody speaks and no words were heard, and words where nobody speaks.

A recogniser may leave out whole sentences, in noise or in a language it did not expect, and
nothing in its answer shows it. Only a comparison with a detector of voices does. In hiss it
may hear a word that nobody says. The detector takes a lone tone that swells for a voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.core.utterances import Times
from app.ondevice.protocol import HeardWord
from app.ondevice.sound import SAMPLE_RATE_HZ

LEAST_MS = 1_000
"""Shorter spans are breath and laughter as often as words."""
_AROUND_MS = 350
"""A word covers so much before and behind it: the two clocks are not one."""
_LONGEST_WORD_MS = 1_200
"""A word said to last longer hides a hole."""
_STEP_MS = 10
_STEPS_AT_ONCE = 250
_STEPS_BEFORE = 64
"""Two seconds: a detector that begins in the middle of speech needs so long to be sure."""
_FAR_MS = 500
_HARDLY = 0.3
"""A word is hardly believed below this; what is said in noise seldom comes out so unsure."""
_TONE_SAMPLES = 4_096
"""A quarter of a second: no voice holds one pitch so exactly, and no vowel is but one."""
_TONE_BINS = 4
_TONE_SHARE = 0.995


def speech_in(samples: NDArray[np.float32]) -> list[Times]:
    """Find where somebody speaks."""
    from faster_whisper.vad import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
        VadOptions,
        get_speech_timestamps,  # pyright: ignore[reportUnknownVariableType]
    )

    set_voices_in_parts()
    options = VadOptions(
        threshold=0.5,
        min_silence_duration_ms=250,
        speech_pad_ms=60,
        min_speech_duration_ms=250,
    )
    found = cast("list[dict[str, int]]", get_speech_timestamps(samples, options))
    a_ms = SAMPLE_RATE_HZ // 1_000
    return [
        (one["start"] // a_ms, one["end"] // a_ms)
        for one in found
        if not is_tone(samples[one["start"] : one["end"]])
    ]


def is_tone(samples: NDArray[np.float32]) -> bool:
    """Tell whether there is nothing in a sound but one tone at a time.

    Args:
        samples: The sound; less than a quarter of a second is no tone.
    """
    window = np.hanning(_TONE_SAMPLES).astype(np.float32)
    inside = whole = 0.0
    for first in range(0, samples.size - _TONE_SAMPLES + 1, _TONE_SAMPLES // 2):
        spectrum = np.fft.rfft(samples[first : first + _TONE_SAMPLES] * window)
        power = np.square(np.abs(spectrum))
        peak = int(power.argmax())
        inside += float(power[max(0, peak - _TONE_BINS) : peak + _TONE_BINS + 1].sum())
        whole += float(power.sum())
        if inside < whole * _TONE_SHARE:
            return False  # nearly always at once
    return whole > 0


def set_voices_in_parts() -> None:
    """Let the engine's detector of voices begin anew every eight seconds.

    It remembers what it heard, and music fills its memory: after half a minute of it the
    first sentences went by unnoticed. Looked at all at once, a sound takes 60 MB more, too.
    """
    from faster_whisper.vad import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
        get_vad_model,
    )

    detector = cast("Any", get_vad_model())
    if not isinstance(detector.session, _InParts):
        detector.session = _InParts(detector.session)


class _InParts:
    """Runs the detector's network over a sound in parts, none of which knows those before."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def run(self, names: None, given: dict[str, Any]) -> list[Any]:
        sound = given["input"]
        found: list[Any] = []
        rest: list[Any] = []
        for begin in range(0, len(sound), _STEPS_AT_ONCE):
            first = max(0, begin - _STEPS_BEFORE)
            part, *rest = self._session.run(
                names, given | {"input": sound[first : begin + _STEPS_AT_ONCE]}
            )
            found.append(part[begin - first :])
        return [np.concatenate(found), *rest]


def without_words(
    speech: Sequence[Times], words: Sequence[Times], least_ms: int = LEAST_MS
) -> list[Times]:
    """Give the spans of speech in which no word lies.

    Args:
        speech: Where somebody speaks.
        words: Where words were heard.
        least_ms: Shorter spans are left out.
    """
    if not speech:
        return []
    is_heard = np.zeros(speech[-1][1] // _STEP_MS + 2, bool)
    for start_ms, end_ms in words:
        until_ms = min(end_ms, start_ms + _LONGEST_WORD_MS) + _AROUND_MS
        is_heard[max(0, start_ms - _AROUND_MS) // _STEP_MS : until_ms // _STEP_MS] = True
    found: list[Times] = []
    for begin_ms, until_ms in speech:
        part = is_heard[begin_ms // _STEP_MS : until_ms // _STEP_MS]
        edges = np.flatnonzero(np.diff((~part).astype(np.int8), prepend=0, append=0))
        for first, last in edges.reshape(-1, 2).tolist():
            if (last - first) * _STEP_MS >= least_ms:
                found.append((begin_ms + first * _STEP_MS, begin_ms + last * _STEP_MS))
    return found


def really_said(words: Sequence[HeardWord], speech: Sequence[Times]) -> list[HeardWord]:
    """Leave out words that neither listener is sure of: unlikely, and far from any voice.

    Args:
        words: What was heard.
        speech: Where somebody speaks, by the detector.
    """
    return [
        word
        for word in words
        if word[3] >= _HARDLY
        or any(begin - _FAR_MS < word[2] and word[1] < end + _FAR_MS for begin, end in speech)
    ]
