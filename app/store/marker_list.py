"""What a person put on words of all transcripts, in one list."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.markers import placed_markers
from app.core.transcript import MarkerKind, Transcript, TranscriptId
from app.store.database import Row
from app.system.files import printable

_LATEST_MS = 2**63 - 1
"""A column holds no later time; files of others say anything."""


@dataclass(frozen=True, slots=True)
class ListedMarker:
    """A note, bookmark or highlight of some transcript.

    Attributes:
        transcript_id: Of which.
        name: What that is called.
        kind: Note, bookmark or highlight.
        text: What a person wrote.
        quote: The words it is on, the first of them where there are many.
        speaker: Who says the first, as named; empty for nobody and for one without a name.
        speaker_number: Their number, from 1; 0 for nobody.
        start_ms: When the first is spoken.
        end_ms: When the last ends.
        word: Place of the first in reading order.
    """

    transcript_id: TranscriptId
    name: str
    kind: MarkerKind
    text: str
    quote: str
    speaker: str
    speaker_number: int
    start_ms: int
    end_ms: int
    word: int


def update_markers(connection: sqlite3.Connection, number: int, transcript: Transcript) -> None:
    """List what is put on the words of a transcript, in place of what was listed of it."""
    people = {
        one.speaker_id: (one.name, at) for at, one in enumerate(transcript.speakers, start=1)
    }
    connection.execute("DELETE FROM transcript_markers WHERE number = ?", (number,))
    rows: list[tuple[object, ...]] = []
    for one in placed_markers(transcript):
        name, at = "", 0
        if one.speaker_id is not None:
            name, at = people.get(one.speaker_id, ("", 0))
        texts = (printable(one.text), printable(one.quote), printable(name))
        times = _storable(one.start_ms), _storable(one.end_ms)
        rows.append((number, one.word, one.kind.value, *texts, at, *times))
    connection.executemany(
        "INSERT INTO transcript_markers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )
    connection.execute(
        "UPDATE transcripts SET are_markers_listed = 1 WHERE number = ?", (number,)
    )


MARKERS = (
    "SELECT transcript_id, name, kind, text, quote, transcript_markers.speaker, "
    "speaker_number, start_ms, end_ms, word FROM transcript_markers "
    "JOIN transcripts USING (number) WHERE deleted_ms IS NULL "
    "ORDER BY created_ms DESC, number DESC, word LIMIT ?"
)
"""All that is listed of what is not in the bin, the newest transcripts first."""

UNLISTED = (
    "SELECT number, transcript_id FROM transcripts "
    "WHERE are_markers_listed = 0 AND deleted_ms IS NULL"
)
"""Transcripts kept by an older Wordlight that nobody has changed since."""


def listed_markers(rows: Sequence[Row]) -> tuple[ListedMarker, ...]:
    """Read rows of ``MARKERS``; of a kind that a newer Wordlight knows, none."""
    known = {one.value for one in MarkerKind}
    return tuple(
        ListedMarker(TranscriptId(row[0]), row[1], MarkerKind(row[2]), *row[3:])
        for row in rows
        if row[2] in known
    )


def _storable(time_ms: int) -> int:
    return max(-_LATEST_MS, min(_LATEST_MS, time_ms))
