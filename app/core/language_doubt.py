"""Whether words were heard in the wrong language, by how sure the recogniser was. Pure.

One that listens for English hears English words in any sound, and is sure of few of them:
measured, 0.53 on average for German, against 0.93 for clean English and 0.80 for English in
loud noise.
"""

from __future__ import annotations

from statistics import fmean

from app.core.options import AUTO, ModelId, TranscriptionOptions
from app.core.transcript import Transcript

UNSURE_BELOW = 0.7
_LEAST_WORDS = 20


def doubted_language(transcript: Transcript, options: TranscriptionOptions) -> str:
    """Give the language that a transcript's words were perhaps not said in.

    Each language that was heard is judged by its own words: a few paragraphs in a wrong one
    do not show among many in a right one.

    Args:
        transcript: What was heard.
        options: What it was made with.

    Returns:
        The language's code; empty where nothing is to be doubted, or nothing is known since
        the words are not of the recogniser on this computer.
    """
    is_ours = transcript.model.partition(":")[0] == ModelId.ON_DEVICE
    if not is_ours or options.model is not ModelId.ON_DEVICE:
        return ""
    main = transcript.language if options.language == AUTO else options.language
    sure: dict[str, list[float]] = {}
    for paragraph in transcript.paragraphs:
        sure.setdefault(paragraph.language or main, []).extend(
            word.confidence for word in paragraph.words if word.confidence is not None
        )
    doubted = [
        (len(known), code)
        for code, known in sure.items()
        if code and len(known) >= _LEAST_WORDS and fmean(known) < UNSURE_BELOW
    ]
    return max(doubted)[1] if doubted else ""
