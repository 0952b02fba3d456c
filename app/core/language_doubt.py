"""Whether words were heard in the wrong language, by how sure the recogniser was. Pure.

One that listens for English hears English words in any sound, and is sure of few of them:
measured, 0.53 on average for German, against 0.93 for clean English and 0.80 for English in
loud noise.
"""

from __future__ import annotations

from statistics import fmean

from app.core.transcript import Transcript

UNSURE_BELOW = 0.7
_LEAST_WORDS = 20


def may_be_another(transcript: Transcript) -> bool:
    """Tell whether a transcript reads as if another language had been spoken."""
    sure = [word.confidence for word in transcript.words() if word.confidence is not None]
    return len(sure) >= _LEAST_WORDS and fmean(sure) < UNSURE_BELOW
