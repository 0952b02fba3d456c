"""The library: every transcript with its recording's link, edits and place."""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from app.core.errors import StorageError
from app.core.job import Job, JobState
from app.core.options import TranscriptionOptions
from app.core.projects import NO_PROJECT, ProjectId
from app.core.spans import HeardSpans
from app.core.transcript import Transcript, TranscriptId
from app.store import search
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.job_steps import SavedReply, forget_steps, saved_replies
from app.store.job_store import write_job
from app.store.kept_options import options_text
from app.store.listing import (
    COLUMNS,
    Filter,
    SortBy,
    TranscriptEntry,
    conditions,
    entry_of,
)
from app.store.marker_list import (
    MARKERS,
    UNLISTED,
    ListedMarker,
    listed_markers,
    update_markers,
)
from app.store.records import dump, plain_text, plain_texts
from app.store.stored import (
    RECORD_COLUMNS,
    ReadingPosition,
    StoredTranscript,
    TranscriptRecord,
    gone,
    record_of,
)
from app.store.transcript_blob import pack, unpack
from app.store.versions import (
    SavedVersion,
    insert_versions,
    note_version,
    original_of,
    save_version,
    version_list,
    version_of,
    version_times,
)
from app.system.files import printable

CHANGED_ELSEWHERE = "Changed elsewhere"
"""Why a version was kept that another window or the terminal had put there."""


