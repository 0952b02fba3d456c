"""The person's word list, applied to a transcript as soon as it is made."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from app.core.document import Change
from app.core.errors import AppError
from app.core.preferences import ListedWord
from app.core.replacing import replace_hits
from app.core.transcript import Transcript, TranscriptId
from app.core.word_list import LABEL, listed_hits
from app.store.library import Library

_log = logging.getLogger(__name__)


def put_right(transcript: Transcript, listed: Sequence[ListedWord]) -> Change | None:
    """Give the step that puts listed words right; ``None`` where there is nothing to."""
    if not listed:
        return None
    return replace_hits(transcript, listed_hits(transcript, listed), LABEL)


def apply_word_list(
    library: Library,
    transcript_id: TranscriptId,
    listed: Sequence[ListedWord],
    *,
    now_ms: int,
) -> bool:
    """Put listed words right in a kept transcript; what was recognised stays beside it.

    It is a help and no more: what goes wrong with it costs no words.

    Returns:
        Whether there was anything to put right, and it is.
    """
    if not listed:
        return False
    try:
        transcript = library.load(transcript_id).transcript
        change = put_right(transcript, listed)
        if change is None:
            return False
        library.save(
            transcript_id, change.applied_to(transcript), now_ms=now_ms, known=transcript
        )
    except AppError as error:
        _log.info("the word list could not be applied: %s", error.message.text)
        return False
    return True
