"""Replacing in all transcripts of the library, with what was there kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.finding import PatternError, Query
from app.core.options import TranscriptionOptions
from app.core.transcript import TranscriptId
from app.jobs.library_replacing import LABEL, LibraryReplacing
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from tests.support.builders import transcript

QUERY = Query("muller", is_whole_word=True)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    database, _notice = open_database(tmp_path / "library.db")
    yield Library(database)
    database.close()


def keep(library: Library, name: str, text: str) -> TranscriptId:
    return library.add(
        transcript(("A", text)),
        name=name,
        options=TranscriptionOptions(),
        link=AudioLink(f"{name}.wav"),
        now_ms=1,
    )


def test_each_is_found_and_replaced_with_a_version_before(library: Library) -> None:
    one, other = keep(library, "One", "Muller and muller"), keep(library, "Other", "nobody")
    replacing = LibraryReplacing(library, lambda: 5_000)
    assert replacing.transcripts() == ((other, "Other"), (one, "One"))
    found = replacing.find(one, "One", QUERY, "Müller")
    assert found is not None
    assert len(found.hits) == 2
    assert replacing.find(other, "Other", QUERY, "Müller") is None
    assert replacing.replace(one, QUERY, "Müller") == 2
    assert library.load(one).transcript.text == "Müller and Müller"
    (kept,) = library.version_list(one)
    assert kept.reason == LABEL
    assert library.version(one, kept.taken_ms).text == "Muller and muller"
    assert len(library.search("Müller")) == 1
    assert replacing.replace(other, QUERY, "Müller") == 0
    assert library.version_list(other) == ()


def test_what_is_saved_while_it_is_replaced_is_not_written_over(library: Library) -> None:
    one = keep(library, "One", "Muller")
    typed = [transcript(("A", "Muller spoke last"))]

    def somebody_saves() -> int:
        while typed:
            library.save(one, typed.pop(), now_ms=4_000)
        return 5_000

    assert LibraryReplacing(library, somebody_saves).replace(one, QUERY, "Müller") == 1
    assert library.load(one).transcript.text == "Müller spoke last"
    (kept, *_) = library.version_list(one)
    assert kept.reason == LABEL
    assert library.version(one, kept.taken_ms).text == "Muller spoke last"


def test_words_somebody_works_on_are_looked_through_as_they_are(library: Library) -> None:
    one = keep(library, "One", "nobody")
    now = transcript(("A", "Muller"))
    found = LibraryReplacing(library, lambda: 1).find(one, "One", QUERY, "x", now)
    assert found is not None
    assert found.transcript is now


def test_what_is_gone_or_never_ends_is_said(library: Library) -> None:
    one = keep(library, "One", "x" * 40 + "y")
    replacing = LibraryReplacing(library, lambda: 1)
    gone = TranscriptId("gone")
    assert replacing.find(gone, "Gone", QUERY, "x") is None
    with pytest.raises(StorageError):
        replacing.replace(gone, QUERY, "x")
    with pytest.raises(PatternError, match="takes too long"):
        replacing.replace(one, Query(r"(?:x|x)+$", is_pattern=True), "z")
    assert library.load(one).transcript.text.endswith("y")
