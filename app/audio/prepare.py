"""Carry out a plan: one pass of ffmpeg over the recording makes everything.

The pass decodes the source once and splits the sound: into the copy for the
recogniser, into the playback copy where one is needed, and through a pipe to us, where
it becomes the waveform, the progress and the true length. Only what is cut
into parts is read again, from the copy. 16 kHz mono serves all three, so that a
playback copy costs nothing where the recogniser gets the whole as FLAC: it is the very
same file.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio.cache import (
    PEAKS_NAME,
    PROXY_NAME,
    Facts,
    PlaybackCache,
    PlaybackFiles,
)
from app.audio.cut import Span, cut, find_spans
from app.audio.encode import failure
from app.audio.flaws import find_flaw, is_complaint
from app.audio.graph import pass_arguments
from app.audio.parts import Part, kept_parts, put_in_place
from app.audio.plan import Form, Lane, Plan, plays_whole, remark_on, seeks_truly, size_text
from app.audio.probe import LONGEST_MS, count_ms, too_long
from app.audio.process import Finished, run_ffmpeg
from app.audio.room import check_room, free_bytes_at
from app.audio.source import Stamp, check_unchanged
from app.core.errors import Action, RecordingError, StorageError
from app.core.messages import Message, message
from app.core.recording import Recording
from app.core.timecode import clock
from app.system.loading import load_modules
from app.system.locks import WorkFolder

if TYPE_CHECKING:
    from app.audio.peaks import PeaksWriter

_SHORT_BY_MS = 2_000
_TELL_EVERY_MS = 10_000
_END_MS = 500  # odd bytes after the end of the sound
_FAR_LONGER_MS = 60_000
_LONGER_MS = 600_000
"""A recording that goes on longer than it says gets no further; ``room`` leaves this much."""
_TOO_LONG = message(
    "This recording is far longer than it claims to be. Save it again with an audio program "
    "and add that file."
)
_BEHIND_THE_END = message(
    "The part you chose is after the end of the recording. Choose another part."
)
_LIMITED = 31_000
"""A boosted sound this loud was not quiet elsewhere: the limiter held it."""
_UNHEARD_DB = -80.0
_PEAK = re.compile(r"astats@lane(\d+) @[^\n]*Peak level dB: *(-?[\w.]+)")


class DamagedError(RecordingError):
    """A recording breaks off before its end; what comes before can be used.

    To use it, plan and prepare again with this in ``Recording.damaged_at_ms``.

    Attributes:
        damaged_at_ms: Where it breaks off.
    """

    def __init__(self, damaged_at_ms: int, details: str) -> None:
        self.damaged_at_ms = damaged_at_ms
        super().__init__(
            message(
                "This recording is damaged after {time}. Use the part before that, or copy "
                "the file again.",
                time=clock(damaged_at_ms),
            ),
            action=Action.USE_READABLE_PART,
            details=details,
        )


class LongerError(RecordingError):
    """A recording goes on far longer than it says, and than there is room for.

    To use it all the same, plan and prepare again with this in ``Recording.duration_ms``.

    Attributes:
        duration_ms: How long it is by its packets.
    """

    def __init__(self, duration_ms: int) -> None:
        self.duration_ms = duration_ms
        super().__init__(_TOO_LONG, action=Action.CHOOSE_FILE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A recording ready for the recogniser and the player.

    Attributes:
        parts: What to recognise, in order, channel by channel.
        peaks_path: The waveform.
        proxy_path: The copy to play instead of the recording, where one is needed.
        duration_ms: Length of the whole recording, as decoded.
        damaged_at_ms: Where it breaks off, if it does.
        note: What was done, or what is wrong with it, for the job's row.
        remark: What is worth knowing of it even when all is done, if anything is.
    """

    parts: tuple[Part, ...]
    peaks_path: Path
    proxy_path: Path | None
    duration_ms: int
    damaged_at_ms: int | None
    note: Message
    remark: Message | None = None


