"""Decide what becomes of a recording before it is recognised. Pure.

The service takes one channel, at most 250 MB, and advises at most ten minutes a
request (contract 7.1); the recogniser on this computer takes 16 kHz mono WAV.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.file_kinds import FORMATS
from app.core.messages import Message, counted_message, message
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Recording
from app.core.timecode import clock


class Form(StrEnum):
    """In which form the sound goes to the recogniser."""

    ORIGINAL = "original"
    WAV = "wav"
    FLAC = "flac"
    OPUS = "opus"

    @property
    def suffix(self) -> str:
        """Ending of the file's name."""
        return {"wav": ".wav", "flac": ".flac", "opus": ".ogg"}.get(self.value, "")


# Bytes a second of 16 kHz mono: WAV exactly; FLAC of speech about (58 MB an hour,
# measured on the clips); Opus as encoded here.
BYTES_PER_S = {Form.WAV: 32_000, Form.FLAC: 16_000, Form.OPUS: 4_000}

_LISTED = {
    # contract 7.1: containers the service names, with the codecs it names in them
    "wav": ("pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8"),
    "mp3": ("mp3",),
    "flac": ("flac",),
    "ogg": ("opus", "vorbis"),
    "mov": ("aac", "alac"),
    "matroska": ("opus", "vorbis"),
}
_SEEKS_TRULY = {
    # Measured with Qt 6.11.3 (tests/player/test_sync_accuracy.py): what is played stays
    # within 40 ms of what is reported. VBR MP3 is seconds off, raw AAC and headerless MP3
    # show a wrong length, and the rest was never measured: these are played from a copy.
    "wav": _LISTED["wav"],
    "mp3": ("mp3",),
    "flac": ("flac",),
    "ogg": ("opus", "vorbis"),
    "mov": ("aac", "alac"),
    "matroska": ("opus", "vorbis"),
}
_LATE_MS = 100
_MOST_OFF_MS = 300
"""A player that ends this much early loses no word; encoders fill up their last frame."""
_LEAST_SPLIT_MS = 60_000


@dataclass(frozen=True, slots=True)
class PartLimits:
    """How much one request may hold.

    Attributes:
        split_ms: Longest sound sent at once; a longer recording is cut into parts.
        most_bytes: Largest body; 250 MB, and as nobody says which kind, the smaller.
        harmless_bytes: A stereo recording up to this size is not worth converting.
        overlap_ms: How much sound neighbouring parts share.
    """

    split_ms: int = 600_000
    most_bytes: int = 250_000_000
    harmless_bytes: int = 5_000_000
    overlap_ms: int = 4_000


