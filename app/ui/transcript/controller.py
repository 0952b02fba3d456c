"""Reading and listening: a transcript from the library in the page and in the player.

The open transcript owns the words and keeps them. What a person wants of them becomes a
``Change``; page, player and bar follow it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from app.core import edits
from app.core.document import Change, Document
from app.core.errors import AppError
from app.core.job import Repeat
from app.core.messages import Message
from app.core.options import TranscriptionOptions
from app.core.peaks import Peaks
from app.core.preferences import Settings
from app.core.retyping import Typed
from app.core.speakers import unsure_share
from app.core.transcript import SpeakerId, Transcript, TranscriptId
from app.jobs.listening import Listening
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts, SaveState
from app.player.session import PlaySession
from app.store.audio_links import SOUND_NOT_KEPT
from app.store.library import Library
from app.store.settings import SettingsStore
from app.store.stored import StoredTranscript
from app.ui.actions import ActionId, Actions
from app.ui.kit.refusing import allow
from app.ui.stage import Page, Said, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.fixing import FixingController
from app.ui.transcript.head import TranscriptHead
from app.ui.transcript.speakers import SpeakersController
from app.ui.transcript.view import TranscriptView
from app.ui.translate import counted, language_name, translated
from app.ui.wording import clock, dictated, made_with, number

_SOON_READY_MS = 300_000
"""A copy of less sound is there before one has read that it is not."""


class SoundBar(Protocol):
    """What the page asks of the player's bar."""

    def set_available(self, *, available: bool, reason: str = "") -> None:
        """Allow or forbid playing, and say why not."""
        ...

    def show_transcript(self, transcript: Transcript) -> None:
        """Show who speaks when."""
        ...

    def follow_change(self, change: Change, transcript: Transcript) -> None:
        """Show what an edit changed of who speaks when."""
        ...

    def show_waveform(self, waveform: Peaks | None) -> None:
        """Show the sound; ``None`` while it is not known."""
        ...

    def show_duration(self, duration_ms: int) -> None:
        """Show how long the recording is."""
        ...

    def show_heard(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Show what was listened to."""
        ...


class Playing(Protocol):
    """What the page asks of whoever plays its sound."""

    async def prepare(self) -> None:
        """Load and make what sound needs."""
        ...

    def take_settings(self, settings: Settings) -> None:
        """Take up settings."""
        ...

    def show_video(self, *, has_video: bool, video_path: Path | None = None) -> None:
        """Tell whether the recording has a video, and where, if not in what is played."""
        ...

    def save_setting(self, **changes: Any) -> None:
        """Keep what a person changed by the way."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingParts:
    """Where a transcript is read and heard.

    Attributes:
        head: What stands over the page.
        view: The page.
        bar: The player's bar.
        session: The player with the words.
        playing: Sees to what plays.
    """

    head: TranscriptHead
    view: TranscriptView
    bar: SoundBar
    session: PlaySession
    playing: Playing


class ReadingController(QObject):
    """Opens transcripts and keeps what is done with them.

    Signals:
        opened: A transcript is on the page: its ``StoredTranscript``.
        let_go: The one on the page is kept and left; nobody works on it any more.
        left: One has come to the page that grows, and that nobody works on yet.
        changed: The transcript on the page was edited, and kept.
        again_requested: The recording of the transcript on the page is to be transcribed
            again: a ``Repeat``.
        sound_shown: The waveform is there: ``Peaks``, or ``None`` while it is not.
        recording_missed: Whether there is nothing to hear for want of a recording.
    """

    opened = Signal(object)
    let_go = Signal()
    left = Signal()
    changed = Signal()
    again_requested = Signal(object)
    sound_shown = Signal(object)
    recording_missed = Signal(bool)

    def __init__(  # noqa: PLR0913 - what is read comes from many sides
        self,
        *,
        stage: Stage,
        actions: Actions,
        parts: ReadingParts,
        library: Library,
        transcripts: OpenTranscripts,
        listening: Listening,
        speakers: SpeakersController,
        settings: SettingsStore,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._actions = actions
        self._head = parts.head
        self._view = parts.view
        self._bar = parts.bar
        self._session = parts.session
        self._playing = parts.playing
        self._library = library
        self._transcripts = transcripts
        self._listening = listening
        self._settings = settings
        self._tasks = tasks
        self._speakers = speakers
        speakers.telling_apart.serve(lambda: self._open)
        speakers.serve(lambda: self._open, self._view.caret_speaker)
        self._open: OpenTranscript | None = None
        self._grown: Document | None = None
        self._unfollow_grown: Callable[[], None] = lambda: None
        self._unsure: tuple[Transcript, int] | None = None
        self._is_placed = False  # where one was last
        self._turning = asyncio.Lock()
        self._turns_asked = 0
        self._is_settled = False
        self._unfollow: dict[TranscriptId, Callable[[], None]] = {}
        self._connect_view()
        self._fixing = FixingController(
            stage=stage, actions=actions, view=parts.view, session=parts.session
        )
        self._session.listened_changed.connect(self._on_moved)
        self._session.player.playing_changed.connect(self._on_playing_changed)
        self._session.player.duration_changed.connect(self._refresh_head)
        self._connect_actions()
        self._take_settings(settings.settings)

    @property
    def stored(self) -> StoredTranscript | None:
        """What is on the page, with the edits so far."""
        return None if self._open is None else self._open.stored

    @property
    def current(self) -> OpenTranscript | None:
        """What is on the page, to be worked on."""
        return self._open

    @property
    def grown(self) -> Document | None:
        """What grows on the page, if anything does."""
        return self._grown

    @property
    def has_unsaved(self) -> bool:
        """Whether words are not kept yet: of the transcript on the page or one before."""
        is_saved = self._open is None or self._open.state is SaveState.SAVED
        return not is_saved or bool(self._transcripts.unsaved)

    @property
    def why_unsaved(self) -> Message | None:
        """Why words are not kept yet, where that was tried."""
        left = (self._open, *self._transcripts.unsaved)
        reasons = (one.failure for one in left if one is not None)
        return next((one for one in reasons if one is not None), None)

    # -- open and close ------------------------------------------------------

    async def open(
        self,
        transcript_id: TranscriptId,
        word: int | None = None,
        *,
        is_wanted: Callable[[], bool] = lambda: True,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Put a transcript on the page and its sound into the player.

        Args:
            transcript_id: Which.
            word: Where to open it, by place in reading order; where one was last if
                left out.
            is_wanted: Asked while it is being loaded and shown; somebody may be quicker.
            then: Called as soon as it is on the page, before anything else can happen.
        """

        async def put() -> None:
            if await self._put_on_page(transcript_id, word, is_wanted):
                then()

        await self._turn(put)

    async def _turn(self, work: Callable[[], Awaitable[None]]) -> None:
        """Bring something else to the page, wholly.

        Who asks meanwhile waits, and whoever was waiting before is passed over. Giving up
        the asking does not stop it half way: there would be words without their sound.
        """
        if self._is_settled:
            return
        self._turns_asked += 1
        mine = self._turns_asked

        async def in_turn() -> None:
            async with self._turning:
                if mine == self._turns_asked:
                    await work()

        await asyncio.shield(in_turn())

    async def _put_on_page(
        self, transcript_id: TranscriptId, word: int | None, is_wanted: Callable[[], bool]
    ) -> bool:
        """Put a transcript on the page; gives whether it is there."""
        if self._open is not None and self._open.transcript_id == transcript_id:
            self._show_head()
            self._go_to(word)
            return True
        self.pause()
        mine = self._turns_asked
        try:
            opened = await self._transcripts.open(transcript_id)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return False
        if mine != self._turns_asked or not is_wanted():
            await self._transcripts.leave(opened)
            return False
        self._finish_typing()  # into the transcript that is still there
        self.pause()  # the end of typing may have started the sound
        await self._leave()
        self._open, document, stored = opened, opened.document, opened.stored
        self._view.show_document(document)
        self._follow(opened)
        self._view.set_times_shown(stored.options.timestamps)
        # 100,000 words cost page, player and bar some 50 ms each: one at a time.
        await asyncio.sleep(0)
        self._session.open(None, document.transcript, listened=stored.place.listened)
        await asyncio.sleep(0)
        if not is_wanted():
            await self._clear_page()
            return False
        self._bar.show_transcript(document.transcript)
        self._show_sound(None)
        self._bar.show_duration(self._length_ms)
        self._bar.show_heard(stored.place.listened)
        self._show_head()
        self._show_undo()
        self.opened.emit(stored)
        self._speakers.welcome(opened)
        self._tasks.start(self._open_sound(stored, word), "open the sound", replace=True)
        return True

    async def show_growing(self, document: Document, about: StoredTranscript) -> None:
        """Put a transcript on the page that grows, to be read and heard; nobody edits it.

        Args:
            document: Its words so far; they are followed.
            about: What else is known of it: its recording and its options.
        """
        await self._turn(partial(self._put_growing_on_page, document, about))

    async def _put_growing_on_page(self, document: Document, about: StoredTranscript) -> None:
        self.pause()
        self._finish_typing()
        await self._leave()
        self._grown = document
        self._view.show_document(document, is_writable=False)  # it hears of changes first
        self._unfollow_grown = document.subscribe(self._on_document_changed)
        self._view.set_times_shown(about.options.timestamps)
        self._session.open(None, document.transcript)
        self._bar.show_transcript(document.transcript)
        self._show_sound(None)
        self._bar.show_duration(self._length_ms)
        self._bar.show_heard(())
        self._show_undo()
        self.left.emit()
        self._tasks.start(self._open_sound(about, None), "open the sound", replace=True)

    async def go_on_with(self, transcript_id: TranscriptId, grown: Document) -> None:
        """Let what has grown on the page be a transcript of the library from now on.

        Place, selection and sound stay what they are.

        Args:
            transcript_id: Which it has become.
            grown: What it was.
        """
        await self._turn(partial(self._let_go_on, transcript_id, grown))

    async def _let_go_on(self, transcript_id: TranscriptId, grown: Document) -> None:
        if self._grown is not grown:
            await self._put_on_page(transcript_id, None, lambda: True)
            return
        try:
            opened = await self._transcripts.go_on_with(transcript_id, grown)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if self._grown is not grown:
            return  # something else has come to the page meanwhile
        self._let_go_of_grown()
        self._open, self._is_placed = opened, True
        self._follow(opened)
        self._view.set_writable(writable=True)
        self._bar.show_duration(self._length_ms)
        self._note_place()
        self._show_head()
        self._show_undo()
        self.opened.emit(opened.stored)
        self._speakers.welcome(opened)

    def _let_go_of_grown(self) -> None:
        self._unfollow_grown()
        self._unfollow_grown = lambda: None
        self._grown = None

    async def settle(self) -> None:
        """Wait for what is coming to the page; from now on nothing comes any more."""
        self._turns_asked += 1
        self._is_settled = True
        async with self._turning:
            pass

    async def close(self) -> None:
        """Keep everything and let go of the transcript."""
        await self.settle()
        await self._clear_page()

    async def _clear_page(self) -> None:
        self._finish_typing()
        await self._leave()
        self._playing.show_video(has_video=False)
        self._session.player.close()
        self._view.show_nothing()
        await self._transcripts.save_left()

    def _finish_typing(self) -> None:
        self._view.finish_typing()
        self._fixing.finish()

    def pause(self) -> None:
        """Stop the sound; somebody turned to something else."""
        if self._session.player.is_playing:
            self._session.player.pause()

    def show_name(self, transcript_id: TranscriptId, name: str) -> None:
        """Take up another name of the transcript, if it is the one on the page."""
        if self._open is not None and self._open.transcript_id == transcript_id:
            self._open.take_name(name)
            self._refresh_head()

    async def save(self) -> bool:
        """Keep edits and place now; gives whether all is kept, and says so if not."""
        self._note_place()
        is_saved = self._open is None or await self._open.save()
        return await self._transcripts.save_left() and is_saved

    async def _leave(self) -> None:
        """Keep the transcript on the page and let go of it."""
        self._note_place()
        left = self._open
        if left is not None and await self._transcripts.leave(left):
            self._unfollow.pop(left.transcript_id)()
        self._open = None
        self._is_placed = False
        self._let_go_of_grown()
        self.let_go.emit()  # before the player hears of another one

    def _follow(self, opened: OpenTranscript) -> None:
        """Follow a transcript until it is kept and left; its words while it is on the page."""
        if opened.transcript_id in self._unfollow:
            return  # it was left with words that could not be kept
        before = opened.state
        failed: Said | None = None

        def on_state() -> None:
            nonlocal before, failed
            state, before, was = opened.state, opened.state, before
            if state is SaveState.FAILED and was is not state and opened.failure is not None:
                failed = self._stage.say(translated(opened.failure), is_bad=True, stays=True)
            if state is SaveState.SAVED and was is not state:
                if failed is not None:
                    failed.dismiss()
                self.changed.emit()
            self._say_of_saving(opened)
            if opened is self._open:
                self._refresh_head()
            elif state is SaveState.SAVED:
                unfollow()
                self._unfollow.pop(opened.transcript_id, None)

        def on_change(change: Change) -> None:
            if opened is self._open:
                self._on_document_changed(change)

        ends = (opened.document.subscribe(on_change), opened.subscribe_state(on_state))

        def unfollow() -> None:
            for end in ends:
                end()

        self._unfollow[opened.transcript_id] = unfollow

    def _follow_recording(self, opened: OpenTranscript) -> None:
        """Play another recording, which the transcript on the page has taken up."""
        scroll = self._view.scroll_place() / max(1, self._transcript.word_count)
        self._is_placed = False  # where one is now is of the recording before
        self.pause()
        opened.move(replace(opened.place, scroll=scroll))
        self._session.open(None, self._transcript, listened=opened.place.listened)
        self._show_sound(None)
        self._bar.show_duration(self._length_ms)
        self._bar.show_heard(opened.place.listened)
        self._refresh_head()
        self._tasks.start(self._open_sound(opened.stored, None), "open the sound", replace=True)

    def _say_of_saving(self, opened: OpenTranscript) -> None:
        """Say once that its words lie elsewhere, or that somebody else had changed it too."""
        if opened.set_aside is not None:
            told, opened.set_aside = opened.set_aside, None
            self._stage.say(translated(told), is_bad=True, stays=True)
        if not opened.was_changed_elsewhere:
            return
        opened.was_changed_elsewhere = False
        self._stage.say(
            self.tr(
                "This transcript was also changed in another window or in the terminal. You "
                "can find that state under “Versions…”."
            ),
            is_bad=True,
            stays=True,
        )

    def play_growing(self, opened: OpenTranscript) -> None:
        """Let what is there of a recording that is still being made be heard."""
        self._play_from(opened.stored.link.path, opened.stored, opened.place.position_ms)

    async def reload_sound(self, transcript_id: TranscriptId) -> None:
        """Take up the recording of the transcript on the page, which is there only now."""
        opened = self._open
        if opened is None or opened.transcript_id != transcript_id:
            return
        opened.take_recording(await asyncio.to_thread(self._library.record, transcript_id))
        stored = opened.stored
        await self._open_sound(stored, None)

    def _show_sound(self, peaks: Peaks | None) -> None:
        self._bar.show_waveform(peaks)
        self.sound_shown.emit(peaks)

    def _miss_recording(self, stored: StoredTranscript) -> None:
        """Say why there is nothing to hear; one from a link can be fetched."""
        self.recording_missed.emit(not stored.link.is_url)
        if stored.link.is_url:
            reason = self.tr(
                "The recording is not on this computer, but you can read the text."
            )
            self._bar.set_available(available=False, reason=reason)
            return
        if not stored.link.has_recording:
            reason = self.tr("This transcript has no recording yet, but you can read the text.")
            if stored.link.is_dictated:
                reason = translated(SOUND_NOT_KEPT)
            self._bar.set_available(available=False, reason=reason)
            return
        self._bar.set_available(
            available=False,
            reason=self.tr("The recording has been moved, but you can read the text."),
        )

    async def _open_sound(self, stored: StoredTranscript, word: int | None) -> None:
        place = stored.place
        await self._playing.prepare()
        self._playing.show_video(has_video=False)
        path = await self._listening.find(stored)
        if path is None:
            self._session.open(None, self._transcript, listened=place.listened)
            self._miss_recording(stored)
            self._go_to(word)
            return
        self.recording_missed.emit(False)  # noqa: FBT003 - Qt's signature
        if self._open is not None and self._open.is_growing:
            self._go_to(word)  # it is opened as soon as there is anything to hear
            return
        self._play_from(path, stored, place.position_ms)
        self._go_to(word)
        waiting = self.tr(
            "The original is playing until an exact copy is ready. Until then, the "
            "highlighted word may be slightly off."
        )
        said: Said | None = None

        def on_copying(_done_ms: int, total_ms: int) -> None:
            nonlocal said
            if said is None and total_ms >= _SOON_READY_MS:
                said = self._stage.say(waiting, stays=True)

        try:
            sound = await self._listening.sound(
                path, on_copying, choice=stored.transcript.sound
            )
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        finally:
            if said is not None:
                said.dismiss()
        self._show_sound(sound.peaks)
        self._take_length(stored, sound.duration_ms)
        if sound.path != path:  # the copy seeks truly, the original does not
            player = self._session.player
            was_playing = player.is_playing
            self._play_from(sound.path, stored, player.position_ms)
            if was_playing:
                player.play()
        video_path = path if sound.is_copy else None
        self._playing.show_video(has_video=sound.has_video, video_path=video_path)

    def _take_length(self, stored: StoredTranscript, duration_ms: int) -> None:
        """Let page, library and exports tell the length that the sound has."""
        opened = self._open
        if opened is not None and opened.transcript_id == stored.entry.transcript_id:
            opened.take_length(duration_ms)
            self._session.player.take_duration(opened.document.transcript.duration_ms)

    def _play_from(self, path: Path, stored: StoredTranscript, position_ms: int) -> None:
        self._session.open(
            path,
            self._transcript,
            position_ms=position_ms,
            listened=self._session.listened.spans
            if self._session.player.path is not None and path != stored.link.path
            else stored.place.listened,
        )
        self._session.player.set_rate(self._settings.settings.speed)
        self._session.set_volume(self._settings.settings.volume)
        self._bar.set_available(available=True)

    def _go_to(self, word: int | None) -> None:
        self._is_placed = True
        if word is None:
            if self._open is not None:
                top = round(self._open.place.scroll * self._transcript.word_count)
                self._view.scroll_to(top)
            return
        self._view.select_word(word)
        if len(self._session.timeline) > word:
            self._session.seek(self._session.timeline.start_of(word))

    # -- what the page asks for ----------------------------------------------

    def _connect_view(self) -> None:
        view = self._view
        view.play_requested.connect(self._on_play_from)
        view.rename_requested.connect(self._on_rename)
        view.assign_requested.connect(self._on_assign)
        view.approve_requested.connect(self._on_approve)
        view.highlight_requested.connect(self._on_highlight)
        view.note_requested.connect(self._on_note)
        view.typed.connect(self._on_typed)
        view.typing_moved.connect(self._on_typing_moved)
        view.typing_began.connect(self._session.begin_typing)
        view.typing_ended.connect(self._session.end_typing)

    def _on_play_from(self, position_ms: int) -> None:
        self._session.seek(position_ms)
        self._session.player.play()

    def _on_rename(self, speaker_id: str, name: str) -> None:
        self._apply(lambda now: edits.rename_speaker(now, SpeakerId(speaker_id), name))
        if self._open is not None:
            self._speakers.follow_name(self._open, SpeakerId(speaker_id), name)

    def _on_typed(self, typed: Typed) -> None:
        if self._open is not None:
            self._open.type(typed)

    def _on_typing_moved(self) -> None:
        if self._open is not None:
            self._open.end_typing()

    def _on_assign(self, paragraph: int, speaker_id: str) -> None:
        self._apply(lambda now: edits.assign_speaker(now, paragraph, SpeakerId(speaker_id)))

    def _on_approve(self, paragraph: int, approved: bool) -> None:  # noqa: FBT001 - a slot
        self._mark(paragraph, is_approved=approved)

    def _on_highlight(self, paragraph: int, highlighted: bool) -> None:  # noqa: FBT001 - a slot
        self._mark(paragraph, is_highlighted=highlighted)

    def _on_note(self, paragraph: int, text: str) -> None:
        self._mark(paragraph, note=text)

    def _mark(self, paragraph: int, **marks: Any) -> None:
        self._apply(lambda now: edits.mark_paragraph(now, paragraph, **marks))

    def _apply(self, edit: Callable[[Transcript], Change | None]) -> None:
        if self._open is not None:
            self._open.apply(edit(self._open.document.transcript))

    @property
    def _transcript(self) -> Transcript:
        """The words as they are now."""
        document = self._grown if self._open is None else self._open.document
        return Transcript(()) if document is None else document.transcript

    def _on_document_changed(self, change: Change) -> None:
        transcript = self._transcript
        self._session.follow_change(change, transcript)
        self._bar.follow_change(change, transcript)
        self._show_undo()
        if change.recording is not None and self._open is not None:
            self._follow_recording(self._open)

    def _on_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 - a slot
        if not playing:
            self._on_moved()

    def _on_moved(self) -> None:
        self._bar.show_heard(self._session.listened.spans)
        self._note_place()

    def _take_settings(self, settings: Settings) -> None:
        self._playing.take_settings(settings)
        self._fixing.take_settings(settings)

    def follow_settings(self, settings: Settings) -> None:
        """Take up settings that were changed elsewhere."""
        self._take_settings(settings)

    # -- actions -------------------------------------------------------------

    def _connect_actions(self) -> None:
        actions = self._actions
        for action_id, act in (
            (ActionId.NEXT_UNCERTAIN, partial(self._step_uncertain, 1)),
            (ActionId.PREVIOUS_UNCERTAIN, partial(self._step_uncertain, -1)),
        ):
            actions[action_id].triggered.connect(partial(self._on_page, act))
        actions[ActionId.UNDO].triggered.connect(self._on_undo)
        actions[ActionId.REDO].triggered.connect(self._on_redo)
        actions[ActionId.TELL_APART].triggered.connect(
            partial(self._on_page, self._speakers.telling_apart.ask)
        )
        actions[ActionId.SPEAKERS].triggered.connect(partial(self._on_page, self._speakers.ask))
        actions[ActionId.TRANSCRIBE_AGAIN].triggered.connect(
            partial(self._on_page, self.transcribe_again)
        )

    def _on_page(self, act: Callable[[], None]) -> None:
        """Do something to the page, if it can be seen."""
        if self._stage.page is Page.TRANSCRIPT:
            act()

    def transcribe_again(self, language: str = "") -> None:
        """Ask how to transcribe the recording again, perhaps in another language."""
        if (stored := self.stored) is not None:
            options = replace(stored.options, language=language or stored.options.language)
            if language:
                options = replace(options, package="")
            self._tasks.start(
                self._ask_again(stored, options), "transcribe again", replace=True
            )

    async def _ask_again(self, stored: StoredTranscript, options: TranscriptionOptions) -> None:
        """Ask for another transcript of the recording, if there is one."""
        link = stored.link
        path = None if link.is_url else await self._listening.find(stored)
        if path is None and not link.is_url:
            reason = self.tr(
                "This transcript has no recording yet, so there is nothing to transcribe again."
            )
            if link.is_dictated:
                reason = translated(SOUND_NOT_KEPT)
            elif link.has_recording:
                reason = self.tr(
                    "The recording has been moved. Put it back to transcribe it again."
                )
            self._stage.say(reason)
            return
        self.again_requested.emit(
            Repeat(
                stored.entry.name,
                link.source if path is None else str(path),
                options,
                link.is_url,
                stored.transcript.duration_ms or None,
                stored.entry.project_id,
            )
        )

    def _step_uncertain(self, places: int) -> None:
        if not self._actions[ActionId.MARK_UNCERTAIN].isChecked():
            self._actions[ActionId.MARK_UNCERTAIN].trigger()
        if not self._view.step_low_confidence(places):
            self._stage.say(self.tr("No words in this transcript are uncertain."))

    def _on_undo(self) -> None:
        if self._open is not None:
            self._view.show_step(self._open.document.undo())

    def _on_redo(self) -> None:
        if self._open is not None:
            self._view.show_step(self._open.document.redo())

    # -- what is shown -------------------------------------------------------

    @property
    def _length_ms(self) -> int:
        """How long the recording is: as its sound was found, or else as it is kept."""
        player = self._session.player
        heard_ms = player.duration_ms if player.path is not None else 0
        return heard_ms or self._transcript.duration_ms

    def _show_undo(self) -> None:
        document = None if self._open is None else self._open.document
        can_undo = document is not None and document.can_undo
        can_redo = document is not None and document.can_redo
        allow(
            self._actions[ActionId.UNDO],
            "" if can_undo else self.tr("There is nothing to undo."),
        )
        allow(
            self._actions[ActionId.REDO],
            "" if can_redo else self.tr("There is nothing to redo."),
        )

    def _refresh_head(self) -> None:
        """Bring the head up to date, unless something else stands in the middle."""
        if self._stage.page is Page.TRANSCRIPT:
            self._show_head()

    def _show_head(self) -> None:
        if self._open is None:
            return
        transcript = self._transcript
        parts = [clock(self._length_ms)]
        if transcript.speakers:
            parts.append(
                counted(
                    "ReadingController",
                    len(transcript.speakers),
                    "1 speaker",
                    "{count} speakers",
                )
            )
        if unsure := self._unsure_percent(transcript):
            parts.append(
                self.tr("{percent} % of words uncertain").replace("{percent}", number(unsure))
            )
        if transcript.model:
            parts.append(made_with(transcript.model))
        if transcript.language:
            parts.append(language_name(transcript.language))
        if self._open.stored.link.is_dictated:
            parts.append(dictated())
        is_saved = self._open.state is SaveState.SAVED
        parts.append(self.tr("saved") if is_saved else self._not_saved())
        # Each part by itself, so that figures keep their place in a line from right to left.
        head = " · ".join(parts)
        if self._view.isRightToLeft():
            head = " · ".join(f"\u2068{part}\u2069" for part in parts)
        self._head.show_title(self._open.stored.entry.name, head)
        self._stage.turn_to(Page.TRANSCRIPT)

    def _unsure_percent(self, transcript: Transcript) -> int:
        """Say of how many words in a hundred it is not sure who says them."""
        if self._unsure is None or self._unsure[0] is not transcript:
            self._unsure = transcript, round(100 * unsure_share(transcript))
        return self._unsure[1]

    def _not_saved(self) -> str:
        is_failed = self._open is not None and self._open.state is SaveState.FAILED
        return self.tr("not saved") if is_failed else self.tr("saving…")

    def _note_place(self) -> None:
        """Tell the open transcript where one is in it."""
        if self._open is None or not self._is_placed:
            return
        player = self._session.player
        position_ms = (
            self._open.place.position_ms if player.path is None else player.position_ms
        )
        count = self._transcript.word_count
        self._open.move(
            replace(
                self._open.place,
                position_ms=position_ms,
                scroll=self._view.scroll_place() / count if count else 0.0,
                listened=self._session.listened.spans,
            )
        )
