"""The person's own words in the transcript on the page, and corrections that fit elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, SignalInstance

from app.core import alike, word_list
from app.core.document import Change
from app.core.errors import AppError
from app.core.replacing import Hit, replace_hits
from app.core.retyping import LABEL as TYPING
from app.core.transcript import Transcript
from app.jobs.open_transcript import TYPING_PAUSE_MS, OpenTranscript
from app.jobs.own_words import OwnWords
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.translate import counted, translated

_CORRECTIONS = {TYPING, "Correct words"}
_LOOKING, _LISTING, _KEEPING = "look for the same", "apply the word list", "keep the word list"


class OwnWordsController(QObject):
    """Offers to fix all alike after a correction, and applies the word list when asked."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        current: Callable[[], OpenTranscript | None],
        opened: SignalInstance,
        words: OwnWords,
        tasks: Tasks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._actions = actions
        self._appearance = appearance
        self._current = current
        self._words = words
        self._tasks = tasks
        self._unfollow: Callable[[], None] = lambda: None
        self._seen: Change | None = None  # a step is considered once
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        opened.connect(self._on_opened)
        actions[ActionId.APPLY_WORD_LIST].triggered.connect(self._on_apply)

    def _on_opened(self) -> None:
        """Follow the transcript that is on the page now."""
        self._unfollow()
        self._pause.stop()
        opened = self._current()
        if opened is not None:
            self._unfollow = opened.document.subscribe(self._on_change)

    # A correction that would fit elsewhere

    def _on_change(self, change: Change) -> None:
        if change.label in _CORRECTIONS:
            self._pause.start()
        else:
            self._pause.stop()

    def _on_pause(self) -> None:
        opened = self._current()
        if opened is None or not opened.document.steps or opened.document.can_redo:
            return
        step = opened.document.steps[-1]
        fixed = alike.corrected(step) if step.label in _CORRECTIONS else None
        if fixed is not None and step is not self._seen:
            self._seen = step
            self._tasks.start(self._offer(opened, *fixed), _LOOKING, replace=True)

    async def _offer(self, opened: OpenTranscript, was: str, now: str) -> None:
        transcript = opened.document.transcript
        hits = await asyncio.to_thread(alike.alike, transcript, was, now)
        if not hits or opened.document.transcript is not transcript:
            return
        text = counted(
            "OwnWordsController",
            len(hits),
            "“{word}” appears once more.",
            "“{word}” appears {count} more times.",
        )
        self._stage.say(
            text.replace("{word}", was),
            button=self.tr("Correct all"),
            answer=partial(self._fix, opened, was, now),
        )

    def _fix(self, opened: OpenTranscript, was: str, now: str) -> None:
        opened = opened.latest
        transcript = opened.document.transcript
        hits = alike.alike(transcript, was, now)
        opened.apply(replace_hits(transcript, hits, alike.LABEL))
        text = counted("OwnWordsController", len(hits), "1 corrected.", "{count} corrected.")
        self._stage.say(
            text,
            button=self.tr("Add to the word list"),
            answer=partial(self._keep, was, now),
        )

    def _keep(self, was: str, now: str) -> None:
        self._tasks.start(self._save(now, was), _KEEPING)

    async def _save(self, right: str, wrong: str) -> None:
        try:
            await asyncio.to_thread(self._words.add, right, wrong)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        self._say_with_list(
            self.tr("Added to the word list. You can edit the list in Settings.")
        )

    # The word list

    def _say_with_list(self, text: str) -> None:
        """Say something, with a button that goes to the list."""
        self._stage.say(
            text,
            button=self._actions.label(ActionId.WORD_LIST),
            answer=self._actions[ActionId.WORD_LIST].trigger,
        )

    def _on_apply(self) -> None:
        opened = self._current()
        if opened is None or self._stage.page is not Page.TRANSCRIPT:
            return
        self._tasks.start(self._list(opened), _LISTING, replace=True)

    async def _list(self, opened: OpenTranscript) -> None:
        """List what would be put right, and what sounds alike, left out at first."""
        transcript = opened.document.transcript
        words = await asyncio.to_thread(self._words.words_for, opened.transcript_id)
        if not words:
            self._say_with_list(
                self.tr("The word list is empty. Add names and terms to it in Settings.")
            )
            return

        def look() -> tuple[list[Hit], set[int]]:
            listed = list(word_list.listed_hits(transcript, words))
            guessed = list(word_list.sound_alikes(transcript, words))
            return _in_order(listed, guessed)

        hits, left_out = await asyncio.to_thread(look)
        if not hits:
            self._stage.say(self.tr("Nothing in this transcript matches the word list."))
            return
        hint = ""
        if left_out:
            hint = self.tr("Words that only sound similar are not ticked.")
        sheet = ReplaceSheet(
            self._appearance,
            self.tr("Apply the word list"),
            transcript,
            hits,
            self._stage.dialog_parent,
            left_out=sorted(left_out),
            hint=hint,
        )
        sheet.wanted.connect(partial(self._apply, opened, transcript))
        sheet.open()

    def _apply(self, opened: OpenTranscript, transcript: Transcript, hits: list[Hit]) -> None:
        if opened.document.transcript is not transcript:
            self._stage.say(
                self.tr("The text has changed in the meantime. Check the list again.")
            )
            return
        opened.apply(replace_hits(transcript, hits, word_list.LABEL))


def _in_order(listed: list[Hit], guessed: list[Hit]) -> tuple[list[Hit], set[int]]:
    """Give all in reading order, and the places of those that are guesses only."""
    taken = {
        (one.paragraph, at) for one in listed for at in range(one.found.start, one.found.end)
    }
    free = [one for one in guessed if (one.paragraph, one.found.start) not in taken]
    both = [(one, False) for one in listed] + [(one, True) for one in free]
    both.sort(key=lambda one: (one[0].paragraph, one[0].found.start))
    return [one for one, _ in both], {at for at, (_, is_guess) in enumerate(both) if is_guess}