@dataclass(frozen=True, slots=True)
class Lane:
    """Sound that is recognised by itself.

    Attributes:
        track: The sound track it is of, from 0; ``None`` for all that are taken, mixed.
        channel: The channel of that track, from 0; ``None`` for all of them, mixed.
    """

    track: int | None = None
    channel: int | None = None

    @property
    def is_mix(self) -> bool:
        """Whether it is everything that is heard, in one."""
        return self.track is None and self.channel is None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of a recording.

    Attributes:
        form: What the recogniser gets.
        start_ms: Where the wanted part begins.
        end_ms: Where it ends; ``None`` for the end of the recording.
        lanes: One entry for each copy: everything mixed, or a channel or track apart.
        split_ms: Longest part; ``None`` where the whole goes in one piece.
        overlap_ms: How much sound neighbouring parts share.
        needs_proxy: Whether playback needs a copy, since the original seeks falsely.
        reason: What is done and why, for the job's row.
    """

    form: Form
    start_ms: int
    end_ms: int | None
    lanes: tuple[Lane, ...]
    split_ms: int | None
    overlap_ms: int
    needs_proxy: bool
    reason: Message

    def span_ms(self, duration_ms: int) -> int:
        """Give the length of the wanted part of a recording of that length."""
        end_ms = duration_ms if self.end_ms is None else min(self.end_ms, duration_ms)
        return max(0, end_ms - self.start_ms)


def make_plan(
    recording: Recording, options: TranscriptionOptions, limits: PartLimits | None = None
) -> Plan:
    """Decide what to send of a recording, in which form and in how many pieces."""
    limits = limits or PartLimits()
    start_ms = max(0, options.start_ms)
    end_ms = options.end_ms
    if end_ms is not None and end_ms >= recording.duration_ms:
        end_ms = None
    if recording.damaged_at_ms is not None:
        end_ms = min(end_ms or recording.damaged_at_ms, recording.damaged_at_ms)
    lanes = lanes_of(recording, options)
    form = _form(recording, options, limits, is_whole=start_ms == 0 and end_ms is None)
    if lanes != (Lane(),) and form is Form.ORIGINAL:
        form = Form.OPUS if options.save_data else Form.FLAC
    draft = Plan(
        form=form,
        start_ms=start_ms,
        end_ms=end_ms,
        lanes=lanes,
        split_ms=None,
        overlap_ms=limits.overlap_ms,
        needs_proxy=not seeks_truly(recording),
        reason=message(""),
    )
    span_ms = draft.span_ms(recording.duration_ms)
    if options.model is not ModelId.ON_DEVICE and form is not Form.ORIGINAL:
        split_ms = min(limits.split_ms, _longest_ms(form, limits.most_bytes))
        draft = replace(draft, split_ms=split_ms if span_ms > split_ms else None)
    return replace(draft, reason=_reason(recording, draft))


def smaller(plan: Plan) -> Plan | None:
    """Give the next smaller plan when the service calls a request too large (413).

    Returns:
        ``None`` when nothing smaller is left to try.
    """
    if plan.form is Form.ORIGINAL:
        return replace(
            plan,
            form=Form.FLAC,
            split_ms=PartLimits().split_ms,
            reason=message("The original is too large for the service; sending mono FLAC."),
        )
    if plan.form is Form.FLAC:
        return replace(
            plan,
            form=Form.OPUS,
            reason=message("It is too large for the service; sending Opus, which is smaller."),
        )
    split_ms = (plan.split_ms or PartLimits().split_ms) // 2
    if plan.form is Form.WAV or split_ms < _LEAST_SPLIT_MS:
        return None
    return replace(
        plan,
        split_ms=split_ms,
        reason=message(
            "It is too large for the service; sending parts of {length}.",
            length=clock(split_ms),
        ),
    )


def seeks_truly(recording: Recording) -> bool:
    """Tell whether a player that seeks in the original lands where it says it does."""
    return (
        recording.codec in _SEEKS_TRULY.get(recording.container, ())
        and not recording.is_variable_rate
        and recording.starts_ms <= _LATE_MS
        and recording.is_plain
        and not recording.is_chained
        and plays_whole(recording, recording.duration_ms)
    )


def plays_whole(recording: Recording, decoded_ms: int) -> bool:
    """Tell whether a player that believes the container plays all that was decoded."""
    if recording.container_ms is None:
        return True
    off_ms = decoded_ms - recording.container_ms
    # Pictures may go on after the sound.
    return off_ms <= _MOST_OFF_MS and (recording.has_video or -off_ms <= _MOST_OFF_MS)


def lanes_of(recording: Recording, options: TranscriptionOptions) -> tuple[Lane, ...]:
    """Give what is recognised by itself: everything, or each track or channel."""
    if options.tracks_are_speakers:
        readable = [track for track in recording.tracks if track.is_readable]
        speaking = [track for track in readable if track.may_speak]
        if speaking:  # music is nobody; what is silent may speak elsewhere
            readable = [track for track in readable if track.may_speak or track.is_silent]
        if len(readable) > 1:
            return tuple(Lane(track.number) for track in readable)
    if options.channels_are_speakers or options.tracks_are_speakers:
        lanes = tuple(
            Lane(track.number, channel if track.channels > 1 else None)
            for track in recording.taken
            for channel in range(track.channels)
        )
        if len(lanes) > 1:
            return lanes
    return (Lane(),)


def describe(
    form: str,
    size_bytes: int | None,
    *,
    channels: int = 1,
    rate_hz: int = 16_000,
    with_rate: bool = True,
) -> str:
    """Write a sound in few words: ``stereo 44.1 kHz WAV 635 MB``."""
    named = {1: "mono", 2: "stereo"}.get(channels, f"{channels}-channel")
    rate = f"{rate_hz / 1000:g} kHz " if with_rate and rate_hz else ""
    size = "" if size_bytes is None else f" {size_text(size_bytes)}"
    return f"{named} {rate}{form}{size}"


def size_text(size_bytes: int) -> str:
    """Write a size as people read it, in decimal units."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    if size_bytes < 10_000_000:
        return f"{size_bytes / 1_000_000:.1f} MB"
    if size_bytes < 10_000_000_000:
        return f"{round(size_bytes / 1_000_000)} MB"
    return f"{size_bytes / 1_000_000_000:.1f} GB"


def form_name(recording: Recording) -> str:
    """Name a recording's form as people do: ``WAV``, ``MP3``, ``M4A``."""
    suffix = recording.path.suffix.removeprefix(".")
    family = {"mov": ("mov", "mp4", "m4a", "3gp", "3g2"), "matroska": ("matroska", "webm")}
    kin = family.get(recording.container, (recording.container,))
    if suffix and any(suffix.lower() in FORMATS.get(name, "").split() for name in kin):
        return suffix.upper()
    names = {"asf": "WMA", "mov": "MP4", "matroska": "MKV", "mpegts": "MPEG-TS"}
    return names.get(recording.container, recording.container.upper())


def _form(
    recording: Recording,
    options: TranscriptionOptions,
    limits: PartLimits,
    *,
    is_whole: bool,
) -> Form:
    if options.model is ModelId.ON_DEVICE:
        return Form.WAV
    converted = Form.OPUS if options.save_data else Form.FLAC
    fits = (
        recording.codec in _LISTED.get(recording.container, ())
        and not recording.has_video
        and recording.starts_ms <= _LATE_MS
        and _is_harmless(recording, limits)
        and recording.size_bytes <= limits.most_bytes
        and recording.duration_ms <= limits.split_ms
        and recording.damaged_at_ms is None
        and is_whole
    )
    if not fits:
        return converted
    copy_bytes = recording.duration_ms * BYTES_PER_S[converted] // 1000
    saves = options.save_data and recording.size_bytes > copy_bytes * 3 // 2
    return converted if saves else Form.ORIGINAL


