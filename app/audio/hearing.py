"""Listen to a recording here and there: which tracks speak, how loud, how they mix.

A camera has four tracks and the microphone is on the second; a recorder has eight
channels and a guest on the seventh; a balanced microphone gives the same sound on both
sides, one of them upside down. Headers tell nothing of that; a few short spans of
the sound do. What is silent wherever it is listened to is mixed in all the same: it may
speak elsewhere, and costs the mix nothing if it does not. A cable that is not plugged in
hums on one side as loud as somebody speaks on the other: that side is left out.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.process import run_ffmpeg
from app.audio.source import COUNTED_FROM_FIRST, inputs_of
from app.core.recording import Recording, SoundChoice, Track
from app.system.resources import resource_path
from app.voices.features import RATE_HZ as VOICE_RATE_HZ
from app.voices.speech import speech_share

_RATE_HZ = 8_000
_FRAME = _RATE_HZ // 50
_WHOLE_MS = 60_000
_SPAN_MS = 6_000
_SPANS = 8
_SPANS_OF_MANY = 3
_MOST_LINKS_HEARD = 12
_MOST_SAMPLES = 8_000_000
_SILENT_DB = -84.0
_FLOOR_DB = -96.0
_STEADY_DB = 9.0
"""Speech comes and goes by 20 dB and more within seconds, hum and noise by a few."""
_HIDES_DB = 20.0
"""Noise so little below loud words, mixed into them, costs some."""
_CANCELLED_SHARE = 0.05
"""Of the louder side's energy; sides that have nothing in common keep a quarter or more."""
_OPPOSED = -0.7
_QUIET = 10 ** (-40 / 20)
_INAUDIBLE = 10 ** (-80 / 20)
_AIM_QUIET = 10 ** (-14 / 20)
_LOUD = 10 ** (2 / 20)
_AIM_LOUD = 0.9
_SPEAKS_SHARE, _SILENT_SHARE = 0.2, 0.03
"""In how much of it somebody speaks, on a track of speech and on one of music."""
_FAR_BELOW_DB = 45.0
_SOUNDING_SHARE = 0.7
_TIME_BASE = re.compile(r"^#tb 0: (\d+)/(\d+)", re.MULTILINE)
_FIRST_FRAME = re.compile(r"^0, *-?\d+, *(-?\d+),", re.MULTILINE)

_Samples = NDArray[np.float32]


@dataclass(slots=True)
class _Heard:
    """What was heard of one track.

    Attributes:
        starts_ms: When its first sound comes.
        samples: The sound of all spans, a column for each channel.
    """

    starts_ms: int = 0
    samples: _Samples = field(default_factory=lambda: np.zeros((0, 1), np.float32))


async def hear(
    recording: Recording, choice: SoundChoice | None = None, scratch: Path | None = None
) -> Recording:
    """Give a recording with what listening tells: its tracks, which are taken, and how.

    Args:
        recording: As its headers describe it, with all its tracks.
        choice: What a person chose or an earlier look found; ``None`` takes what speaks.
        scratch: Where the sound may lie meanwhile; the system's temporary folder if left
            out. Who may be killed gives a folder that is cleared afterwards.
    """
    heard = await _listen(recording, scratch)
    return await asyncio.to_thread(_judged, recording, choice, heard)


def _judged(
    recording: Recording, choice: SoundChoice | None, heard: dict[int, _Heard]
) -> Recording:
    """Give a recording with what was heard of it; reckons for longer than a window waits."""
    tracks = tuple(_judge(track, heard.get(track.number)) for track in recording.tracks)
    if sum(track.may_speak for track in tracks) > 1:
        tracks = _without_music(tracks, heard)
    chosen = _choose(tracks, choice)
    if choice is None and len(chosen.tracks) == 1 and chosen.tracks[0] in heard:
        samples = heard[chosen.tracks[0]].samples
        chosen = replace(chosen, channel=_clear_channel(samples))
    found = replace(recording, tracks=tracks, choice=chosen)
    if not found.taken:
        return found
    main = next((track for track in found.taken if track.may_speak), found.taken[0])
    mixes = [_mix(track, heard[track.number], chosen.channel) for track in found.taken]
    lone = None
    if main.channels == 2 and main.weights and chosen.channel is None:
        lone = main.weights.index(1.0)
    return replace(
        found,
        codec=main.codec,
        channels=main.channels,
        sample_rate_hz=main.sample_rate_hz,
        starts_ms=min(track.starts_ms for track in found.taken),
        offset_ms=_offset_ms(found),
        lone_channel=lone,
        gain=_gain(_peak(_sum(mixes)), is_sum=len(mixes) > 1),
    )


