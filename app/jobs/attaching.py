"""Give a transcript a recording: one it never had, or another than it has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import AppError
from app.core.fitting import Fit, fit_of, words_outside, words_span_ms
from app.core.recording import SoundChoice
from app.core.transcript import Transcript
from app.jobs.copies import save_copy
from app.jobs.importing import find_recording_beside
from app.jobs.listening import Listening
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.stored import StoredTranscript, TranscriptRecord
from app.system.loading import load_modules


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recording that may become a transcript's.

    Attributes:
        path: Where it lies.
        duration_ms: Length of the sound that can be read, whatever its header says.
        choice: Which of its sound is played, where there was something to choose.
        offset_ms: How much later all is said in it than in the recording there is;
            ``None`` where both could not be compared, or are surely not of the same.
        was_compared: Whether there was another recording to compare it with.
    """

    path: Path
    duration_ms: int
    choice: SoundChoice | None = None
    offset_ms: int | None = None
    was_compared: bool = False

    def fit(self, transcript: Transcript, offset_ms: int | None = None) -> Fit:
        """Tell how it fits the words, moved by an offset, the one found if left out."""
        given_ms = self.offset_ms or 0 if offset_ms is None else offset_ms
        return fit_of(transcript, self.duration_ms, given_ms)

    def words_outside(self, transcript: Transcript, offset_ms: int) -> int:
        """Count the words that would have no sound."""
        if words_span_ms(transcript)[0] == words_span_ms(transcript)[1]:
            return 0
        return words_outside(transcript, self.duration_ms, offset_ms)


class Attaching:
    """Looks at recordings for a transcript, and gives it one."""

    def __init__(
        self,
        library: Library,
        listening: Listening,
        *,
        copies: Path,
        keeps_copies: Callable[[], bool],
    ) -> None:
        """Prepare.

        Args:
            library: The transcripts.
            listening: Finds and prepares their sound.
            copies: Where copies of recordings are kept.
            keeps_copies: Whether a person wants them kept.
        """
        self._library = library
        self._listening = listening
        self._copies = copies
        self._keeps_copies = keeps_copies

    async def beside(self, stored: StoredTranscript) -> Path | None:
        """Give a recording that lies beside the file an imported transcript came from."""
        link = stored.link
        if link.is_url or link.has_recording or link.is_dictated:
            return None
        return await asyncio.to_thread(find_recording_beside, link.path)

    async def look(self, stored: StoredTranscript, path: Path) -> Candidate:
        """Look at a recording, and compare it with the one there is.

        Raises:
            AppError: It is no recording that can be read.
        """
        recording = await self._listening.look(path)
        candidate = Candidate(path, recording.duration_ms, recording.kept_choice)
        before = None if stored.link.is_url else await self._listening.find(stored)
        if before is None or await asyncio.to_thread(_is_same, before, path):
            return candidate
        try:
            old = await self._listening.sound(before, choice=stored.transcript.sound)
        except AppError:  # it is there and cannot be read; perhaps that is why
            return candidate
        new = await self._listening.sound(path, choice=candidate.choice)
        await load_modules("app.audio.offset")
        from app.audio.offset import find_offset

        offset_ms = await asyncio.to_thread(find_offset, old.peaks, new.peaks)
        return replace(candidate, offset_ms=offset_ms, was_compared=True)

    async def attach(self, stored: StoredTranscript, candidate: Candidate) -> TranscriptRecord:
        """Make a recording the transcript's; its words are the caller's to move.

        The copy that was kept of the one before stays, so that the step can be taken back.

        Raises:
            AppError: It cannot be read any more, or that cannot be kept.
        """
        transcript_id = stored.entry.transcript_id
        link = await asyncio.to_thread(link_to, candidate.path)

        def attach() -> TranscriptRecord:
            self._library.attach(transcript_id, link, duration_ms=candidate.duration_ms)
            if self._keeps_copies():
                save_copy(
                    self._library,
                    self._copies,
                    transcript_id,
                    candidate.path,
                    is_another=True,
                )
            return self._library.record(transcript_id)

        return await asyncio.to_thread(attach)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
