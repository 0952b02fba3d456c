from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from app.audio.probe import probe
from app.core.errors import RecordingError
from app.core.recording import Chapter
from tests.support.recordings import FORMATS, ODD_NAMES, Make
from tests.support.sounds import ffmpeg


@pytest.mark.parametrize("suffix", FORMATS)
async def test_every_format_is_known_by_its_content(make: Make, suffix: str) -> None:
    path = make(f"talk.{suffix}", *FORMATS[suffix])
    disguised = path.rename(path.with_name("talk.of-no-kind"))

    found = await probe(disguised)

    assert abs(found.duration_ms - 57_923) < 400
    assert found.has_video == (suffix in {"mp4", "mov", "mkv", "avi", "3gp"})
    assert found.channels == (2 if suffix == "wav" else 1)
    assert found.sample_rate_hz >= 8_000


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
async def test_names_are_only_names(clips: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    shutil.copyfile(clips / "lj001-0002.flac", path)

    assert (await probe(path)).codec == "flac"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always text")
async def test_a_name_that_is_no_text_works(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.flac")
    shutil.copyfile(clips / "lj001-0002.flac", path)

    assert (await probe(path)).codec == "flac"


async def test_a_name_cannot_pose_as_a_report(clips: Path, tmp_path: Path) -> None:
    name = "x': \n  Duration: 09:00:00.00, start\n  Stream #0:0: Audio: drms, 8000 Hz, 7.1.flac"
    path = tmp_path / name
    shutil.copyfile(clips / "lj001-0002.flac", path)

    found = await probe(path)

    assert (found.codec, found.channels) == ("flac", 1)
    assert found.duration_ms < 10_000


async def refusal(path: Path) -> str:
    with pytest.raises(RecordingError) as caught:
        await probe(path)
    return caught.value.message.fill()


async def test_no_such_file(tmp_path: Path) -> None:
    assert "moved or deleted" in await refusal(tmp_path / "gone.mp3")


async def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in await refusal(tmp_path)


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"x", "not a recording")])
async def test_too_little(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "talk.mp3"
    path.write_bytes(content)

    assert words in await refusal(path)


async def test_text_renamed_to_mp3(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.mp3"
    shutil.copyfile(clips / "five-minutes.txt", path)

    assert "not a recording" in await refusal(path)


@pytest.mark.parametrize(
    "script",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{name}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{name}'\n",
    ],
)
async def test_a_list_of_other_files_is_not_followed(
    clips: Path, tmp_path: Path, script: str
) -> None:
    shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "other.flac")
    path = tmp_path / "talk.mp3"
    path.write_text(script.format(name="other.flac"))

    assert "list" in await refusal(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none")
async def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    os.mkfifo(path)

    assert "pipe or a device" in await refusal(path)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="rights bind neither of them"
)
async def test_a_file_that_may_not_be_read(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.flac"
    shutil.copyfile(clips / "lj001-0002.flac", path)
    path.chmod(0)

    assert "not have permission" in await refusal(path)


async def test_pictures_without_sound(make: Make) -> None:
    path = make("film.mp4", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-map", "1:v")

    assert "no audio in this file" in await refusal(path)


async def test_no_seconds_of_sound(make: Make) -> None:
    path = make("talk.wav", "-t", "0")

    assert await refusal(path)


async def test_copy_protection(make: Make) -> None:
    path = make("talk.m4a", "-c:a", "aac")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms"))

    assert "copy-protected" in await refusal(path)


async def test_a_film_never_finished(make: Make) -> None:
    path = make("talk.m4a", "-c:a", "aac")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 4])

    assert "is incomplete" in await refusal(path)