def _is_harmless(recording: Recording, limits: PartLimits) -> bool:
    if not recording.is_plain or not plays_whole(recording, recording.duration_ms):
        return False
    if recording.channels == 1:
        return True
    return recording.channels == 2 and recording.size_bytes <= limits.harmless_bytes


def _longest_ms(form: Form, most_bytes: int) -> int:
    """Give the longest sound that surely stays under a size; FLAC of noise is like WAV."""
    worst = Form.WAV if form is Form.FLAC else form
    return most_bytes * 1000 // BYTES_PER_S[worst] * 95 // 100


def _reason(recording: Recording, plan: Plan) -> Message:
    before = describe(
        ("video " if recording.has_video else "") + form_name(recording),
        recording.size_bytes,
        channels=recording.channels,
        rate_hz=recording.sample_rate_hz,
    )
    if plan.form is Form.ORIGINAL:
        return message("{before}, sent as it is", before=before)
    span_ms = plan.span_ms(recording.duration_ms)
    size_bytes = span_ms * BYTES_PER_S[plan.form] // 1000 * len(plan.lanes)
    after = describe(
        {Form.OPUS: "Opus"}.get(plan.form, plan.form.value.upper()),
        size_bytes,
        with_rate=False,
    )
    if len(plan.lanes) > 1:
        by_track = all(lane.channel is None for lane in plan.lanes)
        if by_track:
            return message("{before} → {after}, tracks separate", before=before, after=after)
        return message("{before} → {after}, channels separate", before=before, after=after)
    if len(recording.tracks) > 1:
        return _reason_of_tracks(recording, before, after)
    if _is_header_wrong(recording):
        return message(
            "{before} → {after}, all {length} of it, although its header says {said}",
            before=before,
            after=after,
            length=clock(recording.duration_ms),
            said=clock(recording.container_ms or 0),
        )
    if len(recording.links) > 1:
        return counted_message(
            "{count} recording in one file: {before} → {after}",
            "{count} recordings in one file: {before} → {after}",
            len(recording.links),
            before=before,
            after=after,
        )
    if recording.choice.channel is not None and recording.channels > 1:
        return message(
            "{before} → {after}, channel {number} only",
            before=before,
            after=after,
            number=recording.choice.channel + 1,
        )
    if recording.lone_channel is not None:
        return message(
            "{before} → {after}, one side only, since both together cancel out",
            before=before,
            after=after,
        )
    if plan.split_ms is not None:
        return message(
            "{before} → {after}, in parts of up to {length}",
            before=before,
            after=after,
            length=clock(plan.split_ms),
        )
    return message("{before} → {after}", before=before, after=after)


def _is_header_wrong(recording: Recording) -> bool:
    is_past_it = recording.ignores_size or recording.raw is not None
    return is_past_it and recording.container_ms != recording.duration_ms


def remark_on(recording: Recording) -> Message | None:
    """Say in few words what of a recording's sound was taken, where there was a choice."""
    count = len(recording.tracks)
    if count > 1:
        speaking = [track for track in recording.taken if track.may_speak] or recording.taken
        numbers = ", ".join(str(track.number + 1) for track in speaking)
        if len(speaking) == 1:
            return counted_message(
                "{count} audio track, using track {numbers}",
                "{count} audio tracks, using track {numbers}",
                count,
                numbers=numbers,
            )
        return counted_message(
            "{count} audio track, mixing tracks {numbers}",
            "{count} audio tracks, mixing tracks {numbers}",
            count,
            numbers=numbers,
        )
    if len(recording.links) > 1:
        return counted_message(
            "{count} recording in one file",
            "{count} recordings in one file",
            len(recording.links),
        )
    if _is_header_wrong(recording):
        said = clock(recording.container_ms or 0)
        return message("its header says {said}, which is wrong", said=said)
    if recording.choice.channel is not None and recording.channels > 1:
        return message("channel {number} only", number=recording.choice.channel + 1)
    if recording.lone_channel is not None:
        return message("one side only, since both cancel out")
    return None


def _reason_of_tracks(recording: Recording, before: str, after: str) -> Message:
    """Say which of several sound tracks are heard."""
    speaking = [track for track in recording.taken if track.may_speak] or recording.taken
    numbers = ", ".join(str(track.number + 1) for track in speaking)
    count = len(recording.tracks)
    if len(speaking) == 1:
        return counted_message(
            "{count} audio track, using track {numbers}: {before} → {after}",
            "{count} audio tracks, using track {numbers}: {before} → {after}",
            count,
            numbers=numbers,
            before=before,
            after=after,
        )
    return counted_message(
        "{count} audio track, mixing tracks {numbers}: {before} → {after}",
        "{count} audio tracks, mixing tracks {numbers}: {before} → {after}",
        count,
        numbers=numbers,
        before=before,
        after=after,
    )
