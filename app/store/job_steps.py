"""What has been done of a job: prepared, sent, answered, recognised.

A job is written before anything is sent. What was sent and what came back is kept
part by part, so that after a crash nothing received is paid for again and what may
have been billed is known.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.job import JobId
from app.store.database import Database, Row

STEP_TABLES = ("job_parts", "job_preparations", "job_stretches")


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A reply of the service, as it came.

    Attributes:
        raw: Its bytes.
        request_id: The service's id of the request, if it gave one.
    """

    raw: bytes
    request_id: str = ""


class JobSteps:
    """Keep the steps of jobs; each method is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_preparation(self, job_id: JobId, text: str) -> None:
        """Keep how a job was prepared, as whoever prepared it writes that."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO job_preparations (job_id, manifest) VALUES (?, ?)",
                (job_id, text),
            )

    def preparation(self, job_id: JobId) -> str | None:
        """Give how a job was prepared, or nothing."""
        rows = self._database.read(
            "SELECT manifest FROM job_preparations WHERE job_id = ?", (job_id,)
        )
        return rows[0][0] if rows else None

    def note_sent(self, job_id: JobId, part: int, at_ms: int) -> None:
        """Note that a part is about to be sent in full: from here on it may be billed."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO job_parts (job_id, part, sent_ms) VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET sent_ms = excluded.sent_ms",
                (job_id, part, at_ms),
            )

    def note_refused(self, job_id: JobId, part: int) -> None:
        """Note that a sent part was surely not billed (the service refused it)."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE job_parts SET sent_ms = NULL WHERE job_id = ? AND part = ?",
                (job_id, part),
            )

    def save_reply(self, job_id: JobId, part: int, raw: bytes, request_id: str = "") -> None:
        """Keep a part's reply; it is on disk when this returns."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO job_parts (job_id, part, reply, request_id) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET reply = excluded.reply, "
                "request_id = excluded.request_id",
                (job_id, part, zlib.compress(raw, 1), request_id),
            )

    def replies(self, job_id: JobId) -> dict[int, SavedReply]:
        """Give the replies that came, by part."""
        rows = self._database.read(
            "SELECT part, reply, request_id FROM job_parts "
            "WHERE job_id = ? AND reply IS NOT NULL ORDER BY part",
            (job_id,),
        )
        return saved_replies(rows)

    def sent_without_reply(self, job_id: JobId) -> set[int]:
        """Give the parts that were sent and not answered: they may have been billed."""
        rows = self._database.read(
            "SELECT part FROM job_parts "
            "WHERE job_id = ? AND sent_ms IS NOT NULL AND reply IS NULL",
            (job_id,),
        )
        return {row[0] for row in rows}

    def sent_times(self, job_id: JobId) -> dict[int, int]:
        """Give when each part was sent, milliseconds since 1970, unless it was refused."""
        rows = self._database.read(
            "SELECT part, sent_ms FROM job_parts "
            "WHERE job_id = ? AND sent_ms IS NOT NULL ORDER BY part",
            (job_id,),
        )
        return dict(rows)

    def save_chunk(self, job_id: JobId, part: int, start_ms: int, raw: bytes) -> None:
        """Keep what was recognised on this computer of a part, from one place to the next."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO job_stretches (job_id, part, start_ms, stretch) "
                "VALUES (?, ?, ?, ?)",
                (job_id, part, start_ms, zlib.compress(raw, 1)),
            )

    def chunks(self, job_id: JobId, part: int) -> list[bytes]:
        """Give the recognised chunks of a part in order, up to the first damaged one."""
        rows = self._database.read(
            "SELECT stretch FROM job_stretches WHERE job_id = ? AND part = ? ORDER BY start_ms",
            (job_id, part),
        )
        found: list[bytes] = []
        for (packed,) in rows:
            try:
                found.append(zlib.decompress(packed))
            except zlib.error:
                break
        return found

    def forget(self, job_id: JobId) -> None:
        """Forget preparation, sent marks, replies and chunks: the job starts afresh."""
        with self._database.writing() as connection:
            forget_steps(connection, job_id)


def forget_steps(connection: sqlite3.Connection, job_id: JobId) -> None:
    """Forget all steps of a job within a transaction of the caller."""
    for table in STEP_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE job_id = ?", (job_id,))  # noqa: S608 - fixed names


def saved_replies(rows: Sequence[Row]) -> dict[int, SavedReply]:
    """Read rows of part, packed reply and request id; a damaged reply counts as missing."""
    found: dict[int, SavedReply] = {}
    for part, packed, request_id in rows:
        try:
            found[part] = SavedReply(zlib.decompress(packed), request_id)
        except zlib.error:
            continue
    return found
