"""The transcript somebody works on: its words, their history, and that none of it is lost.

No Qt: page, bar and player follow it, none of them owns or saves words. What a person does
is kept within a second, packed and written off the thread that paints. If it cannot be kept
(a full disk), it stays in memory, is said once and tried again until it is kept, also when
another transcript has long taken its place on the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol
from weakref import WeakSet, WeakValueDictionary

from app.core import edits, retiming
from app.core.document import Change, Document
from app.core.errors import AppError
from app.core.growing import GROWTH, become, change_to
from app.core.history import is_bulk
from app.core.messages import Message, message
from app.core.recording import AttachedRecording, SoundChoice, is_other_length
from app.core.retyping import Typed
from app.core.transcript import Transcript, TranscriptId
from app.core.typing_run import Typewriter, TypingFlow
from app.store.audio_links import AudioLink
from app.store.database import DamagedDatabaseError
from app.store.stored import ReadingPosition, StoredTranscript, TranscriptRecord
from app.store.versions import SavedVersion
from app.system.clocks import monotonic_ms, now_ms

QUIET_MS = 300
"""So long after the last edit it is saved,"""
LONGEST_MS = 600
"""and so long after the first one while edits go on."""
TYPING_PAUSE_MS = 1_500
"""After so long a pause, what is typed is another step to take back."""
_RETRY_FIRST_MS = 2_000
_RETRY_MOST_MS = 30_000
_SET_ASIDE = message(
    "The library file is damaged. Your changes are kept beside it and come back once you close "
    "Wordlight and open it again."
)


class Storage(Protocol):
    """What keeps transcripts; ``store.library.Library`` is one."""

    def load(self, transcript_id: TranscriptId) -> StoredTranscript:
        """Give a transcript with all that is kept beside it."""
        ...

    def save(
        self,
        transcript_id: TranscriptId,
        transcript: Transcript,
        *,
        now_ms: int,
        known: Transcript | None = None,
    ) -> bool:
        """Keep the edited state; gives whether somebody else had changed what was known."""
        ...

    def save_position(self, transcript_id: TranscriptId, place: ReadingPosition) -> None:
        """Keep where the person was."""
        ...

    def attach(
        self,
        transcript_id: TranscriptId,
        link: AudioLink,
        *,
        duration_ms: int,
        copy_path: str = "",
    ) -> None:
        """Give it another recording."""
        ...

    def save_version(
        self, transcript_id: TranscriptId, transcript: Transcript, *, now_ms: int, reason: str
    ) -> None:
        """Keep a state to come back to."""
        ...

    def original(self, transcript_id: TranscriptId) -> Transcript:
        """Give the transcript as it was recognised."""
        ...

    def version_list(self, transcript_id: TranscriptId) -> tuple[SavedVersion, ...]:
        """Give what earlier versions there are, latest first."""
        ...

    def version(self, transcript_id: TranscriptId, taken_ms: int) -> Transcript:
        """Give an earlier version."""
        ...


class Aside(Protocol):
    """What takes the words that a damaged library does not; ``WordsAside`` is one."""

    def keep(self, transcript_id: TranscriptId, transcript: Transcript) -> None:
        """Set the words of a transcript aside, in place of earlier ones."""
        ...

    def drop(self, transcript_id: TranscriptId) -> None:
        """Forget those of a transcript: the library has newer ones."""
        ...


async def _in_thread(work: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(work)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, and what waits and works meanwhile; a test has its own.

    Attributes:
        now_ms: The time of day.
        monotonic_ms: A time that never jumps.
        sleep: Waits so many seconds.
        work: Does what would block, elsewhere, and gives its result.
    """

    now_ms: Callable[[], int] = now_ms
    monotonic_ms: Callable[[], int] = monotonic_ms
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    work: Callable[[Callable[[], Any]], Awaitable[Any]] = _in_thread


@dataclass(frozen=True, slots=True)
class _KnownRecording:
    """A recording that a transcript has, or had since it was opened.

    Attributes:
        link: Where it is.
        copy_path: A kept copy of it; empty if there is none.
        offset_ms: How much later all is said in it than in the first.
    """

    link: AudioLink
    copy_path: str
    offset_ms: int = 0


class SaveState(StrEnum):
    """How things stand with what a person did."""

    SAVED = "saved"
    UNSAVED = "unsaved"
    FAILED = "failed"