def _offset_ms(recording: Recording) -> int:
    """Say how much of a late start ffmpeg leaves out where it reads the taken tracks alone."""
    if recording.container not in COUNTED_FROM_FIRST:
        return 0
    return min(track.starts_ms for track in recording.taken)


def _choose(tracks: Sequence[Track], choice: SoundChoice | None) -> SoundChoice:
    """Take what was asked for where it can be had, else what speaks or may yet."""
    readable = [track for track in tracks if track.is_readable]
    channel = choice.channel if choice is not None else None
    if channel is not None and all(channel >= track.channels for track in readable):
        channel = None
    asked = [track for track in readable if choice and track.number in choice.tracks]
    if asked:
        return SoundChoice(tuple(track.number for track in asked), channel)
    speaking = _of_one_language([track for track in readable if track.may_speak])
    taken = [track for track in readable if track in speaking or track.is_silent]
    return SoundChoice(
        tuple(track.number for track in (taken if speaking else readable)), channel
    )


def _of_one_language(speaking: Sequence[Track]) -> Sequence[Track]:
    """Leave out what says the same in another language: both at once, nobody understands."""
    languages = [track.language for track in speaking if track.language]
    if len(set(languages)) < 2:
        return speaking
    usual = [track.language for track in speaking if track.is_default and track.language]
    wanted = (usual or languages)[0]
    return [track for track in speaking if track.language in {wanted, ""}]


# -- listening -------------------------------------------------------------------------


async def _listen(recording: Recording, scratch: Path | None) -> dict[int, _Heard]:
    """Decode some spans of every track; what cannot be decoded is not in the result."""
    numbers = [track.number for track in recording.tracks]
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="wordlight-", dir=scratch))
    try:
        heard = await _listen_to(recording, numbers, folder)
        if len(numbers) > 1 and len(heard) < len(numbers):
            # One that cannot be decoded keeps ffmpeg from all others.
            for number in numbers:
                if number not in heard:
                    heard |= await _listen_to(recording, [number], folder)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
    return heard


async def _listen_to(
    recording: Recording, numbers: Sequence[int], folder: Path
) -> dict[int, _Heard]:
    arguments, count = _inputs(recording)
    for number in numbers:
        # A list of one decoded frame tells when the first sound comes.
        arguments += ["-map", f"0:a:{number}", "-frames:a", "1", "-f", "framecrc", "-y"]
        arguments.append(f"file:{folder / f'{number}-first'}")
        for place in range(count):
            arguments += ["-map", f"{place}:a:{number}", "-ar", str(_RATE_HZ)]
            arguments += ["-c:a", "pcm_f32le", "-bitexact", "-f", "wav", "-y"]
            arguments.append(f"file:{folder / f'{number}-{place}'}")
    await run_ffmpeg(arguments)
    # How it ended does not count: a damaged file ends badly and is heard all the same.
    return await asyncio.to_thread(_read, numbers, count, folder)


def _read(numbers: Sequence[int], count: int, folder: Path) -> dict[int, _Heard]:
    """Read what was decoded: the spans of each track, one after the other."""
    heard: dict[int, _Heard] = {}
    for number in numbers:
        pieces = [_read_span(folder / f"{number}-{place}") for place in range(count)]
        # All alike: what changes its form on the way is judged by how it begins.
        alike = [one for one in pieces if one.size and one.shape[1] == pieces[0].shape[1]]
        if alike:
            starts_ms = _read_start(folder / f"{number}-first")
            heard[number] = _Heard(starts_ms, np.nan_to_num(np.concatenate(alike)))
    return heard


