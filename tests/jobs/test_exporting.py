from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.options import TranscriptionOptions
from app.export.bundle import BUNDLE
from app.export.formats import FORMATS
from app.export.options import AudioPlace, ExportOptions
from app.export.request import ExportRequest
from app.jobs.documents import document_of, why_soundless
from app.jobs.exporting import Exporter, render, sha256_of, target_path
from app.store.audio_links import NO_RECORDING_BYTES, AudioLink, link_to
from app.store.library import Library
from app.store.opening import open_database
from app.store.stored import StoredTranscript
from tests.support.speech import SPEECH


@pytest.fixture
def library(tmp_path: Path):
    opened, _ = open_database(tmp_path / "wordlight.db")
    yield Library(opened)
    opened.close()


@pytest.fixture
def stored(library: Library, clips: Path, tmp_path: Path) -> StoredTranscript:
    sound = tmp_path / "a #1 100% talk.flac"
    shutil.copy(clips / "lj001-0001.flac", sound)
    made = library.add(
        SPEECH, name="A talk", options=TranscriptionOptions(), link=link_to(sound), now_ms=5
    )
    return library.load(made)


def test_files_lie_beside_the_recording_under_its_name(stored, tmp_path: Path) -> None:
    document = document_of(stored)
    for name, expected in (("txt", "txt"), ("html", "html"), ("html-static", "plain.html")):
        path = target_path(document, stored, FORMATS[name], None)
        assert path == tmp_path / f"a #1 100% talk.{expected}"
    named = target_path(document, stored, FORMATS["srt"], tmp_path / "x", "{title} {date}")
    assert named == tmp_path / "x" / "A talk 1970-01-01.srt"