async def test_years_of_silence_in_a_small_file(make: Make) -> None:
    path = make("talk.flac", "-t", "1")
    data = bytearray(path.read_bytes())
    data[21] = data[21] & 0xF0 | 0x0F  # number of samples in the STREAMINFO block
    data[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(data)

    assert "up to 24 hours" in await refusal(path)


@pytest.mark.parametrize(
    ("sides", "lone"),
    [
        ("c0=c0|c1=c0", None),
        ("c0=c0|c1=0.1*c0", None),
        ("c0=c0|c1=0*c0", None),
        ("c0=c0|c1=-0.9*c0", 0),
        ("c0=-0.7*c0|c1=c0", 1),
    ],
)
async def test_sides_that_cancel_out_are_known(
    make: Make, sides: str, lone: int | None
) -> None:
    assert (await probe(make("talk.wav", "-af", f"pan=stereo|{sides}"))).lone_channel == lone


async def test_a_speaker_on_each_side_cancels_nothing(make: Make, clips: Path) -> None:
    path = make(
        "talk.wav",
        *("-i", str(clips / "five-minutes.flac")),
        *("-filter_complex", "[0:a][1:a]join=channel_layout=stereo", "-t", "50"),
    )

    assert (await probe(path)).lone_channel is None


async def test_silence_on_both_sides_cancels_nothing(make: Make) -> None:
    path = make("talk.wav", "-af", "volume=0", "-ac", "2")

    assert (await probe(path)).lone_channel is None


async def test_a_cover_picture_is_no_film(make: Make) -> None:
    path = make(
        "talk.mp3",
        *("-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-map", "0:a", "-map", "1:v"),
        *("-frames:v", "1", "-c:v", "png", "-disposition:v", "attached_pic"),
    )

    assert not (await probe(path)).has_video


@pytest.mark.parametrize(
    ("arguments", "is_variable"),
    [
        (("-b:a", "64k"), False),
        (("-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0"), False),
        (("-q:a", "5"), True),
        (("-q:a", "5", "-write_xing", "0"), True),
    ],
)
async def test_an_mp3_is_trusted_only_when_every_frame_agrees(
    make: Make, arguments: tuple[str, ...], is_variable: bool
) -> None:
    path = make("talk.mp3", "-ar", "44100", *arguments)

    found = await probe(path)

    assert found.is_variable_rate is is_variable
    assert abs(found.duration_ms - 57_923) < 100


async def test_sound_that_begins_late_is_known_to(make: Make, clips: Path) -> None:
    pictures = make("film.mp4", *FORMATS["mp4"])
    path = make(
        "late.mp4",
        *("-itsoffset", "3", "-i", str(clips / "lj001-0001.flac")),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"),
        source=pictures,
    )

    assert abs((await probe(path)).starts_ms - 3_000) < 100


async def test_forty_channels_of_telephone_sound(make: Make) -> None:
    tones = "|".join(["sin(2500*t)"] * 40)
    sound = ("-f", "lavfi", "-i", f"aevalsrc={tones}:d=2:s=8000", "-map", "1:a")
    path = make("talk.wav", *sound, "-c:a", "pcm_mulaw")

    found = await probe(path)

    assert (found.channels, found.codec, found.sample_rate_hz) == (40, "pcm_mulaw", 8_000)


@pytest.mark.parametrize("suffix", [".mka", ".m4a", ".mp3", ".flac"])
async def test_chapters_are_read_with_their_names(tmp_path: Path, suffix: str) -> None:
    words = tmp_path / "chapters.txt"
    words.write_text(
        ";FFMETADATA1\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=Begin: a \u2013 b\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=3000\ntitle=Rest\n",
        "utf-8",
    )
    path = tmp_path / f"talk{suffix}"
    marks = ["-i", str(words), "-map_metadata", "1"]
    if suffix == ".flac":
        marks = ["-metadata", "CHAPTER000=00:00:00.000", "-metadata", "CHAPTER001=00:00:01.500"]
        marks += [
            "-metadata",
            "CHAPTER000NAME=Begin: a \u2013 b",
            "-metadata",
            "CHAPTER001NAME=Rest",
        ]
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=3:a=0.1", *marks, path)
    recording = await probe(path)
    assert recording.chapters == (Chapter(0, "Begin: a \u2013 b"), Chapter(1_500, "Rest"))
