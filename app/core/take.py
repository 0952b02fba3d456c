"""A take: one act of recording, from pressing the button until its sound is an ordinary file.

The recording it becomes is a ``Recording`` like any other; *take* is the word for what is
still being recorded, or was when something went wrong.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.messages import Message, message

RATE_HZ = 48_000
"""Samples a second of every take."""
SAMPLE_BYTES = 2
SILENT_MS = 10_000
"""Exact zeros for so long are no quiet room: a microphone hisses, a refused one does not."""
STALLED_MS = 2_000
"""A source that has given nothing for so long does not deliver."""


class SourceKind(StrEnum):
    """Where sound comes from."""

    MICROPHONE = "microphone"
    COMPUTER = "computer"
    """What the computer itself plays."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be recorded.

    Attributes:
        kind: What it is.
        device: The system's name of the device; empty for whatever is the default.
        name: What a person calls it.
    """

    kind: SourceKind
    device: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A source the system has, as it stands in a list to choose from.

    Attributes:
        source: What would be recorded.
        is_default: Whether the system takes it unless told otherwise.
    """

    source: Source
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a source was, in the last tenth of a second.

    Attributes:
        peak: The largest sample, 0 to 1; 1 is cut off.
        rms: The root of the mean square, 0 to 1.
    """

    peak: float
    rms: float


class GapReason(StrEnum):
    """Why a piece of time is not in the sound as it was."""

    PAUSED = "paused"
    UNPLUGGED = "unplugged"
    """The device went away, or the sound server did."""
    STALLED = "stalled"
    """The device was there and gave nothing."""
    ASLEEP = "asleep"
    """The computer slept."""
    DISK_FULL = "disk-full"
    RESTARTED = "restarted"
    """The process that records ended, and another one went on."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of time in which a source was not recorded.

    Attributes:
        at_ms: Where in the take's sound.
        lost_ms: How much time it was.
        reason: Why.
        channel: Which source, from 0; ``None`` for all of them.
        is_filled: Whether silence stands there, so that later times are right; without it
            the sound goes on at once.
    """

    at_ms: int
    lost_ms: int
    reason: GapReason
    channel: int | None = None
    is_filled: bool = False


class TakeState(StrEnum):
    """How far a take is."""

    RECORDING = "recording"
    PAUSED = "paused"
    FINISHING = "finishing"
    """Its sound is put into one file, whose name is chosen."""


@dataclass(frozen=True, slots=True)
class Take:
    """What is known of a take; kept in its folder beside the sound while it lasts.

    Attributes:
        take_id: Its name among takes.
        sources: What is recorded, a channel each.
        began_at_ms: When it began, since 1970.
        state: How far it is.
        gaps: What is missing, in the order in which it happened.
        marks_ms: Moments a person has marked.
        file: What its recording is called; empty until that is settled.
    """

    take_id: str
    sources: tuple[Source, ...]
    began_at_ms: int
    state: TakeState = TakeState.RECORDING
    gaps: tuple[Gap, ...] = ()
    marks_ms: tuple[int, ...] = ()
    file: str = ""

    @property
    def channels(self) -> int:
        """How many channels its sound has."""
        return len(self.sources)

    def with_gap(self, gap: Gap) -> Take:
        """Give the take with one more gap."""
        return replace(self, gaps=(*self.gaps, gap))

    def with_mark(self, at_ms: int) -> Take:
        """Give the take with one more marked moment."""
        return replace(self, marks_ms=(*self.marks_ms, at_ms))


class Trouble(StrEnum):
    """What a person has to know at once."""

    LOST = "lost"
    """A device went away."""
    STALLED = "stalled"
    MOVED = "moved"
    """The sound comes from another device than the chosen one."""
    SILENT = "silent"
    """Exact zeros: nothing is connected, or recording is not allowed."""
    DISK_FULL = "disk-full"
    DISK_FAILED = "disk-failed"
    DELETED = "deleted"
    """Somebody has deleted the sound on the disk, and nothing is recorded any more."""
    ENDED = "ended"
    """Nothing is recorded any more, and no process can go on with it."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """Something is wrong, or is well again.

    Attributes:
        trouble: What.
        channel: Of which source; ``None`` for all.
        is_over: Whether it is well again.
        name: The device the sound comes from now, where that is what changed.
    """

    trouble: Trouble
    channel: int | None
    is_over: bool = False
    name: str = ""


GAP_NAMES = {
    GapReason.PAUSED: message("paused"),
    GapReason.UNPLUGGED: message("the device was unplugged"),
    GapReason.STALLED: message("the device gave no sound"),
    GapReason.ASLEEP: message("the computer was asleep"),
    GapReason.DISK_FULL: message("the disk was full"),
    GapReason.RESTARTED: message("recording had to start again"),
}
"""Why a piece of time is missing, as people say it."""


_OF_ALL = {
    Trouble.DISK_FULL: message(
        "The disk is full. Free some space; the last minute is held in memory."
    ),
    Trouble.DISK_FAILED: message(
        "The recording cannot be saved to the disk. The last minute is held in memory."
    ),
    Trouble.DELETED: message(
        "The recording has been deleted from the disk. Stop it, then record again."
    ),
    Trouble.ENDED: message(
        "Nothing is recorded any more. Stop the recording to keep what there is, then start "
        "Wordlight again."
    ),
}
"""What is wrong with all sources at once."""


def trouble_message(
    troubled: Troubled, sources: tuple[Source, ...], system: str = sys.platform
) -> Message:
    """Say what is wrong while a take is recorded, and what a person can do.

    Args:
        troubled: What is wrong.
        sources: What is recorded.
        system: Which system it happens on: macOS gives silence to whom it does not allow
            to record what the computer plays.
    """
    kind = SourceKind.MICROPHONE
    if troubled.channel is not None and troubled.channel < len(sources):
        kind = sources[troubled.channel].kind
    is_microphone = kind is SourceKind.MICROPHONE
    match troubled.trouble:
        case Trouble.LOST if is_microphone:
            return message("The microphone is gone. Plug it in again and recording continues.")
        case Trouble.LOST:
            return message("The computer's audio is gone. Recording continues when it is back.")
        case Trouble.STALLED if is_microphone:
            return message("The microphone gives no sound. Check its cable and switch.")
        case Trouble.STALLED:
            return message("The computer has no audio to record right now.")
        case Trouble.MOVED:
            return message("Recording now continues with {name}.", name=troubled.name)
        case Trouble.SILENT if is_microphone:
            return message(
                "The microphone is silent. Is it muted, or is recording not allowed in the "
                "system settings?"
            )
        case Trouble.SILENT if system == "darwin":
            return message(
                "The computer is silent. Is something playing, and is recording its audio "
                "allowed in the system settings, under Privacy & Security?"
            )
        case Trouble.SILENT:
            return message("The computer is not playing anything right now.")
        case Trouble.DISK_FULL | Trouble.DISK_FAILED | Trouble.DELETED | Trouble.ENDED:
            return _OF_ALL[troubled.trouble]


def bytes_to_ms(sound_bytes: int, channels: int) -> int:
    """Tell how long so much sound of a take lasts."""
    return sound_bytes * 1_000 // (RATE_HZ * SAMPLE_BYTES * channels)


def ms_left(free_bytes: int, channels: int) -> int:
    """Tell how much longer can be recorded with so much room."""
    return bytes_to_ms(max(0, free_bytes), channels)
