"""The words of a transcript as they are now, whether somebody has it open or not.

What is found out about a transcript takes minutes; a person may work on it meanwhile. So it
is asked for here, and given back here: to the page if it is open, and to the library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core import edits
from app.core.transcript import Transcript, TranscriptId
from app.jobs.open_transcript import OpenTranscript
from app.store.library import Library
from app.system.clocks import now_ms

Held = Callable[[], OpenTranscript | None]
"""Gives the transcript that is open."""


class WordsAtHand:
    """Gives the words of transcripts, and takes them back with what was found out."""

    def __init__(self, library: Library, *, now_ms: Callable[[], int] = now_ms) -> None:
        self._library = library
        self._now_ms = now_ms
        self._open: Held = lambda: None

    def serve(self, held: Held) -> None:
        """Look to whatever transcript this gives before looking into the library."""
        self._open = held

    async def transcript(self, transcript_id: TranscriptId) -> Transcript:
        """Give the words as they are now.

        Raises:
            StorageError: The transcript is gone or damaged.
        """
        opened = self._held(transcript_id)
        if opened is not None:
            return opened.document.transcript
        return (await asyncio.to_thread(self._library.load, transcript_id)).transcript

    async def is_as_recognised(self, transcript_id: TranscriptId, now: Transcript) -> bool:
        """Tell whether nobody has edited these words.

        Raises:
            StorageError: The transcript is gone or damaged.
        """
        return await asyncio.to_thread(self._library.original, transcript_id) == now

    async def take_over(
        self, transcript_id: TranscriptId, before: Transcript, after: Transcript, label: str
    ) -> bool:
        """Put what was found out about the words in their place.

        Args:
            transcript_id: Which transcript.
            before: The words it was found out about.
            after: The same words with it.
            label: What this is called, for the Undo entry.

        Returns:
            Whether it was done; not if the words are others by now.

        Raises:
            StorageError: The transcript is gone or could not be written.
        """
        held = self._held(transcript_id)
        if held is not None and held.document.transcript != before:
            return False

        def complete() -> bool:
            return self._library.complete(transcript_id, before, after, now_ms=self._now_ms())

        if held is None:
            is_kept = await asyncio.to_thread(complete)
        else:
            is_kept = await held.save_beside(complete, after)
        opened = self._held(transcript_id)
        if opened is None:
            return is_kept
        if opened.document.transcript != before:
            return opened.document.transcript == after  # opened only now, or edited just now
        opened.apply(edits.take_over(before, after, label))
        return True

    def _held(self, transcript_id: TranscriptId) -> OpenTranscript | None:
        opened = self._open()
        return opened if opened is not None and opened.transcript_id == transcript_id else None
