"""Suggest names for voices that a person named before, if they wish it. Off by default.

Nothing of it leaves this computer or goes into the library: voices are worked out from what
was heard of a recording whenever they are needed.
"""

from __future__ import annotations

import asyncio

from app.core.errors import Action, RecordingError
from app.core.known_voices import LEAST_S, KnownVoice, suggested
from app.core.messages import message
from app.core.speakers import words_of
from app.core.transcript import SpeakerId, Transcript
from app.jobs.telling import Telling
from app.store.known_voices import KnownVoices
from app.store.settings import SettingsStore
from app.store.stored import TranscriptRecord


class Knowing:
    """Knows voices by name, suggests the names, forgets them.

    Attributes:
        known: The voices that are known.
    """

    def __init__(
        self, *, known: KnownVoices, telling: Telling, settings: SettingsStore
    ) -> None:
        self.known = known
        self._telling = telling
        self._settings = settings

    @property
    def is_on(self) -> bool:
        """Whether a person wants voices to be known."""
        return self._settings.settings.knows_voices

    async def suggestions(
        self, record: TranscriptRecord, transcript: Transcript
    ) -> dict[SpeakerId, str]:
        """Say whom the speakers without a name sound like; nobody where that is not wanted.

        Args:
            record: What is kept beside the words.
            transcript: The words as they are now.

        Raises:
            AppError: In one sentence why not.
        """
        if not self.is_on:
            return {}
        named = {one.name for one in transcript.speakers if one.name}
        known = await asyncio.to_thread(self.known.voices)
        known = tuple(one for one in known if one.name not in named)
        nameless = [one.speaker_id for one in transcript.speakers if not one.name]
        if not known or not nameless:
            return {}
        voices = await self._voices(record, transcript, nameless)
        return suggested(voices, known)

    async def is_to_be_asked(self, name: str) -> bool:
        """Tell whether to ask if this voice is to be known: not of whom is known already."""
        if not self.is_on or not name:
            return False
        known = await asyncio.to_thread(self.known.voices)
        return name not in {one.name for one in known}

    async def remember(
        self, record: TranscriptRecord, transcript: Transcript, speaker: SpeakerId
    ) -> None:
        """Know the voice of a speaker who has a name from now on.

        Raises:
            AppError: In one sentence why not: it is not heard for long enough.
        """
        name = next((one.name for one in transcript.speakers if one.speaker_id == speaker), "")
        voice = (await self._voices(record, transcript, [speaker])).get(speaker)
        if not self.is_on or not name:
            return
        if voice is None or voice.seconds < LEAST_S:
            raise RecordingError(
                message(
                    "{name} does not speak alone long enough to remember the voice: ten "
                    "seconds are needed.",
                    name=name,
                ),
                action=Action.NONE,
            )
        whole = KnownVoice(name, voice.vector, voice.seconds, voice.is_narrow, voice.models)
        await asyncio.to_thread(self.known.remember, whole)

    async def _voices(
        self, record: TranscriptRecord, transcript: Transcript, speakers: list[SpeakerId]
    ) -> dict[SpeakerId, KnownVoice]:
        words = [words_of(transcript, one) for one in speakers]
        found = await self._telling.voices_of(record, transcript, words)
        return {
            speaker: KnownVoice("", one.vector, one.seconds, one.is_narrow, one.models)
            for speaker, one in zip(speakers, found, strict=False)
        }
