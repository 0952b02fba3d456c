"""What is looked for in folders is what the program's own ffmpeg reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.audio.probe import probe
from app.core.errors import RecordingError
from app.core.file_kinds import (
    FORMATS,
    RECORDING_SUFFIXES,
    dialog_patterns,
    is_private_folder,
    is_recording_name,
)
from tests.support.recordings import Make
from tests.support.sounds import ffmpeg

FIELD = Path(__file__).parents[1] / "field"


def demuxers() -> set[str]:
    listed = ffmpeg("-hide_banner", "-demuxers").decode()
    return {
        name
        for kind, names in re.findall(r"^ (D[ d.]*) +(\S+)", listed, re.MULTILINE)
        for name in names.split(",")
        if "d" not in kind
    }


def test_every_format_named_is_one_that_ffmpeg_reads() -> None:
    assert set(FORMATS) - demuxers() - {"oga"} == set()  # older releases know "oga"


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"oga"}))
def test_the_endings_that_ffmpeg_knows_are_looked_for(name: str) -> None:
    told = ffmpeg("-hide_banner", "-h", f"demuxer={name}").decode()
    found = re.search(r"Common extensions: ([^\n]*)\.\n", told)
    known = {f".{ending}" for ending in found.group(1).split(",")} if found else set()
    # Pictures and subtitles in the same containers, and what means something else.
    others = {".mks", ".ism", ".heic", ".heif", ".avif", ".bit", ".mac", ".str", ".swf"}
    others |= {".act", ".sf", ".wa", ".302"}

    assert known - others <= RECORDING_SUFFIXES


@pytest.mark.parametrize(
    "name",
    [
        *("a.qta", "A.MXF", "00001.m2ts", "voice.weba", "VTS_01_1.VOB", "a.w64", "a.dss"),
        *("a.3gpp", "a.oga", "a.m4b", "a.caf", "a.mts", "a.amr", "a.bwf", "a.tod"),
    ],
)
def test_what_phones_cameras_and_recorders_write(name: str) -> None:
    assert is_recording_name(name)
    assert f"*{Path(name).suffix.upper()}" in dialog_patterns().split()


@pytest.mark.parametrize("name", ["._a.mp3", ".hidden.wav", "a.txt", "a.jpg", "a.m3u8", "mp3"])
def test_what_is_none(name: str) -> None:
    assert not is_recording_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", ".Trashes", ".Trash-1000", ".Trash"),
        *("System Volume Information", "lost+found", "#recycle", "@eaDir", "__MACOSX"),
        *(".Spotlight-V100", ".fseventsd", "LOST.DIR", "FOUND.000"),
    ],
)
def test_bins_and_folders_of_systems(name: str) -> None:
    assert is_private_folder(name)
    assert not is_private_folder("Interviews")
    assert is_private_folder("Interviews", 0x2 | 0x4)


@pytest.mark.parametrize(
    "name", ["New Recording 12.qta", "00001.m2ts", "CLIP0001.MXF", "voice.weba"]
)
async def test_the_folder_of_a_camera_is_read(name: str) -> None:
    assert (await probe(FIELD / "folder-of-a-camera" / name)).duration_ms > 900


@pytest.mark.parametrize(
    "suffix", ["nut", "voc", "w64", "dv", "sox", "sbc", "tta", "wv", "gxf"]
)
async def test_harmless_containers_are_read(make: Make, suffix: str) -> None:
    arguments = {
        "dv": (
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=720x576:r=25:d=1",
            "-target",
            "pal-dv",
            "-t",
            "1",
        ),
        "gxf": (
            *("-f", "lavfi", "-i", "testsrc=s=720x576:r=25:d=1", "-c:v", "mpeg2video"),
            *("-pix_fmt", "yuv420p", "-ar", "48000", "-t", "1"),
        ),
        "sbc": ("-ar", "16000", "-t", "5"),
    }
    path = make(f"talk.{suffix}", *arguments.get(suffix, ("-t", "5")))

    assert (await probe(path)).duration_ms > 800


async def test_what_only_names_other_files_is_still_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.mxf"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nx.ts\n#EXT-X-ENDLIST\n")

    with pytest.raises(RecordingError, match="list, a picture, a text"):
        await probe(path)
