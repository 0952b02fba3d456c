"""Whisper that leaves nothing to chance: the same sound gives the same words.

Where it is unsure of half a minute, faster-whisper draws lots, warmer each time. Its lots
depend on what else was heard before in the same thread, so that neither two runs nor two
numbers of workers would agree; and in the sum they help no more than looking again without
what went before, at a third of the cost.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from faster_whisper import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
    WhisperModel,
)
from faster_whisper.feature_extractor import (  # pyright: ignore[reportMissingTypeStubs]
    FeatureExtractor,
)
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from typing_extensions import override

from app.ondevice.unheard import set_voices_in_parts
from app.system.memory import give_back_memory

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from faster_whisper.tokenizer import Tokenizer  # pyright: ignore[reportMissingTypeStubs]
    from faster_whisper.transcribe import (  # pyright: ignore[reportMissingTypeStubs]
        TranscriptionOptions,
    )

_FORGETS = 1.0
"""As warm as to let go of the words before: what follows is not to go by unsure ones."""
_NO_REPEATS = 4
"""A row of so many words or signs is not said twice in half a minute, at the last look."""
_FRAMES_AT_ONCE = 1_024
_WORKERS_TO_AN_EAR = 2
"""Half a minute is taken in quickly and put into words slowly."""
_FRAME_SAMPLES = 160
_SILENT_FRAMES = 1_000
"""With less silence behind it, a short sound makes a model go round in circles."""
_LEAST_CHANCE = 0.001
Found = tuple[Any, float, float, float]
"""What was decoded, how likely it is, how warm, and how much it repeats itself."""


class Features(FeatureExtractor):
    """What a model hears, worked out ten seconds at a time: in one go it takes 150 MB more."""

    @override
    def __call__(
        self,
        waveform: NDArray[np.float32],
        padding: int = 160,
        chunk_length: float | None = None,
    ) -> NDArray[np.float32]:
        """Give how loud each pitch is in each hundredth of a second, as the engine does."""
        if chunk_length is not None:
            self.n_samples = int(chunk_length * self.sampling_rate)
            self.nb_max_frames = self.n_samples // self.hop_length
        window = np.hanning(self.n_fft + 1)[:-1].astype(np.float32)
        padded = np.pad(waveform.astype(np.float32, copy=False), (0, padding))
        padded = np.pad(padded, self.n_fft // 2, mode="reflect")
        frames = sliding_window_view(padded, self.n_fft)[:: self.hop_length][:-1]
        filters = cast("NDArray[np.float32]", self.mel_filters)
        heard = np.empty((len(filters), len(frames)), np.float32)
        for begin in range(0, len(frames), _FRAMES_AT_ONCE):
            end = begin + _FRAMES_AT_ONCE
            spectrum = np.fft.rfft(frames[begin:end] * window, axis=-1).astype(np.complex64)
            # The same layout as the engine's own: another one gives other last digits.
            heard[:, begin:end] = filters @ (np.abs(spectrum.T) ** 2)
        np.log10(np.clip(heard, 1e-10, None, out=heard), out=heard)
        np.maximum(heard, heard.max() - 8.0, out=heard)
        return (heard + 4.0) / 4.0


class SureWhisper(WhisperModel):
    """Looks at what it is unsure of again, without chance."""

    def __init__(self, folder: str, *, num_workers: int = 1, **how: Any) -> None:
        """Load it; see ``WhisperModel``."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            folder, num_workers=num_workers, **how
        )
        known = cast("dict[str, Any]", self.feat_kwargs)
        self.feature_extractor = Features(**known)
        self._ears = threading.Semaphore(max(1, num_workers // _WORKERS_TO_AN_EAR))
        self._are_several = num_workers > 1
        set_voices_in_parts()
        self._brief = threading.local()

    @override
    def transcribe(  # pyright: ignore[reportIncompatibleMethodOverride] – one option more
        self, audio: NDArray[np.float32], *, is_brief: bool = False, **options: Any
    ) -> tuple[Iterable[Any], Any]:
        """Recognise a sound; see ``WhisperModel``.

        Args:
            audio: The sound.
            is_brief: It is heard without the silence that makes half a minute of any sound:
                three times quicker, and good enough for what is read again anyway.
            options: As of ``WhisperModel``.
        """
        heard = super().transcribe  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not is_brief:
            return heard(audio, **options)
        with self._briefly(audio):
            segments, info = heard(audio, **options)
            return list(segments), info

    def languages_in(self, audio: NDArray[np.float32]) -> dict[str, float]:
        """Say how likely each language is in a sound; unlikely ones are left out.

        Args:
            audio: The sound, of which half a minute is heard, without the silence that makes
                half a minute of it: up to five times quicker, and hardly less sure.
        """
        with self._briefly(audio):
            found = self.detect_language(audio)[2]  # pyright: ignore[reportUnknownMemberType]
        return {code: chance for code, chance in found if chance >= _LEAST_CHANCE}

    @contextmanager
    def _briefly(self, audio: NDArray[np.float32]) -> Generator[None]:
        self._brief.frames = audio.size // _FRAME_SAMPLES + _SILENT_FRAMES
        try:
            yield
        finally:
            self._brief.frames = None

    @override
    def encode(self, features: NDArray[np.float32]) -> Any:
        """Take in half a minute; few do it at a time, since each then takes 150 MB."""
        most: int | None = getattr(self._brief, "frames", None)
        heard = features if most is None else features[..., :most]
        with self._ears:
            if not self._are_several:
                return cast("Any", super()).encode(heard)
            # What others have put into words since is free: here it would come on top of it.
            give_back_memory()
            taken_in = cast("Any", super()).encode(heard)
            give_back_memory()
            return taken_in

    @override
    def generate_with_fallback(
        self,
        encoder_output: Any,
        prompt: list[int],
        tokenizer: Tokenizer,
        options: TranscriptionOptions,
    ) -> Found:
        """Decode half a minute: as usual, without the words before, then without repeats."""
        once = replace(options, temperatures=[0.0])
        alone = prompt[prompt.index(tokenizer.sot) :]
        looks = [(prompt, once)]
        if len(options.temperatures) > 1:
            looks += [(alone, once)] if alone != prompt else []
            looks.append((alone, replace(once, no_repeat_ngram_size=_NO_REPEATS)))
        found: list[Found] = []
        decode = super().generate_with_fallback  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        for said_before, how in looks:
            one = cast("Found", decode(encoder_output, said_before, tokenizer, how))
            if is_sure(one, options):
                return one if not found else (*one[:2], _FORGETS, one[3])
            found.append(one)
        calm = [one for one in found if not repeats(one, options)]
        likeliest = max(calm, key=lambda one: one[1]) if calm else None
        # The longer it goes round in circles, the likelier it finds each word.
        best = likeliest or min(found, key=lambda one: one[3])
        return best if len(found) == 1 else (*best[:2], _FORGETS, best[3])


def repeats(found: Found, options: TranscriptionOptions) -> bool:
    """Tell whether it goes round in circles."""
    most = options.compression_ratio_threshold
    return most is not None and found[3] > most


def is_sure(found: Found, options: TranscriptionOptions) -> bool:
    """Tell whether there is no need to look again: it is likely, or nobody speaks."""
    least = options.log_prob_threshold
    if least is None or found[1] >= least:
        return not repeats(found, options)
    silent = options.no_speech_threshold
    return silent is not None and found[0].no_speech_prob > silent