class Library:
    """Keep transcripts; each method is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._saved_last: tuple[Transcript, bytes] | None = None

    # In and out

    def add(  # noqa: PLR0913 - all that is kept of it, by name
        self,
        transcript: Transcript,
        *,
        name: str,
        options: TranscriptionOptions,
        link: AudioLink,
        now_ms: int,
        replies: Mapping[int, SavedReply] | None = None,
        original: Transcript | None = None,
        versions: Mapping[int, Transcript] | None = None,
        project_id: ProjectId = NO_PROJECT,
    ) -> TranscriptId:
        """Keep a new transcript that no job made (an import).

        Args:
            transcript: The words.
            name: What it is called.
            options: What it was made with.
            link: Its recording.
            now_ms: The time.
            replies: The raw replies it was made from, by part.
            original: As it was recognised, if it has been edited since.
            versions: Earlier versions by the time they were taken.
            project_id: The project it goes into, if that is there.
        """
        with self._database.writing() as connection:
            number, transcript_id = _insert(
                connection,
                transcript,
                name=name,
                options=options,
                link=link,
                now_ms=now_ms,
                project_id=project_id,
            )
            _save_replies(connection, number, replies or {})
            if original is not None:
                connection.execute(
                    "UPDATE transcript_bodies SET original = ? WHERE number = ?",
                    (pack(original), number),
                )
            insert_versions(connection, number, versions or {})
        return transcript_id

    def finish_job(
        self, job: Job, transcript: Transcript, *, link: AudioLink, now_ms: int
    ) -> Job:
        """Keep a job's transcript and mark the job done, both or neither.

        The job's raw replies go over to the transcript, its other steps are forgotten.
        Asked twice for the same run of a job, the second time changes nothing.

        Args:
            job: In a state that ``DONE`` may follow (``SAVING``).
            transcript: What was recognised.
            link: The recording.
            now_ms: The time.

        Returns:
            The job as done, with the id of its transcript.

        Raises:
            StorageError: It could not be kept; the job is as it was.
        """
        done = job.moved(JobState.DONE, now_ms=now_ms)
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT state, transcript_id FROM jobs WHERE job_id = ?", (job.job_id,)
            ).fetchone()
            if row is not None and row[0] == JobState.DONE.value and row[1] is not None:
                return replace(done, transcript_id=TranscriptId(row[1]))
            transcript_id = _insert_of_job(connection, job, transcript, link, now_ms)
            done = replace(done, transcript_id=transcript_id)
            write_job(connection, done)
        return done

    def save_words(
        self, job: Job, transcript: Transcript, *, link: AudioLink, now_ms: int
    ) -> Job:
        """Keep a job's words as its transcript while who says them is still to be told.

        Args:
            job: At work.
            transcript: What was recognised.
            link: The recording.
            now_ms: The time.

        Returns:
            The job with the id of its transcript, to go on with even in another process.

        Raises:
            StorageError: It could not be kept; the job is as it was.
        """
        with self._database.writing() as connection:
            transcript_id = _insert_of_job(connection, job, transcript, link, now_ms)
            begun = replace(job, transcript_id=transcript_id, awaits_voices=True)
            write_job(connection, begun)
        return begun

    def complete(
        self,
        transcript_id: TranscriptId,
        before: Transcript,
        after: Transcript,
        *,
        now_ms: int,
    ) -> bool:
        """Keep what a job found out after its words were kept, as if it had been there at once.

        Args:
            transcript_id: Of the job.
            before: What it was found out about.
            after: The same with it.
            now_ms: The time.

        Returns:
            Whether it is kept; not if other words are kept by now.

        Raises:
            StorageError: It is gone or could not be written.
        """
        old, new = pack(before), pack(after)
        with self._database.writing() as connection:
            number = _number(connection, transcript_id)
            body, is_edited = connection.execute(
                "SELECT body, original IS NOT NULL FROM transcript_bodies WHERE number = ?",
                (number,),
            ).fetchone()
            if body != old:
                return False
            if is_edited and old != new:
                note_version(connection, number, body, now_ms)
            connection.execute(
                "UPDATE transcript_bodies SET body = ? WHERE number = ?", (new, number)
            )
            connection.execute(
                "UPDATE transcripts SET changed_ms = ?, speakers = ? WHERE number = ?",
                (now_ms, _speakers(after), number),
            )
            search.update_passages(connection, number, after)
        return True

    def end_job(self, job: Job, *, now_ms: int) -> Job:
        """Mark a job whose words were kept before as done.

        Raises:
            StorageError: It could not be kept; the job is as it was.
        """
        done = job.moved(JobState.DONE, now_ms=now_ms)
        with self._database.writing() as connection:
            forget_steps(connection, job.job_id)
            write_job(connection, done)
        return done

    def record(self, transcript_id: TranscriptId) -> TranscriptRecord:
        """Give what is kept of a transcript, without its words: they need not be whole.

        Raises:
            StorageError: It is gone.
        """
        rows = self._database.read(
            f"SELECT {RECORD_COLUMNS} FROM transcripts "  # noqa: S608 - fixed names
            "JOIN transcript_bodies USING (number) WHERE transcript_id = ?",
            (transcript_id,),
        )
        if not rows:
            raise gone()
        return record_of(rows[0])

    def load(self, transcript_id: TranscriptId) -> StoredTranscript:
        """Give a transcript with all that is kept beside it.

        Raises:
            StorageError: It is gone or damaged.
        """
        rows = self._database.read(
            f"SELECT {RECORD_COLUMNS}, body FROM transcripts "  # noqa: S608 - fixed names
            "JOIN transcript_bodies USING (number) WHERE transcript_id = ?",
            (transcript_id,),
        )
        if not rows:
            raise gone()
        *columns, body = rows[0]
        return record_of(tuple(columns)).with_words(unpack(body))

    def save(
        self,
        transcript_id: TranscriptId,
        transcript: Transcript,
        *,
        now_ms: int,
        known: Transcript | None = None,
    ) -> bool:
        """Keep the edited state; what was recognised and some versions stay too.

        Args:
            transcript_id: Whose.
            transcript: The words.
            now_ms: The time.
            known: What was there when the caller looked last; ``None`` if that is all the
                same. What somebody else has put there since is kept as a version.

        Returns:
            Whether somebody else had changed it.

        Raises:
            StorageError: It is gone or could not be written.
        """
        body = pack(transcript)
        is_others = False
        with self._database.writing() as connection:
            number = _number(connection, transcript_id)
            before: bytes = connection.execute(
                "SELECT body FROM transcript_bodies WHERE number = ?", (number,)
            ).fetchone()[0]
            if before == body:
                return False
            if known is not None and self._is_others(before, known):
                is_others = True
                save_version(connection, number, before, now_ms, CHANGED_ELSEWHERE)
            else:
                note_version(connection, number, before, now_ms)
            connection.execute(
                "UPDATE transcript_bodies SET body = ?, original = coalesce(original, body) "
                "WHERE number = ?",
                (body, number),
            )
            connection.execute(
                "UPDATE transcripts SET changed_ms = ?, word_count = ?, speakers = ?, "
                "duration_ms = ?, language = ?, model = ? WHERE number = ?",
                (
                    now_ms,
                    transcript.word_count,
                    _speakers(transcript),
                    transcript.duration_ms,
                    printable(transcript.language),
                    printable(transcript.model),
                    number,
                ),
            )
            search.update_passages(connection, number, transcript)
            update_markers(connection, number, transcript)
        self._saved_last = transcript, body
        return is_others

    def save_original(self, transcript_id: TranscriptId, transcript: Transcript) -> None:
        """Keep what counts as recognised of a transcript, whatever its words are now.

        Raises:
            StorageError: It is gone or could not be written.
        """
        body = pack(transcript)
        with self._database.writing() as connection:
            number = _number(connection, transcript_id)
            connection.execute(
                "UPDATE transcript_bodies SET original = ? WHERE number = ?", (body, number)
            )

    def _is_others(self, body: bytes, known: Transcript) -> bool:
        """Tell whether stored words are other ones than the caller knows of."""
        transcript, packed = self._saved_last or (None, b"")
        if transcript is known and body == packed:
            return False  # as nearly always, and packing is dear
        return body != pack(known) and unpack(body) != known

    def save_version(
        self, transcript_id: TranscriptId, transcript: Transcript, *, now_ms: int, reason: str
    ) -> None:
        """Keep a state to come back to, as it was before a bulk change.

        Raises:
            StorageError: The transcript is gone, or it could not be written.
        """
        body = pack(transcript)
        with self._database.writing() as connection:
            number = _number(connection, transcript_id)
            save_version(connection, number, body, now_ms, reason)

    def version_list(self, transcript_id: TranscriptId) -> tuple[SavedVersion, ...]:
        """Give what earlier versions there are, latest first."""
        return version_list(self._database.read, transcript_id)

    def original(self, transcript_id: TranscriptId) -> Transcript:
        """Give the transcript as it was recognised.

        Raises:
            StorageError: It is gone or damaged.
        """
        return original_of(self._database.read, transcript_id)

    def versions(self, transcript_id: TranscriptId) -> tuple[int, ...]:
        """Give the times of kept earlier versions, latest first."""
        return version_times(self._database.read, transcript_id)

    def version(self, transcript_id: TranscriptId, taken_ms: int) -> Transcript:
        """Give an earlier version.

        Raises:
            StorageError: It is gone or damaged.
        """
        return version_of(self._database.read, transcript_id, taken_ms)

    def replies(self, transcript_id: TranscriptId) -> dict[int, SavedReply]:
        """Give the raw replies it was made from, by part."""
        return saved_replies(
            self._database.read(
                "SELECT part, reply, request_id FROM transcript_replies "
                "JOIN transcripts USING (number) WHERE transcript_id = ? ORDER BY part",
                (transcript_id,),
            )
        )

    # What is kept beside it

    def rename(self, transcript_id: TranscriptId, name: str, *, now_ms: int) -> None:
        """Give it another name."""
        wanted = printable(" ".join(name.split()))
        self._set(transcript_id, name=wanted, changed_ms=now_ms)

    def set_tags(self, transcript_id: TranscriptId, tags: Iterable[str]) -> None:
        """Give it these tags and no others."""
        cleaned = {printable(" ".join(tag.split())) for tag in tags} - {""}
        self._set(transcript_id, tags=json.dumps(sorted(cleaned)))

    def save_position(self, transcript_id: TranscriptId, place: ReadingPosition) -> None:
        """Keep where the person was, and what was listened to."""
        self._set(
            transcript_id,
            place=dump(place),
            listened_ms=HeardSpans(place.listened).total_ms(),
            reviewed=place.reviewed,
        )

    def save_export_options(
        self, transcript_id: TranscriptId, options: Mapping[str, Any]
    ) -> None:
        """Keep how it was last exported, as JSON values."""
        self._set(transcript_id, export_options=dump(dict(options)))

    def relink(self, transcript_id: TranscriptId, link: AudioLink) -> None:
        """Point it to where its recording lies now."""
        self._set(transcript_id, **_link_columns(link))

    def attach(
        self,
        transcript_id: TranscriptId,
        link: AudioLink,
        *,
        duration_ms: int,
        copy_path: str = "",
    ) -> None:
        """Give it another recording; a kept copy of the one before is its copy no more."""
        self._set(
            transcript_id,
            **_link_columns(link),
            duration_ms=duration_ms,
            copy_path=json.dumps(copy_path),
        )

    def save_copy_path(self, transcript_id: TranscriptId, path: str) -> None:
        """Keep where a copy of its recording lies; empty for none."""
        self._set(transcript_id, copy_path=json.dumps(path))

    # Bin

    def delete(self, transcript_ids: Iterable[TranscriptId], *, now_ms: int) -> None:
        """Put transcripts into the bin."""
        self._set_deleted(transcript_ids, now_ms)

    def restore(self, transcript_ids: Iterable[TranscriptId]) -> None:
        """Take transcripts out of the bin."""
        self._set_deleted(transcript_ids, None)

    def purge(self, transcript_ids: Iterable[TranscriptId]) -> tuple[str, ...]:
        """Delete transcripts for good.

        Returns:
            Paths of their kept copies, for the caller to remove.
        """
        copies: list[str] = []
        with self._database.writing() as connection:
            for transcript_id in transcript_ids:
                row = connection.execute(
                    "SELECT number, copy_path FROM transcripts WHERE transcript_id = ?",
                    (transcript_id,),
                ).fetchone()
                if row is None:
                    continue
                search.update_passages(connection, row[0], None)
                connection.execute("DELETE FROM transcripts WHERE number = ?", (row[0],))
                if copy := plain_text(row[1]):
                    copies.append(copy)
        return tuple(copies)

    def purge_deleted(self, *, before_ms: int) -> tuple[str, ...]:
        """Delete for good what went to the bin before a time; see ``purge``."""
        rows = self._database.read(
            "SELECT transcript_id FROM transcripts WHERE deleted_ms < ?", (before_ms,)
        )
        return self.purge(TranscriptId(row[0]) for row in rows)

    # Lists

    def entries(
        self,
        wanted: Filter | None = None,
        *,
        sort_by: SortBy = SortBy.CREATED,
        is_descending: bool = True,
        limit: int | None = None,
    ) -> tuple[TranscriptEntry, ...]:
        """List transcripts, all unless there is a limit."""
        where, values = conditions(wanted or Filter())
        direction = "DESC" if is_descending else "ASC"
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM transcripts WHERE {where} "  # noqa: S608 - fixed names
            f"ORDER BY {sort_by.value} {direction}, number {direction} LIMIT ?",
            (*values, -1 if limit is None else limit),
        )
        return tuple(entry_of(row) for row in rows)

    def entry(self, transcript_id: TranscriptId) -> TranscriptEntry | None:
        """Give one transcript's entry, or nothing if it is gone."""
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM transcripts WHERE transcript_id = ?",  # noqa: S608 - fixed names
            (transcript_id,),
        )
        return entry_of(rows[0]) if rows else None

    def tags(self) -> tuple[str, ...]:
        """Give all tags in use, sorted."""
        rows = self._database.read("SELECT DISTINCT tags FROM transcripts WHERE tags <> '[]'")
        return tuple(sorted({tag for row in rows for tag in plain_texts(row[0])}))

    def speaker_names(self, near: TranscriptId | None = None) -> tuple[str, ...]:
        """Give the names of speakers in all transcripts, those given latest first.

        Args:
            near: A transcript; the names of those in its project come before all others.
        """
        rows = self._database.read(
            "SELECT speakers FROM transcripts WHERE deleted_ms IS NULL AND speakers <> '[]' "
            "ORDER BY project_id <> '' AND project_id = coalesce((SELECT project_id "
            "FROM transcripts WHERE transcript_id = ?), '') DESC, "
            "changed_ms DESC, number DESC",
            (near,),
        )
        return tuple(
            dict.fromkeys(name for row in rows for name in plain_texts(row[0]) if name)
        )

    def find_duplicates(self, content_hash: str) -> tuple[TranscriptEntry, ...]:
        """Give transcripts, outside the bin, of a recording with the same content."""
        if not content_hash:
            return ()
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM transcripts "  # noqa: S608 - fixed names
            "WHERE content_hash = ? AND content_hash <> '' AND deleted_ms IS NULL "
            "ORDER BY number DESC",
            (content_hash,),
        )
        return tuple(entry_of(row) for row in rows)

    def alone(self) -> contextlib.AbstractContextManager[object]:
        """Let nobody else put anything into the library between what is asked and done within.

        Raises:
            StorageError: Somebody else is long busy with it.
        """
        return self._database.writing()

    def taken_before(
        self, transcript: Transcript, link: AudioLink, *, is_as_it_came: bool = False
    ) -> TranscriptId | None:
        """Give the transcript, outside the bin, that the same words of a file have become.

        Args:
            transcript: The words, as they are in the file.
            link: What would be kept as their recording.
            is_as_it_came: Only one that nobody has worked on since.
        """
        words = "body" if is_as_it_came else "coalesce(original, body)"
        rows = self._database.read(
            "SELECT transcript_id FROM transcripts "  # noqa: S608 - fixed names
            "JOIN transcript_bodies USING (number) "
            f"WHERE source = ? AND deleted_ms IS NULL AND {words} = ? "
            "ORDER BY number DESC LIMIT 1",
            (json.dumps(link.source), pack(transcript)),
        )
        return TranscriptId(rows[0][0]) if rows else None

    def search(
        self, typed: str, *, limit: int = 200, within: TranscriptId | None = None
    ) -> list[search.Hit]:
        """Find words in all transcripts, the newest first; never fails on what is typed.

        Args:
            typed: What a person typed; see ``app/store/search.py``.
            limit: Most hits wanted.
            within: The only transcript to search.
        """
        number: int | None = None
        if within is not None:
            rows = self._database.read(
                "SELECT number FROM transcripts WHERE transcript_id = ?", (within,)
            )
            if not rows:
                return []
            number = rows[0][0]
        return search.find(self._database.read, typed, limit=limit, within=number)

    def hit_places(self, hits: Sequence[search.Hit]) -> list[search.HitPlace | None]:
        """Say of found words when they are spoken and who does.

        Args:
            hits: What ``search`` gave.

        Returns:
            The place of each, in their order; ``None`` where the transcript is gone, damaged
            or has changed since.
        """
        found: dict[TranscriptId, Callable[[int, int], search.HitPlace | None]] = {}
        for one in dict.fromkeys(hit.transcript_id for hit in hits):
            rows = self._database.read(
                "SELECT body FROM transcript_bodies JOIN transcripts USING (number) "
                "WHERE transcript_id = ?",
                (one,),
            )
            if rows:
                with contextlib.suppress(StorageError):
                    found[one] = search.places_in(rows[0][0])
        return [
            found[hit.transcript_id](hit.paragraph_index, hit.word_index)
            if hit.transcript_id in found
            else None
            for hit in hits
        ]

    def markers(self, *, limit: int = 10_000) -> tuple[ListedMarker, ...]:
        """List notes, bookmarks and highlights of all transcripts, the newest ones first."""
        for number, transcript_id in self._database.read(UNLISTED):
            try:
                transcript = self.load(TranscriptId(transcript_id)).transcript
            except StorageError:
                continue  # damaged, or gone meanwhile; whoever opens it is told
            with self._database.writing() as connection:
                update_markers(connection, number, transcript)
        return listed_markers(self._database.read(MARKERS, (limit,)))

    def _set(self, transcript_id: TranscriptId, **columns: object) -> None:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE transcripts SET {assignments} WHERE transcript_id = ?",  # noqa: S608 - fixed names
                (*columns.values(), transcript_id),
            )

    def _set_deleted(self, transcript_ids: Iterable[TranscriptId], at_ms: int | None) -> None:
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE transcripts SET deleted_ms = ? WHERE transcript_id = ?",
                [(at_ms, one) for one in transcript_ids],
            )


