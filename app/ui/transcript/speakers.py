"""One or two people? Merge and part speakers, and names of voices that are known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.core import edits
from app.core.errors import AppError
from app.core.messages import Message
from app.core.regrouping import (
    as_one_person,
    as_two_people,
    reason_against_merging,
    reason_against_parting,
)
from app.core.speakers import words_of
from app.core.transcript import SpeakerId, Transcript, join_words
from app.jobs.knowing import Knowing
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript
from app.jobs.telling import Telling
from app.ui.kit.appearance import Appearance
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.speakers_sheet import Row, SpeakersSheet
from app.ui.transcript.taking_back import say_undoable
from app.ui.transcript.telling import TellingController
from app.ui.translate import translated

_QUOTE_WORDS = 9


class SpeakersController(QObject):
    """Looks at voices when a person asks, and does what they answer as one step.

    Attributes:
        telling_apart: Tells all voices of the transcript apart.
    """

    def __init__(
        self,
        *,
        stage: Stage,
        appearance: Appearance,
        listening: Listening,
        telling: Telling,
        telling_apart: TellingController,
        knowing: Knowing,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._listening = listening
        self._telling = telling
        self.telling_apart = telling_apart
        self._knowing = knowing
        self._tasks = tasks
        self._current: Callable[[], OpenTranscript | None] = lambda: None
        self._at_caret: Callable[[], SpeakerId | None] = lambda: None

    def serve(
        self,
        current: Callable[[], OpenTranscript | None],
        at_caret: Callable[[], SpeakerId | None],
    ) -> None:
        """Work on whatever transcript this gives, and begin with who speaks at the caret."""
        self._current = current
        self._at_caret = at_caret

    def ask(self) -> None:
        """Ask whether speakers are one or two people."""
        opened = self._current()
        if opened is None:
            return
        transcript = opened.document.transcript
        if not transcript.speakers:
            self.telling_apart.ask()
            return
        rows = [
            Row(one, _label(transcript, one), _quote(transcript, one))
            for one in (speaker.speaker_id for speaker in transcript.speakers)
        ]
        sheet = SpeakersSheet(self._appearance, rows, self._parent)
        sheet.show_reasons(_reasons(transcript))
        sheet.choose(self._at_caret())
        sheet.look_requested.connect(partial(self._start_looking, opened, sheet))
        sheet.merge_requested.connect(partial(self._merge, opened))
        sheet.part_requested.connect(partial(self._start_parting, opened))
        sheet.number_requested.connect(self.telling_apart.tell)
        sheet.name_requested.connect(partial(self._name, opened))
        sheet.open()
        self._tasks.start(self._suggest(opened, sheet), "suggest names", replace=True)

    def welcome(self, opened: OpenTranscript) -> None:
        """Look whether somebody in a transcript that was opened is known, if that is wanted."""
        if self._knowing.is_on:
            self._tasks.start(self._welcome(opened), "know voices", replace=True)

    def follow_name(self, opened: OpenTranscript, speaker: SpeakerId, name: str) -> None:
        """Ask whether a voice that was just named is to be known, if that is wanted."""
        if self._knowing.is_on and name:
            self._tasks.start(
                self._ask_to_know(opened, speaker, name), "ask to know a voice", replace=True
            )

    # -- one or two people -----------------------------------------------------

    def _start_looking(
        self, opened: OpenTranscript, sheet: SpeakersSheet, speakers: tuple[SpeakerId, ...]
    ) -> None:
        sheet.show_looking(self.tr("Comparing…"))
        self._tasks.start(self._look(opened, sheet, speakers), "compare voices", replace=True)

    async def _look(
        self, opened: OpenTranscript, sheet: SpeakersSheet, speakers: tuple[SpeakerId, ...]
    ) -> None:
        stored = opened.stored
        try:
            path = None if stored.link.is_url else await self._listening.find(stored)
            side = await self._telling.compare(
                stored, opened.document.transcript, path, speakers
            )
        except AppError as error:
            if shiboken6.isValid(sheet):
                sheet.show_failure(translated(error.message))
            return
        if shiboken6.isValid(sheet):
            sheet.show_evidence(speakers, side.found)

    def _merge(self, opened: OpenTranscript, speakers: tuple[SpeakerId, ...]) -> None:
        one, other = speakers
        before = opened.document.transcript
        labels = _label(before, one), _label(before, other)
        change = as_one_person(before, one, other)
        opened.apply(change)
        left = {speaker.speaker_id for speaker in opened.document.transcript.speakers}
        if change is None or {one, other} <= left:
            self._stage.say(
                self.tr("Passages you approved or assigned yourself stay as they are.")
            )
            return
        text = self.tr("{one} and {other} are now one speaker.")
        text = text.replace("{one}", labels[0]).replace("{other}", labels[1])
        say_undoable(self._stage, text, opened, change)

    def _start_parting(self, opened: OpenTranscript, speakers: tuple[SpeakerId, ...]) -> None:
        self._tasks.start(self._part(opened, speakers[0]), "part a speaker", replace=True)

    async def _part(self, opened: OpenTranscript, speaker: SpeakerId) -> None:
        stored = opened.stored
        before = opened.document.transcript
        try:
            path = None if stored.link.is_url else await self._listening.find(stored)
            side = await self._telling.compare(stored, before, path, [speaker])
        except AppError as error:
            self._stage.say(
                translated(error.message),
                button=self.tr("Try again"),
                answer=lambda: self._start_parting(opened.latest, (speaker,)),
                is_bad=True,
            )
            return
        if self._current() is not opened:
            return
        if opened.document.transcript is not before:
            self._start_parting(opened, (speaker,))  # edited meanwhile; this is quick
            return
        change = as_two_people(before, speaker, side.people, side.sureness)
        if change is None:
            self._stage.say(self.tr("Only one voice was found in what this speaker says."))
            return
        opened.apply(change)
        text = self.tr("{speaker} is now two speakers.")
        text = text.replace("{speaker}", _label(before, speaker))
        say_undoable(self._stage, text, opened, change)

    # -- known voices ----------------------------------------------------------

    async def _suggest(self, opened: OpenTranscript, sheet: SpeakersSheet) -> None:
        names = await self._names(opened)
        if names and shiboken6.isValid(sheet):
            sheet.show_suggestions(names)

    async def _welcome(self, opened: OpenTranscript) -> None:
        names = await self._names(opened)
        if not names or self._current() is not opened:
            return
        speaker, name = next(iter(names.items()))
        text = self.tr("{speaker} sounds like {name}.")
        text = text.replace("{speaker}", _label(opened.document.transcript, speaker))
        if len(names) > 1:
            self._stage.say(
                self.tr("{count} speakers sound like people you have named.").replace(
                    "{count}", str(len(names))
                ),
                button=self.tr("Show…"),
                answer=self.ask,
                stays=True,
            )
            return
        self._stage.say(
            text.replace("{name}", name),
            button=self.tr("Name them {name}").replace("{name}", name),
            answer=lambda: self._name(opened, speaker, name),
            stays=True,
        )

    async def _names(self, opened: OpenTranscript) -> dict[SpeakerId, str]:
        try:
            return await self._knowing.suggestions(opened.stored, opened.document.transcript)
        except AppError:  # a suggestion nobody asked for is not worth a sentence
            return {}

    def _name(self, opened: OpenTranscript, speaker: str, name: str) -> None:
        now = opened.latest
        now.apply(edits.rename_speaker(now.document.transcript, SpeakerId(speaker), name))

    async def _ask_to_know(self, opened: OpenTranscript, speaker: SpeakerId, name: str) -> None:
        try:
            is_asked = await self._knowing.is_to_be_asked(name)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if is_asked:
            text = self.tr("Remember {name}'s voice for other recordings?")
            self._stage.say(
                text.replace("{name}", name),
                button=self.tr("Remember this voice"),
                answer=partial(self._start_remembering, opened, speaker, name),
                stays=True,
            )

    def _start_remembering(self, opened: OpenTranscript, speaker: SpeakerId, name: str) -> None:
        self._tasks.start(self._remember(opened.latest, speaker, name), "know a voice")

    async def _remember(self, opened: OpenTranscript, speaker: SpeakerId, name: str) -> None:
        try:
            await self._knowing.remember(opened.stored, opened.document.transcript, speaker)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        text = self.tr(
            "{name}'s voice is remembered, on this computer only. You can delete it in "
            "Settings."
        )
        self._stage.say(text.replace("{name}", name))

    @property
    def _parent(self) -> QWidget:
        return self._stage.dialog_parent


def _reasons(transcript: Transcript) -> dict[tuple[SpeakerId, ...], str]:
    """Say, of each speaker and each two, why they cannot be parted or made one."""
    ids = [one.speaker_id for one in transcript.speakers]
    found: dict[tuple[SpeakerId, ...], Message | None] = {
        (one,): reason_against_parting(transcript, one) for one in ids
    }
    for one, other in combinations(ids, 2):
        found[one, other] = reason_against_merging(transcript, one, other)
    return {who: translated(why) for who, why in found.items() if why is not None}


def _label(transcript: Transcript, speaker: SpeakerId) -> str:
    return transcript.speaker_label(
        speaker,
        QCoreApplication.translate("Transcript", "Speaker {number}"),
        QCoreApplication.translate("Transcript", "Part {part} · Speaker {number}"),
    )


def _quote(transcript: Transcript, speaker: SpeakerId) -> str:
    """Give the beginning of the longest thing somebody says."""
    mine = [one for one in transcript.paragraphs if one.speaker_id == speaker]
    if not words_of(transcript, speaker):
        return ""
    longest = max(mine, key=lambda one: len(one.words))
    text = join_words(longest.words[:_QUOTE_WORDS])
    return f"{text}…" if len(longest.words) > _QUOTE_WORDS else text
