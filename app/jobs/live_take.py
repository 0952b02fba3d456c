"""The live text of the take that is being recorded: an ordinary transcript that grows.

It stands in the library from the first moment, so that what a person corrects in it is kept
as everywhere, and a crash leaves it there beside the sound.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from app.core.errors import AppError, StorageError
from app.core.live import LiveLeft, LiveRecogniser
from app.core.live_growth import may_extend, with_utterance, with_wordless
from app.core.names import all_names
from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId
from app.core.spoken_punctuation import Begin, Line, SpokenSigns, text_of
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, TranscriptId, Word
from app.jobs.live_session import LiveNow, LiveSession
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts, Storage
from app.jobs.taking import TakeNow, Taking, dictation_name, recording_name
from app.jobs.word_list import put_right
from app.store.audio_links import NO_RECORDING_BYTES, AudioLink
from app.store.library import Library
from app.system.clocks import now_ms

_log = logging.getLogger(__name__)
_LINE = "\u2028"
"""Begins a line within a text, as those know who lay it out."""


Listen = Callable[[TranscriptionOptions, int], Sequence[LiveRecogniser]]
"""Gives what makes words of so many sources while they are recorded."""


class LiveStorage:
    """Keeps a live text, and beside it what was heard without a person's corrections."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.heard: Transcript | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def save(
        self,
        transcript_id: TranscriptId,
        transcript: Transcript,
        *,
        now_ms: int,
        known: Transcript | None = None,
    ) -> bool:
        """Keep the words as they are, and as they were heard."""
        is_others = self._library.save(transcript_id, transcript, now_ms=now_ms, known=known)
        if self.heard is not None:
            self._library.save_original(transcript_id, self.heard)
        return is_others