def _insert(
    connection: sqlite3.Connection,
    transcript: Transcript,
    *,
    name: str,
    options: TranscriptionOptions,
    link: AudioLink,
    now_ms: int,
    project_id: ProjectId,
) -> tuple[int, TranscriptId]:
    transcript_id = TranscriptId(secrets.token_hex(12))
    columns: dict[str, object] = {
        "transcript_id": transcript_id,
        "name": printable(" ".join(name.split())),
        "created_ms": now_ms,
        "changed_ms": now_ms,
        "duration_ms": transcript.duration_ms,
        "model": printable(transcript.model),
        "language": printable(transcript.language),
        "word_count": transcript.word_count,
        "speakers": _speakers(transcript),
        "options": options_text(options),
        "project_id": _known_project(connection, project_id),
        **_link_columns(link),
    }
    cursor = connection.execute(
        f"INSERT INTO transcripts ({', '.join(columns)}) "  # noqa: S608 - fixed names
        f"VALUES ({', '.join('?' * len(columns))})",
        tuple(columns.values()),
    )
    number = cast("int", cursor.lastrowid)
    connection.execute(
        "INSERT INTO transcript_bodies (number, body) VALUES (?, ?)",
        (number, pack(transcript)),
    )
    search.update_passages(connection, number, transcript)
    update_markers(connection, number, transcript)
    return number, transcript_id