async def prepare(
    recording: Recording,
    plan: Plan,
    folder: Path,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    cache: PlaybackCache,
    free_bytes: Callable[[Path], int] = free_bytes_at,
) -> Prepared:
    """Make everything a job needs of a recording.

    What an earlier run of the same plan left in the folder is used again. When
    cancelled, ffmpeg is killed and nothing half made stays.

    Args:
        recording: As ``probe`` found it.
        plan: As ``make_plan`` gave it.
        folder: The job's own; the parts stay there.
        on_progress: Gets milliseconds decoded and milliseconds in all, on the loop.
        cache: Where waveform and playback copy are kept.
        free_bytes: Tells the free space where a folder lies.

    Raises:
        DamagedError: The recording breaks off, and nobody agreed to that yet.
        LongerError: It is far longer than it says.
        RecordingError: It cannot be decoded, or changed meanwhile.
        StorageError: There is no room.
    """
    stamp = Stamp(recording.size_bytes, recording.modified_ns)
    await asyncio.to_thread(check_unchanged, recording.path, stamp)
    playback = await asyncio.to_thread(cache.find, recording, needs_proxy=plan.needs_proxy)
    parts = await asyncio.to_thread(kept_parts, recording, plan, folder)
    if playback is not None and parts is None and plan.form is Form.ORIGINAL:
        parts = (_original(recording, playback.facts),)
    if playback is None or parts is None:
        await asyncio.to_thread(check_room, recording, plan, folder, cache.folder, free_bytes)
        work = _Pass(recording, plan, on_progress)
        playback, parts = await work.carry_out(folder, cache, playback, parts)
    _check_damage(recording, playback.facts, "")
    duration_ms = playback.facts.duration_ms
    is_longer = duration_ms > recording.duration_ms and not plays_whole(recording, duration_ms)
    is_in_one = plan.split_ms is None and plan.form in {Form.FLAC, Form.OPUS}
    is_far_longer = duration_ms > recording.duration_ms + _FAR_LONGER_MS
    if is_longer and (plan.form is Form.ORIGINAL or (is_in_one and is_far_longer)):
        raise LongerError(duration_ms)
    return Prepared(
        parts=parts,
        peaks_path=playback.peaks_path,
        proxy_path=playback.proxy_path if plan.needs_proxy else None,
        duration_ms=playback.facts.duration_ms,
        damaged_at_ms=playback.facts.damaged_at_ms,
        note=_note(recording, plan, playback.facts),
        remark=_what_is_wrong(recording, playback.facts) or remark_on(recording),
    )


async def make_playback_files(
    recording: Recording,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    cache: PlaybackCache,
    free_bytes: Callable[[Path], int] = free_bytes_at,
) -> PlaybackFiles:
    """Make waveform and playback copy alone; for when the cache has lost them.

    Args:
        recording: As ``probe`` found it.
        on_progress: Gets milliseconds decoded and in all while a playback copy is made.
        cache: Where waveform and playback copy are kept.
        free_bytes: Tells the free space where a folder lies.

    Raises:
        RecordingError: The recording cannot be decoded, or changed meanwhile.
        StorageError: There is no room.
    """
    needs_proxy = not seeks_truly(recording)
    playback = await asyncio.to_thread(cache.find, recording, needs_proxy=needs_proxy)
    if playback is not None and not needs_proxy:
        # Only decoding told that a player would end before the sound does.
        needs_proxy = not plays_whole(recording, playback.facts.duration_ms)
        playback = playback if playback.proxy_path or not needs_proxy else None
    if playback is not None:
        return playback
    plan = Plan(Form.ORIGINAL, 0, None, (Lane(),), None, 0, needs_proxy, message(""))
    accepting = replace(recording, damaged_at_ms=recording.damaged_at_ms or 0)
    await asyncio.to_thread(check_room, recording, plan, cache.folder, cache.folder, free_bytes)
    try:
        told = on_progress if needs_proxy else None
        playback, _ = await _Pass(accepting, plan, told).carry_out(
            cache.folder, cache, None, ()
        )
    except LongerError as error:
        longer = replace(recording, duration_ms=error.duration_ms)
        return await make_playback_files(
            longer, on_progress, cache=cache, free_bytes=free_bytes
        )
    if not needs_proxy and not plays_whole(recording, playback.facts.duration_ms):
        return await make_playback_files(
            recording, on_progress, cache=cache, free_bytes=free_bytes
        )
    return playback


