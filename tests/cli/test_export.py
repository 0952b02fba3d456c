from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import commands
from app.cli.arguments import formats_of
from app.core.options import TranscriptionOptions
from app.core.preferences import ExportPreset
from app.core.striking import strike
from app.core.transcript import Paragraph, Transcript, TranscriptId, Word
from app.export.options import ExportOptions, TimeFormat, TimeMarks
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.opening import open_database
from app.store.paths import AppPaths
from app.store.settings import SettingsStore
from tests.support.speech import SPEECH

ROOT = Path(__file__).parents[2]
ISSUE_FORMATS = "txt,md,docx,odt,pdf,html,srt,vtt,ass,ttml,json,csv,tsv,textgrid,eaf,otr"


@pytest.fixture
def transcript_id(clips: Path, tmp_path: Path) -> TranscriptId:
    """A transcript in the library of this test's own home."""
    sound = tmp_path / "talk.flac"
    shutil.copy(clips / "lj001-0001.flac", sound)
    paths = AppPaths.find()
    paths.create()
    database, _ = open_database(paths.database)
    made = Library(database).add(
        SPEECH, name="My talk", options=TranscriptionOptions(), link=link_to(sound), now_ms=5
    )
    database.close()
    return made


def terminal(*arguments: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )


def add_named(name: str, sound: Path, *, timestamps: bool = True) -> TranscriptId:
    """Put a transcript of that name into the library."""
    database, _ = open_database(AppPaths.find().database)
    made = Library(database).add(
        SPEECH,
        name=name,
        options=TranscriptionOptions(timestamps=timestamps),
        link=link_to(sound),
        now_ms=6,
    )
    database.close()
    return made