def _insert_of_job(
    connection: sqlite3.Connection,
    job: Job,
    transcript: Transcript,
    link: AudioLink,
    now_ms: int,
) -> TranscriptId:
    """Take in the transcript of a job and its raw replies; its other steps are forgotten."""
    number, transcript_id = _insert(
        connection,
        transcript,
        name=job.title or (job.source if job.is_url else job.path.stem),
        options=job.options,
        link=link,
        now_ms=now_ms,
        project_id=job.project_id,
    )
    connection.execute(
        "INSERT INTO transcript_replies (number, part, reply, request_id) "
        "SELECT ?, part, reply, request_id FROM job_parts "
        "WHERE job_id = ? AND reply IS NOT NULL",
        (number, job.job_id),
    )
    forget_steps(connection, job.job_id)
    return transcript_id


def _known_project(connection: sqlite3.Connection, project_id: ProjectId) -> ProjectId:
    """Give a project that is there, or none in the place of one that is gone."""
    row = connection.execute(
        "SELECT 1 FROM projects WHERE project_id = ?", (project_id,)
    ).fetchone()
    return NO_PROJECT if row is None else project_id


def _save_replies(
    connection: sqlite3.Connection, number: int, replies: Mapping[int, SavedReply]
) -> None:
    connection.executemany(
        "INSERT INTO transcript_replies (number, part, reply, request_id) VALUES (?, ?, ?, ?)",
        [
            (number, part, zlib.compress(reply.raw, 1), reply.request_id)
            for part, reply in replies.items()
        ],
    )


def _number(connection: sqlite3.Connection, transcript_id: TranscriptId) -> int:
    row = connection.execute(
        "SELECT number FROM transcripts WHERE transcript_id = ?", (transcript_id,)
    ).fetchone()
    if row is None:
        raise gone()
    return int(row[0])


def _speakers(transcript: Transcript) -> str:
    return json.dumps([speaker.name for speaker in transcript.speakers])


def _link_columns(link: AudioLink) -> dict[str, object]:
    return {
        "source": json.dumps(link.source),
        "is_url": int(link.is_url),
        "size_bytes": link.size_bytes,
        "modified_ns": link.modified_ns,
        "content_hash": link.content_hash,
    }
