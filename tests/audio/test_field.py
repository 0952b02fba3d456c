"""Recordings of the kinds that lost words: the right sound of each, and of their kin."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio.cache import PlaybackCache
from app.audio.plan import Form, make_plan, seeks_truly
from app.audio.prepare import Prepared, make_playback_files, prepare
from app.audio.probe import probe
from app.audio.share import encode_opus
from app.core.options import ModelId, TranscriptionOptions
from app.core.peaks import decode_peaks
from app.core.recording import Recording, SoundChoice
from tests.support.sounds import ffmpeg
from tests.support.waves import wav_bytes, write_wav

pytestmark = pytest.mark.slow

FIELD = Path(__file__).parents[1] / "field"
HERE = TranscriptionOptions()
PULSE = TranscriptionOptions(model=ModelId.PULSE)

Sound = NDArray[np.float64]


def sound_of(path: Path, *arguments: str) -> Sound:
    """Decode a file's first track as it is, 16 kHz mono, in shares of full scale."""
    raw = ffmpeg("-i", path, *arguments, "-f", "s16le", "-ac", "1", "-ar", "16000", "-")
    return np.frombuffer(raw, "<i2").astype(np.float64) / 32_768


def likeness(one: Sound, other: Sound) -> float:
    """Tell how alike two sounds of the same start are, 0 to 1, however loud they are."""
    length = min(len(one), len(other))
    one, other = one[:length], other[:length]
    return float(abs(one @ other) / np.sqrt((one @ one) * (other @ other) + 1e-12))


def level_db(sound: Sound) -> float:
    return float(20 * np.log10(np.abs(sound).max(initial=1e-9)))


async def prepared(
    path: Path, cache: PlaybackCache, options: TranscriptionOptions = HERE
) -> tuple[Recording, Prepared]:
    recording = await probe(path, options.sound)
    job = cache.folder.parent / "job"
    return recording, await prepare(recording, make_plan(recording, options), job, cache=cache)


@pytest.fixture
def talk(clips: Path) -> Sound:
    """Five seconds of speech at 8 kHz."""
    return sound_of(clips / "lj001-0004.flac")[::2][:40_000]


def as_int16(*channels: Sound) -> NDArray[np.int16]:
    return np.round(np.stack(channels, axis=1) * 32_767).clip(-32_768, 32_767).astype("<i2")


# -- tracks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "track", "count"),
    [
        ("obs-two-tracks.mkv", 1, 2),
        ("camera-four-mono-tracks.mov", 1, 4),
        ("apac-first.qta", 1, 2),
    ],
)
async def test_the_track_that_speaks_is_taken(
    cache: PlaybackCache, name: str, track: int, count: int
) -> None:
    recording, got = await prepared(FIELD / name, cache)

    assert len(recording.tracks) == count
    assert [one.number for one in recording.taken if one.may_speak] == [track]
    said = f"{count} audio tracks, using track {track + 1}"
    assert said in got.note.fill()
    assert got.remark is not None
    assert got.remark.fill() == said
    wanted = sound_of(FIELD / name, "-map", f"0:a:{track}")
    assert likeness(sound_of(got.parts[0].path), wanted) > 0.99
    # The copy to play, the outline and the page's sound follow.
    assert got.proxy_path is not None
    assert likeness(sound_of(got.proxy_path), wanted) > 0.99
    assert decode_peaks(got.peaks_path.read_bytes()).loudest > 3_000
    page = cache.folder / "page.ogg"
    page.write_bytes(await encode_opus(await probe(FIELD / name, recording.kept_choice)))
    assert level_db(sound_of(page)) > -20