class LiveTake:
    """Makes a transcript of a take while it is recorded.

    Attributes:
        opened: The transcript; ``None`` while nothing is recorded with live text.
        now: How live text stands.
    """

    def __init__(
        self,
        library: Library,
        transcripts: OpenTranscripts,
        taking: Taking,
        listen: Listen,
        own_names: Callable[[ProjectId], Sequence[str]] = lambda _project: (),
        put_right_in: Callable[[TranscriptId], Sequence[ListedWord]] = lambda _transcript: (),
    ) -> None:
        """Set up.

        Args:
            library: Where the transcript is kept.
            transcripts: Gives it to whoever opens it.
            taking: What is recorded.
            listen: Gives what hears it.
            own_names: Gives names and terms a person wants heard in a project; blocks.
            put_right_in: Gives the listed words that are put right in a transcript; blocks.
        """
        self._listen = listen
        self._own_names = own_names
        self._put_right_in = put_right_in
        self.opened: OpenTranscript | None = None
        self.now = LiveNow()
        self._library = library
        self._transcripts = transcripts
        self._taking = taking
        self._session: LiveSession | None = None
        self._storage = LiveStorage(library)
        self._grown: Paragraph | None = None
        self._is_final = False
        self._keeps_sound = True
        self._signs: list[SpokenSigns] = []
        self._begins = Begin.HERE  # how the next words do
        self._ids: list[SpeakerId | None] = []
        self._listeners: list[Callable[[LiveNow], None]] = []
        taking.subscribe(self._follow)

    def subscribe(self, listener: Callable[[LiveNow], None]) -> None:
        """Call ``listener`` whenever words or ``now`` have changed."""
        self._listeners.append(listener)

    async def begin(
        self,
        count: int,
        options: TranscriptionOptions,
        *,
        speakers: Sequence[str],
        is_final: bool,
        keeps_sound: bool = True,
        has_signs: bool = False,
        project_id: ProjectId = NO_PROJECT,
    ) -> OpenTranscript | None:
        """Begin to hear the take that has just begun; gives its transcript.

        Args:
            count: How many sources it has.
            options: What the transcript is made with.
            speakers: Who is heard in each source; none if there is only one.
            is_final: Whether it stays when the recording is over, if all was heard, or gives
                way to better words.
            keeps_sound: Whether a recording is made of the take; else its words are all that
                stays.
            has_signs: Whether signs are written that are spoken, such as “comma”.
            project_id: The project it goes into.

        Raises:
            StorageError: The library cannot take it.
        """
        folder = self._taking.folder
        if folder is None:
            return None
        people = tuple(
            Speaker(SpeakerId(f"speaker_{number}"), name)
            for number, name in enumerate(speakers)
        )
        language = "" if options.language == "auto" else options.language
        name = recording_name(now_ms()) if keeps_sound else dictation_name(now_ms())
        blank = Transcript((), people, language=language, model=str(options.model))
        link = AudioLink(str(folder.path / "part-1.wav"))
        if not keeps_sound:
            link = AudioLink("", size_bytes=NO_RECORDING_BYTES)

        def make() -> OpenTranscript:
            transcript_id = self._library.add(
                blank,
                name=name,
                options=options,
                link=link,
                now_ms=now_ms(),
                project_id=project_id,
            )
            if keeps_sound:
                folder.write_live(LiveLeft(transcript_id, is_final))
            storage = self._storage = LiveStorage(self._library)
            storage.heard = blank
            return OpenTranscript(self._library.load(transcript_id), cast("Storage", storage))

        opened = self.opened = await asyncio.to_thread(make)
        opened.is_growing = self._keeps_sound = keeps_sound
        self._signs = [SpokenSigns() for _ in range(count)] if has_signs else []
        self._begins = Begin.HERE
        own = await asyncio.to_thread(self._own_names, project_id)
        listened_for = replace(options, names=all_names(options.names, own))
        self._ids = [one.speaker_id for one in people] or [None] * count
        self._grown = None
        self._is_final = is_final
        self.now = LiveNow()
        self._transcripts.lend(opened)
        self._session = LiveSession(folder, self._listen(listened_for, count), self)
        self._session.start()
        return opened

    async def finish(self) -> None:
        """Take the last words; the sound is on the disk. Never raises."""
        session, self._session = self._session, None
        opened = self.opened
        if session is None or opened is None:
            return
        await session.finish()
        for channel, signs in enumerate(self._signs):
            self._write(channel, signs.rest(), self._language)
        self._storage.heard = self._storage.heard and self._heard_now()
        try:
            folder = self._taking.folder
            if not opened.document.transcript.paragraphs:
                if folder is not None and self._keeps_sound:
                    await asyncio.to_thread(folder.drop_live)
                return
            if not self._keeps_sound:  # else it is a job that sees to it
                listed = await asyncio.to_thread(self._put_right_in, opened.transcript_id)
                if (change := put_right(opened.document.transcript, listed)) is not None:
                    opened.apply(change)
            await opened.save()
            is_whole = session.is_whole and opened.failure is None
            if is_whole and self._keeps_sound and folder is not None:
                whole = LiveLeft(opened.transcript_id, self._is_final, is_whole=True)
                await asyncio.to_thread(folder.write_live, whole)
        except AppError as error:
            _log.info("The live text could not be kept: %s", error)

    async def end(self) -> None:
        """Let go of the transcript: the take is a recording now."""
        opened, self.opened = self.opened, None
        if opened is None:
            return
        self._storage.heard = None
        opened.is_growing = False
        is_empty = not opened.document.transcript.paragraphs
        await self._transcripts.take_back(opened)
        if is_empty:
            try:
                await asyncio.to_thread(self._library.purge, [opened.transcript_id])
            except StorageError as error:
                _log.info("An empty live text stays: %s", error)

    def speaker_of(self, channel: int) -> SpeakerId | None:
        """Give who speaks in a source; ``None`` if a person took them off the list."""
        if self.opened is None or channel >= len(self._ids):
            return None
        speakers = self.opened.document.transcript.speakers
        wanted = self._ids[channel]
        return wanted if any(one.speaker_id == wanted for one in speakers) else None

    # -- following --------------------------------------------------------------

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        """Let words follow."""
        opened = self.opened
        if opened is None:
            return
        lines: tuple[Line, ...] = (Line(Begin.HERE, words),)
        if self._signs:
            lines = self._signs[channel].take(words, self._language or language)
        self._write(channel, lines, language)
        self._tell()

    def tentative(self) -> tuple[tuple[SpeakerId | None, str], ...]:
        """Give what is being said and may still change, and who says it."""
        said: list[tuple[SpeakerId | None, str]] = []
        for channel, words in self.now.tentative:
            lines: tuple[Line, ...] = (Line(Begin.HERE, words),)
            if self._signs:
                lines = self._signs[channel].preview(words, self._language)
            text = text_of(lines, line=_LINE, paragraph=_LINE).strip(_LINE)
            said.append((self.speaker_of(channel), text))
        return tuple(said)

    @property
    def _language(self) -> str:
        return "" if self.opened is None else self.opened.document.transcript.language

    def _write(self, channel: int, lines: Sequence[Line], language: str) -> None:
        for line in lines:
            if line.begin is not Begin.HERE:
                self._begins = line.begin
            if line.words:
                self._grow(channel, line.words, language)
                self._begins = Begin.HERE

    def _grow(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        opened = self.opened
        if opened is None:
            return
        goes_on = self._begins is Begin.HERE
        heard = self._heard_now()
        change = with_utterance(heard, words, self._ids[channel], extends=goes_on)
        self._storage.heard = change.applied_to(heard)
        document, speaker_id = opened.document, self.speaker_of(channel)
        facts: dict[str, Any] = {
            "duration_ms": max(document.transcript.duration_ms, words[-1].end_ms)
        }
        if language and not document.transcript.language:
            facts["language"] = language
        document.grow(
            with_utterance(
                document.transcript,
                words,
                speaker_id,
                extends=goes_on and may_extend(document, self._grown),
            ),
            **facts,
        )
        self._grown = document.transcript.paragraphs[-1]

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Let the page say where somebody spoke and no words were heard."""
        if self.opened is None:
            return
        heard, document = self._heard_now(), self.opened.document
        self._storage.heard = with_wordless(heard, spans).applied_to(heard)
        document.grow(with_wordless(document.transcript, spans))

    def show(self, now: LiveNow) -> None:
        """Take up how live text stands."""
        self.now = now
        self._tell()

    def _heard_now(self) -> Transcript:
        return self._storage.heard or Transcript(())

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self.now)

    def _follow(self, now: TakeNow | None) -> None:
        if now is not None and self._session is not None:
            self._session.set_paused(is_paused=now.is_paused)
