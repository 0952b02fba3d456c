"""What is recognised so far of recordings that are still at work, for whoever shows it.

No Qt. What recognises puts words in as they come; a page follows the document of one as it
follows any other, and hears here that one has begun to have words. Nothing of this is on
disk: the chunks it is made of are, before they come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.core.document import Document
from app.core.growing import become, change_to, with_words
from app.core.job import JobId
from app.core.paragraphs import languages_of
from app.core.recording import SoundChoice
from app.core.stitch import PartTranscript, stitch
from app.core.transcript import Transcript, Word

Listener = Callable[[JobId], None]


class GrowingTranscript:
    """A transcript of which only the beginning is there yet; nobody edits it.

    Attributes:
        job_id: The job that it will be the transcript of.
        document: Its words so far. Follow it by ``subscribe``; each step is a ``Change``
            labelled ``app.core.growing.GROWTH``.
    """

    def __init__(self, job_id: JobId, begun: Transcript) -> None:
        """Begin.

        Args:
            job_id: See there.
            begun: What is known beforehand: length, language, sound; no words.
        """
        self.job_id = job_id
        self.document = Document(begun)

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.document.transcript.paragraphs)

    def append(
        self,
        words: Sequence[Word],
        *,
        languages: Sequence[str] = (),
        wordless: Sequence[tuple[int, int]] = (),
        language: str = "",
    ) -> None:
        """Let words follow those there are; see ``app.core.growing.with_words``.

        Args:
            words: What was said.
            languages: What each is in, where it is another language than the transcript's.
            wordless: Where somebody speaks and no words were heard.
            language: The transcript's, from now on; as before if left out.
        """
        now = self.document.transcript
        change = with_words(now, words, languages=languages, wordless=wordless)
        self.document.grow(change, language=language or now.language)

    async def show(self, whole: Transcript) -> None:
        """Let it be another transcript from now on, of which most is what it was.

        What differs is worked out off the thread that paints; one call after the other.
        """
        now = self.document.transcript
        change = await asyncio.to_thread(change_to, now, whole)
        become(self.document, whole, change)


class GrowingTranscripts:
    """The growing transcripts of the jobs that are at work."""

    def __init__(self) -> None:
        self._growing: dict[JobId, GrowingTranscript] = {}
        self._listeners: list[Listener] = []

    def begin(
        self,
        job_id: JobId,
        *,
        duration_ms: int = 0,
        language: str = "",
        sound: SoundChoice | None = None,
    ) -> GrowingTranscript:
        """Begin one for a job, in place of any it had.

        Args:
            job_id: Of which job.
            duration_ms: Length of its recording.
            language: What is spoken; empty if that is to be found out.
            sound: Which of the recording's sound is recognised.
        """
        begun = Transcript((), language=language, duration_ms=duration_ms, sound=sound)
        growing = self._growing[job_id] = GrowingTranscript(job_id, begun)
        had_words = False

        def on_change(_change: object) -> None:
            nonlocal had_words
            if not had_words and growing.has_words:
                had_words = True
                for listener in tuple(self._listeners):
                    listener(job_id)

        growing.document.subscribe(on_change)
        return growing

    def of(self, job_id: JobId) -> GrowingTranscript | None:
        """Give that of a job; ``None`` while it is not at work, or has no words to give."""
        return self._growing.get(job_id)

    def end(self, job_id: JobId) -> None:
        """Let go of a job's: it is done, or at work no longer. Who shows it goes on to."""
        self._growing.pop(job_id, None)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` when a job has its first words; gives a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe


class PartWords:
    """Puts what is heard of a job's parts into its growing transcript, as it comes."""

    def __init__(self, growing: GrowingTranscript, parts: Sequence[PartTranscript]) -> None:
        """Begin.

        Args:
            growing: Where it is put.
            parts: Where the parts lie, without words yet.
        """
        self._growing = growing
        self._parts = list(parts)

    async def take(
        self,
        number: int,
        words: Sequence[Word],
        *,
        language: str = "",
        changes: Sequence[tuple[int, str]] = (),
        wordless: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Take what was heard behind what there is of a part.

        Args:
            number: Which part.
            words: The words, by the part's own clock.
            language: What is spoken as far as is known.
            changes: From when on which language is spoken, where each stretch was asked about.
            wordless: Where somebody speaks and no words were heard.
        """
        part = self._parts[number]
        main = part.transcript.language or language
        codes = languages_of(words, changes, main)
        if len(self._parts) == 1 and not part.start_ms:
            self._parts[0] = replace(part, transcript=replace(part.transcript, language=main))
            self._growing.append(words, languages=codes, wordless=wordless, language=main)
            return
        change = with_words(part.transcript, words, languages=codes, wordless=wordless)
        heard = replace(change.applied_to(part.transcript), language=main)
        self._parts[number] = replace(part, transcript=heard)
        known = self._growing.document.transcript
        whole = await asyncio.to_thread(stitch, tuple(self._parts))
        await self._growing.show(
            replace(whole, duration_ms=known.duration_ms, sound=known.sound)
        )


class WholeParts:
    """Puts a job's parts into its growing transcript as the service gives them back.

    They come in any order. One that lies behind a part that is not there yet waits for it: on
    the page nothing is missing between two words.
    """

    def __init__(self, growing: GrowingTranscript, parts: Sequence[PartTranscript]) -> None:
        """Begin.

        Args:
            growing: Where it is put.
            parts: Where the parts lie, without words yet; those of a channel in order of time.
        """
        self._growing = growing
        self._parts = list(parts)
        self._is_here = [False] * len(parts)
        self._is_showing = asyncio.Lock()

    async def take(self, number: int, heard: Transcript) -> None:
        """Take a part as it was heard, and show what can be read without a gap.

        Args:
            number: Which part.
            heard: Its words, by the part's own clock.
        """
        self._parts[number] = replace(self._parts[number], transcript=heard)
        self._is_here[number] = True
        async with self._is_showing:
            known = self._growing.document.transcript
            if (begun := self._begun()) and not all(self._is_here):  # all are saved, then shown
                whole = await asyncio.to_thread(stitch, begun)
                await self._growing.show(
                    replace(whole, duration_ms=known.duration_ms, sound=known.sound)
                )

    def _begun(self) -> list[PartTranscript]:
        """Give the parts before which none of their channel is missing."""
        waiting: set[int | None] = set()
        begun: list[PartTranscript] = []
        for part, is_here in zip(self._parts, self._is_here, strict=True):
            if not is_here:
                waiting.add(part.channel)
            elif part.channel not in waiting:
                begun.append(part)
        return begun
