"""Look at a recording: what sound is in it that can be decoded, how much, of what kind.

ffmpeg's report on the file, its own bytes (``layout``) and what is heard of it here and
there (``hearing``); the name of the file has no say. How long the sound really is and
whether it is whole only a full decode can tell, which ``prepare`` does anyway. Only where
the headers give no trustworthy length are the packets counted here (no decoding, as quick
as the disk).
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from app.audio import mp3
from app.audio.layout import read_layout
from app.audio.process import Finished, run_ffmpeg
from app.audio.source import (
    COUNTED_FROM_FIRST,
    Stamp,
    check_file,
    check_unchanged,
    input_arguments,
    inputs_of,
)
from app.audio.walking import Layout
from app.core.errors import Action, RecordingError
from app.core.messages import message
from app.core.recording import ByteRange, Chapter, Recording, SoundChoice, Track
from app.system.loading import load_modules

LONGEST_MS = 24 * 3_600_000
"""More is refused: a few kilobytes can claim to be years of silence."""

_INPUT = re.compile(r"^Input #0, ([\w,]+), from '", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (?:(\d+):(\d\d):(\d\d)\.(\d+)|N/A)", re.MULTILINE)
_SOUND = re.compile(
    r"^  Stream #0:\d+(?:\[\w+\])?(?:\((\w+)\))?[^\n]*?: Audio: (\w+)([^\n]*)", re.MULTILINE
)
_START = re.compile(r", start:? (-?\d+\.\d+)")
_VIDEO = re.compile(r"^  Stream #0:\d+[^\n]*?: Video: ([^\n]*)", re.MULTILINE)
_CHAPTER = re.compile(
    r"^    Chapter #\d+:\d+: start (\d+\.\d+)[^\n]*"
    r"(?:\n      Metadata:(?:\n        (?!title)[^\n]*)*(?:\n        title *: ([^\n]*))?)?",
    re.MULTILINE,
)
_RATE = re.compile(r", (\d+) Hz, ([^,\n]+)")
_COUNTED = re.compile(r"time=(\d+):(\d\d):(\d\d)\.(\d+)")
_ENCRYPTED = re.compile(r"\b(drms|drmi|enca|encv|aavd|aaxc|encrypted)\b", re.IGNORECASE)
_LISTS = re.compile(r"not on whitelist|Not detecting m3u8")
"""How releases of ffmpeg say that a file is of a kind that is not opened."""

_KEEPS_FORM = re.compile(r"pcm_\w+|flac|alac|opus|vorbis")
"""Codecs whose header holds for all that follows it."""
_HEAD_BYTES = 1 << 18
_LAYOUTS = {
    "mono": 1,
    "stereo": 2,
    "downmix": 2,
    "binaural": 2,
    "quad": 4,
    "hexagonal": 6,
    "octagonal": 8,
    "cube": 8,
    "hexadecagonal": 16,
    "22.2": 24,
}


@dataclass(frozen=True, slots=True)
class _Header:
    """What ffmpeg says of a file before decoding it."""

    container: str
    tracks: tuple[Track, ...]
    has_video: bool
    duration_ms: int | None
    is_estimated: bool
    late_ms: int = 0
    chapters: tuple[Chapter, ...] = ()


async def glance(path: Path) -> int | None:
    """Look at what a file says of itself: a moment, however long it is; nothing is decoded.

    Args:
        path: The file.

    Returns:
        How long it says it is; ``None`` where only ``probe`` can tell.

    Raises:
        RecordingError: It is no recording that can be used, as ``probe`` would say.
    """
    await asyncio.to_thread(check_file, path)
    _, header, layout = await _read(path)
    is_odd = layout.links or layout.is_chained or layout.ignores_size or layout.raw is not None
    told_ms = header.duration_ms
    if is_odd or not told_ms or header.is_estimated or layout.missing:
        return None
    if told_ms > LONGEST_MS:
        raise too_long(told_ms)
    return told_ms


async def probe(
    path: Path, choice: SoundChoice | None = None, *, scratch: Path | None = None
) -> Recording:
    """Find out what a recording is, by its content.

    Args:
        path: The file.
        choice: Which of its sound is wanted; ``None`` takes the tracks that speak.
        scratch: Where some of its sound may lie meanwhile, see ``hear``.

    Raises:
        RecordingError: It is no recording that can be used; the sentence says why.
    """
    stamp = await asyncio.to_thread(check_file, path)
    said, header, layout = await _read(path)
    recording = _described(path, stamp, header, layout)
    recording = replace(recording, duration_ms=await _length_ms(recording, header, layout))
    if layout.claimed_bytes and (bytes_per_s := _pcm_bytes_per_s(recording, layout)):
        claimed_ms = layout.claimed_bytes * 1000 // bytes_per_s
        recording = replace(recording, container_ms=claimed_ms)
    elif layout.raw_codec and not layout.ignores_size:
        recording = replace(recording, container_ms=recording.duration_ms)
    if header.container == "mp3":
        frames = await asyncio.to_thread(mp3.read_frames, path)
        recording = replace(
            recording,
            is_variable_rate=not frames.is_constant_rate,
            keeps_form=frames.is_constant_form,
            is_whole=frames.is_whole,
            flawed_at_ms=frames.flawed_at_ms,
        )
    if 0 < recording.duration_ms <= LONGEST_MS:
        await load_modules("app.audio.hearing")
        from app.audio.hearing import hear

        recording = await hear(recording, choice, scratch)
    await asyncio.to_thread(check_unchanged, path, stamp)
    if recording.duration_ms <= 0:
        raise RecordingError(
            "There is no audio in this recording. Its length is zero.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if recording.duration_ms > LONGEST_MS:
        raise too_long(recording.duration_ms)
    if not recording.taken:
        raise RecordingError(
            "The audio in this file cannot be read. It may be damaged or in a rare format.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    return recording


async def _read(path: Path) -> tuple[Finished, _Header, Layout]:
    """Read what a file says of itself, to ffmpeg and by its own bytes."""
    try:
        layout = await asyncio.to_thread(read_layout, path)
    except OSError:  # it goes away while it is read; who looks next says so
        layout = Layout()
    if layout.raw_form is not None:
        return Finished(0, (), ""), _header_of(layout), layout
    said = await run_ffmpeg(input_arguments(path, part=_head_of(layout)))
    return said, _read_header(said, path), layout


def _head_of(layout: Layout) -> ByteRange | None:
    """Give the part of a file whose header is to be read; ``None`` for all of it.

    Of a WAV that lies its beginning only: ffmpeg would look for more behind the end that
    the header names, eight bytes at a time through gigabytes of silence.
    """
    if layout.links:
        return layout.links[0]
    if layout.ignores_size and layout.raw is not None:
        return ByteRange(0, min(layout.raw.end, layout.raw.start + _HEAD_BYTES))
    return None


def _header_of(layout: Layout) -> _Header:
    """Describe a recording in which ffmpeg finds no sound, by its own bytes."""
    channels, rate_hz = layout.raw_form or (1, 0)
    track = Track(0, layout.raw_codec, channels, rate_hz)
    kind = "aiff" if layout.raw_codec.endswith("be") else "wav"
    return _Header(kind, (track,), has_video=False, duration_ms=None, is_estimated=False)


def _described(path: Path, stamp: Stamp, header: _Header, layout: Layout) -> Recording:
    if layout.raw_codec:
        tracks = tuple(replace(one, codec=layout.raw_codec) for one in header.tracks)
        header = replace(header, tracks=tracks)
    main = header.tracks[0]
    is_raw = layout.raw is not None and not layout.links and main.codec.startswith("pcm_")
    return Recording(
        path=path,
        size_bytes=stamp.size_bytes,
        modified_ns=stamp.modified_ns,
        duration_ms=header.duration_ms or 0,
        container=header.container,
        codec=main.codec,
        channels=main.channels,
        sample_rate_hz=main.sample_rate_hz,
        has_video=header.has_video,
        offset_ms=header.late_ms if header.container in COUNTED_FROM_FIRST else 0,
        tracks=header.tracks,
        container_ms=header.duration_ms or 0,
        links=layout.links,
        chapters=header.chapters,
        is_chained=layout.is_chained,
        ignores_size=layout.ignores_size,
        raw=layout.raw if is_raw else None,
        keeps_form=all(_KEEPS_FORM.fullmatch(track.codec) for track in header.tracks),
        is_whole=main.codec.startswith("pcm_"),  # any bytes at all are samples
        unread_bytes=layout.unread_bytes,
    )


async def _length_ms(recording: Recording, header: _Header, layout: Layout) -> int:
    """Find out how long a recording is, from who is to be believed."""
    if recording.links:
        return sum([await _link_ms(recording, number) for number in range(len(layout.links))])
    if recording.ignores_size or recording.raw is not None:
        bytes_per_s = _pcm_bytes_per_s(recording, layout)
        if bytes_per_s and layout.sound_bytes:
            told_ms = layout.sound_bytes * 1000 // bytes_per_s
            return round(told_ms * (1 + layout.missing))
        return await count_ms(recording)
    if recording.is_chained:
        return await count_ms(recording)
    told_ms = header.duration_ms
    if told_ms is None or header.is_estimated:
        told_ms = await count_ms(recording)
    return round(told_ms * (1 + layout.missing))


def _pcm_bytes_per_s(recording: Recording, layout: Layout | None = None) -> int:
    """Give how many bytes a second of uncompressed sound takes; 0 for any other."""
    if layout is not None and layout.bytes_per_s:
        return layout.bytes_per_s
    found = re.fullmatch(r"pcm_(?:[sfu](\d+)(?:le|be)?|mulaw|alaw)", recording.codec)
    if found is None:
        return 0
    return int(found.group(1) or 8) // 8 * recording.channels * recording.sample_rate_hz


async def _link_ms(recording: Recording, number: int) -> int:
    """Give the length of one of the recordings that stand in a file."""
    link = replace(recording, links=(recording.links[number],))
    said = await run_ffmpeg(inputs_of(link))
    length_ms = _duration(said.text)
    if length_ms is None or recording.ignores_size:
        return await count_ms(link)
    return length_ms


def too_long(duration_ms: int) -> RecordingError:
    """Say that a recording is longer than anything taken here."""
    return RecordingError(
        message(
            "This recording is {hours} hours long. Wordlight takes up to {most} hours. Cut it "
            "into smaller files first.",
            hours=duration_ms // 3_600_000,
            most=LONGEST_MS // 3_600_000,
        ),
        action=Action.CHOOSE_FILE,
    )


def _read_header(said: Finished, path: Path) -> _Header:
    # The name stands in the report as it is; one with line breaks could pose as a report.
    text = said.text.replace(os.fspath(path.absolute()), "")
    found = _INPUT.search(text)
    if found is None:
        raise _refusal(said)
    text = text[found.start() :]
    sounds = list(_SOUND.finditer(text))
    videos = [one for one in _VIDEO.findall(text) if "(attached pic)" not in one]
    if any(_ENCRYPTED.search(one) for one in (*(one.group(0) for one in sounds), *videos)):
        raise RecordingError(
            "This recording is copy-protected, so only its own player can open it. Use a copy "
            "without protection.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if not sounds:
        raise RecordingError(
            "There is no audio in this file. Choose one with an audio track.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    return _Header(
        container=_short_name(found.group(1)),
        tracks=tuple(_track(number, one, text) for number, one in enumerate(sounds)),
        has_video=bool(videos),
        duration_ms=_duration(text),
        is_estimated="Estimating duration" in said.text,
        late_ms=_late_ms(text, [one.group(3) for one in sounds]),
        chapters=_chapters(text),
    )


def _chapters(text: str) -> tuple[Chapter, ...]:
    """Give the moments a recording marks; one that begins it and has no other says nothing."""
    found = tuple(
        Chapter(round(float(start) * 1000), title.strip())
        for start, title in _CHAPTER.findall(text)
    )
    return () if len(found) == 1 and not found[0].at_ms else found


def _late_ms(text: str, sounds: list[str]) -> int:
    """Say how much later than anything else the first sound begins."""
    whole = _DURATION.search(text)
    begin = _START.search(text, whole.start()) if whole is not None else None
    starts = [_START.search(one) for one in sounds]
    if begin is None or not all(starts):
        return 0
    first = min(float(one.group(1)) for one in starts if one is not None)
    return max(0, round((first - float(begin.group(1))) * 1000))


def _track(number: int, found: re.Match[str], text: str) -> Track:
    """Read one track's lines; how many channels it really has only decoding tells."""
    rate = _RATE.search(found.group(3))
    language = found.group(1) or ""
    return Track(
        number,
        codec=found.group(2),
        channels=_channels(rate.group(2).strip()) if rate else 1,
        sample_rate_hz=int(rate.group(1)) if rate else 0,
        language="" if language in _NO_LANGUAGE else language,
        title=_title(text, found.end()),
        is_default="(default)" in found.group(3),
    )


