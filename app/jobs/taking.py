"""Record takes, and make an ordinary recording and a job of each: once, whatever happens.

The sound is written by a process of its own (``app.capture``) into a folder of its own.
Here is who starts it, hears what it tells, starts another one where it dies, and in the end
puts the parts together. What a crash left is found by ``adopt``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import shutil
import sys
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.audio.join import join_parts
from app.audio.process import find_ffmpeg
from app.capture.child import CaptureChild
from app.capture.journal import TakeFolder, takes_in
from app.capture.listing import DeviceLister
from app.capture.protocol import (
    Begin,
    Finished,
    Heard,
    Listed,
    Marked,
    Missed,
    Order,
    Refused,
    Report,
    Started,
    Word,
)
from app.core.errors import Action, AppError, RecordingError, StorageError
from app.core.live import LiveLeft
from app.core.messages import message
from app.core.projects import NO_PROJECT, ProjectId
from app.core.take import (
    Device,
    Gap,
    Level,
    Source,
    Take,
    TakeState,
    Trouble,
    Troubled,
)
from app.system.children import UPDATED_MEANWHILE
from app.system.clocks import monotonic_ms, now_ms
from app.system.files import explain, unused_name
from app.system.loading import loading
from app.system.locks import InstanceLock

_log = logging.getLogger(__name__)
_MOST_DEATHS = 5
"""So often another process goes on with a take; then something is wrong with all of them."""
_QUIET_MS = 60_000
_AGAIN_S = 2.0
"""So often it is tried to go on with a take whose sources cannot be opened at present."""
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class TakeNow:
    """How the take that is being recorded stands.

    Attributes:
        take_id: Which.
        sources: What is recorded.
        is_recording: Whether sound comes; before the first it does not.
        is_paused: Whether a person paused it.
        is_finishing: Whether the parts are being put together.
        at_ms: How long its sound is.
        first_file_ms: How long the first of its files is, which is all there is as a rule.
        levels: How loud each source is.
        sound_bytes: How much is on the disk.
        free_bytes: How much room there is.
        troubles: What is wrong now, in the order in which it began.
        gaps: What is missing.
        marks_ms: Moments that were marked.
    """

    take_id: str
    sources: tuple[Source, ...]
    is_recording: bool = False
    is_paused: bool = False
    is_finishing: bool = False
    at_ms: int = 0
    first_file_ms: int = 0
    levels: tuple[Level, ...] = ()
    sound_bytes: int = 0
    free_bytes: int = 0
    troubles: tuple[Troubled, ...] = ()
    gaps: tuple[Gap, ...] = ()
    marks_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A take has become a recording.

    Attributes:
        path: The recording.
        take: What was recorded.
        is_rescued: Whether it was found after a crash.
        live: The live text it has; ``None`` without one.
        project_id: The project its transcript goes into.
    """

    path: Path
    take: Take
    is_rescued: bool
    live: LiveLeft | None = None
    project_id: ProjectId = NO_PROJECT


class RecordingProcess(Protocol):
    """The process that records, as it is followed: see ``CaptureChild``."""

    @property
    def process_id(self) -> int:
        """The system's number of it."""
        ...

    @property
    def is_of_another_build(self) -> bool:
        """Whether it ended at once since the program was replaced meanwhile."""
        ...

    @property
    def last_words(self) -> str:
        """The end of what it wrote to standard error, for details."""
        ...

    def tell(self, order: Order) -> None:
        """Give it an order."""
        ...

    def reports(self) -> AsyncGenerator[Report]:
        """Give what it tells until it ends, however it ends."""
        ...


StartChild = Callable[[Begin], Awaitable[RecordingProcess]]
Listener = Callable[[TakeNow | None], None]
Last = Callable[[], Awaitable[None]]
ListDevices = Callable[[], Awaitable[list[Device]]]
HandOn = Callable[[Kept], Awaitable[None]]
"""Makes a job of a recording unless it has one; returns when that is on the disk."""


_NAMING_S = 0.01


