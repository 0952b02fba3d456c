"""Offers to put the language right, where the words read as if it had been another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, SignalInstance

from app.core.language_doubt import doubted_language
from app.core.options import AUTO
from app.core.transcript import TranscriptId
from app.jobs.open_transcript import OpenTranscript
from app.ui.stage import Said, Stage
from app.ui.translate import language_name

Again = Callable[[str], None]
"""Asks how the recording on the page is to be transcribed again, in which language; in the
one that was asked for before where it is empty."""


class LanguageDoubtController(QObject):
    """Asks once of each transcript; nothing is done without an answer."""

    def __init__(
        self,
        *,
        stage: Stage,
        current: Callable[[], OpenTranscript | None],
        opened: SignalInstance,
        again: Again,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._current = current
        self._again = again
        self._asked: set[TranscriptId] = set()
        self._question: tuple[TranscriptId, Said] | None = None
        opened.connect(self._on_opened)

    def _on_opened(self) -> None:
        opened = self._current()
        self._take_back(opened)
        if opened is None or opened.transcript_id in self._asked:
            return
        options = opened.stored.options
        was_found_out = options.language == AUTO
        language = doubted_language(opened.document.transcript, options)
        if not language:
            return
        self._asked.add(opened.transcript_id)
        # What was found out wrongly is not found out once more: a person says what it is.
        detect, again = self.tr("Detect language"), self.tr("Transcribe again…")
        said = self._stage.say(
            self.tr("Many words are uncertain. Is this {language}?").replace(
                "{language}", language_name(language)
            ),
            button=again if was_found_out else detect,
            answer=partial(self._answer, opened, "" if was_found_out else AUTO),
            stays=True,
        )
        self._question = opened.transcript_id, said

    def _take_back(self, opened: OpenTranscript | None) -> None:
        """Ask no longer about a transcript that was left; it is asked when one comes back."""
        if self._question is None:
            return
        asked, said = self._question
        if opened is not None and opened.transcript_id == asked:
            return
        if said.is_shown:
            said.dismiss()
            self._asked.discard(asked)
        self._question = None

    def _answer(self, opened: OpenTranscript, language: str) -> None:
        current = self._current()
        if current is not None and current.transcript_id == opened.transcript_id:
            self._again(language)