def _title(text: str, begin: int) -> str:
    """Read what a track is called from the lines below its own."""
    lines = _OF_STREAM.match(text, begin)
    named = dict(_NAMED.findall(lines[0])) if lines is not None else {}
    given = (named.get("title"), named.get("name"), named.get("handler_name"))
    return next((one for one in given if one and not _OF_WRITER.search(one)), "")


_OF_STREAM = re.compile(r"(?:\n(?:    |      )[^\n]*)*")
_NAMED = re.compile(r"^      (title|name|handler_name) *: ([^\n]*\S)", re.MULTILINE)
_OF_WRITER = re.compile(
    r"handler|core media|\biso media\b|^(?:audio|sound|mono|stereo)$", re.IGNORECASE
)
"""What programs write of themselves where a name belongs."""


_NO_LANGUAGE = frozenset({"und", "mis", "mul", "zxx", "qaa"})


def _short_name(names: str) -> str:
    """Give the first of the names of a family: ``mov`` for ``mov,mp4,m4a,…``."""
    return names.partition(",")[0]


def _duration(text: str) -> int | None:
    found = _DURATION.search(text)
    if found is None or found.group(1) is None:
        return None
    return _to_ms(*found.groups())


def _to_ms(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, "0")[:3])


def _channels(layout: str) -> int:
    counted = re.match(r"(\d+) channels", layout) or re.search(r"\((\d+) channels", layout)
    if counted:
        return int(counted.group(1))
    named = layout.split("(", maxsplit=1)[0].strip()
    if named in _LAYOUTS:
        return _LAYOUTS[named]
    summed = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?", named)
    return sum(int(part or 0) for part in summed.groups()) if summed else 2


async def count_ms(recording: Recording) -> int:
    """Add up the lengths of all packets; for files that do not tell how long they are."""
    track = recording.taken[0].number if recording.taken else 0
    total_ms = 0
    for number in range(len(recording.links) or 1):
        one = replace(recording, links=recording.links[number : number + 1])
        arguments = [*inputs_of(one), "-stats", "-map", f"0:a:{track}", "-c", "copy"]
        said = await run_ffmpeg([*arguments, "-f", "null", "-"])
        times = _COUNTED.findall(said.tail)
        total_ms += _to_ms(*times[-1]) if times else 0
    return total_ms


def _refusal(said: Finished) -> RecordingError:
    if _LISTS.search(said.text):
        return RecordingError(
            "This file is not a recording but a list, a picture, a text or the like. Add the "
            "recordings themselves.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if "moov atom not found" in said.text:
        return RecordingError(
            "This recording is incomplete: the index at its end is missing. Copy or download "
            "it again.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    return RecordingError(
        "This file is not a recording, whatever its name says, or it is badly damaged. Choose "
        "another file.",
        action=Action.CHOOSE_FILE,
        details=said.tail,
    )
