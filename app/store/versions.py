"""Earlier states of an edited transcript: what was recognised, and a few in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from app.core.transcript import Transcript, TranscriptId
from app.store.database import Row
from app.store.stored import gone
from app.store.transcript_blob import pack, unpack

VERSION_EVERY_MS = 10 * 60_000
"""Least time between two kept versions."""
VERSIONS_KEPT = 20

_Read = Callable[..., list[Row]]
"""Runs a query (``Database.read``)."""


def note_version(connection: sqlite3.Connection, number: int, body: bytes, now_ms: int) -> None:
    """Keep a state that is about to be replaced, unless one was kept a moment ago.

    Args:
        connection: The one that writes, in a transaction of the caller.
        number: Which transcript.
        body: The packed words.
        now_ms: The time.
    """
    latest = connection.execute(
        "SELECT max(taken_ms) FROM transcript_versions WHERE number = ?", (number,)
    ).fetchone()[0]
    if latest is not None and 0 <= now_ms - latest < VERSION_EVERY_MS:
        return
    connection.execute(
        "INSERT OR REPLACE INTO transcript_versions (number, taken_ms, body) VALUES (?, ?, ?)",
        (number, now_ms, body),
    )
    connection.execute(
        "DELETE FROM transcript_versions WHERE number = ? AND taken_ms NOT IN (SELECT taken_ms "
        "FROM transcript_versions WHERE number = ? ORDER BY taken_ms DESC LIMIT ?)",
        (number, number, VERSIONS_KEPT),
    )


def insert_versions(
    connection: sqlite3.Connection, number: int, earlier: Mapping[int, Transcript]
) -> None:
    """Keep versions that came along with a transcript, by the time they were taken."""
    connection.executemany(
        "INSERT INTO transcript_versions (number, taken_ms, body) VALUES (?, ?, ?)",
        [(number, taken_ms, pack(one)) for taken_ms, one in earlier.items()],
    )


def original_of(read: _Read, transcript_id: TranscriptId) -> Transcript:
    """Give a transcript as it was recognised.

    Raises:
        StorageError: It is gone or damaged.
    """
    rows = read(
        "SELECT coalesce(original, body) FROM transcript_bodies "
        "JOIN transcripts USING (number) WHERE transcript_id = ?",
        (transcript_id,),
    )
    if not rows:
        raise gone()
    return unpack(rows[0][0])


def version_times(read: _Read, transcript_id: TranscriptId) -> tuple[int, ...]:
    """Give when versions were taken, latest first."""
    rows = read(
        "SELECT taken_ms FROM transcript_versions JOIN transcripts USING (number) "
        "WHERE transcript_id = ? ORDER BY taken_ms DESC",
        (transcript_id,),
    )
    return tuple(row[0] for row in rows)


def version_of(read: _Read, transcript_id: TranscriptId, taken_ms: int) -> Transcript:
    """Give the version that was taken at a time.

    Raises:
        StorageError: It is gone or damaged.
    """
    rows = read(
        "SELECT body FROM transcript_versions JOIN transcripts USING (number) "
        "WHERE transcript_id = ? AND taken_ms = ?",
        (transcript_id, taken_ms),
    )
    if not rows:
        raise gone()
    return unpack(rows[0][0])
