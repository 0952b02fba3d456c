from __future__ import annotations

import contextlib
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.options import TranscriptionOptions
from app.export.formats import FORMATS
from app.export.options import AudioPlace, ExportOptions
from app.export.wish import Wish
from app.jobs.exporting import Exporter, document_of, keep, render, target_path
from app.store.audio_links import AudioLink, link_to
from app.store.library import Library
from app.store.opening import open_database
from app.store.stored import StoredTranscript
from tests.export.sample import SPEECH


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
        path = target_path(document, stored, name, None)
        assert path == tmp_path / f"a #1 100% talk.{expected}"
    named = target_path(document, stored, "srt", tmp_path / "x", "{title} {date}")
    assert named == tmp_path / "x" / "A talk 1970-01-01.srt"


def test_template_cannot_lead_elsewhere(stored, tmp_path: Path) -> None:
    path = target_path(document_of(stored), stored, "txt", tmp_path, "../../{name}/x")
    assert path.parent == tmp_path


def test_a_link_without_a_dot_keeps_its_whole_name(stored, tmp_path: Path) -> None:
    linked = replace(stored, link=AudioLink("https://example.org/v1.2/talk", is_url=True))
    path = target_path(document_of(linked), linked, "txt", tmp_path)
    assert path.name == "A talk.txt"


async def test_page_holds_the_recording_or_links_to_it(stored, tmp_path: Path) -> None:
    document = document_of(stored)
    held = await render(document, stored, "html")
    assert b"data:audio/ogg" in held
    for folder, expected in (
        (tmp_path, b"./a%20%231%20100%25%20talk.flac"),
        (tmp_path / "elsewhere", b"file:///"),
    ):
        options = ExportOptions(audio=AudioPlace.LINKED)
        linked = await render(document, stored, "html", options, folder=folder)
        assert expected in linked
        assert b"data:audio/ogg" not in linked
    silent = await render(document, stored, "html", ExportOptions(audio=AudioPlace.NONE))
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
        page = await render(document_of(stored), stored, "html", options, folder=folder)
        assert expected in page


def test_same_content_is_not_written_twice_and_other_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    assert keep(path, b"one", replaces=False) == path
    assert keep(path, b"one", replaces=False) == path
    assert keep(path, b"two", replaces=False).name == "talk 2.txt"
    assert keep(path, b"three", replaces=True) == path
    assert path.read_bytes() == b"three"


def test_same_content_is_found_under_its_number_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.plain.html"
    path.write_bytes(b"foreign")
    assert keep(path, b"one", replaces=False).name == "talk.plain 2.html"
    assert keep(path, b"two", replaces=False).name == "talk.plain 3.html"
    for content, name in ((b"one", "talk.plain 2.html"), (b"two", "talk.plain 3.html")):
        assert keep(path, content, replaces=False).name == name
    assert len(list(tmp_path.iterdir())) == 3


def test_what_is_no_file_is_not_taken_for_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").mkdir()
    assert keep(tmp_path / "talk.txt", b"", replaces=False).name == "talk 2.txt"


@pytest.mark.parametrize("name", ["docx", "odt"])
async def test_a_document_exported_again_is_the_same_file(
    library, stored, tmp_path: Path, name: str
) -> None:
    exporter = Exporter(library, FORMATS)
    wish = Wish(name, folder=str(tmp_path / "out"))
    first = await exporter.write(stored, wish)
    assert await exporter.write(stored, wish) == first
    assert len(list((tmp_path / "out").iterdir())) == 1


@pytest.mark.parametrize("trouble", ["too-long", "file-as-folder", "full", "read-only"])
def test_what_cannot_be_written_is_told_and_the_old_file_stays(tmp_path, trouble) -> None:
    old = tmp_path / "talk.txt"
    old.write_text("old")
    path = old
    undo = contextlib.ExitStack()
    if trouble == "too-long":
        path = tmp_path / ("x" * 300 + ".txt")
    elif trouble == "file-as-folder":
        path = old / "talk.txt"
    elif trouble == "read-only":
        # Even the administrator may not write here.
        path = Path("/proc/wordlight/talk.txt")
        if not Path("/proc").is_dir():
            pytest.skip("there is no such folder on this system")
    elif trouble == "full":
        resource = pytest.importorskip("resource")
        signal = pytest.importorskip("signal")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        undo.callback(signal.signal, signal.SIGXFSZ, ignored)
        undo.callback(resource.setrlimit, resource.RLIMIT_FSIZE, limits)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limits[1]))
    with undo, pytest.raises(StorageError) as raised:
        keep(path, b"n" * 10_000, replaces=True)
    assert raised.value.message.fill().endswith(".")
    assert old.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["talk.txt"]


async def test_a_transcript_remembers_its_last_export(library, stored, tmp_path: Path) -> None:
    exporter = Exporter(library, FORMATS)
    wish = Wish("srt", ExportOptions(cue_lines=1), str(tmp_path / "out"), "{title}")
    assert exporter.last_wish(stored) is None
    path = await exporter.write(stored, wish)
    now = await exporter.load(stored.entry.transcript_id)
    assert exporter.last_wish(now) == wish
    assert exporter.is_own_work(now, path)
    path.write_text("touched")
    assert not exporter.is_own_work(now, path)
    assert (await exporter.write(now, wish)).name == "A talk 2.srt"
    assert path.read_text() == "touched"


def test_a_remembered_format_that_is_gone_is_not_wished(library, stored) -> None:
    kept = replace(stored, export_options={"format": "papyrus"})
    assert Exporter(library, FORMATS).last_wish(kept) is None


async def test_a_file_that_is_moved_at_once_is_fine(library, stored, tmp_path: Path) -> None:
    exporter = Exporter(library, FORMATS)
    wish = Wish("txt", folder=str(tmp_path / "out"))
    exporter._remember(stored, wish, tmp_path / "out" / "gone.txt")
    now = await exporter.load(stored.entry.transcript_id)
    assert exporter.last_wish(now) == wish
    assert not exporter.is_own_work(now, tmp_path / "out" / "gone.txt")


def test_the_same_pdf_is_known_by_its_identity(tmp_path: Path) -> None:
    def pdf(fonts: bytes, state: bytes) -> bytes:
        return b"%PDF-1.6\n" + fonts + b"\ntrailer\n/ID [ <ab12> <" + state + b"> ]\n%%EOF\n"

    path = tmp_path / "talk.pdf"
    path.write_bytes(pdf(b"one font, another", b"ab12"))
    assert keep(path, pdf(b"another, one font", b"ab12"), replaces=False) == path
    path.write_bytes(pdf(b"with the remarks of a reader", b"cd34"))
    written = keep(path, pdf(b"another, one font", b"ab12"), replaces=False)
    assert written.name == "talk 2.pdf"
    assert b"remarks of a reader" in path.read_bytes()
