"""The queue on disk: every job, and who works on it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields, replace

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.messages import message
from app.core.transcript import TranscriptId
from app.store.database import Database, Row
from app.store.job_steps import JobSteps
from app.store.kept_options import options_text, read_options
from app.store.records import from_plain, to_plain
from app.system.locks import Presence

_COLUMNS = "job_id, position, state, source, is_url, created_ms, options, rest, transcript_id"
_OWN_COLUMNS = {
    "job_id",
    "position",
    "state",
    "source",
    "is_url",
    "created_ms",
    "options",
    "transcript_id",
}
_REST = tuple(
    one.name for one in fields(Job) if one.name not in _OWN_COLUMNS and one.name != "progress"
)


class JobStore:
    """Keep jobs; each method is one committed transaction.

    Several processes may use the same database: a job is worked on by the one
    that claimed it, and is free again once that process is gone.

    Attributes:
        steps: What has been done of each job.
    """

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence
        self.steps = JobSteps(database)

    def insert(self, jobs: Iterable[Job]) -> None:
        """Keep new jobs, all or none of them."""
        rows = [_row(job) for job in jobs]
        with self._database.writing() as connection:
            connection.executemany(
                f"INSERT INTO jobs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - fixed names
                rows,
            )

    def load(self) -> list[Job]:
        """Give all jobs in queue order, as they were last kept, without progress.

        A job whose options cannot be read needs attention: it must not run, and
        perhaps be billed, with others.
        """
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM jobs WHERE removed_ms IS NULL ORDER BY position, rowid"  # noqa: S608 - fixed names
        )
        return [_job(row) for row in rows]

    def get(self, job_id: JobId) -> Job | None:
        """Give one job as it was last kept, or nothing if it is not there."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM jobs WHERE job_id = ? AND removed_ms IS NULL",  # noqa: S608 - fixed names
            (job_id,),
        )
        return _job(rows[0]) if rows else None

    def update(self, *jobs: Job) -> None:
        """Keep the present state of jobs (a step, options changed, another order)."""
        with self._database.writing() as connection:
            for job in jobs:
                write_job(connection, job)

    def remove(self, job_ids: Iterable[JobId], *, at_ms: int) -> None:
        """Take jobs out of the queue; ``restore`` brings them back with their steps."""
        self._set_removed(job_ids, at_ms)

    def restore(self, job_ids: Iterable[JobId]) -> None:
        """Bring removed jobs back to where they were."""
        self._set_removed(job_ids, None)

    def forget_removed(self, *, before_ms: int) -> None:
        """Delete for good what was removed before a time."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM jobs WHERE removed_ms < ?", (before_ms,))

    def unfinished_ids(self) -> set[JobId]:
        """Give the jobs whose prepared files may still be needed, removed ones too."""
        rows = self._database.read(
            "SELECT job_id FROM jobs WHERE state NOT IN (?, ?)",
            (JobState.DONE.value, JobState.CANCELLED.value),
        )
        return {JobId(row[0]) for row in rows}

    # Who works on it

    def claim(self, job_id: JobId) -> Job | None:
        """Take a job for this process.

        Returns:
            The job as it is now (another process may have gone on with it since it
            was loaded), or nothing if it is gone or a living process has it.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS}, owner FROM jobs WHERE job_id = ? AND removed_ms IS NULL",  # noqa: S608 - fixed names
                (job_id,),
            ).fetchone()
            if row is None:
                return None
            owner = row[-1]
            mine = self._presence.token
            if owner not in {None, mine} and self._presence.lives(owner):
                return None
            connection.execute("UPDATE jobs SET owner = ? WHERE job_id = ?", (mine, job_id))
            return _job(row[:-1])

    def release(self, job_id: JobId) -> None:
        """Let other processes have a job that this one claimed."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE jobs SET owner = NULL WHERE job_id = ? AND owner = ?",
                (job_id, self._presence.token),
            )

    def claimed_elsewhere(self) -> set[JobId]:
        """Give the jobs that another living process works on."""
        rows = self._database.read(
            "SELECT job_id, owner FROM jobs WHERE owner IS NOT NULL AND owner <> ?",
            (self._presence.token,),
        )
        alive = {owner for owner in {row[1] for row in rows} if self._presence.lives(owner)}
        return {JobId(job_id) for job_id, owner in rows if owner in alive}

    def _set_removed(self, job_ids: Iterable[JobId], at_ms: int | None) -> None:
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE jobs SET removed_ms = ? WHERE job_id = ?",
                [(at_ms, job_id) for job_id in job_ids],
            )


def write_job(connection: sqlite3.Connection, job: Job) -> None:
    """Write a job's present state within a transaction of the caller."""
    row = _row(job)
    connection.execute(
        "UPDATE jobs SET position = ?, state = ?, source = ?, is_url = ?, created_ms = ?, "
        "options = ?, rest = ?, transcript_id = ? WHERE job_id = ?",
        (*row[1:], row[0]),
    )
    if job.state.is_over:
        connection.execute("UPDATE jobs SET owner = NULL WHERE job_id = ?", (job.job_id,))


def _row(job: Job) -> Row:
    rest = {name: to_plain(getattr(job, name)) for name in _REST}
    return (
        job.job_id,
        job.position,
        job.state.value,
        json.dumps(job.source),
        int(job.is_url),
        job.created_ms,
        options_text(job.options),
        json.dumps({name: value for name, value in rest.items() if value is not None}),
        job.transcript_id,
    )


def _job(row: Row) -> Job:
    job_id, position, state, source, is_url, created_ms, options, rest, transcript_id = row
    settled, is_whole = read_options(options)
    try:
        kept_state = JobState(state)
    except ValueError:
        kept_state, is_whole = JobState.NEEDS_ATTENTION, False
    try:
        plain: object = json.loads(rest)
    except ValueError:
        plain = None
    job = from_plain(
        Job,
        plain,
        job_id=JobId(job_id),
        source=_text(source),
        options=settled,
        created_ms=created_ms,
        position=position,
        state=kept_state,
        is_url=bool(is_url),
        transcript_id=None if transcript_id is None else TranscriptId(transcript_id),
    )
    if is_whole or kept_state is JobState.DONE:
        return job
    return replace(
        job,
        state=JobState.NEEDS_ATTENTION,
        failure=Failure(
            message(
                "The options of this recording could not be read. Check its model and "
                "language, then try again."
            ),
            Action.RETRY,
        ),
    )


def _text(plain: str) -> str:
    try:
        found: object = json.loads(plain)
    except ValueError:
        return plain
    return found if isinstance(found, str) else plain
