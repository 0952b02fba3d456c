"""Who speaks, in the transcript on the page: given away, joined, removed, heard, moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, QRect

from app.core import edits, structure, turns
from app.core.document import Change
from app.core.errors import AppError
from app.core.transcript import SpeakerId, Transcript
from app.jobs.open_transcript import OpenTranscript
from app.player.session import PlaySession
from app.ui.actions import GIVE_TO, ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.sample import SamplePlayer
from app.ui.transcript.speaker_panel import Choice, Scope, SpeakerPanel
from app.ui.transcript.taking_back import say_undoable
from app.ui.transcript.turn_drag import TurnDrag
from app.ui.transcript.view import TranscriptView
from app.ui.wording import number

_NAMES = "names of speakers"


class TurnsController(QObject):
    """Asks who speaks and has the document say so, each wish as one step."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        view: TranscriptView,
        session: PlaySession,
        current: Callable[[], OpenTranscript | None],
        known_names: Callable[[], tuple[str, ...]],
        tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._view = view
        self._current = current
        self._known_names = known_names
        self._names: tuple[str, ...] = ()
        self._tasks = tasks
        self._sample = SamplePlayer(session, self)
        self._panel = SpeakerPanel(appearance, view)
        self._paragraph = 0
        self._panel.chosen.connect(self._on_chosen)
        self._panel.sample_requested.connect(self._on_sample_requested)
        self._panel.rename_requested.connect(self._on_rename)
        self._panel.remove_requested.connect(self._on_remove)
        view.speaker_requested.connect(self.ask)
        view.rename_requested.connect(self._on_renamed)
        self._drag = TurnDrag(appearance, view.text)
        self._drag.dropped.connect(self._on_dropped)
        for action_id, act in (
            (ActionId.WHO_SPEAKS, self.ask),
            (ActionId.HEAR_SPEAKER, self._hear_current),
            (ActionId.TURN_EARLIER, partial(self._step_turn, -1)),
            (ActionId.TURN_LATER, partial(self._step_turn, 1)),
            *((one, partial(self._give_to, place)) for place, one in enumerate(GIVE_TO)),
        ):
            actions[action_id].triggered.connect(partial(self._on_page, act))

    def _on_page(self, act: Callable[[], object]) -> None:
        if self._stage.page is Page.TRANSCRIPT:
            act()

    def ask(self, paragraph: int | None = None) -> None:
        """Ask who speaks a paragraph, that of the caret if left out, or what is selected."""
        transcript = self._transcript
        is_named = paragraph is not None
        if paragraph is None:
            paragraph = self._view.text.caret_paragraph()
        if paragraph is None or paragraph >= len(transcript.paragraphs):
            return
        self._paragraph = paragraph
        owner = transcript.paragraphs[paragraph].speaker_id
        selected = self._selected()
        speakers = [
            Choice(
                one.speaker_id,
                self._view.speaker_label(one.speaker_id),
                place,
                one.speaker_id == owner,
            )
            for place, one in enumerate(transcript.speakers)
        ]
        has_selection = self._has_selection
        scope = Scope.SELECTION if has_selection and not is_named else Scope.PARAGRAPH
        self._panel.open(
            self._place_of(paragraph, is_named=is_named),
            speakers,
            self._names,
            owner=owner,
            scope=scope,
            has_selection=has_selection and bool(selected),
        )
        self._tasks.start(self._learn_names(speakers), _NAMES, replace=True)

    async def _learn_names(self, speakers: list[Choice]) -> None:
        """Suggest names of earlier transcripts, as soon as they are known."""
        try:
            names = await asyncio.to_thread(self._known_names)
        except AppError:
            return  # it is a help, no more
        if names != self._names:
            self._names = names
            self._panel.take_names(speakers, names)

    # What is wished

    def _on_chosen(self, one: Choice, scope: Scope) -> None:
        transcript = self._transcript
        if self._paragraph >= len(transcript.paragraphs):
            return
        owner = transcript.paragraphs[self._paragraph].speaker_id
        if scope is Scope.ALL and owner is not None:
            self._apply(turns.give_all(transcript, owner, one.speaker_id, one.name))
            return
        words = self._selected() if scope is Scope.SELECTION else self._words(self._paragraph)
        self._apply(turns.give_words(transcript, words, one.speaker_id, one.name))

    def _give_to(self, place: int) -> None:
        """Give what is selected, or the caret's paragraph, to one of the list."""
        transcript = self._transcript
        paragraph = self._view.text.caret_paragraph()
        if paragraph is None:
            return
        if place >= len(transcript.speakers):
            self._stage.say(
                self.tr("There is no speaker {number} yet.").replace(
                    "{number}", number(place + 1)
                )
            )
            return
        words = self._selected() if self._has_selection else self._words(paragraph)
        speaker_id = transcript.speakers[place].speaker_id
        self._apply(turns.give_words(transcript, words, speaker_id))

    def _on_remove(self, speaker_id: str) -> None:
        change = structure.remove_speaker(self._transcript, SpeakerId(speaker_id))
        label = self._view.speaker_label(SpeakerId(speaker_id))
        self._apply(change)
        text = self.tr("{name} was removed. Their words now have no speaker.")
        if (opened := self._current()) is not None:
            say_undoable(self._stage, text.replace("{name}", label), opened, change)

    def _on_rename(self) -> None:
        if self._paragraph < len(self._transcript.paragraphs):
            self._view.rename_speaker_of(self._paragraph)

    def _on_renamed(self, speaker_id: str, name: str) -> None:
        """Offer to make one of two who are called the same now."""
        opened = self._current()
        if opened is None or not name.strip():
            return
        named = edits.rename_speaker(self._transcript, SpeakerId(speaker_id), name)
        speakers = self._transcript.speakers if named is None else named.speakers_after
        wanted = Transcript((), speakers)
        other = turns.same_name(wanted, SpeakerId(speaker_id))
        if other is None:
            return
        text = self.tr("Two speakers are now called {name}.").replace("{name}", name.strip())

        def join() -> None:
            now = opened.latest
            words = now.document.transcript
            now.apply(turns.give_all(words, SpeakerId(speaker_id), other))

        self._stage.say(text, button=self.tr("Merge them"), answer=join, stays=True)

    # Hearing

    def _hear_current(self) -> None:
        speaker_id = self._view.caret_speaker()
        if speaker_id is not None:
            self._on_sample_requested(speaker_id)

    def _on_sample_requested(self, speaker_id: str) -> None:
        span = turns.sample_of(self._transcript, SpeakerId(speaker_id))
        if span is None:
            self._stage.say(self.tr("This speaker has not said anything yet."))
        elif not self._sample.play(*span):
            self._stage.say(self.tr("The recording is not here."))

    # Where a turn begins

    def _step_turn(self, places: int) -> None:
        paragraph = self._view.text.caret_paragraph()
        if paragraph is None:
            return
        first = turns.turn_start(self._transcript, paragraph)
        self._move_turn(first, self._words(first).start + places)

    def _on_dropped(self, paragraph: int, word: int) -> None:
        self._move_turn(paragraph, word)

    def _move_turn(self, paragraph: int, word: int) -> None:
        change = turns.move_turn(self._transcript, paragraph, word)
        if change is None:
            self._stage.say(self.tr("The start of this turn cannot be moved there."))
        self._apply(change)

    # Inside

    @property
    def _transcript(self) -> Transcript:
        return self._view.document.transcript

    @property
    def _has_selection(self) -> bool:
        return self._view.text.textCursor().hasSelection()

    def _apply(self, change: Change | None) -> None:
        opened = self._current()
        if opened is not None:
            opened.apply(change)

    def _words(self, paragraph: int) -> range:
        return self._view.text.places.words_of(paragraph)

    def _selected(self) -> range:
        """Give the words that are selected, of however many paragraphs."""
        text = self._view.text
        cursor, places = text.textCursor(), text.places
        if not cursor.hasSelection():
            return range(0)
        begin, end = (
            text.document().findBlock(at)
            for at in (cursor.selectionStart(), cursor.selectionEnd())
        )
        first, last = begin.blockNumber(), end.blockNumber()
        start = cursor.selectionStart() - begin.position()
        stop = cursor.selectionEnd() - end.position()
        if first == last:
            return places.words_between(first, start, stop)
        head = places.words_between(first, start, begin.length())
        tail = places.words_between(last, 0, stop)
        return range(head.start, max(head.start, tail.stop))

    def _place_of(self, paragraph: int, *, is_named: bool) -> QRect:
        """Give what the panel is about, as the page lies in its view."""
        text = self._view.text
        at = text.name_rect(turns.turn_start(self._transcript, paragraph))
        if not is_named or at.isEmpty():
            at = text.cursorRect()
        corner = text.viewport().mapTo(self._view, QPoint())
        return at.translated(corner)
