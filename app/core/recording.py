"""What is known of a recording once it has been looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_SAME_LENGTH_MS = 1_000


def is_other_length(found_ms: int, known_ms: int) -> bool:
    """Tell whether a length that is found is clearly another than the one that is known.

    Decoders count the padding of a format differently, and people are told one length.
    """
    return found_ms > 0 and (known_ms <= 0 or abs(found_ms - known_ms) >= _SAME_LENGTH_MS)


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """Which of a recording's sound is heard, played, drawn and handed on.

    Attributes:
        tracks: Numbers of the sound tracks that are mixed, from 0; empty leaves the
            choice to the program, which takes those in which somebody speaks.
        channel: The one channel of each track that is taken alone, from 0; ``None``
            for all of them.
    """

    tracks: tuple[int, ...] = ()
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class AttachedRecording:
    """A recording as a transcript has it.

    Attributes:
        number: Which of those it has had since it was opened, from 0.
        duration_ms: How long it is.
        sound: Which of its sound is heard; ``None`` where there is nothing to choose.
    """

    number: int
    duration_ms: int
    sound: SoundChoice | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A moment that is named, or merely marked, in a recording itself.

    Attributes:
        at_ms: When it begins.
        title: What it is called; empty for a bare mark.
    """

    at_ms: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One of a recording's sound tracks.

    Attributes:
        number: Its place among the sound tracks, from 0.
        codec: ffmpeg's name of its codec.
        channels: How many channels it has.
        sample_rate_hz: Samples a second.
        language: What language it says it is in; empty where it does not.
        title: What the file calls it; empty where it does not.
        is_default: Whether players take it unless told otherwise.
        starts_ms: When it begins on the file's own clock.
        is_readable: Whether it can be decoded.
        is_silent: Nothing was heard wherever it was listened to.
        is_steady: Only hum, noise, a tone or music was heard, nothing that could be speech.
        weights: How much of each channel goes into the mix; empty for ffmpeg's own way,
            which suits mono and stereo. Below 0 for a channel that stands upside down.
        gains: What each channel has to be multiplied with to be neither lost nor cut
            off when it is taken alone.
    """

    number: int
    codec: str
    channels: int
    sample_rate_hz: int
    language: str = ""
    title: str = ""
    is_default: bool = False
    starts_ms: int = 0
    is_readable: bool = True
    is_silent: bool = False
    is_steady: bool = False
    weights: tuple[float, ...] = ()
    gains: tuple[float, ...] = ()

    @property
    def may_speak(self) -> bool:
        """Whether something was heard that could be speech."""
        return self.is_readable and not self.is_silent and not self.is_steady


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A span of a file that is a recording by itself.

    Attributes:
        start: Its first byte.
        end: The byte behind its last.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A file with sound, as found by decoding it.

    Attributes:
        path: Where it lies.
        size_bytes: Its size when it was looked at.
        modified_ns: Its time of change when it was looked at.
        duration_ms: Length of the sound that can be read.
        container: ffmpeg's short name of the container (``wav``, ``mp3``, ``mov``, …).
        codec: ffmpeg's name of the codec of the (first) track that is taken.
        channels: 1 mono, 2 stereo, …, of that track.
        sample_rate_hz: Samples a second of that track.
        has_video: Whether there are moving pictures (a cover picture is none).
        is_variable_rate: Whether a compressed stream may change its bit rate, so that
            seeking in it cannot be trusted.
        starts_ms: When the sound begins on the file's own clock; silence before it counts.
        offset_ms: How much later than its pictures the sound that is taken begins, where
            ffmpeg by itself would leave that out.
        lone_channel: Which of two channels to take alone, since both mixed cancel out.
        damaged_at_ms: Where decoding broke off, if it did; what comes before is usable.
        tracks: All sound tracks; empty where only the one above is known.
        choice: Which of them are taken.
        gain: What the mix has to be multiplied with to be neither lost nor cut off.
        container_ms: The length that the container names and other players believe; 0
            where it names none, ``None`` where nobody looked.
        links: The recordings that stand one after the other in this file; empty where
            it is one.
        is_chained: It is several in one that are read as one all the same (Ogg).
        ignores_size: What its header says of its length is wrong, and not believed.
        raw: Where its bare samples lie, where the header cannot be told to be wrong.
        keeps_form: Its sample rate and channels surely stay the same all through.
        is_whole: Every byte was accounted for; what a decoder complains of is no damage.
        flawed_at_ms: Where it was found damaged by its own bytes.
        unread_bytes: How much at its end is in no form that is known.
        chapters: Moments that are marked in it, in their order.
    """

    path: Path
    size_bytes: int
    modified_ns: int
    duration_ms: int
    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    has_video: bool = False
    is_variable_rate: bool = False
    starts_ms: int = 0
    offset_ms: int = 0
    lone_channel: int | None = None
    damaged_at_ms: int | None = None
    tracks: tuple[Track, ...] = ()
    choice: SoundChoice = SoundChoice((0,))
    gain: float = 1.0
    container_ms: int | None = None
    links: tuple[ByteRange, ...] = ()
    is_chained: bool = False
    ignores_size: bool = False
    raw: ByteRange | None = None
    keeps_form: bool = False
    is_whole: bool = False
    flawed_at_ms: int | None = None
    unread_bytes: int = 0
    chapters: tuple[Chapter, ...] = ()

    @property
    def taken(self) -> tuple[Track, ...]:
        """The tracks that are mixed, in order."""
        if not self.tracks:
            return (self._only_track(),)
        return tuple(track for track in self.tracks if track.number in self.choice.tracks)

    def _only_track(self) -> Track:
        lone = self.lone_channel
        weights = () if lone is None else tuple(float(lone == one) for one in range(2))
        return Track(
            0,
            self.codec,
            self.channels,
            self.sample_rate_hz,
            starts_ms=self.starts_ms,
            weights=weights,
        )

    @property
    def kept_choice(self) -> SoundChoice | None:
        """What is kept with a transcript of it: nothing where there was no choice."""
        has_choice = len(self.tracks) > 1 or self.choice.channel is not None
        return self.choice if has_choice else None

    @property
    def is_plain(self) -> bool:
        """Whether any program makes the same of it: one track, mono or stereo, no surprise.

        What is not plain is neither sent nor played as it is: another program would
        take another track, mix otherwise, or end too early.
        """
        return (
            len(self.tracks) <= 1
            and self.channels <= 2
            and self.lone_channel is None
            and self.choice.channel is None
            and self.gain == 1.0
            and not self.links
            and not self.ignores_size
            and self.raw is None
            and all(gain >= 1.0 for track in self.taken for gain in track.gains)
        )


class Look(Protocol):
    """Looks into a recording; raises ``RecordingError`` where it is none."""

    async def __call__(self, path: Path, choice: SoundChoice | None = None) -> Recording:
        """Look; blocks nothing."""
        ...
