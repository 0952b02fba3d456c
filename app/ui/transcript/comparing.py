"""Transcribe again and take what is better: two transcripts of a recording, word by word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal

from app.core.comparing import Difference, take
from app.core.document import Change
from app.core.errors import AppError
from app.core.job import Repeat
from app.core.retiming import word_times
from app.core.transcript import Transcript, TranscriptId, join_words
from app.jobs.comparing import Comparing, Other
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript
from app.store.listing import TranscriptEntry
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.stage import Page, Said, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.chosen import selected_range
from app.ui.transcript.compare_panel import ComparePanel, Side
from app.ui.transcript.view import TranscriptView
from app.ui.translate import counted, language_name, translated
from app.ui.wording import clock, made_with, number

_TASK = "compare transcripts"
_CONTEXT_WORDS = 6
_CHOICES = 4
"""So many other transcripts, the newest, are offered."""
_AROUND_MS = 200
"""So much sound before and behind what is selected is transcribed with it."""


class ComparingController(QObject):
    """Shows where another transcript differs, and takes what a person wants of it.

    Attributes:
        panel: What stands under the page.

    Signals:
        again_requested: A part of the recording is to be transcribed again: a ``Repeat``.
    """

    again_requested = Signal(object)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        view: TranscriptView,
        comparing: Comparing,
        listening: Listening,
        tasks: Tasks,
        on_page: Callable[[], OpenTranscript | None],
    ) -> None:
        """Prepare.

        Args:
            stage: Where it is shown.
            actions: All actions.
            appearance: How it looks.
            view: The page.
            comparing: Finds what can be compared.
            listening: Finds the recording.
            tasks: Runs what takes time.
            on_page: Gives the transcript on the page.
        """
        super().__init__()
        self._stage = stage
        self._view = view
        self._comparing = comparing
        self._listening = listening
        self._tasks = tasks
        self._on_page = on_page
        self._opened: OpenTranscript | None = None  # what is compared
        self._other: Other | None = None
        self._known: frozenset[TranscriptId] = frozenset()
        self._offered: Said | None = None
        self._all: tuple[Difference, ...] = ()
        self._found: tuple[Difference, ...] = ()  # those that are shown
        self._settled: set[tuple[int, str, str]] = set()
        self._at = 0
        self._shows_minor = False
        self._compared: Transcript | None = None
        self._unfollow: Callable[[], None] = lambda: None
        self.panel = ComparePanel(appearance)
        self.panel.keep_requested.connect(self._keep)
        self.panel.take_requested.connect(self._take)
        self.panel.take_all_requested.connect(self._take_all)
        self.panel.step_requested.connect(self._step)
        self.panel.minor_toggled.connect(self._on_minor)
        self.panel.close_requested.connect(self.end)
        actions[ActionId.COMPARE].triggered.connect(self._ask)
        actions[ActionId.AGAIN_SELECTED].triggered.connect(self._again_selected)

    def follow(self) -> None:
        """Follow the transcript that is on the page now."""
        self.end()
        if self._offered is not None:
            self._offered.dismiss()  # of another page
            self._offered = None
        opened = self._on_page()
        self._known = frozenset()
        if opened is not None:
            self._tasks.start(self._note_known(opened), "look for transcripts", replace=True)

    def offer_new(self) -> None:
        """Offer to compare, if a transcript that has come is of the recording on the page."""
        opened = self._on_page()
        if opened is not None:
            self._tasks.start(self._offer_new(opened), "offer to compare", replace=True)

    def end(self) -> None:
        """Compare no longer."""
        self._unfollow()
        self._unfollow = lambda: None
        self._tasks.cancel(_TASK)
        was_shown = self.panel.isVisible()
        self._opened = self._other = self._compared = None
        self._all = self._found = ()
        self.panel.hide()
        if was_shown:
            self._view.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # Beginning

    async def _note_known(self, opened: OpenTranscript) -> None:
        try:
            others = await self._comparing.others(opened.stored)
        except AppError:
            return
        if self._on_page() is opened:
            self._known = frozenset(one.transcript_id for one in others)

    async def _offer_new(self, opened: OpenTranscript) -> None:
        try:
            others = await self._comparing.others(opened.stored)
        except AppError:
            return  # said wherever the library is needed
        new = [one for one in others if one.transcript_id not in self._known]
        if not new or self._on_page() is not opened:
            return
        self._known |= {one.transcript_id for one in new}
        self._offered = self._stage.say(
            self.tr("Another transcript of this recording is ready."),
            button=self.tr("Compare"),
            answer=lambda: self._start(opened.latest, new[0].transcript_id),
            stays=True,
        )

    def _ask(self) -> None:
        opened = self._on_page()
        if opened is not None and self._stage.page is Page.TRANSCRIPT:
            self._tasks.start(self._choose(opened), _TASK, replace=True)

    async def _choose(self, opened: OpenTranscript) -> None:
        try:
            others = await self._comparing.others(opened.stored)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if not others:
            self._stage.say(
                self.tr(
                    "There is no other transcript of this recording yet. Transcribe it again "
                    "to compare them."
                )
            )
        elif len(others) == 1:
            self._start(opened, others[0].transcript_id)
        else:
            answers = [(one.transcript_id, _name(one)) for one in others[:_CHOICES]]
            sheet = ChoiceSheet(
                self.tr("Which transcript do you want to compare with?"),
                self.tr("These are transcripts of the same recording, newest first."),
                [*answers, ("", self.tr("Cancel"))],
                self._stage.dialog_parent,
            )

            def on_answered(answer: str) -> None:
                if answer:
                    self._start(opened, TranscriptId(answer))

            sheet.answered.connect(on_answered)
            sheet.open()

    def _start(self, opened: OpenTranscript, other_id: TranscriptId) -> None:
        if self._on_page() is opened:
            self.end()
            self._opened = opened
            self._settled.clear()
            self._unfollow = opened.document.subscribe(self._on_changed)
            self._tasks.start(self._load(opened, other_id), _TASK, replace=True)

    async def _load(self, opened: OpenTranscript, other_id: TranscriptId) -> None:
        try:
            self._other = await self._comparing.load(other_id)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        self.panel.show_other(_name(self._other.stored.entry))
        self.panel.show_none(self.tr("Comparing…"))
        self.panel.show()
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        await self._compare(opened, self._other, at_ms=None)

    async def _compare(self, opened: OpenTranscript, other: Other, at_ms: int | None) -> None:
        """Look for differences, and show the first one from a time on."""
        transcript = opened.document.transcript
        try:
            found = await self._comparing.compare(opened, transcript, other)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            self.end()
            return
        if self._opened is not opened or opened.document.transcript is not transcript:
            return
        self._all, self._compared = found, transcript
        self._show_from(at_ms)

    # Going through

    def _on_changed(self, _change: Change) -> None:
        opened, other = self._opened, self._other
        if opened is None or other is None:
            return
        at_ms = self._found[self._at].start_ms if self._found else None
        self._compared = None
        self._tasks.start(self._compare(opened, other, at_ms), _TASK, replace=True)

    def _on_minor(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._shows_minor = shown
        self._show_from(self._found[self._at].start_ms if self._found else None)

    def _show_from(self, at_ms: int | None) -> None:
        self._found = tuple(
            one
            for one in self._all
            if (self._shows_minor or not one.is_minor) and self._key(one) not in self._settled
        )
        later = (
            place
            for place, one in enumerate(self._found)
            if at_ms is not None and one.start_ms >= at_ms
        )
        self._at = next(later, 0)
        self._show()

    def _key(self, one: Difference) -> tuple[int, str, str]:
        old = "" if self._compared is None else join_words(one.old(self._compared))
        return one.start_ms, old, one.new_text

    def _step(self, places: int) -> None:
        if self._found:
            self._at = (self._at + places) % len(self._found)
            self._show()

    def _keep(self) -> None:
        if self._found and self._compared is not None:
            at_ms = self._found[self._at].start_ms
            self._settled.add(self._key(self._found[self._at]))
            self._show_from(at_ms)

    def _take(self) -> None:
        if self._found:
            self._apply(self._found[self._at : self._at + 1])

    def _take_all(self) -> None:
        self._apply(self._found)

    def _apply(self, differences: tuple[Difference, ...]) -> None:
        opened = self._opened
        if opened is None or opened.document.transcript is not self._compared:
            return  # it is being compared anew
        kept = sum(one.is_protected for one in differences)
        opened.end_typing()
        opened.apply(take(opened.document.transcript, differences))
        if kept:
            self._stage.say(
                counted(
                    "ComparingController",
                    kept,
                    "1 passage you corrected or approved stays as it is.",
                    "{count} passages you corrected or approved stay as they are.",
                )
            )

    def _show(self) -> None:
        if not self._found or self._compared is None or self._other is None:
            text = self.tr("Both transcripts are the same.")
            if not self._other_has_words():
                text = self.tr("The new transcript has no words here, so yours stays.")
            elif self._settled:
                text = self.tr("You have been through all differences.")
            self.panel.show_none(text)
            return
        one = self._found[self._at]
        place = (
            self.tr("{number} of {count} · {time}")
            .replace("{number}", number(self._at + 1))
            .replace("{count}", number(len(self._found)))
            .replace("{time}", clock(one.start_ms))
        )
        words = self._compared.paragraphs[one.paragraph].words
        before = join_words(words[max(0, one.first - _CONTEXT_WORDS) : one.first])
        behind = one.first + one.count
        after = join_words(words[behind : behind + _CONTEXT_WORDS])
        note = ""
        if one.is_protected:
            note = self.tr("You corrected or approved this paragraph, so it stays as it is.")
        old = Side(before, join_words(one.old(self._compared)), after)
        self.panel.show_difference(place, old, Side(before, one.new_text, after), note)
        self._show_on_page(one)

    def _show_on_page(self, one: Difference) -> None:
        text = self._view.text
        places = text.places.words_of(one.paragraph)
        if places and text.document().blockCount() > one.paragraph:
            word = min(places.start + one.first, places.stop - 1)
            text.bring_into_band(word)
            text.select_word(word)

    def _other_has_words(self) -> bool:
        return self._other is None or bool(self._other.stored.transcript.word_count)

    # Transcribing a part again

    def _again_selected(self) -> None:
        opened = self._on_page()
        if opened is None or self._stage.page is not Page.TRANSCRIPT:
            return
        words = selected_range(self._view.text)
        if not words:
            self._stage.say(self.tr("Select the words you want to transcribe again."))
            return
        self._tasks.start(self._ask_again(opened, words), "transcribe again", replace=True)

    async def _ask_again(self, opened: OpenTranscript, words: range) -> None:
        stored = opened.stored
        path = None if stored.link.is_url else await self._listening.find(stored)
        if path is None:
            self._stage.say(
                self.tr(
                    "The recording is needed to transcribe a part again, and it is not here."
                )
            )
            return
        transcript = opened.document.transcript
        times = [word_times(transcript, word) for word in words]
        start_ms = max(0, min(start for start, _ in times) - _AROUND_MS)
        end_ms = max(end for _, end in times) + _AROUND_MS
        title = f"{stored.entry.name} ({clock(start_ms)}–{clock(end_ms)})"
        options = replace(stored.options, start_ms=start_ms, end_ms=end_ms)
        self.again_requested.emit(
            Repeat(
                title,
                str(path),
                options,
                duration_ms=end_ms - start_ms,
                project_id=stored.entry.project_id,
            )
        )


def _name(entry: TranscriptEntry) -> str:
    parts = [made_with(entry.model), language_name(entry.language) if entry.language else ""]
    return " · ".join(part for part in (*parts, entry.name) if part)