def music(seconds: int = 6, rate_hz: int = 16_000) -> NDArray[np.int16]:
    """Make loud music: chords that come and go, with a beat."""
    chance = np.random.default_rng(1)
    sound = np.zeros(seconds * rate_hz)
    begin = 0
    while begin < len(sound):
        length = min(int(rate_hz * chance.choice([0.25, 0.5, 1.0])), len(sound) - begin)
        time_s = np.arange(length) / rate_hz
        root_hz = 220 * 2 ** (chance.choice([0, 2, 4, 5, 7, 9, 11]) / 12)
        for step in (0, 4, 7):
            for overtone in range(1, 6):
                turn = 2 * np.pi * root_hz * 2 ** (step / 12) * overtone * time_s
                sound[begin : begin + length] += np.exp(-3 * time_s) * np.sin(turn) / overtone
        beat = chance.normal(0, 2, min(1_200, length))
        sound[begin : begin + len(beat)] += beat * np.exp(-np.arange(len(beat)) / 200)
        begin += length
    return np.round(sound / np.abs(sound).max() * 30_000).astype("<i2")


def tracks_file(
    folder: Path, kinds: list[str], clips: Path, *, suffix: str = ".mkv", codec: str = "aac"
) -> Path:
    """Write a file with such tracks: who speaks, or silence, hum, hiss."""
    sources = {
        "anna": ("-i", str(clips / "lj001-0004.flac")),
        "ben": ("-i", str(clips / "librispeech-1688-142285-0000.flac")),
        "silence": ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=5"),
        "music": ("-i", str(write_wav(folder / "music.wav", music()[:, None], 16_000))),
        "hum": ("-f", "lavfi", "-i", "sine=f=50:r=48000:d=5"),
        "hiss": ("-f", "lavfi", "-i", "anoisesrc=a=0.02:r=48000:d=5:seed=1"),
    }
    arguments: list[str] = []
    for kind in kinds:
        arguments += sources[kind]
    for number in range(len(kinds)):
        arguments += ["-map", f"{number}:a"]
    path = folder / f"tracks{suffix}"
    ffmpeg(*arguments, "-t", "5", "-c:a", codec, path)
    return path


@pytest.mark.parametrize(
    ("kinds", "speaking"),
    [
        (["anna"], [0]),
        (["anna", "silence"], [0]),
        (["silence", "anna"], [1]),
        (["hum", "anna"], [1]),
        (["hiss", "silence", "anna"], [2]),
        (["silence", "silence", "silence", "anna", "silence"], [3]),
        (["anna", "ben"], [0, 1]),
        (["anna", "silence", "ben"], [0, 2]),
        (["music", "anna"], [1]),
        (["anna", "music"], [0]),
        (["music", "silence", "anna", "hum"], [2]),
        (["music", "ben", "anna"], [1, 2]),
        (["hum", "hiss"], []),
        (["silence", "silence"], []),
    ],
    ids=lambda value: "-".join(map(str, value)) or "nobody",
)
@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "aac"), (".mov", "pcm_s16le")])
async def test_whoever_speaks_on_any_track_is_heard(
    cache: PlaybackCache,
    clips: Path,
    tmp_path: Path,
    kinds: list[str],
    speaking: list[int],
    suffix: str,
    codec: str,
) -> None:
    path = tracks_file(tmp_path, kinds, clips, suffix=suffix, codec=codec)

    recording, got = await prepared(path, cache)

    assert [track.number for track in recording.tracks if track.may_speak] == speaking
    heard = sound_of(got.parts[0].path)
    for number in speaking:
        alone = sound_of(path, "-map", f"0:a:{number}")
        assert likeness(heard, alone) > (0.95 if len(speaking) == 1 else 0.5)
    if not speaking:  # nothing is left out where nothing speaks
        assert [track.number for track in recording.taken] == list(range(len(kinds)))


async def test_another_track_can_be_chosen_and_all_of_them_be_speakers(
    cache: PlaybackCache, clips: Path, tmp_path: Path
) -> None:
    path = tracks_file(tmp_path, ["anna", "silence", "ben"], clips)

    _, chosen = await prepared(path, cache, replace(HERE, track=2))
    _, apart = await prepared(path, cache, replace(HERE, tracks_are_speakers=True))

    ben = sound_of(path, "-map", "0:a:2")
    assert likeness(sound_of(chosen.parts[0].path), ben) > 0.99
    assert "3 audio tracks, using track 3" in chosen.note.fill()
    # Silence is no speaker, and nobody pays for it.
    assert [part.channel for part in apart.parts] == [0, 2]
    assert likeness(sound_of(apart.parts[1].path), ben) > 0.99
    assert "tracks separate" in apart.note.fill()
    # What was chosen once is found again by its choice alone.
    again = await make_playback_files(await probe(path, SoundChoice((2,))), cache=cache)
    assert again.proxy_path is not None
    assert likeness(sound_of(again.proxy_path), ben) > 0.99


