"""Look at a recording: is there sound in it that can be decoded, how much, of what kind.

ffmpeg's report on the file and a decode of its first moment; the name of the file has
no say. How long the sound really is and whether it is whole only a full decode can
tell, which ``prepare`` does anyway. Only where the headers give no trustworthy length
are the packets counted here (no decoding, as quick as the disk).
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

from app.audio import mp3, phase
from app.audio.process import Finished, run_ffmpeg
from app.audio.source import check_file, check_unchanged, input_arguments
from app.core.errors import Action, RecordingError
from app.core.messages import message
from app.core.recording import Recording

LONGEST_MS = 24 * 3_600_000
"""More is refused: a few kilobytes can claim to be years of silence."""

_INPUT = re.compile(r"^Input #0, ([\w,]+), from '", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (?:(\d+):(\d\d):(\d\d)\.(\d+)|N/A)", re.MULTILINE)
_FIRST = re.compile(r"ashowinfo[^\n]* n: *0 [^\n]*pts_time:(-?[\d.]+)")
_SOUND = re.compile(r"^  Stream #0:\d+[^\n]*?: Audio: (\w+)([^\n]*)", re.MULTILINE)
_VIDEO = re.compile(r"^  Stream #0:\d+[^\n]*?: Video: ([^\n]*)", re.MULTILINE)
_RATE = re.compile(r", (\d+) Hz, ([^,\n]+)")
_COUNTED = re.compile(r"time=(\d+):(\d\d):(\d\d)\.(\d+)")
_ENCRYPTED = re.compile(r"\b(drms|drmi|enca|encv|aavd|aaxc|encrypted)\b", re.IGNORECASE)
_LISTS = re.compile(r"not on whitelist|Not detecting m3u8")
"""How releases of ffmpeg say that a file only names other files."""
_FIRST_FRAMES = ("-map", "0:a:0", "-frames:a", "30", "-af", "ashowinfo", "-f", "null", "-")
_LARGEST_CLAIM = 0x7FFF_0000  # larger ones stand for "not known yet" in streamed files
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}


@dataclass(frozen=True, slots=True)
class _Header:
    """What ffmpeg says of a file before decoding it."""

    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    has_video: bool
    duration_ms: int | None
    starts_ms: int


async def probe(path: Path) -> Recording:
    """Find out what a recording is, by its content.

    Raises:
        RecordingError: It is no recording that can be used; the sentence says why.
    """
    stamp = await asyncio.to_thread(check_file, path)
    said = await run_ffmpeg(
        # A moment is decoded, so that a codec which only looks right is found out.
        [*input_arguments(path), *_FIRST_FRAMES]
    )
    header = _read_header(said, path)
    _check_sound(said)
    duration_ms = header.duration_ms
    if duration_ms is None:
        duration_ms = await count_ms(path)
    if header.container == "wav":
        missing = await asyncio.to_thread(_share_missing, path, stamp.size_bytes)
        duration_ms = round(duration_ms * (1 + missing))
    await asyncio.to_thread(check_unchanged, path, stamp)
    if duration_ms <= 0:
        raise RecordingError(
            "There is no sound in this recording; its length is zero.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if duration_ms > LONGEST_MS:
        raise too_long(duration_ms)
    is_variable = header.container == "mp3" and not await asyncio.to_thread(
        mp3.is_constant_rate, path
    )
    is_stereo = header.channels == 2
    lone_channel = await phase.lone_channel(path, duration_ms) if is_stereo else None
    return Recording(
        path=path,
        size_bytes=stamp.size_bytes,
        modified_ns=stamp.modified_ns,
        duration_ms=duration_ms,
        container=header.container,
        codec=header.codec,
        channels=header.channels,
        sample_rate_hz=header.sample_rate_hz,
        has_video=header.has_video,
        is_variable_rate=is_variable,
        starts_ms=header.starts_ms,
        lone_channel=lone_channel,
    )


def too_long(duration_ms: int) -> RecordingError:
    """Say that a recording is longer than anything taken here."""
    return RecordingError(
        message(
            "This recording is {hours} hours long, more than the {most} hours Wordlight "
            "takes; cut it into smaller files first.",
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
    text = text[found.start() :].partition("\nStream mapping:")[0].partition("\nOutput #0")[0]
    sound = _SOUND.search(text)
    videos = [one for one in _VIDEO.findall(text) if "(attached pic)" not in one]
    if _ENCRYPTED.search(sound.group(0) if sound else "") or any(
        _ENCRYPTED.search(one) for one in videos
    ):
        raise RecordingError(
            "This recording is encrypted (copy protection), so only its own player can "
            "open it; use a copy without protection.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if sound is None:
        raise RecordingError(
            "There is no sound in this file; choose one with an audio track.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    rate = _RATE.search(sound.group(2))
    first = _FIRST.search(said.text)
    return _Header(
        container=_short_name(found.group(1)),
        codec=sound.group(1),
        channels=_channels(rate.group(2).strip()) if rate else 1,
        sample_rate_hz=int(rate.group(1)) if rate else 0,
        has_video=bool(videos),
        duration_ms=None if "Estimating duration" in said.text else _duration(text),
        starts_ms=max(0, round(float(first.group(1)) * 1000)) if first else 0,
    )


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
    counted = re.match(r"(\d+) channels", layout)
    if counted:
        return int(counted.group(1))
    named = layout.split("(", maxsplit=1)[0].strip()
    if named in _LAYOUTS:
        return _LAYOUTS[named]
    summed = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?", named)
    return sum(int(part or 0) for part in summed.groups()) if summed else 2


async def count_ms(path: Path) -> int:
    """Add up the lengths of all packets; for files that do not tell how long they are."""
    said = await run_ffmpeg(
        [*input_arguments(path), "-stats", "-map", "0:a:0", "-c", "copy", "-f", "null", "-"]
    )
    times = _COUNTED.findall(said.tail)
    return _to_ms(*times[-1]) if times else 0


def _share_missing(path: Path, size_bytes: int) -> float:
    """Tell how much more a WAV file says it holds than there is, as a share of it.

    ffmpeg takes the length from the file's size, so that a copy cut short looks whole.
    """
    with path.open("rb") as file:
        head = file.read(8)
    claimed_bytes = int.from_bytes(head[4:8], "little") + 8
    if head[:4] != b"RIFF" or claimed_bytes > _LARGEST_CLAIM or claimed_bytes <= size_bytes:
        return 0.0
    return claimed_bytes / size_bytes - 1


def _check_sound(said: Finished) -> None:
    if said.exit_code == 0 and not _nothing_decoded(said.text):
        return
    raise RecordingError(
        "The sound in this file cannot be decoded; it may be damaged or of a rare kind.",
        action=Action.CHOOSE_FILE,
        details=said.tail,
    )


def _nothing_decoded(text: str) -> bool:
    return "Output file is empty" in text or "received no packets" in text


def _refusal(said: Finished) -> RecordingError:
    if _LISTS.search(said.text):
        return RecordingError(
            "This file is no recording but a list, a picture or a text; "
            "add the recordings themselves.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    if "moov atom not found" in said.text:
        return RecordingError(
            "This recording was never finished: its table of contents at the end is "
            "missing; copy or download it again.",
            action=Action.CHOOSE_FILE,
            details=said.tail,
        )
    return RecordingError(
        "This file is not a recording, whatever its name says, or it is badly damaged; "
        "choose another one.",
        action=Action.CHOOSE_FILE,
        details=said.tail,
    )
