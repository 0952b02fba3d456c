"""Record a take: read the sources, line them up, write, and say what happens while it does.

Runs in the process that records, and is told the time by its caller, so that tests can
let ten hours pass in a minute. ``tick`` never waits for a device: opening one again, and
asking the server where a stream is, happen in a thread of their own.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.capture.backend import Backend, Block, Stream
from app.capture.journal import TakeFolder
from app.capture.lineup import Lineup, Missing
from app.capture.protocol import (
    Finished,
    Heard,
    Marked,
    Missed,
    Report,
    Started,
)
from app.capture.writer import FULL, PartWriter
from app.core.errors import RecordingError, StorageError
from app.core.take import (
    RATE_HZ,
    SILENT_MS,
    Gap,
    GapReason,
    Level,
    Source,
    SourceKind,
    Take,
    TakeState,
    Trouble,
    Troubled,
    bytes_to_ms,
)

TICK_MS = 50
_LEVELS_MS = 100
_LOOK_MS = 2_000
_JOURNAL_MS = 2_000
_ASLEEP_MS = 3_000


@dataclass(slots=True)
class _Lane:
    """One source and how it fares."""

    source: Source
    stream: Stream | None = None
    has_ended: bool = False
    peak: int = 0
    squares: float = 0.0
    count: int = 0
    zeros_since_ms: int | None = None
    is_silent: bool = False
    missing_since: int | None = None
    actual: str = ""
    is_moved: bool = False
    moved_to: str = ""

    @property
    def follows(self) -> bool:
        """Whether it is whatever the computer plays, wherever that goes."""
        return self.source.kind is SourceKind.COMPUTER and not self.source.device


@dataclass(slots=True)
class Clocks:
    """What tells the time.

    Attributes:
        monotonic_ms: Never jumps, and may or may not go on while the computer sleeps.
        now_ms: Since 1970.
        asleep_ms: How long the computer has slept since it was started, as far as known.
    """

    monotonic_ms: Callable[[], int]
    now_ms: Callable[[], int]
    asleep_ms: Callable[[], int] = field(default=lambda: 0)


class Recorder:
    """Records one take from the first sound to the last.

    Args:
        folder: Of the take; there, and owned by this process.
        sources: What to record.
        backend: The way to the devices.
        clocks: What tells the time.
        tell: Takes the reports; must not block.

    Attributes:
        is_deleted: Whether somebody has deleted the sound, so that to go on is of no use.
    """

    def __init__(
        self,
        folder: TakeFolder,
        sources: Sequence[Source],
        backend: Backend,
        clocks: Clocks,
        tell: Callable[[Report], None],
    ) -> None:
        self.is_deleted = False
        self._folder = folder
        self._backend = backend
        self._clocks = clocks
        self._tell = tell
        self._lanes = [_Lane(source) for source in sources]
        self._lock = threading.Lock()
        self._came: deque[tuple[int, Block, int]] = deque()
        self._base_ms, self._base_bytes = folder.duration_ms(), folder.sound_bytes()
        self._first_ms = folder.first_file_ms()
        now_ms = clocks.monotonic_ms()
        self._lineup = Lineup(len(sources), now_ms)
        self._writer = PartWriter(folder, len(sources), clocks.monotonic_ms)
        self._last_tick_ms = now_ms
        self._slept_ms = clocks.asleep_ms()
        self._levels_ms = self._looked_ms = self._kept_ms = now_ms
        self._paused_since_ms: int | None = None
        self._disk_trouble: Trouble | None = None
        self._lost_bytes = 0
        self._is_unkept = False
        self._looking: threading.Thread | None = None
        self._take = self._begun_take(tuple(sources))

    @property
    def at_ms(self) -> int:
        """How long the sound of the take is, with what waits for the disk."""
        return self._base_ms + self._writer.position_ms

    def begin(self) -> None:
        """Open every source.

        Raises:
            RecordingError: One cannot be opened; none is open then.
            StorageError: The journal cannot be written.
        """
        self._folder.write(self._take)
        try:
            for channel, lane in enumerate(self._lanes):
                lane.stream = self._open(channel, lane.source)
        except RecordingError:
            self._close_streams()
            raise
        now_ms = self._clocks.monotonic_ms()
        self._last_tick_ms = now_ms
        self._tell(Started())

    def tick(self) -> None:
        """Take what has come and write it; to be called each ``TICK_MS``."""
        now_ms = self._clocks.monotonic_ms()
        self._see_sleep(now_ms)
        with self._lock:
            came, self._came = self._came, deque()
        for channel, block, came_ms in came:
            self._measure(channel, block, came_ms)
            if self._paused_since_ms is None:
                self._lineup.put(channel, block, came_ms)
        if self._paused_since_ms is None:
            rows, told = self._lineup.take(now_ms)
            for one in told:
                self._on_missing(one)
            self._writer.write(rows.tobytes())
            self._see_disk()
        else:
            self._lineup.drop(now_ms)
        self._see_silence(now_ms)
        if now_ms - self._levels_ms >= _LEVELS_MS:
            self._levels_ms = now_ms
            self._tell_levels()
        if now_ms - self._looked_ms >= _LOOK_MS:
            self._looked_ms = now_ms
            self._look_after()
            self._see_deleted()
        if self._is_unkept and now_ms - self._kept_ms >= _JOURNAL_MS:
            self._keep()

    def pause(self) -> None:
        """Keep nothing until ``resume``."""
        if self._paused_since_ms is None:
            self.tick()  # what was said before the button was pressed counts
            self._paused_since_ms = self._clocks.monotonic_ms()
            self._writer.sync()
            self._change(TakeState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._paused_since_ms is not None:
            now_ms = self._clocks.monotonic_ms()
            lost_ms = now_ms - self._paused_since_ms
            self._paused_since_ms = None
            with self._lock:
                self._came.clear()
            self._lineup.drop(now_ms)
            self._note(Gap(self.at_ms, lost_ms, GapReason.PAUSED))
            self._change(TakeState.RECORDING)

    def mark(self) -> None:
        """Mark this moment."""
        at_ms = self.at_ms
        self._take = self._take.with_mark(at_ms)
        self._keep()
        self._tell(Marked(at_ms))

    def finish(self) -> None:
        """Stop, and see to it that all sound is on the disk."""
        self.tick()
        self._close_streams()
        if self._paused_since_ms is None:
            self._writer.write(self._lineup.take_rest().tobytes())
        for channel, lane in enumerate(self._lanes):
            if lane.missing_since is not None:
                self._end_gap(channel, lane)
        self._writer.close()
        self._note_lost_sound()
        self._keep()
        if self.is_deleted:
            return
        self._tell_levels()
        self._tell(Finished(self._folder.duration_ms()))

    # Sources

    def _begun_take(self, sources: tuple[Source, ...]) -> Take:
        now_ms = self._clocks.now_ms()
        if not self._folder.parts():
            return Take(self._folder.path.name, sources, now_ms)
        take = self._folder.read()
        last = self._folder.parts()[-1].stat().st_mtime_ns // 1_000_000
        gap = Gap(self._base_ms, max(0, now_ms - last), GapReason.RESTARTED)
        self._tell(Missed(gap))
        return take.with_gap(gap)

    def _open(self, channel: int, source: Source) -> Stream:
        def came(block: Block) -> None:
            now_ms = self._clocks.monotonic_ms()
            with self._lock:
                self._came.append((channel, block, now_ms))

        def ended(_why: str) -> None:
            self._lanes[channel].has_ended = True

        return self._backend.open(source, came, ended)

    def _close_streams(self) -> None:
        self.wait_for_look(10.0)
        for lane in self._lanes:
            stream, lane.stream = lane.stream, None
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def wait_for_look(self, timeout_s: float) -> None:
        """Wait until devices that ended are looked for no longer, if they are; blocks."""
        if self._looking is not None:
            self._looking.join(timeout_s)

    def _look_after(self) -> None:
        """Open again what ended, and see where the rest really comes from, in a thread."""
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, daemon=True)
            self._looking.start()

    def _look(self) -> None:
        for channel, lane in enumerate(self._lanes):
            if lane.has_ended or lane.stream is None:
                self._open_again(channel, lane)
                continue
            actual = lane.stream.where()
            if actual is None:
                continue
            wanted = lane.source.device or lane.actual or actual
            is_moved = actual != wanted and not lane.follows
            if is_moved != lane.is_moved or (is_moved and actual != lane.moved_to):
                self._tell_moved(channel, lane, actual if is_moved else "")
            lane.actual = lane.actual or actual

    def _open_again(self, channel: int, lane: _Lane) -> None:
        stream, lane.stream = lane.stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
        default = Source(lane.source.kind)
        for source in dict.fromkeys((lane.source, default)):
            lane.has_ended = False
            try:
                lane.stream = self._open(channel, source)
            except RecordingError:
                lane.has_ended = True
                continue
            if source != lane.source:
                self._tell_moved(channel, lane, lane.stream.where() or "")
                lane.is_moved = True
            return

    def _tell_moved(self, channel: int, lane: _Lane, to: str) -> None:
        """Tell that the sound comes from another device, as a person calls that, or no more."""
        lane.moved_to, lane.is_moved = to, bool(to)
        name = to
        if to:
            with contextlib.suppress(RecordingError):
                name = next(
                    (
                        one.source.name
                        for one in self._backend.devices()
                        if one.source.device == to and one.source.name
                    ),
                    to,
                )
        self._tell(Troubled(Trouble.MOVED, channel, not to, name))

    # What is heard

    def _measure(self, channel: int, block: Block, came_ms: int) -> None:
        lane = self._lanes[channel]
        if not len(block):
            return
        as_int = block.astype(np.int32)
        peak = int(np.max(np.abs(as_int)))
        lane.peak = max(lane.peak, peak)
        lane.squares += float(np.sum(as_int.astype(np.float64) ** 2))
        lane.count += len(block)
        if peak:
            lane.zeros_since_ms = None
        elif lane.zeros_since_ms is None:
            lane.zeros_since_ms = came_ms

    def _tell_levels(self) -> None:
        levels: list[Level] = []
        for lane in self._lanes:
            rms = (lane.squares / lane.count) ** 0.5 if lane.count else 0.0
            levels.append(Level(round(lane.peak / 32_768, 4), round(rms / 32_768, 4)))
            lane.peak, lane.squares, lane.count = 0, 0.0, 0
        self._tell(
            Heard(
                self.at_ms,
                tuple(levels),
                self._base_bytes + self._writer.written_bytes,
                self._writer.free_bytes(),
                self._paused_since_ms is not None,
                self._first_file_ms(),
            )
        )

    def _first_file_ms(self) -> int | None:
        first_bytes = self._writer.first_bytes
        if self._first_ms is None and first_bytes is not None:
            self._first_ms = self._base_ms + bytes_to_ms(first_bytes, len(self._lanes))
        return self._first_ms

    def _see_silence(self, now_ms: int) -> None:
        for channel, lane in enumerate(self._lanes):
            since = lane.zeros_since_ms
            is_silent = since is not None and now_ms - since >= SILENT_MS
            if is_silent != lane.is_silent:
                lane.is_silent = is_silent
                self._tell(Troubled(Trouble.SILENT, channel, not is_silent))

    # What goes wrong

    def _see_sleep(self, now_ms: int) -> None:
        """Find out whether the computer slept, or this process was held up as if it had."""
        slept_ms = self._clocks.asleep_ms()
        was_asleep_ms = slept_ms - self._slept_ms
        held_up_ms = now_ms - self._last_tick_ms
        self._slept_ms, self._last_tick_ms = slept_ms, now_ms
        with self._lock:
            heard = sum(len(block) for channel, block, _ in self._came if channel == 0)
        # Held up by a busy computer, the sound waits for us; after sleep there is none.
        if held_up_ms >= _ASLEEP_MS and heard < held_up_ms * (RATE_HZ // 1_000) // 2:
            was_asleep_ms = max(was_asleep_ms, held_up_ms)
        if was_asleep_ms >= _ASLEEP_MS and self._paused_since_ms is None:
            self._lineup.forget_time(now_ms)
            self._note(Gap(self.at_ms, was_asleep_ms, GapReason.ASLEEP))

    def _on_missing(self, one: Missing) -> None:
        lane = self._lanes[one.channel]
        trouble = Trouble.LOST if lane.has_ended else Trouble.STALLED
        if one.is_back:
            self._end_gap(one.channel, lane)
            self._tell(Troubled(trouble, one.channel, is_over=True))
            return
        lane.missing_since = self._base_ms + one.since_ms
        self._tell(Troubled(trouble, one.channel))
        self._look_after()

    def _end_gap(self, channel: int, lane: _Lane) -> None:
        since, lane.missing_since = lane.missing_since, None
        if since is not None:
            is_gone = lane.has_ended or lane.is_moved
            reason = GapReason.UNPLUGGED if is_gone else GapReason.STALLED
            lost_ms = max(0, self.at_ms - since)
            self._note(Gap(since, lost_ms, reason, channel, is_filled=True))

    def _see_disk(self) -> None:
        problem = self._writer.problem
        trouble = None
        if problem is not None:
            trouble = Trouble.DISK_FULL if problem.errno in FULL else Trouble.DISK_FAILED
        if trouble is self._disk_trouble:
            return
        if trouble is None:
            assert self._disk_trouble is not None  # noqa: S101 - it differs
            self._tell(Troubled(self._disk_trouble, None, is_over=True))
            self._note_lost_sound()
        else:
            self._tell(Troubled(trouble, None))
        self._disk_trouble = trouble

    def _see_deleted(self) -> None:
        if not self.is_deleted and self._writer.is_deleted():
            self.is_deleted = True
            self._tell(Troubled(Trouble.DELETED, None))

    def _note_lost_sound(self) -> None:
        lost = self._writer.lost_bytes - self._lost_bytes
        if lost > 0:
            self._lost_bytes = self._writer.lost_bytes
            lost_ms = bytes_to_ms(lost, len(self._lanes))
            self._note(Gap(self.at_ms, lost_ms, GapReason.DISK_FULL))

    # The journal

    def _note(self, gap: Gap) -> None:
        self._take = self._take.with_gap(gap)
        self._tell(Missed(gap))
        self._keep()

    def _change(self, state: TakeState) -> None:
        self._take = replace(self._take, state=state)
        self._keep()
        self._tell_levels()

    def _keep(self) -> None:
        self._kept_ms = self._clocks.monotonic_ms()
        try:
            self._folder.write(self._take)
        except StorageError:
            self._is_unkept = True  # tried again: the sound matters more
        else:
            self._is_unkept = False