@dataclass(slots=True)
class _Trouble:
    """What ffmpeg complained of while decoding, and how loud each lane is.

    Attributes:
        lines: The first complaints.
        peaks_db: The loudest sample of each lane that is measured.
    """

    lines: list[str] = field(default_factory=list[str])
    peaks_db: dict[int, float] = field(default_factory=dict[int, float])

    def hear(self, line: str) -> None:
        if is_complaint(line) and len(self.lines) < 20:
            self.lines.append(line)
        if (found := _PEAK.search(line)) is not None:  # threads write at once: perhaps both
            self.peaks_db[int(found.group(1))] = float(found.group(2))


class _Pass:
    """One pass over one recording."""

    def __init__(
        self,
        recording: Recording,
        plan: Plan,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self._recording = recording
        self._plan = plan
        self._on_progress = on_progress
        self._trouble = _Trouble()
        self._loudest = 0

    async def carry_out(
        self,
        folder: Path,
        cache: PlaybackCache,
        playback: PlaybackFiles | None,
        parts: tuple[Part, ...] | None,
    ) -> tuple[PlaybackFiles, tuple[Part, ...]]:
        """Make what is missing of playback and parts, whole or not at all."""
        await asyncio.to_thread(_make_ready, folder, cache.folder)
        # Made here, not in a thread: a folder made behind a cancelled wait would stay.
        making, cached = WorkFolder(folder), WorkFolder(cache.folder)
        try:
            copies = [] if parts is not None else self._copies(making.path)
            facts = await self._decode(copies, cached.path, with_proxy=playback is None)
            if self._recording.gain > 1.0 and self._loudest > _LIMITED:
                self._recording = replace(self._recording, gain=1.0)
                await asyncio.to_thread(_unlink, *copies, cached.path / PROXY_NAME)
                facts = await self._decode(copies, cached.path, with_proxy=playback is None)
            _check_damage(self._recording, facts, "\n".join(self._trouble.lines))
            if parts is None:
                parts = await self._make_parts(copies, facts, making.path, folder)
            if playback is None:
                playback = await asyncio.to_thread(
                    cache.save, self._recording, cached.path, facts
                )
        finally:
            # Removing large files takes a while on some disks; not in the window's thread.
            await asyncio.to_thread(_remove, making, cached)
        return playback, parts

    def _copies(self, making: Path) -> list[Path]:
        if self._plan.form is Form.ORIGINAL:
            return []
        return [
            making / f"copy-{place}{self._copy_form.suffix}"
            for place in range(len(self._plan.lanes))
        ]

    @property
    def _copy_form(self) -> Form:
        """Form of the copy; what will be cut stays lossless until then."""
        return self._plan.form if self._plan.split_ms is None else Form.FLAC

    @property
    def _shares_proxy(self) -> bool:
        """Whether the copy for the recogniser can be played as well."""
        plan = self._plan
        is_whole = plan.start_ms == 0 and plan.end_ms is None
        return is_whole and self._copy_form is Form.FLAC and plan.lanes == (Lane(),)

    async def _decode(self, copies: list[Path], cached: Path, *, with_proxy: bool) -> Facts:
        wants_proxy = with_proxy and self._plan.needs_proxy
        proxy = cached / PROXY_NAME
        shares = wants_proxy and bool(copies) and self._shares_proxy
        arguments = pass_arguments(
            self._recording,
            self._plan,
            copies,
            self._copy_form,
            proxy if wants_proxy and not shares else None,
        )
        self._trouble = _Trouble()
        await load_modules("app.audio.peaks")
        from app.audio.peaks import PeaksWriter

        with PeaksWriter(cached / PEAKS_NAME) as peaks:
            try:
                said = await run_ffmpeg(
                    arguments,
                    on_sound=_Feeder(peaks, self._recording.duration_ms, self._on_progress),
                    on_line=self._trouble.hear,
                )
            except _RunsOnError:
                raise await self._longer() from None
            await asyncio.to_thread(peaks.finish)
        stamp = Stamp(self._recording.size_bytes, self._recording.modified_ns)
        await asyncio.to_thread(check_unchanged, self._recording.path, stamp)
        self._loudest = peaks.loudest
        facts = await self._judge(said, peaks.duration_ms)
        if shares:
            await asyncio.to_thread(_link, copies[0], proxy)
        return facts

    async def _longer(self) -> RecordingError:
        """Find out how long a recording is that goes on behind its end."""
        duration_ms = await count_ms(self._recording)
        if duration_ms > LONGEST_MS:
            return too_long(duration_ms)
        if duration_ms <= self._recording.duration_ms + _LONGER_MS:
            return RecordingError(_TOO_LONG, action=Action.CHOOSE_FILE)  # nothing tells
        return LongerError(duration_ms)

    async def _judge(self, said: Finished, duration_ms: int) -> Facts:
        """Work out from a finished pass how much of the recording there is."""
        if said.exit_code != 0:
            error = failure(said)
            if isinstance(error, StorageError) or duration_ms == 0:
                raise error
        if duration_ms == 0:
            raise RecordingError(
                "The audio in this recording cannot be read. Choose another file.",
                action=Action.CHOOSE_FILE,
                details=said.tail,
            )
        if duration_ms > LONGEST_MS:
            raise too_long(duration_ms)
        claimed_ms = self._recording.duration_ms
        is_short = duration_ms < claimed_ms - _tolerated_ms(self._recording, claimed_ms)
        if any("partial file" in line for line in self._trouble.lines):
            is_short = is_short or duration_ms < claimed_ms - _END_MS
        has_trouble = bool(self._trouble.lines) and not self._recording.is_whole
        if (self._recording.has_video or len(self._recording.tracks) > 1) and not has_trouble:
            is_short = False  # pictures, or another track, may go on after the sound
        if not is_short and self._plan.start_ms >= duration_ms:
            raise RecordingError(_BEHIND_THE_END, action=Action.CHOOSE_MODEL)
        if is_short or said.exit_code != 0:
            return Facts(duration_ms, damaged_at_ms=duration_ms)
        flawed_at_ms = self._recording.flawed_at_ms
        if flawed_at_ms is None and has_trouble:
            flawed_at_ms = await find_flaw(self._recording)
        is_stream = self._recording.container in _STREAMS
        end_ms = _END_MS * 2 if is_stream else _END_MS
        if flawed_at_ms is not None and flawed_at_ms > duration_ms - end_ms:
            flawed_at_ms = None  # odd bytes after the end of the sound
        if flawed_at_ms == 0 and is_stream:
            flawed_at_ms = None  # it begins within a frame
        return Facts(duration_ms, flawed_at_ms=flawed_at_ms)

    async def _make_parts(
        self, copies: list[Path], facts: Facts, making: Path, folder: Path
    ) -> tuple[Part, ...]:
        if self._plan.form is Form.ORIGINAL:
            return (_original(self._recording, facts),)
        parts: list[Part] = []
        for number in self._heard_lanes():
            channel = None if self._plan.lanes[number].is_mix else number
            parts += await self._cut_copy(copies[number], channel, facts, making)
        await asyncio.to_thread(put_in_place, parts, self._recording, self._plan, folder)
        return tuple(replace(part, path=folder / part.path.name) for part in parts)

    def _heard_lanes(self) -> list[int]:
        """Give the lanes in which there is any sound; nobody pays for silence."""
        lanes = list(range(len(self._plan.lanes)))
        peaks_db = self._trouble.peaks_db
        heard = [lane for lane in lanes if peaks_db.get(lane, 0.0) > _UNHEARD_DB]
        return heard or lanes[:1]

    async def _cut_copy(
        self, copy: Path, channel: int | None, facts: Facts, making: Path
    ) -> list[Part]:
        plan = self._plan
        span_ms = plan.span_ms(facts.duration_ms)
        if span_ms <= 0:
            raise RecordingError(_BEHIND_THE_END, action=Action.CHOOSE_MODEL)
        if plan.split_ms is None:
            spans = [Span(0, span_ms)]
        else:
            spans = await find_spans(copy, span_ms, plan.split_ms, plan.overlap_ms)
        parts: list[Part] = []
        for index, span in enumerate(spans):
            suffix = "" if channel is None else f"-channel{channel}"
            path = making / f"part-{index:03}{suffix}{plan.form.suffix}"
            if plan.split_ms is None:
                copy.rename(path)
            else:
                await cut(copy, span, path, plan.form)
            start_ms, end_ms = plan.start_ms + span.start_ms, plan.start_ms + span.end_ms
            parts.append(Part(path, start_ms, end_ms, index, channel))
        return parts


class _RunsOnError(Exception):
    """More sound comes than was said."""


class _Feeder:
    """Hands decoded sound to the waveform and tells the loop how far it is."""

    def __init__(
        self,
        peaks: PeaksWriter,
        total_ms: int,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self._peaks = peaks
        self._total_ms = total_ms
        self._on_progress = on_progress
        self._loop = asyncio.get_running_loop()
        self._told_ms = 0

    def __call__(self, sound: bytes) -> None:
        self._peaks.feed(sound)
        done_ms = self._peaks.duration_ms
        if done_ms > self._total_ms + _LONGER_MS:
            raise _RunsOnError
        if self._on_progress is not None and done_ms - self._told_ms >= _TELL_EVERY_MS:
            self._told_ms = done_ms
            total_ms = max(self._total_ms, done_ms)
            self._loop.call_soon_threadsafe(self._on_progress, done_ms, total_ms)


def _tolerated_ms(recording: Recording, claimed_ms: int) -> int:
    """Say how much less sound than said is none missing: headers round, or only estimate."""
    if recording.container in _EXACT and not recording.has_video:
        return max(_SHORT_BY_MS // 2, claimed_ms // 1000)
    return max(_SHORT_BY_MS, claimed_ms // 100)


_STREAMS = frozenset({"aac", "ac3", "mpegts"})
"""What is sent without an end, and is taken down from and to any place."""
_EXACT = frozenset({"wav", "flac", "matroska", "aiff", "w64", "caf"})


def _original(recording: Recording, facts: Facts) -> Part:
    """Give the recording itself as the one part."""
    return Part(recording.path, 0, facts.duration_ms, 0, None)


def _check_damage(recording: Recording, facts: Facts, details: str) -> None:
    if facts.damaged_at_ms is not None and recording.damaged_at_ms is None:
        raise DamagedError(facts.damaged_at_ms, details)


def _make_ready(*parents: Path) -> None:
    """Make folders, private to the user, and clear away what a crash left in them."""
    for parent in parents:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        WorkFolder.remove_leftovers(parent)


def _remove(*folders: WorkFolder) -> None:
    for folder in folders:
        folder.close()


def _unlink(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    """Have the same content under a second name, without a copy where the disk can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _note(recording: Recording, plan: Plan, facts: Facts) -> Message:
    return _what_is_wrong(recording, facts) or plan.reason


def _what_is_wrong(recording: Recording, facts: Facts) -> Message | None:
    """Say what of a recording is missing, if anything is."""
    if facts.damaged_at_ms is not None:
        return message(
            "The recording is damaged. Only the part before {time} is used.",
            time=clock(facts.damaged_at_ms),
        )
    if facts.flawed_at_ms is not None:
        return message(
            "The recording is damaged near {time}. A little may be missing there.",
            time=clock(facts.flawed_at_ms),
        )
    if recording.unread_bytes:
        return message(
            "The last {size} of this file could not be read. Words may be missing at the end.",
            size=size_text(recording.unread_bytes),
        )
    return None
