"""Parakeet as a model like any other: sound in, words with times out.

It runs in onnxruntime through onnx-asr. It finds out the language by itself and writes
capitals and punctuation; names cannot be given to it. Sound is cut where nobody speaks, for
it hears best what is no longer than what it learned from.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.core.models import Device
from app.core.utterances import Times
from app.ondevice.hearing import Info, Segment
from app.ondevice.sound import SAMPLE_RATE_HZ
from app.ondevice.unheard import speech_in

_LONGEST_MS = 24_000
_AROUND_MS = 200
_FRAME_S = 0.08
"""What it tells the time by; a word ends at most so much behind its last sign."""
_LONGEST_SIGN_S = 0.4
_A_MS = SAMPLE_RATE_HZ // 1_000
PROVIDERS = {
    "CUDAExecutionProvider": Device.CUDA,
    "CoreMLExecutionProvider": Device.COREML,
    "DmlExecutionProvider": Device.DIRECTML,
}
"""What onnxruntime calls a card, the most wished for first."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word, as faster-whisper would give it."""

    word: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Part:
    """What was said between two pauses."""

    end: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    words: list[Said] | None


@dataclass(frozen=True, slots=True)
class Known:
    """The language is what was asked for: the model does not tell."""

    language: str


class ParakeetModel:
    """Recognises with the model in a folder."""

    def __init__(self, folder: Path, *, threads: int, device: Device = Device.CPU) -> None:
        """Load it.

        Args:
            folder: Where its files lie.
            threads: How many cores it may use.
            device: What computes.

        Raises:
            RuntimeError: It cannot be loaded, or not on that device.
            OSError: Its files cannot be read.
        """
        import onnx_asr

        runtime: Any = import_module("onnxruntime")  # has no types
        options = runtime.SessionOptions()
        # Spinning threads double the processor time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        wanted = [name for name, kind in PROVIDERS.items() if kind is device]
        try:
            loaded = onnx_asr.load_model(  # pyright: ignore[reportUnknownMemberType]
                "nemo-conformer-tdt",
                folder,
                quantization="int8",
                sess_options=options,
                providers=[*wanted, "CPUExecutionProvider"],
            )
        except OSError:
            raise
        except Exception as error:  # onnxruntime and onnx-asr raise kinds of their own
            raise RuntimeError(repr(error)) from error
        self._model = cast("Any", loaded.with_timestamps())

    def transcribe(
        self,
        audio: NDArray[np.float32],
        *,
        language: str | None = None,
        vad_filter: bool = False,
        hotwords: str | None = None,
        **_options: object,
    ) -> tuple[Iterable[Segment], Info]:
        """Begin to recognise a sound.

        Args:
            audio: The sound.
            language: What is spoken, to be told again; the model finds out by itself.
            vad_filter: Hear only where somebody speaks.
            hotwords: Names cannot be given to it: asked with some, it hears nothing.
            _options: What another engine takes.
        """
        segments = iter(()) if hotwords else self._heard(audio, is_filtered=vad_filter)
        return cast("Iterable[Segment]", segments), cast("Info", Known(language or ""))

    def _heard(self, audio: NDArray[np.float32], *, is_filtered: bool) -> Iterator[Part]:
        whole = [(0, audio.size // _A_MS)]
        for start_ms, end_ms in spans_to_hear(speech_in(audio) if is_filtered else whole):
            begin_ms = max(0, start_ms - _AROUND_MS) if is_filtered else start_ms
            sound = audio[begin_ms * _A_MS : (end_ms + _AROUND_MS) * _A_MS]
            try:
                found = self._model.recognize(np.ascontiguousarray(sound))
            except Exception as error:  # onnxruntime raises kinds of its own
                raise RuntimeError(repr(error)) from error
            words = words_from(
                found.tokens or [], found.timestamps or [], found.logprobs or [], begin_ms
            )
            if words:
                yield part_of(words, end_ms / 1_000)


def spans_to_hear(speech: Sequence[Times], longest_ms: int = _LONGEST_MS) -> list[Times]:
    """Join where somebody speaks to spans that are heard in one go, none of them too long."""
    spans: list[Times] = []
    for start_ms, end_ms in speech:
        if spans and end_ms - spans[-1][0] <= longest_ms:
            spans[-1] = spans[-1][0], end_ms
            continue
        spans += pairwise([*range(start_ms, end_ms, longest_ms), end_ms])
    return spans


def words_from(
    signs: Sequence[str], times_s: Sequence[float], chances: Sequence[float], begin_ms: int
) -> list[Said]:
    """Make words of a model's signs: a space before a sign begins another word.

    Args:
        signs: Parts of words.
        times_s: When each begins.
        chances: The logarithm of how likely each is; fewer where it is not known.
        begin_ms: Where the sound begins in the recording.
    """
    words: list[Said] = []
    begins = [
        place
        for place, sign in enumerate(signs)
        if place == 0 or (sign.startswith(" ") and sign.strip())
    ]
    for place, following in pairwise([*begins, len(signs)]):
        text = "".join(signs[place:following])
        if not text.strip():
            continue
        start_s, last_s = times_s[place], times_s[following - 1]
        end_s = last_s + (_LONGEST_SIGN_S if following - place == 1 else 2 * _FRAME_S)
        if following < len(signs):
            end_s = min(end_s, max(times_s[following], start_s + _FRAME_S))
        known = chances[place:following]
        sure = math.exp(sum(known) / len(known)) if known else 1.0
        shift_s = begin_ms / 1_000
        text = text if text.startswith(" ") else f" {text}"
        words.append(Said(text, start_s + shift_s, end_s + shift_s, min(1.0, sure)))
    return words


def part_of(words: list[Said], end_s: float) -> Part:
    """Give words as a part, with what tells invented words from heard ones."""
    text = "".join(word.word for word in words).encode()
    mean = sum(math.log(max(word.probability, 1e-9)) for word in words) / len(words)
    return Part(end_s, mean, len(text) / len(zlib.compress(text)), 0.0, words)