def _read_span(path: Path) -> _Samples:
    """Read a WAV that ffmpeg just wrote; empty where it came to nothing."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    start = data.find(b"data") + 8
    if start < 44:
        return np.zeros((0, 1), np.float32)
    channels = max(1, int.from_bytes(data[22:24], "little"))
    whole = (len(data) - start) // (4 * channels) * channels
    return np.frombuffer(data, "<f4", whole, start).reshape(-1, channels)


def _read_start(path: Path) -> int:
    """Read from ffmpeg's list of frames when the first one comes."""
    try:
        text = path.read_text("ascii", "replace")
    except OSError:
        return 0
    base, first = _TIME_BASE.search(text), _FIRST_FRAME.search(text)
    if base is None or first is None:
        return 0
    starts_ms = int(first.group(1)) * 1000 * int(base.group(1)) // int(base.group(2))
    return max(0, starts_ms)


def _inputs(recording: Recording) -> tuple[list[str], int]:
    """Give the inputs to listen to and how many they are."""
    channels = sum(track.channels for track in recording.tracks)
    longest_ms = max(1_000, _MOST_SAMPLES // max(1, channels) * 1000 // _RATE_HZ)
    if recording.links:
        links = recording.links[:_MOST_LINKS_HEARD]
        few = replace(recording, links=links)
        length_ms = min(_WHOLE_MS, longest_ms) // len(links)
        return inputs_of(few, before=("-t", f"{length_ms / 1000:.3f}")), len(links)
    places_ms, length_ms = [0], min(_WHOLE_MS, longest_ms)
    # Nobody knows where to look in one that does not say how long it is.
    if recording.duration_ms > length_ms and (recording.container_ms or recording.raw):
        # A video's index takes a tenth of a second to read, each time it is opened.
        count = _SPANS if len(recording.tracks) == 1 else _SPANS_OF_MANY
        length_ms = min(_SPAN_MS, longest_ms // count)
        room_ms = recording.duration_ms - length_ms
        places_ms = [room_ms * place // (count - 1) for place in range(count)]
        # The very end is often silent, and cut off in a damaged file.
        places_ms[-1] = room_ms * (2 * count - 3) // (2 * count - 2)
    arguments: list[str] = []
    for place_ms in places_ms:
        # Roughly there will do; exactly would read an MP3 from its beginning.
        seek = ("-fflags", "+fastseek", "-ss", f"{place_ms / 1000:.3f}") if place_ms else ()
        arguments += inputs_of(recording, before=(*seek, "-t", f"{length_ms / 1000:.3f}"))
    return arguments, len(places_ms)


# -- judging ---------------------------------------------------------------------------


def _judge(track: Track, heard: _Heard | None) -> Track:
    if heard is None:
        return replace(track, is_readable=False)
    samples = heard.samples
    levels = _levels(samples)
    audible = [column for column in levels.T if column.max(initial=_FLOOR_DB) > _SILENT_DB]
    peaks = np.abs(samples).max(axis=0, initial=0.0)
    gains = tuple(_gain(float(peak)) for peak in peaks)
    return replace(
        track,
        channels=samples.shape[1],
        starts_ms=heard.starts_ms,
        is_silent=not audible,
        is_steady=bool(audible) and all(_is_steady(column) for column in audible),
        weights=_weights(samples),
        gains=gains if any(gain != 1.0 for gain in gains) else (),
    )


def _without_music(tracks: tuple[Track, ...], heard: dict[int, _Heard]) -> tuple[Track, ...]:
    """Tell music and play that sound all the time from tracks in which somebody speaks.

    One that is mostly quiet is left alone: somebody may speak where nobody listened.
    """
    asked = [track for track in tracks if track.may_speak]
    sounds = [_at_16_khz(_mix(track, heard[track.number], None)) for track in asked]
    shares = _speech_shares(sounds)
    if shares is None or max(shares) < _SPEAKS_SHARE:
        return tracks
    wordless = {
        track.number
        for track, sound, share in zip(asked, sounds, shares, strict=True)
        if share < _SILENT_SHARE and _sounds_all_the_time(sound)
    }
    return tuple(
        replace(track, is_steady=True) if track.number in wordless else track
        for track in tracks
    )


def _speech_shares(sounds: list[_Samples]) -> Sequence[float] | None:
    """Say in how much of each sound somebody speaks, where a model can tell."""
    try:
        return speech_share(resource_path("voices"), sounds)
    except FileNotFoundError:
        return None


def _at_16_khz(samples: _Samples) -> _Samples:
    return np.repeat(samples, VOICE_RATE_HZ // _RATE_HZ)


def _sounds_all_the_time(samples: _Samples) -> bool:
    levels = _levels(samples[:, None])[:, 0]
    return float((levels > levels.max() - _FAR_BELOW_DB).mean()) > _SOUNDING_SHARE


def _levels(samples: _Samples) -> NDArray[np.float64]:
    """Give the loudness of each fiftieth of a second, in decibels, channel by channel."""
    count = max(1, len(samples) // _FRAME)
    whole = samples[: count * _FRAME].astype(np.float64)
    frames = whole.reshape(count, -1, samples.shape[1]) if len(whole) else whole[None]
    if not frames.size:
        return np.full((1, samples.shape[1]), _FLOOR_DB)
    frames = frames - frames.mean(axis=1, keepdims=True)  # a constant is no sound
    power = np.square(frames).mean(axis=1)
    return 10 * np.log10(np.maximum(power, 10 ** (_FLOOR_DB / 10)))


def _is_steady(levels: NDArray[np.float64]) -> bool:
    if len(levels) < 50:
        return False
    sounding = levels[levels > _FLOOR_DB + 1]
    if len(sounding) < 50:
        return False
    # The edges of what was cut together, and a click, say nothing.
    return bool(np.percentile(sounding, 97) - np.percentile(sounding, 10) < _STEADY_DB)


def _clear_channel(samples: _Samples) -> int | None:
    """Find the one channel that speaks where there is but loud, steady noise on all others."""
    levels = _levels(samples)
    noisy = [place for place, column in enumerate(levels.T) if _is_steady(column)]
    clear = [place for place in range(levels.shape[1]) if place not in noisy]
    if len(clear) != 1 or not noisy:
        return None
    spoken_db = float(np.percentile(levels[:, clear[0]], 90))
    noise_db = max(float(np.median(levels[:, place])) for place in noisy)
    if noise_db < max(spoken_db - _HIDES_DB, _SILENT_DB):
        return None
    # Speech in much noise is steady, too.
    sounds = [_at_16_khz(samples[:, place]) for place in (*clear, *noisy)]
    shares = _speech_shares(sounds)
    if shares is None or shares[0] < _SPEAKS_SHARE or max(shares[1:]) > _SILENT_SHARE:
        return None
    return clear[0]


def _weights(samples: _Samples) -> tuple[float, ...]:
    """Work out how much of each channel goes into the mix."""
    channels = samples.shape[1]
    if channels == 1:
        return ()
    wide = samples.astype(np.float64)
    energies = np.square(wide).sum(axis=0)
    if channels == 2:
        mixed = wide.sum(axis=1) / 2
        if float(mixed @ mixed) >= _CANCELLED_SHARE * float(energies.max()):
            return ()
        loudest = int(energies.argmax())
        return (1.0, 0.0) if loudest == 0 else (0.0, 1.0)
    signs = np.ones(channels)
    total = np.zeros(len(wide))
    for channel in np.argsort(-energies):
        one = wide[:, channel]
        size = float(np.sqrt((one @ one) * (total @ total)))
        if size > 0 and float(one @ total) / size < _OPPOSED:
            signs[channel] = -1.0
        total = total + signs[channel] * one
    # As loud as may be: full where people take turns, less where they sound together.
    share = _AIM_LOUD / max(_peak(total), _AIM_LOUD)
    return tuple(float(sign * max(share, 1 / channels)) for sign in signs)


def _mix(track: Track, heard: _Heard, channel: int | None) -> _Samples:
    """Mix what was heard of a track as the graph will mix all of it."""
    samples = heard.samples
    if channel is not None:
        return samples[:, min(channel, samples.shape[1] - 1)]
    if track.weights:
        return samples @ np.array(track.weights, np.float32)
    return samples.mean(axis=1)


def _sum(mixes: Sequence[_Samples]) -> _Samples:
    total = np.zeros(max(len(mix) for mix in mixes), np.float32)
    for mix in mixes:
        total[: len(mix)] += mix
    return total


def _peak(samples: NDArray[np.floating]) -> float:
    return float(np.abs(samples).max(initial=0.0))


def _gain(peak: float, *, is_sum: bool = False) -> float:
    """Say what sound of such a peak has to be multiplied with to be heard, and not cut off."""
    if peak > (1.0 if is_sum else _LOUD):
        return _AIM_LOUD / peak
    return _AIM_QUIET / peak if _INAUDIBLE < peak < _QUIET else 1.0
