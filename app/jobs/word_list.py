"""The person's word list, applied to a transcript as soon as it is made."""

from __future__ import annotations

import logging

from app.core.errors import AppError
from app.core.replacing import replace_hits
from app.core.transcript import TranscriptId
from app.core.word_list import LABEL, listed_hits
from app.jobs.own_words import OwnWords
from app.store.library import Library

_log = logging.getLogger(__name__)


def apply_word_list(
    library: Library, transcript_id: TranscriptId, words: OwnWords, *, now_ms: int
) -> int:
    """Put listed words right in a kept transcript; what was recognised stays beside it.

    It is a help and no more: what goes wrong with it costs no words.

    Returns:
        In how many places.
    """
    try:
        listed = words.words_for(transcript_id)
        if not listed:
            return 0
        transcript = library.load(transcript_id).transcript
        hits = list(listed_hits(transcript, listed))
        change = replace_hits(transcript, hits, LABEL)
        if change is None:
            return 0
        library.save(
            transcript_id, change.applied_to(transcript), now_ms=now_ms, known=transcript
        )
    except AppError as error:
        _log.info("the word list could not be applied: %s", error.message.text)
        return 0
    return len(hits)
