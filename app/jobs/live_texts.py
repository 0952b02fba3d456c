"""Live text that gives way to better words, wherever it is: on a page or in the library."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.core.carrying import LABEL, carried
from app.core.document import Change
from app.core.edits import take_over
from app.core.errors import StorageError
from app.core.growing import GROWTH
from app.core.preferences import ListedWord
from app.core.transcript import Transcript, TranscriptId
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts
from app.jobs.word_list import put_right
from app.store.library import Library


class LiveTexts:
    """The live texts of takes that are ordinary recordings by now."""

    def __init__(self, library: Library, transcripts: OpenTranscripts) -> None:
        self._library = library
        self._transcripts = transcripts

    async def give_way(
        self,
        transcript_id: TranscriptId,
        final: Transcript,
        listed: Sequence[ListedWord] = (),
    ) -> bool:
        """Put better words in the place of a live text, as one step; it stays as a version.

        What a person did to it meanwhile is carried over, and the step can be taken back.

        Args:
            transcript_id: Of the live text.
            final: The better words.
            listed: What is put right in them before anybody reads them.

        Returns:
            Whether it is done; not if the live text is gone.

        Raises:
            StorageError: It could not be kept.
        """
        opened, is_shown = await self._opened(transcript_id)
        if opened is None:
            return False
        heard = await asyncio.to_thread(self._library.original, transcript_id)
        await opened.save_version(LABEL)
        while True:
            live = opened.document.transcript
            change = await asyncio.to_thread(_step, live, final, heard, listed)
            if opened.document.transcript is live:
                break  # else somebody has typed meanwhile
        opened.apply(change)
        now = opened.document.transcript
        facts = Change((), now.speakers, now.speakers, GROWTH)
        if now.wordless != final.wordless:
            facts = Change(
                (), now.speakers, now.speakers, GROWTH, (now.wordless, final.wordless)
            )
        opened.document.grow(
            facts,
            language=final.language,
            duration_ms=final.duration_ms,
            model=final.model,
            gender=final.gender,
            emotions=final.emotions,
            sound=final.sound,
        )
        await _save(opened)
        await asyncio.to_thread(self._library.save_original, transcript_id, final)
        if not is_shown:
            await opened.close()
        return True

    async def stay(
        self,
        transcript_id: TranscriptId,
        duration_ms: int,
        listed: Sequence[ListedWord] = (),
    ) -> None:
        """Let a live text be all there is, and note how long its recording is.

        It knew only its last word.

        Args:
            transcript_id: Of the live text.
            duration_ms: Length of the recording.
            listed: What is put right in it.

        Raises:
            StorageError: It could not be kept.
        """
        opened, is_shown = await self._opened(transcript_id)
        if opened is None:
            return
        now = opened.document.transcript
        facts = Change((), now.speakers, now.speakers, GROWTH)
        opened.document.grow(facts, duration_ms=duration_ms)
        if (change := put_right(opened.document.transcript, listed)) is not None:
            opened.apply(change)
        await _save(opened)
        if not is_shown:
            await opened.close()

    async def _opened(self, transcript_id: TranscriptId) -> tuple[OpenTranscript | None, bool]:
        """Give a live text, if it is there, and whether it is open anyway."""
        opened = self._transcripts.opened(transcript_id)
        if opened is not None:
            return opened, True
        try:
            stored = await asyncio.to_thread(self._library.load, transcript_id)
        except StorageError:
            return None, False
        return OpenTranscript(stored, self._library), False


async def _save(opened: OpenTranscript) -> None:
    if not await opened.save() and opened.failure is not None:
        raise StorageError(opened.failure)


def _step(
    live: Transcript, final: Transcript, heard: Transcript, listed: Sequence[ListedWord]
) -> Change | None:
    if (change := put_right(final, listed)) is not None:
        final = change.applied_to(final)
    return take_over(live, carried(final, live, heard), LABEL)