@pytest.mark.parametrize(
    "stem",
    [
        "two  spaces",
        " space before",
        "Cafe\u0301 with its accent apart",
        "family \U0001f469\u200d\U0001f467",
        "a:b?c*d|e",
        "dot at the end.",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "con",
        "half \udcff of a sign",
        "x" * 240,
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows does not take these names")
def test_the_name_beside_the_recording_is_its_own_byte_for_byte(
    stored, tmp_path: Path, stem: str
) -> None:
    own = replace(stored, link=AudioLink(str(tmp_path / f"{stem}.flac")))
    path = target_path(document_of(own), own, FORMATS["txt"], None)
    assert os.fsencode(path.name) == os.fsencode(f"{stem}.txt")
    elsewhere = target_path(document_of(own), own, FORMATS["txt"], tmp_path / "usb")
    assert not set(elsewhere.name) & set('<>:"/\\|?*\udcff')


def test_a_name_too_long_with_its_suffix_is_cut(stored, tmp_path: Path) -> None:
    own = replace(stored, link=AudioLink(str(tmp_path / f"{'x' * 250}.flac")))
    path = target_path(document_of(own), own, FORMATS["html-static"], None)
    assert len(path.name) <= 255
    assert path.name.endswith(".plain.html")


def test_template_cannot_lead_elsewhere(stored, tmp_path: Path) -> None:
    path = target_path(document_of(stored), stored, FORMATS["txt"], tmp_path, "../../{name}/x")
    assert path.parent == tmp_path


def test_a_link_without_a_dot_keeps_its_whole_name(stored, tmp_path: Path) -> None:
    linked = replace(stored, link=AudioLink("https://example.org/v1.2/talk", is_url=True))
    path = target_path(document_of(linked), linked, FORMATS["txt"], tmp_path)
    assert path.name == "A talk.txt"


async def test_page_holds_the_recording_or_links_to_it(stored, tmp_path: Path) -> None:
    document = document_of(stored)
    held = await render(document, stored, FORMATS["html"])
    assert b"data:audio/ogg" in held
    for folder, expected in (
        (tmp_path, b"./a%20%231%20100%25%20talk.flac"),
        (tmp_path / "elsewhere", b"file:///"),
    ):
        options = ExportOptions(audio=AudioPlace.LINKED)
        linked = await render(document, stored, FORMATS["html"], options, folder=folder)
        assert expected in linked
        assert b"data:audio/ogg" not in linked
    silent = await render(
        document, stored, FORMATS["html"], ExportOptions(audio=AudioPlace.NONE)
    )
    assert b"talk.flac" not in silent.split(b"</title>")[1].split(b"<h1")[0]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
async def test_page_links_to_a_recording_whose_name_is_no_text(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    sound = tmp_path / os.fsdecode(b"caf\xe9 1.flac")
    shutil.copy(clips / "lj001-0001.flac", sound)
    made = library.add(
        SPEECH, name="A talk", options=TranscriptionOptions(), link=link_to(sound), now_ms=5
    )
    stored = library.load(made)
    options = ExportOptions(audio=AudioPlace.LINKED)
    for folder, expected in ((tmp_path, b"./caf%E9%201.flac"), (None, b"/caf%E9%201.flac")):
        page = await render(
            document_of(stored), stored, FORMATS["html"], options, folder=folder
        )
        assert expected in page


@pytest.mark.parametrize("name", ["docx", "odt"])
async def test_a_document_exported_again_is_the_same_file(
    library, stored, tmp_path: Path, name: str
) -> None:
    exporter = Exporter(library, FORMATS)
    request = ExportRequest(name, folder=str(tmp_path / "out"))
    first = await exporter.write(stored, request)
    assert await exporter.write(stored, request) == first
    assert len(list((tmp_path / "out").iterdir())) == 1


async def test_a_transcript_remembers_its_last_export(library, stored, tmp_path: Path) -> None:
    exporter = Exporter(library, FORMATS)
    request = ExportRequest("srt", ExportOptions(cue_lines=1), str(tmp_path / "out"), "{title}")
    assert exporter.last_request(stored) is None
    path = await exporter.write(stored, request)
    now = await exporter.load(stored.entry.transcript_id)
    assert exporter.last_request(now) == request
    assert exporter.is_own_work(now, path)
    path.write_text("touched")
    assert not exporter.is_own_work(now, path)
    assert (await exporter.write(now, request)).name == "A talk 2.srt"
    assert path.read_text() == "touched"


@pytest.mark.parametrize("name", ["html", "wordlight", "txt"])
async def test_a_recording_that_is_gone_is_told_of_a_file_that_was_to_hold_it(
    library, stored, name: str
) -> None:
    exporter = Exporter(library, {**FORMATS, BUNDLE.name: BUNDLE})
    embedded = ExportRequest(name, ExportOptions(audio=AudioPlace.EMBEDDED))
    silent = ExportRequest(name, ExportOptions(audio=AudioPlace.NONE))
    assert await exporter.remark(stored, embedded) is None
    stored.link.path.unlink()
    told = await exporter.remark(stored, embedded)
    assert told == (None if name == "txt" else why_soundless(stored.link))
    assert await exporter.remark(stored, silent) is None


def test_a_remembered_format_that_is_gone_is_not_asked_for(library, stored) -> None:
    kept = replace(stored, export_options={"format": "papyrus"})
    assert Exporter(library, FORMATS).last_request(kept) is None


async def test_a_file_that_is_moved_at_once_is_fine(library, stored, tmp_path: Path) -> None:
    def moved_before(path: Path) -> str:
        path.rename(path.with_name("moved.txt"))
        return sha256_of(path)

    exporter = Exporter(library, FORMATS, digest=moved_before)
    (tmp_path / "out").mkdir()
    request = ExportRequest("txt", folder=str(tmp_path / "out"))
    path = await exporter.write(stored, request)
    now = await exporter.load(stored.entry.transcript_id)
    assert exporter.last_request(now) == request
    assert not exporter.is_own_work(now, path)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (AudioLink("", size_bytes=NO_RECORDING_BYTES), "Dictated; its audio is not kept."),
        (AudioLink("/a.srt", size_bytes=NO_RECORDING_BYTES), "has no recording."),
        (AudioLink("/a.m4a", size_bytes=900), "has been moved"),
    ],
)
def test_why_a_file_cannot_hold_the_recording_is_said_as_it_is(
    link: AudioLink, sentence: str
) -> None:
    assert sentence in why_soundless(link).fill()
