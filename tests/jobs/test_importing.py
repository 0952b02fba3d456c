from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import ExportError
from app.core.messages import Message
from app.core.structure import LONG, longest
from app.export.formats import FORMATS
from app.export.importing.hints import TimeUnit, UncertainUnitError
from app.export.source import ExportDocument
from app.jobs.importing import find_recording_beside, import_file
from app.jobs.intake import gather
from app.store.library import Library
from app.store.opening import open_database
from tests.support.builders import transcript
from tests.support.speech import DOCUMENT
from tests.support.waves import write_wav


@pytest.fixture
def library(tmp_path: Path):
    opened, _ = open_database(tmp_path / "wordlight.db")
    yield Library(opened)
    opened.close()


@pytest.mark.parametrize("name", ["srt", "vtt", "json", "otr", "textgrid", "eaf"])
async def test_work_begun_elsewhere_goes_on_here(library, clips, tmp_path, name) -> None:
    shutil.copy(clips / "two-readers-alternating.flac", tmp_path / "talk.flac")
    path = tmp_path / f"talk{FORMATS[name].suffix}"
    path.write_bytes(FORMATS[name].write(DOCUMENT))
    made = await import_file(library, tmp_path / "copies", path, now_ms=5)
    found = library.load(made)
    assert "Good morning" in found.transcript.text
    assert found.link.path == tmp_path / "talk.flac"
    assert found.link.content_hash
    assert found.entry.name == (DOCUMENT.title if name == "json" else "talk")


@pytest.mark.parametrize(
    ("title", "name"), [('"title":" A talk\\nin the park ",', "A talk in the park"), ("", "x")]
)
async def test_what_a_json_is_called_in_it_is_its_name(library, tmp_path, title, name) -> None:
    path = tmp_path / "x.json"
    said = '"transcript":[{"text":"Good morning.","start":0,"stop":3.1,"title":"no"}]'
    path.write_text(f"{{{title}{said}}}", "utf-16")
    made = await import_file(library, tmp_path / "copies", path, now_ms=5)
    assert library.entry(made).name == name


async def test_without_a_recording_the_text_can_be_read(library, tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_bytes(FORMATS["srt"].write(DOCUMENT))
    found = library.load(await import_file(library, tmp_path / "copies", path, now_ms=5))
    assert found.link.content_hash == ""
    assert all(word.is_estimated for word in found.transcript.words())


async def test_a_file_that_two_take_at_the_same_moment_comes_in_once(tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_bytes(FORMATS["srt"].write(DOCUMENT))
    opened = [open_database(tmp_path / "wordlight.db")[0] for _ in range(4)]
    known: list[str] = []
    made = await asyncio.gather(
        *(
            import_file(
                Library(one), tmp_path / "copies", path, now_ms=5, on_known=known.append
            )
            for one in opened
        )
    )
    assert known == [made[0]] * 3
    assert len(Library(opened[0]).entries()) == 1
    for one in opened:
        one.close()


async def test_a_recording_that_does_not_fit_is_named(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    shutil.copyfile(clips / "lj001-0001.flac", tmp_path / "tape.flac")
    subtitles = "1\n01:00:00,000 --> 01:00:03,000\nGood morning from the studio.\n"
    (tmp_path / "tape.srt").write_text(subtitles, "utf-8")
    told: list[Message] = []
    made = await import_file(
        library,
        tmp_path / "copies",
        tmp_path / "tape.srt",
        now_ms=5,
        on_left_out=told.append,
    )
    assert not library.record(made).link.has_recording
    (remark,) = told
    assert remark.fill().startswith("tape.flac does not fit these times")


async def test_a_paragraph_too_long_to_type_in_is_cut(library, tmp_path: Path) -> None:
    said = transcript(("A", "and so we went on. " * 1_000))
    path = tmp_path / "talk.json"
    path.write_bytes(FORMATS["json"].write(ExportDocument(said)))
    found = library.load(await import_file(library, tmp_path / "copies", path, now_ms=5))
    assert longest(said) > LONG > longest(found.transcript)
    assert [word.text for word in found.transcript.words()] == [
        word.text for word in said.words()
    ]


async def test_what_cannot_be_read_is_told_in_a_sentence(library, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "folder.srt").mkdir()
    told = {"bad.json": "JSON", "gone.srt": "no longer exists", "folder.srt": "is a folder"}
    for name, why in told.items():
        with pytest.raises(ExportError, match=why):
            await import_file(library, tmp_path / "copies", tmp_path / name, now_ms=5)
    assert library.entries() == ()


def lines_in(unit: TimeUnit, step_ms: int, text: str = "Yes, and then nothing.") -> str:
    """Write nine lines in a unit that nothing but the times themselves tells."""
    per_ms = unit.per_second / 1_000
    return json.dumps(
        [
            {
                "start": round(at * step_ms * per_ms),
                "end": round((at * step_ms + step_ms * 0.9) * per_ms),
                "text": text,
            }
            for at in range(9)
        ]
    )


@pytest.mark.parametrize(
    ("unit", "step_ms"),
    [
        (TimeUnit.HUNDREDTHS, 9_000),
        (TimeUnit.MILLISECONDS, 900),
        (TimeUnit.HUNDREDTHS, 3_000),
        (TimeUnit.SECONDS, 4_000),
        (TimeUnit.MICROSECONDS, 2_000),
        (TimeUnit.TICKS, 2_000),
    ],
)
async def test_the_recording_beside_says_what_times_count(
    library: Library, tmp_path: Path, unit: TimeUnit, step_ms: int
) -> None:
    path = tmp_path / "talk.json"
    path.write_text(lines_in(unit, step_ms))
    last_ms = 8 * step_ms + step_ms * 9 // 10
    silence = np.zeros((8 * (last_ms + 500), 1), np.int16)
    silence[::7] = 100
    write_wav(tmp_path / "talk.wav", silence)
    found = library.load(await import_file(library, tmp_path / "copies", path, now_ms=5))
    rounding_ms = 500 if unit is TimeUnit.SECONDS else 5
    assert abs(found.transcript.paragraphs[-1].end_ms - last_ms) <= rounding_ms
    assert found.entry.duration_ms == found.transcript.duration_ms == last_ms + 500


async def test_what_nothing_settles_is_asked(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(lines_in(TimeUnit.MILLISECONDS, 900))
    with pytest.raises(UncertainUnitError) as caught:
        await import_file(library, tmp_path / "copies", path, now_ms=5)
    assert set(caught.value.units) == {TimeUnit.HUNDREDTHS, TimeUnit.MILLISECONDS}
    assert library.entries() == ()


async def test_a_recording_that_is_too_short_for_any_unit_is_asked_about(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "talk.json"
    path.write_text(json.dumps([{"start": 0.5, "end": 90.5, "text": "So it was. " * 90}]))
    write_wav(tmp_path / "talk.wav", np.full((8_000 * 20, 1), 100, np.int16))
    with pytest.raises(UncertainUnitError):
        await import_file(library, tmp_path / "copies", path, now_ms=5)


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
