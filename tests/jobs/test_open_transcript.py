"""The open transcript: what is done to it is kept in time, and survives a disk that is full."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from app.core import edits
from app.core.document import Change, Splice
from app.core.errors import StorageError
from app.core.finding import Query
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.core.replacing import find_all, replace_hits
from app.core.retyping import Typed
from app.core.transcript import Transcript, TranscriptId
from app.jobs.open_transcript import (
    LONGEST_MS,
    QUIET_MS,
    Clock,
    OpenTranscript,
    OpenTranscripts,
    SaveState,
)
from app.store.audio_links import AudioLink
from app.store.database import DamagedDatabaseError
from app.store.listing import TranscriptEntry
from app.store.stored import ReadingPosition, StoredTranscript
from app.store.versions import SavedVersion
from tests.support.builders import transcript

TALK = transcript(("A", "one two three"), ("B", "four five"))
MANY = transcript(*[("A", "um yes")] * 5)
ONE, TWO = TranscriptId("1"), TranscriptId("2")


class Time:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.ms = 0
        self.works_ms = 0
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = 0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: 1_000_000 + self.ms, lambda: self.ms, self.sleep, self.work)

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.ms + round(seconds * 1_000), self._count, woken))
        await woken

    async def work(self, work: Callable[[], Any]) -> Any:
        """Do something that takes ``works_ms``; it has happened at the end of them."""
        if self.works_ms:
            await self.sleep(self.works_ms / 1_000)
        return work()

    async def pass_by(self, ms: int) -> None:
        """Let time pass, and everything happen that falls due."""
        until_ms = self.ms + ms
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= until_ms:
            self.ms, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await self.settle()
        self.ms = until_ms

    async def settle(self) -> None:
        for _ in range(12):
            await asyncio.sleep(0)


@dataclass
class Disk:
    """Keeps transcripts, as long as there is room."""

    kept: dict[TranscriptId, StoredTranscript] = field(default_factory=dict)
    saved: list[Transcript] = field(default_factory=list)
    before: list[tuple[str, Transcript]] = field(default_factory=list)
    is_full: bool = False
    attempts: int = 0

    def load(self, transcript_id: TranscriptId) -> StoredTranscript:
        return self.kept[transcript_id]

    def save(
        self,
        transcript_id: TranscriptId,
        transcript: Transcript,
        *,
        now_ms: int,
        known: Transcript | None = None,
    ) -> bool:
        self.attempts += 1
        self._need_room()
        self.saved.append(transcript)
        is_others = self.kept[transcript_id].transcript != known
        self.kept[transcript_id] = replace(self.kept[transcript_id], transcript=transcript)
        return is_others

    def save_position(self, transcript_id: TranscriptId, place: ReadingPosition) -> None:
        self._need_room()
        self.kept[transcript_id] = replace(self.kept[transcript_id], place=place)

    def attach(
        self,
        transcript_id: TranscriptId,
        link: AudioLink,
        *,
        duration_ms: int,
        copy_path: str = "",
    ) -> None:
        self._need_room()
        self.kept[transcript_id] = replace(
            self.kept[transcript_id], link=link, copy_path=copy_path
        )

    def save_version(
        self, transcript_id: TranscriptId, transcript: Transcript, *, now_ms: int, reason: str
    ) -> None:
        self._need_room()
        self.before.append((reason, transcript))

    def original(self, transcript_id: TranscriptId) -> Transcript:
        return TALK

    def version_list(self, transcript_id: TranscriptId) -> tuple[SavedVersion, ...]:
        return tuple(SavedVersion(at) for at in range(len(self.saved), 0, -1))

    def version(self, transcript_id: TranscriptId, taken_ms: int) -> Transcript:
        return self.saved[taken_ms - 1]

    def _need_room(self) -> None:
        if self.is_full:
            raise StorageError(message("The disk is full."))


def stored(transcript_id: TranscriptId = ONE) -> StoredTranscript:
    entry = TranscriptEntry(
        transcript_id,
        name="Talk",
        created_ms=0,
        changed_ms=0,
        duration_ms=0,
        model="",
        language="en",
        word_count=5,
        speakers=(),
        tags=(),
        source="",
        is_url=False,
        size_bytes=0,
        listened_ms=0,
        deleted_ms=None,
    )
    return StoredTranscript(
        entry=entry,
        options=TranscriptionOptions(),
        link=AudioLink(""),
        transcript=TALK,
    )


@dataclass
class Stage:
    time: Time = field(default_factory=Time)
    disk: Disk = field(default_factory=lambda: Disk({ONE: stored(), TWO: stored(TWO)}))
    said: list[SaveState] = field(default_factory=list)

    def open(self) -> OpenTranscript:
        made = OpenTranscript(self.disk.load(ONE), self.disk, self.time.clock)
        made.subscribe_state(lambda: self.said.append(made.state))
        return made

    def kept(self, transcript_id: TranscriptId = ONE) -> Transcript:
        return self.disk.kept[transcript_id].transcript


class DamagedDisk(Disk):
    """Keeps nothing while it is as it should not be."""

    @override
    def _need_room(self) -> None:
        if self.is_full:
            raise DamagedDatabaseError("damaged")


@dataclass
class Aside:
    """What lies beside it meanwhile."""

    kept: dict[TranscriptId, Transcript] = field(default_factory=dict)

    def keep(self, transcript_id: TranscriptId, transcript: Transcript) -> None:
        self.kept[transcript_id] = transcript

    def drop(self, transcript_id: TranscriptId) -> None:
        del self.kept[transcript_id]


def write(one: OpenTranscript, text: str) -> None:
    """Correct the first word."""
    one.apply(edits.correct_words(one.document.transcript, 0, 0, 1, text))


def run(flow: Coroutine[Any, Any, None]) -> None:
    asyncio.run(flow)


def test_an_edit_is_kept_shortly_after_the_last_one_and_not_before() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        write(one, "a")
        await stage.time.pass_by(QUIET_MS - 1)
        write(one, "b")
        await stage.time.pass_by(QUIET_MS - 1)
        assert stage.disk.saved == []
        assert one.state is SaveState.UNSAVED
        await stage.time.pass_by(1)
        assert [saved.text for saved in stage.disk.saved] == ["b two three\nfour five"]
        assert one.state is SaveState.SAVED

    run(flow())


def test_typing_without_a_pause_is_kept_all_the_same() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        for number in range(100):
            write(one, f"w{number}")
            await stage.time.pass_by(50)
        assert len(stage.disk.saved) >= 100 * 50 // (LONGEST_MS + 50) - 1

    run(flow())


@given(
    st.lists(st.tuples(st.integers(0, 900), st.booleans()), min_size=1, max_size=30),
    st.integers(0, 250),
)
@settings(deadline=None, max_examples=60)
def test_whenever_the_program_is_killed_the_last_second_is_lost_at_most(
    typed: list[tuple[int, bool]], works_ms: int
) -> None:
    async def flow() -> None:
        stage = Stage()
        stage.time.works_ms = works_ms
        one = stage.open()
        done: list[tuple[int, Transcript]] = [(-10_000, TALK)]
        for number, (gap_ms, is_undo) in enumerate(typed):
            one.undo() if is_undo else write(one, f"w{number}")
            done.append((stage.time.ms, one.document.transcript))
            for _ in range(gap_ms // 50 + 1):
                await stage.time.pass_by(50)
                older = [at for at, (ms, _) in enumerate(done) if ms <= stage.time.ms - 1_000]
                assert stage.kept() in [state for _, state in done[older[-1] :]]
        await stage.time.pass_by(1_000)
        assert stage.kept() == one.document.transcript

    run(flow())


def test_a_full_disk_is_said_once_and_tried_again_until_there_is_room() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        stage.disk.is_full = True
        write(one, "a")
        await stage.time.pass_by(60_000)
        assert 3 <= stage.disk.attempts <= 12
        assert one.state is SaveState.FAILED
        assert one.failure is not None
        assert one.failure.fill() == "The disk is full."
        write(one, "b")  # typing goes on
        stage.disk.is_full = False
        await stage.time.pass_by(30_000)
        assert stage.kept().text.startswith("b two")
        assert one.state is SaveState.SAVED
        assert one.failure is None
        news = [
            now
            for before, now in zip([None, *stage.said], stage.said, strict=False)
            if before != now
        ]
        assert news == [SaveState.UNSAVED, SaveState.FAILED, SaveState.SAVED]

    run(flow())


def test_what_is_done_while_it_is_saved_is_saved_too() -> None:
    async def flow() -> None:
        stage = Stage()
        stage.time.works_ms = 200
        one = stage.open()
        write(one, "a")
        await stage.time.pass_by(QUIET_MS + 100)  # in the middle of it
        write(one, "b")
        await stage.time.pass_by(100)
        assert stage.kept().text.startswith("a ")
        assert one.state is SaveState.UNSAVED
        await stage.time.pass_by(QUIET_MS + 200)
        assert stage.kept().text.startswith("b ")
        assert len(stage.disk.saved) == 2

    run(flow())


def test_closing_keeps_everything_at_once_and_nothing_runs_on() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        write(one, "a")
        one.move(ReadingPosition(1_500, 0.5))
        assert await one.close()
        assert stage.kept().text.startswith("a ")
        assert stage.disk.kept[ONE].place == ReadingPosition(1_500, 0.5)
        assert len(asyncio.all_tasks()) == 1

    run(flow())


def test_what_is_done_right_after_closing_is_kept_too() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        write(one, "a")
        assert await one.close()
        write(one, "b")
        await stage.time.pass_by(QUIET_MS)
        assert stage.kept().text.startswith("b ")

    run(flow())


def test_closing_a_transcript_that_is_saved_by_now_and_changed_at_once_keeps_the_change() -> (
    None
):
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        write(one, "a")
        assert await one.save()
        closing = asyncio.ensure_future(one.close())
        await asyncio.sleep(0)
        write(one, "b")
        assert await closing
        assert stage.kept().text.startswith("b ")
        assert len(asyncio.all_tasks()) == 1

    run(flow())


class OnlyTheFirst:
    """A window that has shown the first piece of a step, and no more."""

    def pieces(self, change: Change) -> list[Change]:
        return [replace(change, splices=(one,)) for one in change.splices]

    def begin(self, steps: object) -> None:
        self.steps = steps


@pytest.mark.parametrize("ends", ["saved", "closed", "left", "quiet"])
def test_a_step_is_kept_whole_though_only_a_piece_of_it_is_shown(ends: str) -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        one.document.pace = OnlyTheFirst()
        before = one.document.transcript
        (talk, *_) = before.paragraphs
        turns = (replace(talk, note="first"), replace(talk, note="second"))
        splices = (Splice(0, (talk,), turns[:1]), Splice(1, (), turns[1:]))
        one.apply(Change(splices, before.speakers, before.speakers, "Replace all"))
        match ends:
            case "saved":
                assert await one.save()
            case "closed":
                assert await one.close()
            case "left":
                assert one.state is SaveState.UNSAVED
                await stage.time.pass_by(LONGEST_MS)
            case _:
                one.document.finish()
                await stage.time.pass_by(LONGEST_MS)
        assert stage.kept().paragraphs[:2] == turns
        assert one.state is SaveState.SAVED

    run(flow())


def test_a_place_is_kept_without_writing_the_words_again() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        one.move(ReadingPosition(9_000))
        one.move(ReadingPosition(9_000))
        await stage.time.pass_by(1_000)
        assert stage.disk.kept[ONE].place == ReadingPosition(9_000)
        assert stage.disk.saved == []
        assert one.state is SaveState.SAVED
        assert one.stored.place == ReadingPosition(9_000)

    run(flow())


def test_who_stops_waiting_for_a_save_does_not_stop_it() -> None:
    async def flow() -> None:
        stage = Stage()
        stage.time.works_ms = 500
        one = stage.open()
        write(one, "a")
        waiting = asyncio.ensure_future(one.save())
        await stage.time.pass_by(100)
        waiting.cancel()
        await stage.time.pass_by(400)
        assert stage.kept().text.startswith("a ")
        assert one.state is SaveState.SAVED

    run(flow())


def test_a_transcript_that_could_not_be_kept_is_there_when_one_comes_back() -> None:
    async def flow() -> None:
        stage = Stage()
        opened = OpenTranscripts(stage.disk, stage.time.clock)
        one = await opened.open(ONE)
        write(one, "a")
        stage.disk.is_full = True
        assert not await opened.leave(one)
        other = await opened.open(TWO)
        assert other.transcript_id == TWO
        assert opened.unsaved == (one,)
        assert not await opened.save_left()
        assert await opened.open(ONE) is one
        one.undo()
        assert one.document.transcript == TALK

    run(flow())


def test_a_transcript_that_was_left_is_kept_as_soon_as_there_is_room() -> None:
    async def flow() -> None:
        stage = Stage()
        opened = OpenTranscripts(stage.disk, stage.time.clock)
        one = await opened.open(ONE)
        write(one, "a")
        stage.disk.is_full = True
        await opened.leave(one)
        await stage.time.pass_by(5_000)
        stage.disk.is_full = False
        await stage.time.pass_by(30_000)
        assert stage.kept().text.startswith("a ")
        assert opened.unsaved == ()
        assert await opened.save_left()
        assert (await opened.open(ONE)).document.transcript == stage.kept()

    run(flow())


def test_what_is_done_to_a_transcript_after_it_was_left_is_not_forgotten() -> None:
    async def flow() -> None:
        stage = Stage()
        opened = OpenTranscripts(stage.disk, stage.time.clock)
        one = await opened.open(ONE)
        assert await opened.leave(one)
        write(one, "a")  # as a notice with a button does
        assert opened.unsaved == (one,)
        assert await opened.open(ONE) is one  # not as it was before
        assert await opened.leave(one)
        write(one, "b")
        assert await opened.save_left()
        assert stage.kept().text.startswith("b ")
        assert len(asyncio.all_tasks()) == 1

    run(flow())


def test_what_is_asked_of_a_copy_that_was_left_is_for_the_one_opened_since() -> None:
    async def flow() -> None:
        stage = Stage()
        opened = OpenTranscripts(stage.disk, stage.time.clock)
        one = await opened.open(ONE)
        assert one.latest is one
        write(one, "a")
        step = one.document.steps[-1]
        assert await opened.leave(one)
        between = await opened.open(ONE)
        assert await opened.leave(between)
        now = await opened.open(ONE)
        assert now is not one
        assert (one.latest, between.latest, now.latest) == (now, now, now)
        assert one.latest.document.take_back(step)
        assert await opened.leave(now)
        assert stage.kept() == TALK

    run(flow())


def test_an_earlier_version_comes_back_as_one_step() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        for text in ("a", "b"):
            write(one, text)
            await stage.time.pass_by(1_000)
        assert [each.taken_ms for each in await one.versions()] == [2, 1]
        await one.restore(1)
        assert one.document.transcript.text.startswith("a ")
        await one.restore(None)
        assert one.document.transcript == TALK
        one.undo()
        one.undo()
        assert one.document.transcript.text.startswith("b ")
        one.redo()
        assert one.document.transcript.text.startswith("a ")

    run(flow())


def test_before_a_change_in_many_places_a_version_is_kept_also_when_the_disk_was_full() -> None:
    async def flow() -> None:
        stage = Stage()
        stage.disk.kept[ONE] = replace(stage.disk.kept[ONE], transcript=MANY)
        one = stage.open()
        stage.disk.is_full = True
        one.apply(replace_hits(MANY, find_all(MANY, Query("um"), "")))
        await stage.time.pass_by(1_000)
        assert stage.disk.before == []
        stage.disk.is_full = False
        await stage.time.pass_by(30_000)
        assert stage.disk.before == [("Replace all", MANY)]
        write(one, "a")
        await stage.time.pass_by(1_000)
        assert len(stage.disk.before) == 1

    run(flow())


def test_one_goes_back_and_forth_to_any_step() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        for text in ("a", "b", "c"):
            write(one, text)
        going = asyncio.ensure_future(one.go_to(1))
        await stage.time.pass_by(10)
        await going
        assert one.document.transcript.text.startswith("a ")
        assert len(one.document.steps_ahead) == 2
        going = asyncio.ensure_future(one.go_to(99))
        await stage.time.pass_by(10)
        await going
        assert one.document.transcript.text.startswith("c ")

    run(flow())


@given(st.lists(st.sampled_from(["edit", "undo", "redo", "wait", "full", "room"]), max_size=30))
@settings(deadline=None, max_examples=60)
def test_whatever_happens_nothing_is_lost_in_the_end(steps: list[str]) -> None:
    async def flow() -> None:
        stage = Stage()
        stage.time.works_ms = 30
        one = stage.open()
        for number, step in enumerate(steps):
            match step:
                case "edit":
                    write(one, f"w{number}")
                case "undo":
                    one.undo()
                case "redo":
                    one.redo()
                case "wait":
                    await stage.time.pass_by(400)
                case _:
                    stage.disk.is_full = step == "full"
        stage.disk.is_full = False
        closing = asyncio.ensure_future(one.close())
        await stage.time.pass_by(1_000)
        assert await closing
        assert stage.kept() == one.document.transcript

    run(flow())


def test_what_is_typed_at_a_stretch_is_one_step_and_kept() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        for place, key in enumerate("new "):
            one.type(Typed(0, 4 + place, 0, 4 + place, key))
            await stage.time.pass_by(100)
        assert one.document.transcript.text.startswith("one new two")
        assert one.document.transcript.paragraphs[0].words[2] is TALK.paragraphs[0].words[1]
        assert one.document.history == ("Typing",)
        await stage.time.pass_by(2_000)  # a pause
        for place, key in enumerate("er "):
            one.type(Typed(0, 8 + place, 0, 8 + place, key))
        assert len(one.document.history) == 2
        one.end_typing()
        one.type(Typed(1, 0, 1, 0, "x"))
        assert len(one.document.history) == 3
        for _ in range(3):
            one.undo()
        assert one.document.transcript == TALK
        await stage.time.pass_by(1_000)
        assert stage.kept() == TALK

    run(flow())


def test_another_edit_in_between_ends_what_is_typed_at_a_stretch() -> None:
    async def flow() -> None:
        stage = Stage()
        one = stage.open()
        one.type(Typed(0, 3, 0, 3, "x"))
        write(one, "uno")
        one.type(Typed(0, 3, 0, 3, "!"))
        assert one.document.transcript.text.startswith("uno! two")
        assert one.document.history == ("Typing", "Correct words", "Typing")

    run(flow())


def test_what_another_window_changed_meanwhile_is_told_once() -> None:
    async def flow() -> None:
        stage = Stage()
        one, other = stage.open(), stage.open()
        write(one, "mine")
        assert await one.save()
        assert not one.was_changed_elsewhere
        write(other, "theirs")
        assert await other.save()
        assert other.was_changed_elsewhere
        other.was_changed_elsewhere = False
        write(other, "more of theirs")
        assert await other.save()
        assert not other.was_changed_elsewhere
        await one.close()
        await other.close()

    run(flow())


def test_what_a_damaged_library_does_not_take_is_set_aside_and_gone_on_with() -> None:
    async def flow() -> None:
        time, aside = Time(), Aside()
        disk = DamagedDisk({ONE: stored(), TWO: stored(TWO)}, is_full=True)
        every = OpenTranscripts(disk, time.clock, aside)
        one = await every.open(ONE)
        write(one, "mine")
        mine = one.document.transcript
        assert await one.save()
        assert one.state is SaveState.SAVED
        assert one.set_aside is not None
        assert aside.kept == {ONE: mine}
        one.set_aside = None
        one.move(ReadingPosition(position_ms=2_000))
        assert await one.save()
        assert aside.kept == {ONE: mine}
        assert await every.leave(one)
        one = await every.open(ONE)  # and not the words that the library has
        assert one.document.transcript == mine
        write(one, "more")
        assert await one.save()
        assert one.set_aside is None  # it is said once
        assert aside.kept == {ONE: one.document.transcript}
        disk.is_full = False
        write(one, "most")
        assert await one.save()
        assert aside.kept == {}
        assert disk.kept[ONE].transcript == one.document.transcript
        await every.leave(one)

    run(flow())


def test_a_sound_tells_its_length_and_one_that_ends_before_its_words_does_not() -> None:
    async def flow() -> None:
        one = Stage().open()  # its words end at 2.5 s
        assert not one.take_length(1_400)
        assert one.document.transcript.duration_ms == TALK.duration_ms
        assert one.take_length(61_000)
        assert one.document.transcript.duration_ms == 61_000
        assert not one.document.can_undo

    run(flow())