class Taking:
    """The take of this program, and those that others left.

    Attributes:
        now: The take that is being recorded; ``None`` without one.
    """

    def __init__(
        self,
        takes: Path,
        recordings: Callable[[], Path],
        hand_on: HandOn,
        *,
        goes_on: bool = True,
        list_devices: ListDevices | None = None,
        start_child: StartChild = CaptureChild.start,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Say where things lie.

        Args:
            takes: The folder of takes that are not recordings yet.
            recordings: Gives the folder recordings go to.
            hand_on: Is given each recording.
            goes_on: Whether recording goes on for a while when this program dies.
            list_devices: Gives what can be recorded; looked for in this process if left out.
            start_child: Starts the process that records.
            sleep: Waits so many seconds.
        """
        self._list_devices = list_devices or devices_here
        self._start_child = start_child
        self._sleep = sleep
        self._goes_on = goes_on
        self.now: TakeNow | None = None
        self._takes = takes
        self._recordings = recordings
        self._hand_on = hand_on
        self._listeners: list[Listener] = []
        self._child: RecordingProcess | None = None
        self._follows: InstanceLock | None = None
        self._following: asyncio.Task[None] | None = None
        self._begun: asyncio.Future[None] | None = None
        self._settling = asyncio.Lock()

    @property
    def child_id(self) -> int | None:
        """The system's number of the process that records, if one does."""
        return None if self._child is None else self._child.process_id

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` whenever ``now`` has changed; gives a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def devices(self) -> list[Device]:
        """Give what can be recorded on this computer now.

        Raises:
            RecordingError: The sound system cannot be reached.
        """
        return await self._list_devices()

    async def start(
        self, sources: tuple[Source, ...], *, project_id: ProjectId = NO_PROJECT
    ) -> None:
        """Begin a take; returns when sound comes.

        Args:
            sources: What to record, a channel each.
            project_id: The project its transcript is to go into.

        Raises:
            RecordingError: A source cannot be opened; nothing was begun.
            StorageError: The disk takes nothing; nothing was begun.
        """
        if self.now is not None:
            raise RecordingError("A recording is already running. Stop it first.")
        ffmpeg = str(await asyncio.to_thread(find_ffmpeg))
        folder = TakeFolder(self._takes / f"{now_ms()}-{uuid.uuid4().hex[:8]}")
        begin = Begin(folder.path, sources, ffmpeg, goes_on=self._goes_on)
        self._show(TakeNow(folder.path.name, sources))
        self._follows = folder.window
        try:
            await asyncio.to_thread(self._follows.acquire)
        except StorageError:
            self._show(None)
            raise
        self._begun = asyncio.get_running_loop().create_future()
        try:
            self._child = await self._start_child(begin)
        except RecordingError:
            await asyncio.to_thread(self._remove, folder)
            self._show(None)
            raise
        self._following = asyncio.create_task(self._follow(begin), name="follow a take")
        try:
            await asyncio.shield(self._begun)
        except RecordingError:
            await self._following
            await asyncio.to_thread(self._remove, folder)
            self._show(None)
            raise
        if project_id != NO_PROJECT:
            try:
                await asyncio.to_thread(folder.write_project, project_id)
            except StorageError as error:  # it records, and that counts
                _log.info("The project of a take could not be kept: %s", error)

    def pause(self) -> None:
        """Keep nothing until ``resume``."""
        self._tell(Word.PAUSE)

    def resume(self) -> None:
        """Go on after a pause."""
        self._tell(Word.RESUME)

    def mark(self) -> None:
        """Mark this moment."""
        self._tell(Word.MARK)

    @property
    def folder(self) -> TakeFolder | None:
        """Where the sound of the take grows, while something is recorded."""
        return None if self.now is None else TakeFolder(self._takes / self.now.take_id)

    async def stop(self, last: Last | None = None) -> Kept | None:
        """Finish the take and hand its recording on; gives it, or ``None`` without sound.

        Args:
            last: Done once all sound is on the disk, before it is put together; whatever
                reads the growing sound reads its end there.

        Raises:
            AppError: The recording could not be made; the sound stays, and ``adopt`` tries
                again.
        """
        folder = await self._finished(last)
        if folder is None:
            return None
        try:
            return await self._settle(folder, is_rescued=False)
        finally:
            self._let_go()
            self._show(None)

    async def drop(self, last: Last | None = None) -> None:
        """Finish the take and keep nothing of its sound.

        Args:
            last: As of ``stop``.
        """
        folder = await self._finished(last)
        if folder is not None:
            await asyncio.to_thread(self._remove, folder)
            self._show(None)

    async def _finished(self, last: Last | None) -> TakeFolder | None:
        """Wait until all sound is on the disk; gives where, if anything was recorded."""
        following, folder = self._following, self.folder
        if self.now is None or following is None or folder is None:
            return None
        self._show(replace(self.now, is_finishing=True))
        self._tell(Word.STOP)
        await following
        if last is not None:
            await last()
        return folder

    async def adopt(self) -> list[Kept]:
        """Make recordings of the takes that nobody owns; those of a dead window finish first.

        One that a program follows which lives, as the terminal's does beside the window, is
        that program's.

        Raises:
            AppError: One could not be made; the others are, and it is tried again next time.
        """
        found: list[Kept] = []
        failed: AppError | None = None
        for folder in await asyncio.to_thread(takes_in, self._takes):
            if await asyncio.to_thread(folder.is_followed):
                continue
            try:
                await self._wait_for_owner(folder)
                kept = await self._settle(folder, is_rescued=True)
            except AppError as error:
                _log.info("A take could not be rescued: %s", error.details or error)
                failed = error
                continue
            if kept is not None:
                found.append(kept)
        if failed is not None:
            raise failed
        return found

    async def aclose(self) -> None:
        """Let go of the take; its process finishes by itself, and ``adopt`` finds it."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._follows is not None:
            self._follows.release()
            self._follows = None

    def _remove(self, folder: TakeFolder) -> None:
        """Leave nothing of a take."""
        shutil.rmtree(folder.path, ignore_errors=True)
        if self._follows is not None and self._follows.path.parent == folder.path:
            self._let_go()
        if folder.path.exists():  # not everywhere can a lock be removed that is held
            shutil.rmtree(folder.path, ignore_errors=True)

    # -- following ------------------------------------------------------------

    def _tell(self, word: Word) -> None:
        if self._child is not None:
            self._child.tell(word)

    def _show(self, now: TakeNow | None) -> None:
        self.now = now
        for listener in tuple(self._listeners):
            listener(now)

    async def _follow(self, begin: Begin) -> None:
        """Hear the process until the take is over; start another one where it dies."""
        deaths: list[int] = []
        while (child := self._child) is not None:
            is_over = is_refused = False
            async for report in child.reports():
                is_over = self._take_in(report) or is_over
                is_refused = isinstance(report, Refused)
            self._child = None
            if is_over or self._is_at_end:
                return
            if is_refused:  # the device went away with the process; it may come back
                self._trouble(Troubled(Trouble.LOST, None))
                await self._sleep(_AGAIN_S)
                if self.now is not None and self.now.is_finishing:
                    return
            else:
                now = monotonic_ms()
                deaths = [one for one in deaths if now - one < _QUIET_MS] + [now]
                _log.error("The recording process died: %s", child.last_words)
                if self._refuse_unbegun(child):
                    return
                if len(deaths) > _MOST_DEATHS or child.is_of_another_build:
                    self._trouble(Troubled(Trouble.ENDED, None))
                    return
            try:
                self._child = await self._start_child(begin)
            except RecordingError:
                self._trouble(Troubled(Trouble.ENDED, None))
                return

    @property
    def _is_at_end(self) -> bool:
        """Whether nobody is to go on with the take: it is stopped, or its sound deleted."""
        return self.now is not None and (
            self.now.is_finishing
            or any(one.trouble is Trouble.DELETED for one in self.now.troubles)
        )

    def _trouble(self, troubled: Troubled) -> None:
        if self.now is not None:
            self._show(replace(self.now, troubles=_troubles(self.now.troubles, troubled)))

    def _refuse_unbegun(self, child: RecordingProcess) -> bool:
        if self._begun is None or self._begun.done():
            return False
        sentence, action = message("Recording could not be started. Try again."), Action.RETRY
        if child.is_of_another_build:
            sentence, action = UPDATED_MEANWHILE, Action.RESTART
        self._begun.set_exception(
            RecordingError(sentence, action=action, details=child.last_words)
        )
        return True

    def _take_in(self, report: Report) -> bool:
        """Take a report into ``now``; tells whether it was the last one."""
        now = self.now
        if now is None:
            return isinstance(report, Finished | Refused)
        match report:
            case Started():
                if self._begun is not None and not self._begun.done():
                    self._begun.set_result(None)
                self._show(replace(now, is_recording=True))
                self._trouble(Troubled(Trouble.LOST, None, is_over=True))
            case Refused():
                if self._begun is not None and not self._begun.done():
                    refusal = RecordingError(report.message, details=report.details)
                    self._begun.set_exception(refusal)
                    return True
            case Heard(at_ms, first_file_ms=first_file_ms):
                self._show(
                    replace(
                        now,
                        at_ms=at_ms,
                        first_file_ms=at_ms if first_file_ms is None else first_file_ms,
                        levels=report.levels,
                        sound_bytes=report.sound_bytes,
                        free_bytes=report.free_bytes,
                        is_paused=report.is_paused,
                    )
                )
            case Troubled():
                self._show(replace(now, troubles=_troubles(now.troubles, report)))
            case Missed(gap):
                self._show(replace(now, gaps=(*now.gaps, gap)))
            case Marked(at_ms):
                self._show(replace(now, marks_ms=(*now.marks_ms, at_ms)))
            case Finished(duration_ms):
                self._show(replace(now, at_ms=duration_ms))
                return True
            case Listed():
                pass  # nobody has asked this one
        return False

    # -- making a recording ---------------------------------------------------

    async def _wait_for_owner(self, folder: TakeFolder) -> None:
        """Ask the process of a dead window to finish, and wait until it has."""
        if not await asyncio.to_thread(folder.is_being_recorded):
            return
        try:
            await asyncio.to_thread(folder.stop_file.touch)
        except OSError as error:
            raise StorageError(explain(error, folder.stop_file)) from error
        # Another process's lock tells nobody when it goes: only looking helps.
        while await asyncio.to_thread(folder.is_being_recorded):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)

    async def _settle(self, folder: TakeFolder, *, is_rescued: bool) -> Kept | None:
        async with self._settling:
            if not await asyncio.to_thread(folder.path.is_dir):
                return None
            parts = await asyncio.to_thread(folder.parts)
            if not parts:
                await asyncio.to_thread(self._remove, folder)
                return None
            lock = InstanceLock(self._takes / "naming.lock")
            while True:
                if await asyncio.to_thread(lock.acquire):
                    break
                await asyncio.sleep(_NAMING_S)  # another process names its own
            try:
                take = await asyncio.to_thread(self._named, folder)
            finally:
                await asyncio.to_thread(lock.remove)
            target = Path(take.file)
            if not await asyncio.to_thread(target.exists):
                await join_parts(parts, target, marks_ms=take.marks_ms)
            live = await asyncio.to_thread(folder.read_live)
            project_id = await asyncio.to_thread(folder.read_project)
            kept = Kept(target, take, is_rescued, live, project_id)
            await self._hand_on(kept)
            await asyncio.to_thread(self._remove, folder)
            return kept

    def _named(self, folder: TakeFolder) -> Take:
        """Choose the recording's name and keep it, so that a second try takes the same one."""
        take = folder.read()
        if take.state is TakeState.FINISHING and take.file:
            return take
        name = f"{recording_name(take.began_at_ms)}.flac"
        # Whoever finds its file there takes it for its own: no two may have one name.
        taken = self._names_chosen(folder)
        target, number = unused_name(self._recordings() / name), 1
        while str(target) in taken:
            number += 1
            target = unused_name(target.with_name(f"{Path(name).stem} {number}.flac"))
        take = replace(take, state=TakeState.FINISHING, file=str(target))
        folder.write(take)
        return take

    def _names_chosen(self, own: TakeFolder) -> set[str]:
        """Give the files that other takes are about to become."""
        found: set[str] = set()
        for other in takes_in(self._takes):
            if other.path != own.path:
                with suppress(AppError, OSError):
                    found.add(other.read().file)
        return found


async def devices_here() -> list[Device]:
    """Give what can be recorded, as this process sees it.

    Raises:
        RecordingError: The sound system cannot be reached.
    """

    def ask() -> list[Device]:
        with loading():
            from app.capture.devices import find_backend  # and with it NumPy

        return find_backend(str(find_ffmpeg())).devices()

    return await asyncio.to_thread(ask)


def devices_meanwhile(system: str = sys.platform) -> ListDevices:
    """Give what lists devices for a program that stays open while they come and go.

    Args:
        system: Which system it is. A sound server tells anybody what there is now; the
            libraries of the others tell only a process that has just begun.
    """
    return DeviceLister().devices if system in {"win32", "darwin"} else devices_here


def recording_name(began_at_ms: int) -> str:
    """Give what a recording is called that began at a time, since 1970."""
    began = dt.datetime.fromtimestamp(began_at_ms / 1_000).astimezone()
    return f"Recording {began:%Y-%m-%d %H.%M}"


def dictation_name(began_at_ms: int) -> str:
    """Give what a text is called that was dictated from a time on, since 1970."""
    began = dt.datetime.fromtimestamp(began_at_ms / 1_000).astimezone()
    return f"Dictation {began:%Y-%m-%d %H.%M}"


def _troubles(before: tuple[Troubled, ...], report: Troubled) -> tuple[Troubled, ...]:
    """Give what is wrong after a report: each trouble of a source once."""
    rest = tuple(
        one
        for one in before
        if (one.trouble, one.channel) != (report.trouble, report.channel)
        and not (_ends(report, one))
    )
    return rest if report.is_over else (*rest, report)


def _ends(report: Troubled, one: Troubled) -> bool:
    """Tell whether sound that comes again ends a trouble that bears another name."""
    gone = {Trouble.LOST, Trouble.STALLED}
    return (
        report.is_over
        and {report.trouble, one.trouble} <= gone
        and (one.channel == report.channel)
    )
