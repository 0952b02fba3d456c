"""Find and replace in all transcripts of the library, with a version of each kept before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.errors import StorageError
from app.core.finding import PATTERN_LIMIT_S, Query
from app.core.replacing import Hit, find_all, replace_hits
from app.core.transcript import Transcript, TranscriptId
from app.store.library import Library
from app.system.clocks import countdown

LABEL = "Replace in all transcripts"


@dataclass(frozen=True, slots=True)
class FoundIn:
    """A transcript in which something was found.

    Attributes:
        transcript_id: Which.
        name: What it is called.
        transcript: Its words when it was looked through.
        hits: The places.
    """

    transcript_id: TranscriptId
    name: str
    transcript: Transcript
    hits: tuple[Hit, ...]


class LibraryReplacing:
    """Looks through transcripts one by one; each method blocks, so it is for a thread."""

    def __init__(self, library: Library, now_ms: Callable[[], int]) -> None:
        self._library = library
        self._now_ms = now_ms

    def transcripts(self) -> tuple[tuple[TranscriptId, str], ...]:
        """Give what there is to look through, the newest first, each with its name."""
        return tuple((one.transcript_id, one.name) for one in self._library.entries())

    def find(
        self,
        transcript_id: TranscriptId,
        name: str,
        query: Query,
        replacement: str,
        now: Transcript | None = None,
    ) -> FoundIn | None:
        """Look through one transcript; ``None`` if nothing is there.

        Args:
            transcript_id: Which.
            name: What it is called.
            query: What is looked for.
            replacement: What is to stand there.
            now: Its words, if somebody works on them: they may not be kept yet.

        Raises:
            PatternError: The query is no pattern, or takes too long.
            StorageError: It is damaged.
        """
        if now is None:
            try:
                now = self._library.load(transcript_id).transcript
            except StorageError:
                if self._library.entry(transcript_id) is None:
                    return None  # it is gone meanwhile: there is nothing to replace
                raise
        hits = tuple(_hits(now, query, replacement))
        return FoundIn(transcript_id, name, now, hits) if hits else None

    def replace(self, transcript_id: TranscriptId, query: Query, replacement: str) -> int:
        """Replace in one transcript as it is kept now; gives in how many places.

        Raises:
            StorageError: It is gone, damaged, or could not be written.
            PatternError: The query takes too long.
        """
        while True:
            now = self._library.load(transcript_id).transcript
            hits = list(_hits(now, query, replacement))
            change = replace_hits(now, hits, LABEL)
            if change is None:
                return 0
            after, at_ms = change.applied_to(now), self._now_ms()
            with self._library.alone():  # what somebody has done meanwhile is not written over
                if self._library.load(transcript_id).transcript == now:
                    self._library.save_version(transcript_id, now, now_ms=at_ms, reason=LABEL)
                    self._library.save(transcript_id, after, now_ms=at_ms)
                    return len(hits)


def _hits(transcript: Transcript, query: Query, replacement: str) -> Iterator[Hit]:
    return find_all(transcript, query, replacement, left_s=countdown(PATTERN_LIMIT_S))
