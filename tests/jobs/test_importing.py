from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.core.errors import ExportError
from app.export.formats import FORMATS
from app.jobs.importing import find_recording_beside, import_file
from app.jobs.intake import gather
from app.store.library import Library
from app.store.opening import open_database
from tests.support.speech import DOCUMENT


@pytest.fixture
def library(tmp_path: Path):
    opened, _ = open_database(tmp_path / "wordlight.db")
    yield Library(opened)
    opened.close()


@pytest.mark.parametrize("name", ["srt", "vtt", "json", "otr", "textgrid", "eaf"])
async def test_work_begun_elsewhere_goes_on_here(library, clips, tmp_path, name) -> None:
    shutil.copy(clips / "lj001-0001.flac", tmp_path / "talk.flac")
    path = tmp_path / f"talk{FORMATS[name].suffix}"
    path.write_bytes(FORMATS[name].write(DOCUMENT))
    made = await import_file(library, tmp_path / "copies", path, now_ms=5)
    found = library.load(made)
    assert "Good morning" in found.transcript.text
    assert found.link.path == tmp_path / "talk.flac"
    assert found.link.content_hash
    assert found.entry.name == "talk"


async def test_without_a_recording_the_text_can_be_read(library, tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_bytes(FORMATS["srt"].write(DOCUMENT))
    found = library.load(await import_file(library, tmp_path / "copies", path, now_ms=5))
    assert found.link.content_hash == ""
    assert all(word.is_estimated for word in found.transcript.words())


async def test_what_cannot_be_read_is_told_in_a_sentence(library, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    for name in ("bad.json", "gone.srt"):
        with pytest.raises(ExportError):
            await import_file(library, tmp_path / "copies", tmp_path / name, now_ms=5)
    assert library.entries() == ()


@pytest.mark.parametrize(
    "name",
    [
        "talk.srt",
        "talk.wav.srt",
        "talk.en.srt",
        "talk.wav.de-DE.vtt",
        "talk.pt_BR.srt",
        "talk.es-419.srt",
        "talk.zh-Hant-TW.srt",
    ],
)
def test_recording_beside_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    for one in ("talk.wav", "talker.wav", "talk.txt"):
        (tmp_path / one).touch()
    assert find_recording_beside(tmp_path / name) == tmp_path / "talk.wav"
    assert find_recording_beside(tmp_path / "other.srt") is None


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Meeting 12.03.2024.srt", "Meeting 12.mp3"),
        ("Meeting 12.03.2024.srt", "Meeting 12.03.mp3"),
        ("talk.v2.srt", "talk.mp3"),
        ("talk.second.srt", "talk.mp3"),
        ("talk.en.de.srt", "talk.mp3"),
        (".en.srt", ".mp3"),
    ],
)
def test_a_recording_of_a_shorter_name_is_another_one(
    tmp_path: Path, name: str, other: str
) -> None:
    (tmp_path / other).touch()
    assert find_recording_beside(tmp_path / name) is None


def test_the_recording_of_the_whole_name_comes_first(tmp_path: Path) -> None:
    for one in ("talk.mp3", "talk.en.mp3"):
        (tmp_path / one).touch()
    assert find_recording_beside(tmp_path / "talk.en.srt") == tmp_path / "talk.en.mp3"


def test_dropped_transcripts_are_told_from_recordings(tmp_path: Path) -> None:
    for name in ("a.wav", "b.SRT", "c.wordlight", "sub"):
        (tmp_path / name).touch()
    intake = gather([tmp_path / name for name in ("a.wav", "b.SRT", "c.wordlight")])
    assert [one.name for one in intake.files] == ["a.wav"]
    assert [one.name for one in intake.transcripts] == ["b.SRT", "c.wordlight"]
    assert gather([tmp_path]).transcripts == ()
