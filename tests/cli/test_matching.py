"""Which transcripts somebody means in the terminal."""

from __future__ import annotations

import pytest

from app.cli.export import matching
from app.core.transcript import TranscriptId
from app.store.listing import TranscriptEntry


def entry(transcript_id: str, name: str, source: str = "") -> TranscriptEntry:
    return TranscriptEntry(
        transcript_id=TranscriptId(transcript_id),
        name=name,
        created_ms=0,
        duration_ms=1_000,
        model="pulse",
        language="en",
        word_count=1,
        speakers=(),
        source=source or f"/recordings/{name}.wav",
        changed_ms=0,
        deleted_ms=None,
        tags=(),
        is_url=False,
        size_bytes=1,
        listened_ms=0,
    )


ENTRIES = [
    entry("aaaa1111", "talk"),
    entry("aaaa2222", "talk"),
    entry("bbbb3333", "Cafe\u0301  noir"),
    entry("cccc4444", "half \udcff"),
    entry("dddd5555", "renamed", "/recordings/first name.wav"),
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ("talk", ["aaaa1111", "aaaa2222"]),
        ("aaaa", ["aaaa1111", "aaaa2222"]),
        ("aaaa2222", ["aaaa2222"]),
        ("bbbb", ["bbbb3333"]),
        ("Café noir", ["bbbb3333"]),
        ("half \\udcff", ["cccc4444"]),
        ("/recordings/first name.wav", ["dddd5555"]),
        ("first name.wav", ["dddd5555"]),
        ("nothing", []),
        ("", []),
        (" ", []),
    ],
)
def test_any_name_that_is_listed_is_taken(wanted: str, ids: list[str]) -> None:
    assert [one.transcript_id for one in matching(ENTRIES, wanted)] == ids
