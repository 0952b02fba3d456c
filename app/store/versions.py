"""Earlier states of an edited transcript: what was recognised, and a few in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.core.transcript import Transcript, TranscriptId
from app.store.database import Row
from app.store.stored import gone
from app.store.transcript_blob import pack, unpack

VERSION_EVERY_MS = 10 * 60_000
"""Least time between two kept versions."""
VERSIONS_KEPT = 20
"""So many of the latest are kept, and as many of those before bulk changes,"""
DAYS_KEPT = 30
"""and the last one of each of so many days on which there was any."""
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """An earlier state that can be brought back.

    Attributes:
        taken_ms: When it was kept.
        reason: Before which bulk change, by its label; empty for one kept as time went by.
    """

    taken_ms: int
    reason: str = ""


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
    _insert(connection, number, body, now_ms, "")


def save_version(
    connection: sqlite3.Connection, number: int, body: bytes, now_ms: int, reason: str
) -> None:
    """Keep a state as it was before a bulk change, whenever the last one was kept.

    Args:
        connection: The one that writes, in a transaction of the caller.
        number: Which transcript.
        body: The packed words.
        now_ms: The time.
        reason: What was done then.
    """
    row = connection.execute(
        "SELECT taken_ms, body FROM transcript_versions WHERE number = ? "
        "ORDER BY taken_ms DESC LIMIT 1",
        (number,),
    ).fetchone()
    if row is not None and row[1] == body:
        connection.execute(
            "UPDATE transcript_versions SET reason = ? WHERE number = ? AND taken_ms = ?",
            (reason, number, row[0]),
        )
        return
    if row is not None:
        now_ms = max(now_ms, row[0] + 1)  # two within a millisecond are two
    _insert(connection, number, body, now_ms, reason)


def _insert(
    connection: sqlite3.Connection, number: int, body: bytes, now_ms: int, reason: str
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO transcript_versions (number, taken_ms, body, reason) "
        "VALUES (?, ?, ?, ?)",
        (number, now_ms, body, reason),
    )
    rows: list[Row] = connection.execute(
        "SELECT taken_ms, reason FROM transcript_versions WHERE number = ? "
        "ORDER BY taken_ms DESC",
        (number,),
    ).fetchall()
    connection.executemany(
        "DELETE FROM transcript_versions WHERE number = ? AND taken_ms = ?",
        [(number, taken_ms) for taken_ms in _outdated(rows)],
    )


def _outdated(rows: list[Row]) -> list[int]:
    """Give the times of versions that are let go, of all in the order of time, latest first."""
    kept = {row[0] for row in rows[:VERSIONS_KEPT]}
    kept |= {row[0] for row in [row for row in rows if row[1]][:VERSIONS_KEPT]}
    last_of_day: dict[int, int] = {}
    for taken_ms, _ in rows:
        last_of_day.setdefault(taken_ms // _DAY_MS, taken_ms)
    kept |= set(list(last_of_day.values())[:DAYS_KEPT])
    return [row[0] for row in rows if row[0] not in kept]


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


def version_list(read: _Read, transcript_id: TranscriptId) -> tuple[SavedVersion, ...]:
    """Give what is known of versions without unpacking them, latest first."""
    rows = read(
        "SELECT taken_ms, reason FROM transcript_versions JOIN transcripts USING (number) "
        "WHERE transcript_id = ? ORDER BY taken_ms DESC",
        (transcript_id,),
    )
    return tuple(SavedVersion(*row) for row in rows)


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