@pytest.mark.parametrize(
    ("suffix", "field"),
    [(".mkv", "title"), (".mp4", "title"), (".mov", "handler_name"), (".mp4", "handler_name")],
)
async def test_tracks_are_called_what_the_file_calls_them(
    tmp_path: Path, suffix: str, field: str
) -> None:
    path = tmp_path / f"named{suffix}"
    sines = [one for hz in (200, 300, 400) for one in ("-f", "lavfi", "-i", f"sine={hz}:d=1")]
    maps = [one for number in range(3) for one in ("-map", f"{number}")]
    named = [f"-metadata:s:a:0={field}=Desktop", f"-metadata:s:a:1={field}=Mic: Ann, Ben"]
    given = [part for one in named for part in one.split("=", 1)]

    ffmpeg(*sines, *maps, *given, "-c:a", "aac", path)

    recording = await probe(path)
    assert [track.title for track in recording.tracks] == ["Desktop", "Mic: Ann, Ben", ""]


async def test_music_is_no_speaker(cache: PlaybackCache, clips: Path, tmp_path: Path) -> None:
    path = tracks_file(tmp_path, ["music", "anna", "silence", "ben"], clips)

    _, apart = await prepared(path, cache, replace(HERE, tracks_are_speakers=True))

    voices = [sound_of(path, "-map", f"0:a:{number}") for number in (1, 3)]
    heard = [sound_of(part.path) for part in apart.parts]
    assert len(heard) == 2
    assert all(likeness(*pair) > 0.99 for pair in zip(heard, voices, strict=True))


