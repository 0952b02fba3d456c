"""Files that are odd in ways of their own: nothing of their sound is lost, or it is said."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.audio.cache import PlaybackCache
from app.audio.plan import make_plan, seeks_truly
from app.audio.prepare import DamagedError, prepare
from app.audio.probe import probe
from app.core.errors import RecordingError
from app.core.options import TranscriptionOptions
from tests.audio.test_field import (
    HERE,
    Sound,
    as_int16,
    likeness,
    prepared,
    sound_of,
)
from tests.support.sounds import ffmpeg
from tests.support.waves import wav_bytes

pytestmark = pytest.mark.slow


@pytest.fixture
def speech(clips: Path) -> Path:
    """Five seconds of speech at 16 kHz."""
    return clips / "lj001-0004.flac"


@pytest.fixture
def samples(speech: Path) -> np.ndarray:
    return as_int16(sound_of(speech))


async def heard(
    path: Path, cache: PlaybackCache, options: TranscriptionOptions = HERE
) -> Sound:
    _, got = await prepared(path, cache, options)
    assert "damaged" not in got.note.fill()
    return sound_of(got.parts[0].path)


FORMS = {
    "rf64.wav": ("-rf64", "always"),
    "ulaw.wav": ("-c:a", "pcm_mulaw", "-ar", "8000"),
    "adpcm.wav": ("-c:a", "adpcm_ms"),
    "double.wav": ("-c:a", "pcm_f64le"),
    "unsigned.wav": ("-c:a", "pcm_u8"),
    "24.wav": ("-c:a", "pcm_s24le"),
    "sowt.aifc": ("-c:a", "pcm_s16le", "-f", "aiff"),
    "alac.caf": ("-c:a", "alac"),
    "opus.mp4": ("-c:a", "libopus"),
    "flac.mp4": ("-c:a", "flac", "-strict", "-2"),
    "fragments.mp4": ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "book.m4b": ("-c:a", "aac", "-f", "mp4"),
    "phone.3gp": ("-c:a", "libopencore_amrnb", "-ar", "8000"),
    "dolby.ts": ("-c:a", "ac3", "-ar", "48000"),
    "vorbis.mkv": ("-c:a", "libvorbis"),
    "before-zero.mkv": ("-c:a", "pcm_s16le", "-output_ts_offset", "-1.5"),
    "true.tta": (),
    "pack.wv": (),
    "cinema.dts": ("-c:a", "dca", "-strict", "-2", "-ar", "48000"),
    "vbr.mp3": ("-q:a", "5"),
}


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_is_heard_whole(
    cache: PlaybackCache, tmp_path: Path, speech: Path, name: str
) -> None:
    path = tmp_path / name
    ffmpeg("-i", speech, *FORMS[name], path)
    whole = sound_of(speech)
    sound = await heard(path, cache)
    assert abs(len(sound) - len(whole)) < 16 * 130
    # Encoders begin a little late; where they do is found first.
    shifts = np.correlate(sound[:60_000], whole[20_000:40_000], "valid")
    begin = int(np.abs(shifts).argmax())
    assert likeness(sound[begin : begin + 20_000], whole[20_000:40_000]) > 0.85


async def test_pictures_beside_a_variable_bit_rate_and_in_mxf(
    cache: PlaybackCache, tmp_path: Path, speech: Path
) -> None:
    for name, form in (
        ("film.avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame", "-q:a", "5")),
        ("film.mxf", ("-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-ar", "48000")),
    ):
        path = tmp_path / name
        pictures = ("-f", "lavfi", "-i", "color=s=720x576:r=25:d=6")
        ffmpeg(*pictures, "-i", speech, *form, path)
        assert len(await heard(path, cache)) > 16 * 5_000


async def test_a_track_that_players_leave_out_is_heard(
    cache: PlaybackCache, tmp_path: Path, speech: Path
) -> None:
    path = tmp_path / "disabled.mkv"
    ffmpeg(
        *("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=5", "-i", speech),
        *("-map", "0:a", "-map", "1:a", "-disposition:a:0", "default"),
        *("-disposition:a:1", "0", "-c:a", "pcm_s16le", path),
    )
    assert likeness(await heard(path, cache), sound_of(path, "-map", "0:a:1")) > 0.99


@pytest.mark.parametrize(
    ("languages", "usual", "taken"),
    [
        (("eng", "deu"), 0, [0]),
        (("eng", "deu"), 1, [1]),
        (("eng", "deu", "eng"), 0, [0, 2]),
        (("eng", "eng"), 0, [0, 1]),
        (("und", "und"), 0, [0, 1]),
        (("und", "deu"), 0, [0, 1]),
    ],
)
async def test_of_two_languages_one_is_heard_and_the_other_can_be_chosen(
    cache: PlaybackCache,
    tmp_path: Path,
    speech: Path,
    clips: Path,
    languages: tuple[str, ...],
    usual: int,
    taken: list[int],
) -> None:
    path = tmp_path / "film.mkv"
    inputs = [speech, clips / "librispeech-1688-142285-0000.flac", clips / "lj001-0002.flac"]
    arguments: list[str | Path] = []
    for one in inputs[: len(languages)]:
        arguments += ["-i", one]
    for number, language in enumerate(languages):
        arguments += ["-map", f"{number}:a", f"-metadata:s:a:{number}", f"language={language}"]
        arguments += [f"-disposition:a:{number}", "default" if number == usual else "0"]
    ffmpeg(*arguments, "-t", "5", "-c:a", "pcm_s16le", path)

    recording, _ = await prepared(path, cache)

    assert [track.number for track in recording.taken] == taken
    for number in range(len(languages)):
        sound = await heard(path, cache, replace(HERE, track=number))
        assert likeness(sound, sound_of(path, "-map", f"0:a:{number}")) > 0.99


@pytest.mark.parametrize("suffix", ["ts", "mpg"])
async def test_sound_that_begins_after_its_pictures_stays_with_them(
    cache: PlaybackCache, tmp_path: Path, speech: Path, suffix: str
) -> None:
    path = tmp_path / f"late.{suffix}"
    ffmpeg(
        *("-f", "lavfi", "-i", "color=s=160x96:r=25:d=10", "-itsoffset", "4", "-i", speech),
        *("-map", "0:v", "-map", "1:a", "-c:v", "mpeg2video", "-c:a", "mp2", path),
    )

    recording, got = await prepared(path, cache)

    assert abs(recording.starts_ms - 4_000) < 100
    sound = sound_of(got.parts[0].path)
    assert np.abs(sound[: 16 * 3_900]).max() < 0.001
    assert np.abs(sound[16 * 4_000 :]).max() > 0.1


@pytest.mark.parametrize("bits", [12, 16, 20, 24, 32])
async def test_samples_with_more_room_than_bits(
    cache: PlaybackCache, tmp_path: Path, samples: np.ndarray, bits: int
) -> None:
    wide = (samples[:, 0].astype("<i4") << 16).tobytes()
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 16_000, 64_000, 4, 32, 22, bits, 4)
    form += bytes.fromhex("0100000000001000800000aa00389b71")
    path = tmp_path / "recorder.wav"
    head = b"RIFF" + struct.pack("<I", 60 + len(wide)) + b"WAVEfmt " + struct.pack("<I", 40)
    path.write_bytes(head + form + b"data" + struct.pack("<I", len(wide)) + wide)

    recording, got = await prepared(path, cache)

    assert abs(recording.duration_ms - len(samples) // 16) < 5  # ffmpeg tells hundredths
    assert got.duration_ms == len(samples) // 16
    assert (got.proxy_path is not None) == (bits < 32)
    assert "header" not in got.note.fill()
    assert likeness(sound_of(got.parts[0].path), samples[:, 0] / 32_768) > 0.99


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"LIST", b"INFOabc")],
        [(b"bext", b"x" * 603)],
        [(b"LIST", b"INFOa"), (b"id3 ", b"abc"), (b"JUNK", bytes(28))],
        [(b"iXML", b"<BWFXML/>  "), (b"fact", bytes(4))],
    ],
    ids=lambda chunks: "-".join(name.decode().strip() for name, _ in chunks),
)
@pytest.mark.parametrize("kind", ["<i2", "<f4", "u1"])
async def test_chunks_whose_length_nobody_made_even(
    cache: PlaybackCache,
    tmp_path: Path,
    samples: np.ndarray,
    chunks: list[tuple[bytes, bytes]],
    kind: str,
) -> None:
    share = samples / 32_768
    wanted = {
        "<i2": samples,
        "<f4": share.astype("<f4"),
        "u1": (share * 127 + 128).astype("u1"),
    }[kind]
    between = b"".join(
        name + struct.pack("<I", len(body)) + body for name, body in chunks
    )  # none of them filled up to an even length
    whole = wav_bytes(wanted, 16_000)
    path = tmp_path / "odd.wav"
    path.write_bytes(whole[:36] + between + whole[36:])

    recording, got = await prepared(path, cache)

    assert got.duration_ms == len(samples) // 16
    assert likeness(sound_of(got.parts[0].path), share[:, 0]) > 0.99
    assert not seeks_truly(recording)  # no player finds its samples
    assert got.proxy_path is not None


@pytest.mark.parametrize("channels", [1, 2])
async def test_an_aiff_that_was_never_finished(
    cache: PlaybackCache, tmp_path: Path, speech: Path, channels: int
) -> None:
    path = tmp_path / "unfinished.aiff"
    ffmpeg("-i", speech, "-ac", f"{channels}", "-ar", "44100", path)
    data = bytearray(path.read_bytes())
    place = data.find(b"SSND") + 4
    data[place : place + 4] = bytes(4)
    path.write_bytes(data)

    _, got = await prepared(path, cache)

    assert likeness(sound_of(got.parts[0].path), sound_of(speech)) > 0.99
    assert got.proxy_path is not None


async def test_samples_in_two_chunks_are_all_heard(
    cache: PlaybackCache, tmp_path: Path, samples: np.ndarray
) -> None:
    more = samples.tobytes()
    path = tmp_path / "two.wav"
    path.write_bytes(wav_bytes(samples, 16_000) + b"data" + struct.pack("<I", len(more)) + more)
    sound = await heard(path, cache)
    assert abs(len(sound) - 2 * len(samples)) <= 16
    assert likeness(sound[-80_000:], samples[-80_000:, 0] / 32_768) > 0.99


@pytest.mark.parametrize(
    "front",
    [b"\xef\xbb\xbf", bytes(512), b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["mark", "0", "http"],
)
async def test_what_does_not_belong_before_a_recording_is_passed_over(
    cache: PlaybackCache, tmp_path: Path, samples: np.ndarray, front: bytes
) -> None:
    path = tmp_path / "shifted.wav"
    path.write_bytes(front + wav_bytes(samples, 16_000))
    assert likeness(await heard(path, cache), samples[:, 0] / 32_768) > 0.99


async def test_a_tag_that_says_it_is_longer_than_the_file(
    cache: PlaybackCache, tmp_path: Path, speech: Path
) -> None:
    path = tmp_path / "tag.mp3"
    bare = ("-write_xing", "0", "-id3v2_version", "0", "-b:a", "64k")
    data = ffmpeg("-i", speech, *bare, "-f", "mp3", "-")
    path.write_bytes(b"ID3\x03\0\0\x00\x7f\x7f\x7f" + b"\0" * 100 + data)
    assert len(await heard(path, cache)) > 16 * 5_000


@pytest.mark.parametrize("cut", [0, 1, 137, 5_000])
async def test_a_stream_of_aac_can_be_cut_anywhere(
    cache: PlaybackCache, tmp_path: Path, speech: Path, cut: int
) -> None:
    data = ffmpeg("-i", speech, "-c:a", "aac", "-f", "adts", "-")
    path = tmp_path / "cut.aac"
    path.write_bytes(data[cut : len(data) - 77])
    assert len(await heard(path, cache)) > 16 * 4_400


async def test_a_flac_that_does_not_say_how_long_it_is(
    cache: PlaybackCache, tmp_path: Path, speech: Path
) -> None:
    path = tmp_path / "stream.flac"
    ffmpeg("-i", speech, path)
    data = bytearray(path.read_bytes())
    told = int.from_bytes(data[18:26], "big") >> 36 << 36
    data[18:26] = told.to_bytes(8, "big")
    path.write_bytes(data)
    assert likeness(await heard(path, cache), sound_of(speech)) > 0.99


@pytest.mark.parametrize("has_pictures", [False, True])
@pytest.mark.parametrize("suffix", ["mkv", "wav", "flac", "mp4"])
async def test_what_breaks_off_is_said_to(
    cache: PlaybackCache, tmp_path: Path, clips: Path, suffix: str, *, has_pictures: bool
) -> None:
    if has_pictures and suffix not in {"mkv", "mp4"}:
        return
    path = tmp_path / f"cut.{suffix}"
    pictures = ("-f", "lavfi", "-i", "color=s=160x96:r=10:d=15") if has_pictures else ()
    forms = {
        "mp4": ("-c:a", "aac", "-movflags", "+faststart", "-c:v", "mpeg4"),
        "mkv": ("-c:a", "aac", "-c:v", "mpeg4"),
    }
    ffmpeg(
        *("-i", clips / "librispeech-1688-142285-0000.flac", *pictures),
        *forms.get(suffix, ()),
        path,
    )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 4 // 5])
    recording = await probe(path)

    with pytest.raises(DamagedError) as caught:
        await prepare(
            recording, make_plan(recording, HERE), cache.folder.parent / "job", cache=cache
        )

    assert 8_000 < caught.value.damaged_at_ms < 14_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.wav", wav_bytes(np.zeros((0, 1), "<i2"), 16_000)),
        ("text.mp3", b"hello there " * 400),
        ("zeros.mp3", bytes(40_000)),
    ],
)
async def test_what_holds_no_sound_is_a_sentence(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        await probe(path)
    assert caught.value.message.fill().endswith(".")