def test_every_format_of_the_terminal_lands_under_the_name_of_the_recording(
    transcript_id: TranscriptId, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = terminal("export", "My talk", "--format", ISSUE_FORMATS, "--output", str(out))
    assert done.returncode == 0, done.stderr.decode()
    found = {path.name.lower() for path in out.iterdir()}
    assert found == {f"talk.{name}" for name in ISSUE_FORMATS.split(",")}
    assert (out / "talk.pdf").read_bytes().startswith(b"%PDF")
    assert b"data:audio/ogg" in (out / "talk.html").read_bytes()


def test_standard_output_holds_the_text_and_nothing_else(transcript_id: TranscriptId) -> None:
    done = terminal("export", transcript_id[:8], "--format", "srt", "--output", "-", "--json")
    assert done.stdout.startswith(b"1\n00:00:00,500 --> ")
    assert b'"event"' not in done.stdout


def test_words_that_are_struck_through_are_written_only_when_asked_for(
    transcript_id: TranscriptId,
) -> None:
    database, _ = open_database(AppPaths.find().database)
    library = Library(database)
    before = library.load(transcript_id).transcript
    change = strike(before, {0: {1}})
    assert change is not None
    library.save(transcript_id, change.applied_to(before), now_ms=9)
    database.close()
    said = terminal("export", transcript_id, "--format", "txt", "--output", "-").stdout
    whole = terminal("export", transcript_id, "--format", "txt", "--output", "-", "--struck")
    assert b"Good morning" not in said
    assert b"Good morning" in whole.stdout


def test_a_preset_of_the_window_brings_format_and_options(
    transcript_id: TranscriptId, tmp_path: Path
) -> None:
    quiet = ExportOptions(names=False, times=TimeMarks.PARAGRAPH, time_format=TimeFormat.FULL)
    database, _ = open_database(AppPaths.find().database)
    SettingsStore(database).change(
        export_presets=(ExportPreset("For print", "md", quiet.to_text()),)
    )
    database.close()
    done = terminal("export", transcript_id, "--preset", "For print", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr.decode()
    written = (tmp_path / "talk.md").read_text("utf-8")
    assert "`00:00:00.500` Good morning" in written
    assert "Anna" not in written
    assert not (tmp_path / "talk.txt").exists()
    refused = terminal("export", transcript_id, "--preset", "Other", "--output", str(tmp_path))
    assert refused.returncode == 1
    said = refused.stderr.decode("utf-8")
    assert "no preset called “Other”. The presets are: Interviews for MAXQDA" in said
    assert said.endswith("; For print.\n")


def test_analysis_programs_find_the_time_before_the_speaker(
    transcript_id: TranscriptId, tmp_path: Path
) -> None:
    preset = "Interviews for MAXQDA, ATLAS.ti, NVivo"
    done = terminal("export", transcript_id, "--preset", preset, "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr.decode()
    paragraphs = (tmp_path / "talk.txt").read_bytes().decode("utf-8").split("\r\n\r\n")
    assert paragraphs[0].startswith("[00:00:00] Anna: Good morning")
    assert paragraphs[1].startswith("[00:00:09] Speaker 2: Thank you.")


def test_times_stand_where_the_transcript_has_them_unless_told_otherwise(
    transcript_id: TranscriptId, tmp_path: Path
) -> None:
    """As in the window, which proposes them then."""
    plain = add_named("Plain", tmp_path / "talk.flac", timestamps=False)
    for made, flag, is_timed in (
        (transcript_id, (), True),
        (transcript_id, ("--no-timestamps",), False),
        (plain, (), False),
        (plain, ("--timestamps",), True),
    ):
        out = tmp_path / f"{made}{len(flag)}"
        assert commands.run(["export", made, "--output", f"{out}/", *flag]) == 0
        assert (out / "talk.txt").read_text("utf-8").startswith("[0:00]") is is_timed


def test_other_content_gets_a_number_and_is_said(
    transcript_id: TranscriptId, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.txt").write_text("mine")
    assert commands.run(["export", transcript_id]) == 0
    assert (tmp_path / "talk.txt").read_text() == "mine"
    assert (tmp_path / "talk 2.txt").exists()
    assert "talk.txt was there already, so this is talk 2.txt" in capsys.readouterr().err


def test_events_are_json(
    transcript_id: TranscriptId, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["export", transcript_id, "no such", "--format", "txt,srt", "--json"]
    assert commands.run(asked) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["event"], one.get("format")) for one in events] == [
        ("written", "txt"),
        ("written", "srt"),
        ("failed", None),
    ]
    assert events[0]["path"] == str(tmp_path / "talk.txt")


@pytest.mark.parametrize("in_json", [False, True])
def test_where_several_have_a_name_their_ids_are_listed(
    transcript_id: TranscriptId,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    in_json: bool,
) -> None:
    other = add_named("My talk", tmp_path / "talk.flac")
    asked = ["export", "My talk", "--format", "txt", *(["--json"] if in_json else [])]
    assert commands.run(asked) == 1
    said = capsys.readouterr()
    sentence = said.out if in_json else said.err
    assert "several match; use the id: " in sentence
    assert transcript_id[:8] in sentence
    assert other[:8] in sentence
    assert not list(tmp_path.glob("*.txt"))
    assert commands.run(["export", other[:8], "--format", "txt"]) == 0
    assert (tmp_path / "talk.txt").exists()


def test_a_page_says_for_which_script_there_is_no_font_here_and_a_pdf_is_not_made(
    tmp_path: Path,
) -> None:
    """Of the scripts here at least one has no font on any computer."""
    paths = AppPaths.find()
    paths.create()
    database, _ = open_database(paths.database)
    (sound := tmp_path / "talk.wav").write_bytes(b"RIFF")
    for name, text in (("plain", "Good morning."), ("rare", "𒀀𒀁 𞊐𞊑 𔐀𔐁 𖬀𖬁 𐔀𐔁")):
        words = (Word(text, 0, 500),)
        Library(database).add(
            Transcript((Paragraph(words, None, 0, 500),)),
            name=name,
            options=TranscriptionOptions(),
            link=link_to(sound),
            now_ms=6,
        )
    database.close()
    out = str(tmp_path / "out")
    asked = ["--format", "html-static,pdf,txt", "--output", out, "--json"]
    done = terminal("export", "plain", "rare", *asked)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    told = [(one["event"], one.get("format"), "remark" in one) for one in events]
    assert told == [
        ("written", "html-static", False),
        ("written", "pdf", False),
        ("written", "txt", False),
        ("written", "html-static", True),
        ("failed", None, False),
        ("written", "txt", False),
    ]
    assert "Noto Sans" in events[3]["remark"]
    assert "PDF would show boxes" in json.dumps(events[4])


def test_a_folder_that_cannot_be_written_is_a_sentence(
    transcript_id: TranscriptId, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert commands.run(["export", transcript_id, "--output", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("wordlight: ")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("formats", "name"),
    [("txt", "new.txt"), ("pdf", "New.PDF"), ("srt,textgrid", "a.textgrid")],
)
def test_a_file_named_as_the_folder_is_refused_and_nothing_made(
    transcript_id: TranscriptId,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    formats: str,
    name: str,
) -> None:
    there = set(tmp_path.iterdir())
    new = str(tmp_path / name)
    assert commands.run(["export", transcript_id, "--format", formats, "--output", new]) == 1
    assert f"--output takes a folder, and {new} looks like a file" in capsys.readouterr().err
    (tmp_path / "a file").touch()
    there.add(tmp_path / "a file")
    new = str(tmp_path / "a file")
    assert commands.run(["export", transcript_id, "--format", formats, "--output", new]) == 1
    assert f"--output takes a folder, and {new} looks like a file" in capsys.readouterr().err
    unheard = ["transcribe", str(tmp_path / "talk.flac"), "--format", formats, "--output", new]
    assert commands.run(unheard) == 1
    assert "--output takes a folder" in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == there


def test_a_folder_may_end_like_a_file(transcript_id: TranscriptId, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    assert commands.run(["export", transcript_id, "--output", f"{new}/"]) == 0
    assert commands.run(["export", transcript_id, "--output", str(new)]) == 0
    other = str(tmp_path / "talks.2026")
    assert commands.run(["export", transcript_id, "--output", other]) == 0
    assert [one.name for one in new.iterdir()] == ["talk.txt"]


def test_list_and_import(
    transcript_id: TranscriptId, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.run(["export", transcript_id, "--format", "srt,wordlight"]) == 0
    files = [str(tmp_path / name) for name in ("talk.srt", "talk.wordlight", "gone.srt")]
    capsys.readouterr()
    assert commands.run(["import", *files, "--json"]) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in events] == ["imported", "known", "failed"]
    assert events[1]["id"] == transcript_id  # the bundle holds what is there already
    assert commands.run(["import", files[1], "--again", "--json"]) == 0
    (again,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert again["event"] == "imported"
    assert commands.run(["list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["id"] for one in listed} == {
        transcript_id,
        events[0]["id"],
        again["id"],
    }


@pytest.mark.parametrize("encoding", ["cp1252", "ascii:strict", "utf-8:strict"])
def test_a_name_that_the_terminal_cannot_write_is_no_fault(
    transcript_id: TranscriptId, tmp_path: Path, encoding: str
) -> None:
    name = "会議 é 🎙"
    made = add_named(name, tmp_path / "talk.flac")
    plain = terminal("list", encoding=encoding)
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert made[:8].encode() in plain.stdout
    listed = terminal("list", "--json", encoding=encoding)
    assert listed.returncode == 0, listed.stderr
    assert {json.loads(line)["name"] for line in listed.stdout.splitlines()} == {
        name,
        "My talk",
    }
    written = terminal("export", name, "会", "--json", encoding=encoding)
    done, failed = (json.loads(line) for line in written.stdout.splitlines())
    assert (written.returncode, done["file"], failed["file"]) == (1, name, "会")
    assert terminal("--help", encoding=encoding).stderr == b""


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_recording_whose_name_is_no_text_stands_in_json(
    transcript_id: TranscriptId, tmp_path: Path
) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    for name in ("talk.flac", "talk.srt"):
        (folder / name).write_bytes(b"1\n00:00:00,500 --> 00:00:01,000\nGood morning\n")
    taken = terminal("import", str(folder / "talk.srt"), "--json", encoding="utf-8:strict")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout.decode("utf-8"))["event"] == "imported"
    listed = terminal("list", "--json", encoding="utf-8:strict")
    assert listed.returncode == 0, listed.stderr
    sources = [
        json.loads(line)["source"] for line in listed.stdout.decode("utf-8").splitlines()
    ]
    assert str(folder / "talk.flac") in sources


def test_events_on_standard_error_stand_there_alone(transcript_id: TranscriptId) -> None:
    """Those of one transcript, and of the whole command."""
    done = terminal("export", "no such", transcript_id, "--output", "-", "--json")
    (event,) = [json.loads(line) for line in done.stderr.decode("utf-8").splitlines()]
    assert (done.returncode, event["event"], event["file"]) == (1, "failed", "no such")
    assert b"Good morning" in done.stdout
    gone = terminal("transcribe", "gone.wav", "--output", "-", "--json")
    (event,) = [json.loads(line) for line in gone.stderr.decode("utf-8").splitlines()]
    assert (gone.returncode, event["event"], event["file"]) == (1, "failed", "gone.wav")
    ended = terminal("export", "x", "--preset", "none such", "--output", "-", "--json")
    (event,) = [json.loads(line) for line in ended.stderr.decode("utf-8").splitlines()]
    assert (ended.returncode, event["event"]) == (1, "failed")
    assert "none such" in event["reason"]


def test_what_failed_is_said_in_plain_words_beside_events_on_standard_output(
    transcript_id: TranscriptId,
) -> None:
    done = terminal("export", "no such", "--json")
    assert json.loads(done.stdout)["event"] == "failed"
    assert done.stderr == b"wordlight: no such: there is no such transcript\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here is always full")
@pytest.mark.parametrize(
    "asked",
    [
        ["export", "My talk", "My talk", "--format", "txt,srt", "--output", "-"],
        ["export", "My talk", "--json"],
        ["list"],
        ["list", "--json"],
        ["doctor"],
    ],
)
def test_a_full_disk_behind_standard_output_is_one_sentence(
    transcript_id: TranscriptId, asked: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", *asked],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.stderr.decode() == (
        "wordlight: The disk is full, so standard output was not saved. "
        "Free some space and try again.\n"
    )
    assert done.returncode == 1


def test_unknown_formats_name_the_known() -> None:
    with pytest.raises(Exception, match=r"papyrus.*known: txt.*pdf"):
        formats_of("txt,papyrus")