async def test_a_late_track_keeps_its_time_in_the_mix(
    cache: PlaybackCache, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "late.mkv"
    ffmpeg(
        *("-i", clips / "lj001-0004.flac"),
        *("-itsoffset", "3", "-i", clips / "lj001-0002.flac"),
        *("-map", "0:a", "-map", "1:a", "-c:a", "pcm_s16le", path),
    )

    _, got = await prepared(path, cache)

    heard = sound_of(got.parts[0].path)
    late = sound_of(clips / "lj001-0002.flac")
    whole = np.pad(late, (48_000, 0))
    first = sound_of(clips / "lj001-0004.flac")
    whole = np.pad(whole, (0, max(0, len(first) - len(whole))))
    whole[: len(first)] += first
    assert likeness(heard, whole) > 0.98


# -- channels ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, 65))
async def test_each_channel_of_any_number_is_counted_heard_and_can_be_a_speaker(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, count: int
) -> None:
    speaking = count * 7 % count if count < 3 else (count * 5 + 3) % count
    channels = [np.zeros_like(talk) for _ in range(count)]
    channels[speaking] = talk
    path = write_wav(tmp_path / "poly.wav", as_int16(*channels))

    recording, got = await prepared(path, cache)

    assert recording.channels == count
    heard = sound_of(got.parts[0].path)
    alone = sound_of(write_wav(tmp_path / "alone.wav", as_int16(talk)))
    assert likeness(heard, alone) > 0.99
    assert level_db(heard) > level_db(alone) - 7
    if count > 2:
        assert got.proxy_path is not None  # a player mixes by loudspeaker, and loses it
        assert f"{count}-channel" in got.note.fill()
    if count > 1:
        _, apart = await prepared(path, cache, replace(HERE, channels_are_speakers=True))
        assert [part.channel for part in apart.parts] == [speaking]
        assert likeness(sound_of(apart.parts[0].path), alone) > 0.99


@pytest.mark.parametrize("count", [3, 6, 16, 33, 64])
async def test_two_people_on_any_two_channels_are_both_heard(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, clips: Path, count: int
) -> None:
    other = sound_of(clips / "librispeech-2412-153948-0000.flac")[::2][: len(talk)]
    for one, two in ((0, count - 1), (count // 2, 0)):
        channels = [np.zeros_like(talk) for _ in range(count)]
        channels[one], channels[two] = talk, 0.5 * other
        path = write_wav(tmp_path / f"poly-{one}.wav", as_int16(*channels))

        recording, got = await prepared(path, cache)

        heard = sound_of(got.parts[0].path)
        both = sound_of(write_wav(tmp_path / "both.wav", as_int16((talk + 0.5 * other) / 2)))
        assert likeness(heard, both) > 0.99
        _, apart = await prepared(path, cache, replace(HERE, channels_are_speakers=True))
        assert [part.channel for part in apart.parts] == sorted((one, two))
        assert recording.channels == count


async def test_both_people_on_six_channels(cache: PlaybackCache) -> None:
    path = FIELD / "six-channels-two-people.flac"
    recording, got = await prepared(path, cache)

    assert recording.channels == 6
    heard = sound_of(got.parts[0].path)
    each = [sound_of(path, "-af", f"pan=mono|c0=c{channel}") for channel in range(6)]
    spoken = [one for one in each if level_db(one) > -50]
    assert len(spoken) == 2
    assert all(likeness(heard, one) > 0.4 for one in spoken)
    _, apart = await prepared(path, cache, replace(HERE, channels_are_speakers=True))
    assert len(apart.parts) == 2


async def test_speech_on_the_third_of_three_channels(cache: PlaybackCache) -> None:
    path = FIELD / "three-channels-speech-on-third.wav"
    _, got = await prepared(path, cache)

    third = sound_of(path, "-af", "pan=mono|c0=c2")
    assert likeness(sound_of(got.parts[0].path), third) > 0.99


async def test_sixteen_channels_are_called_so(cache: PlaybackCache) -> None:
    recording, got = await prepared(FIELD / "sixteen-channels.wav", cache)

    assert recording.channels == 16
    assert got.note.fill().startswith("16-channel 8 kHz WAV")


@pytest.mark.parametrize("count", [3, 4, 8])
async def test_channels_that_stand_upside_down_do_not_cancel_others(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, count: int
) -> None:
    channels = [talk * (-1) ** number for number in range(count)]
    path = write_wav(tmp_path / "balanced.wav", as_int16(*channels))

    _, got = await prepared(path, cache)

    alone = sound_of(write_wav(tmp_path / "alone.wav", as_int16(talk)))
    assert likeness(sound_of(got.parts[0].path), alone) > 0.99


@pytest.mark.parametrize("channel", [0, 1])
async def test_one_side_can_be_chosen(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, clips: Path, channel: int
) -> None:
    other = sound_of(clips / "librispeech-2412-153948-0000.flac")[::2][: len(talk)]
    path = write_wav(tmp_path / "sides.wav", as_int16(talk, other))

    recording, got = await prepared(path, cache, replace(HERE, channel=channel))

    wanted = sound_of(path, "-af", f"pan=mono|c0=c{channel}")
    assert likeness(sound_of(got.parts[0].path), wanted) > 0.99
    assert recording.kept_choice == SoundChoice((0,), channel)
    assert f"channel {channel + 1} only" in got.note.fill()
    assert got.proxy_path is not None
    assert likeness(sound_of(got.proxy_path), wanted) > 0.99


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("below_db", [0.0, 10.0])
async def test_loud_noise_on_the_other_side_is_left_out(
    cache: PlaybackCache, tmp_path: Path, clips: Path, side: int, below_db: float
) -> None:
    speech = sound_of(clips / "kennedy-1961.flac")[::2]
    path = write_wav(
        tmp_path / "noise.wav", as_int16(*beside(speech, below_db)[:: 1 - 2 * side])
    )

    recording, got = await prepared(path, cache)

    alone = sound_of(path, "-af", f"pan=mono|c0=c{side}")
    assert likeness(sound_of(got.parts[0].path), alone) > 0.99
    assert f"channel {side + 1} only" in got.note.fill()
    assert recording.kept_choice == SoundChoice((0,), side)


async def test_noise_that_hides_nothing_and_speech_in_noise_are_mixed(
    cache: PlaybackCache, tmp_path: Path, clips: Path
) -> None:
    speech = sound_of(clips / "kennedy-1961.flac")[::2]
    noise = beside(speech, 0.0)[1]
    faint = write_wav(tmp_path / "faint.wav", as_int16(*beside(speech, 40.0)))
    two = write_wav(tmp_path / "two.wav", as_int16(speech, speech + noise))

    assert (await prepared(faint, cache))[0].choice.channel is None
    assert (await prepared(two, cache))[0].choice.channel is None


def beside(speech: Sound, below_db: float) -> list[Sound]:
    """Give speech and noise as loud as it, or less by so much."""
    loud = np.sqrt(np.square(speech).mean()) * 10 ** (-below_db / 20)
    return [speech, np.random.default_rng(6).normal(0, loud, len(speech))]


# -- levels ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 5, 32])
@pytest.mark.parametrize("peak_db", [-65.0, -50.0, -20.0, -0.1, 6.0, 20.0, 60.0])
async def test_sound_of_any_level_is_heard_and_not_cut_off(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, count: int, peak_db: float
) -> None:
    loud = talk / np.abs(talk).max() * 10 ** (peak_db / 20)
    samples = np.zeros((len(talk), count), "<f4")
    samples[:, -1] = loud
    path = write_wav(tmp_path / "float.wav", samples)

    recording, got = await prepared(path, cache)

    heard = sound_of(got.parts[0].path)
    alone = sound_of(write_wav(tmp_path / "alone.wav", as_int16(0.8 * talk)))
    assert -32 < level_db(heard) <= 0
    assert likeness(heard, alone) > 0.98
    peaks = decode_peaks(got.peaks_path.read_bytes())
    assert peaks.loudest > 800
    is_odd = peak_db < -45 or peak_db > 3 or count > 2
    assert (got.proxy_path is not None) == is_odd
    assert (make_plan(recording, PULSE).form is Form.ORIGINAL) == (not is_odd)


async def test_a_recording_that_is_quiet_only_where_it_was_listened_to_is_not_cut_off(
    cache: PlaybackCache, tmp_path: Path, talk: Sound
) -> None:
    length = 8_000 * 600
    sound = np.random.default_rng(1).normal(0, 2e-4, length)
    at = 8_000 * 60
    sound[at : at + len(talk)] += 0.9 * talk / np.abs(talk).max()
    path = write_wav(tmp_path / "long.wav", as_int16(sound))

    _, got = await prepared(path, cache)

    heard = sound_of(got.parts[0].path)[at * 2 : (at + len(talk)) * 2]
    wanted = sound_of(write_wav(tmp_path / "alone.wav", as_int16(0.8 * talk)))
    assert likeness(heard, wanted) > 0.99


# -- lengths -----------------------------------------------------------------------------


def chunk(name: bytes, size: int) -> bytes:
    return name + struct.pack("<I", size) + bytes(size)


async def test_a_header_that_says_two_seconds_of_seven(cache: PlaybackCache) -> None:
    recording, got = await prepared(FIELD / "wav-header-says-2s-of-7s.wav", cache)

    assert abs(got.duration_ms - 6_915) < 10
    assert got.proxy_path is not None
    assert not seeks_truly(recording)
    assert "all 0:06 of it, although its header says 0:02" in got.note.fill()
    assert got.damaged_at_ms is None


@pytest.mark.parametrize("after", [b"", chunk(b"LIST", 20), chunk(b"id3 ", 4_001) + b"\0"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_header_that_says_too_little_is_not_believed(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, share: float, after: bytes
) -> None:
    samples = as_int16(talk)
    claims = int(samples.nbytes * share) // 2 * 2
    path = tmp_path / "talk.wav"
    path.write_bytes(wav_bytes(samples, claims_bytes=claims, after=after))

    _, got = await prepared(path, cache)

    assert len(talk) // 8 - 5 <= got.duration_ms <= len(talk) // 8 + 260  # and the tag
    assert (await probe(path)).duration_ms >= len(talk) // 8


@pytest.mark.parametrize("after", [b"", chunk(b"LIST", 26), chunk(b"bext", 602) * 3])
async def test_a_header_that_is_right_is_believed_whatever_follows(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, after: bytes
) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(wav_bytes(as_int16(talk), after=after))

    recording, got = await prepared(path, cache)

    assert got.duration_ms == len(talk) // 8
    assert seeks_truly(recording)


@pytest.mark.parametrize("claims", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
async def test_a_header_written_before_the_sound_says_nothing(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, claims: int
) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(wav_bytes(as_int16(talk), claims_bytes=claims, riff_bytes=claims))

    _, got = await prepared(path, cache)

    assert got.duration_ms == len(talk) // 8
    assert got.damaged_at_ms is None


@pytest.mark.parametrize("after", [b"", chunk(b"LIST", 26)], ids=["bare", "with a tag"])
@pytest.mark.parametrize("wraps", [1, 2])
async def test_sizes_that_wrapped_round_at_their_real_size(
    cache: PlaybackCache, tmp_path: Path, talk: Sound, wraps: int, after: bytes
) -> None:
    rate_hz, channels = 192_000, 8
    spoken = np.repeat(talk, 24)  # the same at 192 kHz, however rough
    tail = np.zeros((len(spoken), channels), "<i4")
    tail[:, 3] = (spoken * 2**30).astype("<i4")
    length = (wraps << 32) + 300_000_000
    length -= length % (channels * 4)
    path = tmp_path / "four-gigabytes.wav"
    with path.open("wb") as file:  # mostly a hole: it takes next to no room
        head = wav_bytes(tail[:0], rate_hz, claims_bytes=length + 0, riff_bytes=length + 36)
        file.write(head)
        os.truncate(path, len(head) + length - tail.nbytes)
        file.seek(len(head) + length - tail.nbytes)
        file.write(tail.tobytes() + after)
    duration_ms = length * 1000 // (rate_hz * channels * 4)

    recording = await probe(path)

    assert recording.duration_ms == duration_ms
    assert recording.channels == channels
    assert not seeks_truly(recording)
    if wraps == 1 and not after:
        _, got = await prepared(path, cache, replace(HERE, start_ms=duration_ms - 5_000))
        assert abs(got.duration_ms - duration_ms) < 20
        assert level_db(sound_of(got.parts[0].path)) > -12


@pytest.mark.parametrize("suffix", ["aiff", "au", "w64", "caf"])
async def test_other_headers_that_say_too_little(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str
) -> None:
    path = tmp_path / f"talk.{suffix}"
    codec = "pcm_s16le" if suffix == "w64" else "pcm_s16be"
    ffmpeg("-i", clips / "lj001-0004.flac", "-c:a", codec, path)
    data = bytearray(path.read_bytes())
    places: dict[str, tuple[int, int, Literal["little", "big"]]] = {
        "aiff": (data.find(b"SSND") + 4, 4, "big"),
        "au": (8, 4, "big"),
        "w64": (data.find(b"data", 40) + 16, 8, "little"),
        "caf": (data.find(b"data") + 4, 8, "big"),
    }
    place, width, order = places[suffix]
    data[place : place + width] = (40_000).to_bytes(width, order)
    path.write_bytes(data)

    _, got = await prepared(path, cache)

    whole = sound_of(clips / "lj001-0004.flac")
    assert abs(got.duration_ms - len(whole) // 16) < 20
    assert likeness(sound_of(got.parts[0].path), whole) > 0.99
    assert got.proxy_path is not None


JOINABLE = {
    "wav": ("-ar", "16000"),
    "flac": (),
    "webm": ("-c:a", "libopus"),
    "mkv": ("-c:a", "aac"),
    "ogg": ("-c:a", "libvorbis"),
    "opus": ("-c:a", "libopus"),
    "mp3": ("-b:a", "64k", "-ar", "44100"),
    "m4a": ("-c:a", "aac"),
    "aac": ("-c:a", "aac"),
    "aiff": (),
    "caf": (),
    "au": (),
    "w64": (),
    "wma": ("-c:a", "wmav2"),
    "amr": ("-ar", "8000", "-c:a", "libopencore_amrnb"),
    "ts": ("-c:a", "aac"),
    "flv": ("-c:a", "aac"),
    "nut": ("-c:a", "aac"),
    "avi": ("-c:a", "libmp3lame"),
    "mov": ("-c:a", "aac"),
    "oga": ("-c:a", "flac"),
    "mp2": ("-c:a", "mp2"),
    "ac3": ("-c:a", "ac3", "-ar", "48000"),
}


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("suffix", JOINABLE)
async def test_recordings_joined_into_one_file_are_read_to_the_end(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str, count: int
) -> None:
    forms = [JOINABLE[suffix]] * count
    await joined_are_whole(cache, tmp_path, clips, suffix, forms)


RISING, FALLING, THERE_AND_BACK = (
    ("22050", "44100"),
    ("44100", "22050"),
    ("16000", "48000", "16000"),
)
CHANGES = [
    *(("aac", rates) for rates in (RISING, FALLING, THERE_AND_BACK)),
    *((suffix, FALLING) for suffix in ("aiff", "flac", "mkv", "mov", "mp2", "mp3", "wav")),
    ("ac3", ("48000", "32000")),
    ("mp3", THERE_AND_BACK),
    ("webm", ("48000", "24000")),
]


@pytest.mark.parametrize(("suffix", "rates"), CHANGES)
async def test_joined_recordings_of_different_rates_are_read_to_the_end(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str, rates: tuple[str, ...]
) -> None:
    forms = [(*JOINABLE[suffix], "-ar", rate) for rate in rates]
    await joined_are_whole(cache, tmp_path, clips, suffix, forms)


async def joined_are_whole(
    cache: PlaybackCache,
    folder: Path,
    clips: Path,
    suffix: str,
    forms: Sequence[tuple[str, ...]],
) -> None:
    """Copy clips of these forms into one file; all of it must be heard and be played."""
    names, count = ["lj001-0004", "lj001-0002", "lj001-0008"], len(forms)
    path = folder / f"joined.{suffix}"
    singles: list[Sound] = []
    for name, form in zip(names, forms, strict=False):
        one = folder / f"{name}.{suffix}"
        ffmpeg("-i", clips / f"{name}.flac", *form, one)
        singles.append(sound_of(one))
        with path.open("ab") as file:
            file.write(one.read_bytes())
    length_ms = sum(len(one) for one in singles) // 16

    recording, got = await prepared(path, cache)

    assert abs(got.duration_ms - length_ms) < 150 * count
    if suffix != "ts":  # its length is only known once it is decoded
        assert abs(recording.duration_ms - length_ms) < 250 * count
    assert "damaged" not in got.note.fill()
    heard = sound_of(got.parts[0].path)
    last = singles[-1]
    end = heard[-len(last) - 4_000 :]
    found = np.correlate(end, last[2_000:-2_000], "valid")
    energy = np.sqrt((last[2_000:-2_000] ** 2).sum())
    window = np.sqrt(np.convolve(end**2, np.ones(len(last) - 4_000), "valid").clip(1e-12))
    assert np.abs(found / (window * energy)).max() > 0.95
    playback = await make_playback_files(recording, cache=cache)
    if playback.proxy_path is not None:
        assert abs(len(sound_of(playback.proxy_path)) / 16 - length_ms) < 150 * count
    else:  # then every player finds its length
        assert recording.container_ms
        assert abs(recording.container_ms - got.duration_ms) <= 300


async def test_both_links_of_a_chain_are_played(cache: PlaybackCache) -> None:
    recording, got = await prepared(FIELD / "chained-opus.ogg", cache)

    assert abs(got.duration_ms - 14_770) < 50
    assert abs(recording.duration_ms - 14_770) < 100
    assert got.proxy_path is not None
    assert abs(len(sound_of(got.proxy_path)) / 16 - 14_770) < 50


async def test_a_header_without_a_length_is_played_from_a_copy(
    cache: PlaybackCache, tmp_path: Path, clips: Path
) -> None:
    path = tmp_path / "browser.webm"
    path.write_bytes(
        ffmpeg(
            "-i", clips / "lj001-0004.flac", "-c:a", "libopus", "-live", "1", "-f", "webm", "-"
        )
    )

    recording, got = await prepared(path, cache)

    assert recording.container_ms == 0
    assert abs(got.duration_ms - 5_130) < 50
    assert got.proxy_path is not None


# -- damage ------------------------------------------------------------------------------


async def test_two_mp3_in_one_file_are_whole(cache: PlaybackCache) -> None:
    recording, got = await prepared(FIELD / "two-mp3-joined.mp3", cache)

    assert got.note == make_plan(recording, HERE).reason
    assert abs(got.duration_ms - 14_906) < 60


@pytest.mark.parametrize("at_s", [5, 20, 50])
@pytest.mark.parametrize("junk", [b"\x55", b"\0"], ids=["junk", "zeros"])
async def test_damage_is_said_where_it_is(
    cache: PlaybackCache, tmp_path: Path, clips: Path, at_s: int, junk: bytes
) -> None:
    path = tmp_path / "talk.mp3"
    ffmpeg("-i", clips / "two-readers-alternating.flac", "-b:a", "64k", path)
    data = bytearray(path.read_bytes())
    data[at_s * 8_000 : at_s * 8_000 + 6_000] = junk * 6_000
    path.write_bytes(data)

    _, got = await prepared(path, cache)

    said = got.note.fill()
    assert "damaged near" in said
    minutes, seconds = said.split("near ")[1].split(".")[0].split(":")
    assert abs(int(minutes) * 60 + int(seconds) - at_s) <= 1


@pytest.mark.parametrize("suffix", ["aac", "flac", "ogg"])
async def test_damage_to_other_forms_is_said_where_it_is(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str
) -> None:
    path = tmp_path / f"talk.{suffix}"
    ffmpeg("-i", clips / "two-readers-alternating.flac", *JOINABLE[suffix], path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = bytes(
        np.random.default_rng(2).integers(0, 256, 3_000, "u1")
    )
    path.write_bytes(data)

    _, got = await prepared(path, cache)

    said = got.note.fill()
    assert "damaged near 0:2" in said or "damaged near 0:3" in said


@pytest.mark.parametrize("suffix", ["mp3", "wav", "flac"])
async def test_not_a_sample_is_lost_where_sound_is_handed_on_in_larger_pieces(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str
) -> None:
    path = tmp_path / f"talk.{suffix}"
    ffmpeg("-i", clips / "two-readers-alternating.flac", *JOINABLE[suffix], path)

    recording, got = await prepared(path, cache)

    assert recording.keeps_form
    wanted = sound_of(path)
    heard = sound_of(got.parts[0].path)
    assert abs(len(heard) - len(wanted)) <= 16
    assert likeness(heard[-16_000:], wanted[len(heard) - 16_000 : len(heard)]) > 0.99


async def test_where_the_form_changes_midway_nothing_is_lost_at_the_change(
    cache: PlaybackCache, tmp_path: Path, clips: Path
) -> None:
    bare = ("-write_xing", "0", "-id3v2_version", "0", "-b:a", "64k")
    data = b""
    for channels, rate in ((1, 44_100), (2, 44_100), (1, 22_050), (2, 48_000)):
        one = tmp_path / "one.mp3"
        form = ("-ac", str(channels), "-ar", str(rate))
        ffmpeg("-i", clips / "lj001-0004.flac", *form, *bare, one)
        data += one.read_bytes()
    path = tmp_path / "changing.mp3"
    path.write_bytes(data)

    recording, got = await prepared(path, cache)

    assert not recording.keeps_form
    assert abs(got.duration_ms - 4 * 5_130) < 4 * 60  # an encoder adds a frame or two
