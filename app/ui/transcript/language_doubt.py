"""Offers to put the language right, where the words read as if it had been another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, SignalInstance

from app.core.language_doubt import doubted_language
from app.core.options import AUTO
from app.core.transcript import TranscriptId
from app.jobs.open_transcript import OpenTranscript
from app.ui.stage import Stage
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
        opened.connect(self._on_opened)

    def _on_opened(self) -> None:
        opened = self._current()
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
        self._stage.say(
            self.tr("Many words are uncertain. Is this {language}?").replace(
                "{language}", language_name(language)
            ),
            button=again if was_found_out else detect,
            answer=partial(self._answer, opened, "" if was_found_out else AUTO),
            stays=True,
        )

    def _answer(self, opened: OpenTranscript, language: str) -> None:
        if self._current() is opened:
            self._again(language)
