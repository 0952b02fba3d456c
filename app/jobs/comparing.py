"""Lay the transcript that is worked on beside another one of the same recording."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.core.comparing import Difference, compare, corrected
from app.core.transcript import Transcript, TranscriptId
from app.jobs.open_transcript import OpenTranscript
from app.store.library import Library
from app.store.listing import TranscriptEntry
from app.store.stored import StoredTranscript


@dataclass(frozen=True, slots=True)
class Other:
    """Another transcript of the same recording.

    Attributes:
        stored: It, with all that is kept beside it.
    """

    stored: StoredTranscript

    @property
    def within(self) -> tuple[int, int] | None:
        """The span it is of, where only a part was transcribed."""
        options = self.stored.options
        if not options.start_ms and options.end_ms is None:
            return None
        return options.start_ms, 1 << 62 if options.end_ms is None else options.end_ms


class Comparing:
    """Finds what can be compared, and compares it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def others(self, stored: StoredTranscript) -> tuple[TranscriptEntry, ...]:
        """Give the other transcripts of the same recording, the newest first.

        Raises:
            StorageError: The library cannot be read.
        """
        found = await asyncio.to_thread(self._library.find_duplicates, stored.link.content_hash)
        return tuple(one for one in found if one.transcript_id != stored.entry.transcript_id)

    async def load(self, transcript_id: TranscriptId) -> Other:
        """Give one of them with its words.

        Raises:
            StorageError: It is gone or damaged.
        """
        return Other(await asyncio.to_thread(self._library.load, transcript_id))

    async def compare(
        self, opened: OpenTranscript, transcript: Transcript, other: Other
    ) -> tuple[Difference, ...]:
        """Give where they differ; what a person corrected or approved is told apart.

        Args:
            opened: The transcript that is worked on.
            transcript: Its words as they are.
            other: The other one.

        Raises:
            StorageError: What was recognised first cannot be read.
        """
        original = await opened.version(None)

        def work() -> tuple[Difference, ...]:
            return compare(
                transcript,
                other.stored.transcript,
                within=other.within,
                protected=corrected(transcript, original),
            )

        return await asyncio.to_thread(work)
