"""Whisper that leaves nothing to chance: the same sound gives the same words.

Where it is unsure of half a minute, faster-whisper draws lots, warmer each time. Its lots
depend on what else was heard before in the same thread, so that neither two runs nor two
numbers of workers would agree; and in the sum they help no more than looking again without
what went before, at a third of the cost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from faster_whisper import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
    WhisperModel,
)
from typing_extensions import override

if TYPE_CHECKING:
    from faster_whisper.tokenizer import Tokenizer  # pyright: ignore[reportMissingTypeStubs]
    from faster_whisper.transcribe import (  # pyright: ignore[reportMissingTypeStubs]
        TranscriptionOptions,
    )

_FORGETS = 1.0
"""As warm as to let go of the words before: what follows is not to go by unsure ones."""
_NO_REPEATS = 4
"""A row of so many words or signs is not said twice in half a minute, at the last look."""
Found = tuple[Any, float, float, float]
"""What was decoded, how likely it is, how warm, and how much it repeats itself."""


class SureWhisper(WhisperModel):
    """Looks at what it is unsure of again, without chance."""

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
        best = max(calm or found, key=lambda one: one[1])
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