class OpenTranscript:
    """A transcript with its history, kept as it changes.

    Attributes:
        document: The words; ``apply``, ``undo`` and ``redo`` here are its own.
        failure: Why the last attempt to save failed; ``None`` if it did not.
        was_changed_elsewhere: Another window or the terminal had changed it too; what that
            left is kept as a version. Whoever has said so takes this back.
        set_aside: What to say since its words lie beside a damaged library for now. Whoever
            has said so takes this back.
        is_growing: Its recording is still being made: it is no whole file yet.
    """

    def __init__(
        self,
        stored: StoredTranscript,
        storage: Storage,
        clock: Clock | None = None,
        document: Document | None = None,
        aside: Aside | None = None,
    ) -> None:
        """Open it.

        Args:
            stored: What is kept.
            storage: What keeps it.
            clock: Time.
            document: What has grown to the same words and is followed already; a new one if
                left out.
            aside: What takes the words if the library is damaged.
        """
        self.document = Document(stored.transcript) if document is None else document
        self.failure: Message | None = None
        self.was_changed_elsewhere = False
        self.set_aside: Message | None = None
        self._aside = aside
        self._is_aside = False
        self.is_growing = False
        self._known = stored.transcript  # as it is stored, unless somebody else was there
        self._stored = stored
        self._storage = storage
        self._clock = clock or Clock()
        self._place = self._saved_place = stored.place
        self._recordings = [_KnownRecording(stored.link, stored.copy_path)]
        self._recording = self._saved_recording = 0  # which of these it has
        self._edits = self._saved_edits = 0  # counted, so that one made meanwhile is seen
        self._first_ms: int | None = None  # of what no saving has taken up yet
        self._last_ms = 0
        self._retry_ms = 0
        self._retry_at_ms = 0
        self._before_bulk: list[tuple[int, str, Transcript]] = []  # not kept yet
        self._saving = asyncio.Lock()
        self._autosave: asyncio.Task[None] | None = None
        self._typewriter = Typewriter(self.document)
        self._typed_ms = 0
        self._flow = TypingFlow()
        self._listeners: list[Callable[[], None]] = []
        self._successor: OpenTranscript | None = None
        self.document.subscribe(self._on_change, is_whole=True)

    @property
    def latest(self) -> OpenTranscript:
        """The same transcript as it is now: another copy, if it was left and opened again."""
        latest = self
        while latest._successor is not None:
            latest = latest._successor
        return latest

    def give_way_to(self, successor: OpenTranscript) -> None:
        """Leave it to a copy that was opened since; what is asked of this one is done there."""
        self._successor = successor

    @property
    def transcript_id(self) -> TranscriptId:
        """Which transcript it is."""
        return self._stored.entry.transcript_id

    @property
    def stored(self) -> StoredTranscript:
        """The transcript with all that is kept beside it, edits and place included."""
        return replace(self._stored, transcript=self.document.transcript, place=self._place)

    @property
    def state(self) -> SaveState:
        """Whether the words are kept as they are now."""
        self.document.finish()
        if self._edits == self._saved_edits:
            return SaveState.SAVED
        return SaveState.UNSAVED if self.failure is None else SaveState.FAILED

    @property
    def place(self) -> ReadingPosition:
        """Where the person is in it."""
        return self._place

    @property
    def is_aside(self) -> bool:
        """Whether its words lie beside a damaged library, which has earlier ones."""
        return self._is_aside

    # Working on it

    def apply(self, change: Change | None) -> None:
        """Take a step; ``None``, for nothing to be done, is none.

        What stood before a step that changes much is kept as a version.
        """
        if change is None:
            return
        if is_bulk(change):
            before = self._clock.now_ms(), change.label, self.document.transcript
            self._before_bulk.append(before)
        self.document.apply(change)

    def type(self, typed: Typed) -> None:
        """Let a range of the text read otherwise.

        What is typed in one place is worked out from what stood there before the first
        key, and is one step to take back unless there was a pause or a sentence ended.

        Args:
            typed: The range, as the page shows it: with the spaces just typed, of which
                the words know nothing.
        """
        now_ms = self._clock.monotonic_ms()
        is_at_once = now_ms - self._typed_ms < TYPING_PAUSE_MS
        self._typewriter.type(typed, joins=self._flow.goes_on(typed) and is_at_once)
        self._typed_ms = now_ms

    def end_typing(self) -> None:
        """What is typed next is another matter: the caret went elsewhere."""
        self._typewriter.end()

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        self.document.undo()

    def redo(self) -> None:
        """Take the last undone step again, if there is one."""
        self.document.redo()

    async def go_to(self, steps: int) -> None:
        """Take back or take again until so many steps are done, with a breath after each."""
        while steps < len(self.document.steps) and self.document.can_undo:
            self.document.undo()
            await self._clock.sleep(0)
        while steps > len(self.document.steps) and self.document.can_redo:
            self.document.redo()
            await self._clock.sleep(0)

    def move(self, place: ReadingPosition) -> None:
        """Note where the person is; kept with the next saving, soon."""
        if place != self._place:
            self._place = place
            self._save_soon(has_news=True)

    def set_doubt_below(self, threshold: float) -> None:
        """Choose how sure a word must be not to be in doubt."""
        self.move(replace(self._place, doubt_below=threshold))

    def note_reviewed(self, share: float) -> None:
        """Note how much of the words was heard or approved, for lists."""
        self.move(replace(self._place, reviewed=share))

    def take_name(self, name: str) -> None:
        """Take up another name, given and kept elsewhere."""
        self._stored = replace(self._stored, entry=replace(self._stored.entry, name=name))

    def take_recording(self, record: TranscriptRecord) -> None:
        """Take up a recording that came to it elsewhere."""
        self._stored = replace(self._stored, entry=record.entry)
        self._recordings[self._recording] = replace(
            self._recordings[self._recording], link=record.link, copy_path=record.copy_path
        )
        self._turn_to_recording(self._recording)

    async def save_beside(self, save: Callable[[], bool], saved: Transcript) -> bool:
        """Let the program save something else of this transcript, between two savings here.

        What then stands there is known here: it is not what somebody else put there.

        Args:
            save: Saves it; blocks. It gives whether it did.
            saved: What it saves.

        Returns:
            Whether it did.

        Raises:
            StorageError: It could not be written.
        """
        async with self._saving:
            is_saved = await self._clock.work(save)
            if is_saved:
                self._known = saved
        return is_saved

    def take_length(self, duration_ms: int) -> bool:
        """Keep how long its sound is found to last, if that is clearly another than was kept.

        It is no step of a person's, and there is nothing to take back. A sound that ends
        before its words do is not all there, and says nothing about the length.

        Returns:
            Whether it is another.
        """
        now = self.document.transcript
        words_end_ms = max((one.end_ms for one in now.paragraphs), default=0)
        if not is_other_length(duration_ms, now.duration_ms) or (
            duration_ms < words_end_ms and is_other_length(duration_ms, words_end_ms)
        ):
            return False
        facts = Change((), now.speakers, now.speakers, GROWTH)
        self.document.grow(facts, duration_ms=duration_ms)
        return True

    def change_recording(
        self,
        record: TranscriptRecord,
        duration_ms: int,
        sound: SoundChoice | None,
        offset_ms: int,
    ) -> None:
        """Take up another recording than the one it had, as a step that can be taken back.

        Args:
            record: What is kept of it by now.
            duration_ms: How long it is.
            sound: Which of its sound is heard.
            offset_ms: How much later all is said in it.
        """
        transcript = self.document.transcript
        begun_ms = self._recordings[self._recording].offset_ms
        self._recordings.append(
            _KnownRecording(record.link, record.copy_path, begun_ms + offset_ms)
        )
        before = AttachedRecording(self._recording, transcript.duration_ms, transcript.sound)
        after = AttachedRecording(len(self._recordings) - 1, duration_ms, sound)
        self._stored = replace(self._stored, entry=record.entry)
        self._saved_recording = after.number
        self.apply(retiming.with_recording(transcript, before, after, offset_ms))

    def subscribe_state(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when ``state`` may be another; gives a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # Versions

    async def versions(self) -> tuple[SavedVersion, ...]:
        """Give what earlier versions there are, latest first.

        Raises:
            StorageError: They cannot be read.
        """
        return await self._clock.work(lambda: self._storage.version_list(self.transcript_id))

    async def version(self, taken_ms: int | None) -> Transcript:
        """Give an earlier version; ``None`` for what was recognised.

        Raises:
            StorageError: It is gone or damaged.
        """
        if taken_ms is None:
            return await self._clock.work(lambda: self._storage.original(self.transcript_id))
        return await self._clock.work(
            lambda: self._storage.version(self.transcript_id, taken_ms)
        )

    async def save_version(self, reason: str) -> None:
        """Keep the present state as a version to come back to.

        Args:
            reason: What is about to be done, by its label.

        Raises:
            StorageError: It cannot be written.
        """
        now, at_ms = self.document.transcript, self._clock.now_ms()
        await self._clock.work(
            lambda: self._storage.save_version(
                self.transcript_id, now, now_ms=at_ms, reason=reason
            )
        )

    async def restore(self, taken_ms: int | None) -> Change | None:
        """Bring an earlier version back, as one step that can be taken back.

        Returns:
            The step; ``None`` if that version is what stands there.

        Raises:
            StorageError: It is gone or damaged.
        """
        earlier = await self.version(taken_ms)
        change = edits.take_over(self.document.transcript, earlier, "Restore a version")
        self.apply(change)
        return change

    # Keeping

    async def save(self) -> bool:
        """Keep words and place now; gives whether everything is kept.

        What is done to the words meanwhile is not waited for: it is saved in its turn.
        """
        self.document.finish()
        # What has begun is done to its end, also if whoever waits for it does no longer.
        await asyncio.shield(self._save())
        self._save_soon()
        return self.failure is None

    async def close(self) -> bool:
        """Keep everything and end; gives whether it is kept.

        If not, it goes on trying: end it again, or let it.
        """
        while True:
            if not self.is_saved:
                if not await self.save():
                    return False
            elif self._autosave is not None:
                ended, self._autosave = self._autosave, None
                ended.cancel()
                await asyncio.wait([ended])  # what is done meanwhile is saved in its turn
            else:
                return True

    @property
    def is_saved(self) -> bool:
        """Whether words and place are kept as they are now."""
        self.document.finish()
        return self._is_kept

    @property
    def _is_kept(self) -> bool:
        """Whether all is kept that was told of so far."""
        return self._edits == self._saved_edits and self._place == self._saved_place

    async def _save(self) -> None:
        async with self._saving:
            if self._is_kept:
                return
            edits_now, place, recording = self._edits, self._place, self._recording
            now_ms, transcript = self._clock.now_ms(), self._known
            if edits_now != self._saved_edits or recording != self._saved_recording:
                transcript = self.document.transcript
            self._first_ms = None

            before_bulk = tuple(self._before_bulk)

            def save() -> None:
                for taken_ms, reason, before in before_bulk:
                    self._storage.save_version(
                        self.transcript_id, before, now_ms=taken_ms, reason=reason
                    )
                    self._before_bulk.pop(0)  # kept; more may come behind it meanwhile
                if edits_now != self._saved_edits:
                    self.was_changed_elsewhere |= self._storage.save(
                        self.transcript_id, transcript, now_ms=now_ms, known=self._known
                    )
                    self._known = transcript
                    if self._aside is not None and self._is_aside:
                        self._aside.drop(self.transcript_id)
                        self._is_aside = False
                if recording != self._saved_recording:
                    known = self._recordings[recording]
                    self._storage.attach(
                        self.transcript_id,
                        known.link,
                        duration_ms=transcript.duration_ms,
                        copy_path=known.copy_path,
                    )
                    self._saved_recording = recording
                if place != self._saved_place:
                    self._storage.save_position(self.transcript_id, place)

            try:
                words = transcript if edits_now != self._saved_edits else None
                await self._clock.work(lambda: self._or_aside(save, words))
            except AppError as error:
                self.failure = error.message
                self._retry_ms = min(_RETRY_MOST_MS, max(_RETRY_FIRST_MS, 2 * self._retry_ms))
                self._retry_at_ms = self._clock.monotonic_ms() + self._retry_ms
            else:
                self.failure = None
                self._retry_ms = self._retry_at_ms = 0
                self._saved_edits, self._saved_place = edits_now, place
        self._tell()

    def _or_aside(self, save: Callable[[], None], words: Transcript | None) -> None:
        """Save, or set new words aside where the library is damaged; blocks."""
        try:
            save()
        except DamagedDatabaseError:
            if self._aside is None or (words is None and not self._is_aside):
                raise
            if words is not None:
                self._aside.keep(self.transcript_id, words)
            if not self._is_aside:
                self._is_aside, self.set_aside = True, _SET_ASIDE

    def _on_change(self, change: Change) -> None:
        if change.recording is not None:
            self._turn_to_recording(change.recording[1].number)
        self._edits += 1
        self._tell()
        self._save_soon(has_news=True)

    def _turn_to_recording(self, number: int) -> None:
        """Have another recording; what was heard of the one before is heard of this one."""
        before, now = self._recordings[self._recording], self._recordings[number]
        self._recording = number
        self._stored = replace(self._stored, link=now.link, copy_path=now.copy_path)
        self._place = self._place.moved_by(now.offset_ms - before.offset_ms)

    def _save_soon(self, *, has_news: bool = False) -> None:
        if has_news:
            self._last_ms = self._clock.monotonic_ms()
            if self._first_ms is None:
                self._first_ms = self._last_ms
        if not self._is_kept and (self._autosave is None or self._autosave.done()):
            self._autosave = asyncio.ensure_future(self._save_in_time())

    async def _save_in_time(self) -> None:
        while not self._is_kept:
            due_ms = self._last_ms + QUIET_MS
            if self._first_ms is not None:
                due_ms = min(due_ms, self._first_ms + LONGEST_MS)
            wait_ms = max(due_ms, self._retry_at_ms) - self._clock.monotonic_ms()
            if wait_ms > 0:
                await self._clock.sleep(wait_ms / 1_000)
            else:
                await asyncio.shield(self._save())

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


class OpenTranscripts:
    """Opens transcripts, and goes on with those that could not be saved when left."""

    def __init__(
        self, storage: Storage, clock: Clock | None = None, aside: Aside | None = None
    ) -> None:
        self._storage = storage
        self._aside = aside
        self._clock = clock or Clock()
        # Whoever still holds one that was left may change it: a notice with “Undo” does. As
        # long as it is not saved, its own saving holds it.
        self._left: WeakSet[OpenTranscript] = WeakSet()
        self._open: dict[TranscriptId, OpenTranscript] = {}
        self._lent: dict[TranscriptId, OpenTranscript] = {}
        self._beside: dict[TranscriptId, OpenTranscript] = {}  # what the library did not take
        self._latest: WeakValueDictionary[TranscriptId, OpenTranscript] = WeakValueDictionary()

    def opened(self, transcript_id: TranscriptId) -> OpenTranscript | None:
        """Give a transcript that somebody works on now, or that could not be saved yet."""
        return (
            self._open.get(transcript_id)
            or self._lent.get(transcript_id)
            or self._unsaved_of(transcript_id)
        )

    def lend(self, transcript: OpenTranscript) -> None:
        """Give one that is at work already to whoever opens it; it goes on when they leave."""
        self._lent[transcript.transcript_id] = transcript

    async def take_back(self, transcript: OpenTranscript) -> None:
        """End that: it is from now on with whoever has it open, or with nobody."""
        self._lent.pop(transcript.transcript_id, None)
        if transcript.transcript_id not in self._open:
            await self.leave(transcript)

    @property
    def unsaved(self) -> tuple[OpenTranscript, ...]:
        """Transcripts that were left, with words that are not saved yet."""
        return tuple(one for one in self._left if not one.is_saved)

    def _unsaved_of(self, transcript_id: TranscriptId) -> OpenTranscript | None:
        found = (one for one in self.unsaved if one.transcript_id == transcript_id)
        return next(found, None) or self._beside.get(transcript_id)

    async def open(self, transcript_id: TranscriptId) -> OpenTranscript:
        """Open a transcript; one that could not be saved is as it was left.

        Raises:
            StorageError: It is gone or damaged.
        """
        found = self._lent.get(transcript_id) or self._unsaved_of(transcript_id)
        if found is None:
            stored = await self._clock.work(lambda: self._storage.load(transcript_id))
            found = OpenTranscript(stored, self._storage, self._clock, aside=self._aside)
        self._left.discard(found)
        self._open[transcript_id] = found
        before = self._latest.get(transcript_id)
        if before is not None and before is not found:
            before.give_way_to(found)
        self._latest[transcript_id] = found
        return found

    async def go_on_with(self, transcript_id: TranscriptId, grown: Document) -> OpenTranscript:
        """Open a transcript as what has grown before it was whole.

        Whoever follows the document is told what differs at the end, and goes on with it.

        Args:
            transcript_id: Which, for the first time.
            grown: What it was so far; nothing more is recognised of it.

        Raises:
            StorageError: It is gone or damaged.
        """
        now = grown.transcript

        def load() -> tuple[StoredTranscript, Change]:
            stored = self._storage.load(transcript_id)
            return stored, change_to(now, stored.transcript)

        stored, change = await self._clock.work(load)
        become(grown, stored.transcript, change)
        found = OpenTranscript(stored, self._storage, self._clock, grown, self._aside)
        self._open[transcript_id] = self._latest[transcript_id] = found
        return found

    async def leave(self, transcript: OpenTranscript) -> bool:
        """Keep a transcript and let it go; gives whether it is kept.

        If not, it is kept in memory and tried again until it is; so is what is done to it
        later.
        """
        if self._open.get(transcript.transcript_id) is transcript:
            del self._open[transcript.transcript_id]
        if transcript.transcript_id in self._lent:
            await transcript.save()
            return True
        self._left.add(transcript)  # opened again meanwhile, it is this one
        is_kept = await transcript.close()
        if transcript.is_aside:
            self._beside[transcript.transcript_id] = transcript
        return is_kept

    async def save_left(self) -> bool:
        """Try once more to save those that were left; gives whether all are."""
        saved = [await one.close() for one in self.unsaved]
        return all(saved)
