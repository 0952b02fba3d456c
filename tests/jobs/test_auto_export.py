from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.job import Job, JobId, JobState
from app.core.options import TranscriptionOptions
from app.core.preferences import Settings, WatchFolder
from app.export.bundle import BUNDLE, read_bundle
from app.export.formats import FORMATS
from app.export.options import ExportOptions
from app.jobs.auto_export import auto_export, wanted_for
from app.jobs.exporting import Exporter
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.opening import open_database
from tests.support.builders import transcript


def job_of(path: Path | str, **changes: object) -> Job:
    fields = {"state": JobState.DONE, **changes}
    return Job(JobId("j"), str(path), TranscriptionOptions(), 1, **fields)


def test_a_watched_folder_is_asked_before_the_rule_for_all() -> None:
    watched = WatchFolder("/in", export_format="srt", export_folder="/out")
    settings = Settings(watch_folders=(watched,), auto_export_format="txt")
    assert wanted_for(job_of("/in/a.wav"), settings) == ("srt", Path("/out"))
    assert wanted_for(job_of("/else/a.wav"), settings) == ("txt", None)
    assert wanted_for(job_of("/else/a.wav"), Settings(watch_folders=(watched,))) is None
    silent = Settings(watch_folders=(replace(watched, export_format=""),))
    assert wanted_for(job_of("/in/a.wav"), silent) is None


def test_a_link_has_no_place_beside_it() -> None:
    linked = job_of("https://x.org/a.mp3", is_url=True)
    assert wanted_for(linked, Settings(auto_export_format="txt")) is None
    there = Settings(auto_export_format="txt", export_folder="/out")
    assert wanted_for(linked, there) == ("txt", Path("/out"))


@pytest.mark.asyncio
async def test_a_done_job_is_written_beside_its_recording_and_nothing_is_replaced(
    tmp_path: Path,
) -> None:
    database, _ = open_database(tmp_path / "kept" / "wordlight.db")
    library = Library(database)
    source = tmp_path / "talk.wav"
    source.write_bytes(b"x")
    transcript_id = library.add(
        transcript((None, "hello there")),
        name="talk",
        options=TranscriptionOptions(),
        link=link_to(source),
        now_ms=1,
    )
    (tmp_path / "talk.txt").write_text("mine")
    done = job_of(source, transcript_id=transcript_id)
    exporter = Exporter(library, {**FORMATS, BUNDLE.name: BUNDLE})
    written = await auto_export(done, exporter, "txt", None)
    assert written is not None
    assert written != tmp_path / "talk.txt"
    assert "hello there" in written.read_text("utf-8-sig")
    assert (tmp_path / "talk.txt").read_text() == "mine"
    packed = await auto_export(done, exporter, "wordlight", tmp_path / "out")
    assert packed == tmp_path / "out" / "talk.wordlight"
    assert packed is not None
    with packed.open("rb") as file:
        assert read_bundle(file).audio_bytes == len(b"x")
    assert library.load(transcript_id).export_options == {}, "no choice of a person's"
    assert await auto_export(done, exporter, "papyrus", None) is None
    assert await auto_export(job_of(source), exporter, "txt", None) is None
    database.close()


@pytest.mark.asyncio
async def test_it_is_written_as_the_window_would(tmp_path: Path) -> None:
    """Times where the transcript has them; what was chosen last in the format; its name."""
    database, _ = open_database(tmp_path / "kept" / "wordlight.db")
    library = Library(database)
    source = tmp_path / "talk.wav"
    source.write_bytes(b"x")
    transcript_id = library.add(
        transcript(("a", "hello there")),
        name="Hello",
        options=TranscriptionOptions(timestamps=True),
        link=link_to(source),
        now_ms=1,
    )
    done = job_of(source, transcript_id=transcript_id)
    exporter = Exporter(library, FORMATS)
    timed = await auto_export(done, exporter, "txt", None)
    assert timed is not None
    assert timed.read_text("utf-8") == "[0:00] Speaker 1: hello there\n"
    chosen = {"txt": ExportOptions(names=False).to_dict()}
    settings = Settings(export_options_json=json.dumps(chosen), export_template="{title}")
    plain = await auto_export(done, exporter, "txt", None, settings)
    assert plain is not None
    assert plain == tmp_path / "Hello.txt"
    assert plain.read_text("utf-8") == "hello there\n"
    database.close()
