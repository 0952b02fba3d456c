"""Projects: which there are, what is in them, and the word list of each."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.core.errors import StorageError
from app.core.messages import message
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, Project, ProjectId
from app.core.transcript import TranscriptId
from app.store.database import Database
from app.store.records import dump, from_plain
from app.system.files import printable


@dataclass(frozen=True, slots=True)
class RemovedProject:
    """A project that is gone, with all that brings it back.

    Attributes:
        project: It.
        created_ms: When it was made.
        words: Its word list.
        members: The transcripts that were in it.
    """

    project: Project
    created_ms: int
    words: tuple[ListedWord, ...]
    members: tuple[TranscriptId, ...]


class Projects:
    """The projects of the library; each method is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Project, ...]:
        """Give all projects by name, with how many transcripts each has outside the bin."""
        rows = self._database.read(
            "SELECT p.project_id, p.name, "
            "(SELECT count(*) FROM transcripts t WHERE t.project_id = p.project_id "
            "AND t.project_id <> '' AND t.deleted_ms IS NULL) FROM projects p"
        )
        found = [Project(ProjectId(row[0]), row[1], row[2]) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.project_id)))

    def add(self, name: str, *, now_ms: int) -> Project:
        """Make a project, or give the one that is called so already.

        Raises:
            StorageError: It could not be kept.
        """
        wanted = _clean(name)
        with self._database.writing() as connection:
            if (known := _called(connection, wanted)) is not None:
                return known
            made = Project(ProjectId(secrets.token_hex(8)), wanted)
            connection.execute(
                "INSERT INTO projects (project_id, name, created_ms) VALUES (?, ?, ?)",
                (made.project_id, made.name, now_ms),
            )
        return made

    def rename(self, project_id: ProjectId, name: str) -> None:
        """Give a project another name.

        Raises:
            StorageError: Another one is called so, or that could not be written.
        """
        wanted = _clean(name)
        with self._database.writing() as connection:
            there = _called(connection, wanted)
            if there is not None and there.project_id != project_id:
                raise StorageError(message("A project with this name already exists."))
            connection.execute(
                "UPDATE projects SET name = ? WHERE project_id = ?", (wanted, project_id)
            )

    def remove(self, project_id: ProjectId) -> RemovedProject:
        """Take a project apart; its transcripts stay in the library.

        Raises:
            StorageError: It is gone already, or that could not be written.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT name, created_ms, word_list FROM projects WHERE project_id = ?",
                (project_id,),
            ).fetchone()
            if row is None:
                raise StorageError(message("This project is no longer in the library."))
            members = tuple(
                TranscriptId(one)
                for (one,) in connection.execute(
                    "SELECT transcript_id FROM transcripts WHERE project_id = ?", (project_id,)
                )
            )
            connection.execute(
                "UPDATE transcripts SET project_id = '' WHERE project_id = ?", (project_id,)
            )
            connection.execute("DELETE FROM projects WHERE project_id = ?", (project_id,))
        name, created_ms, words = row
        return RemovedProject(Project(project_id, name), created_ms, _words(words), members)

    def bring_back(self, removed: RemovedProject) -> None:
        """Put a project together again as it was; what went elsewhere meanwhile stays there."""
        project = removed.project
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO projects (project_id, name, created_ms, word_list) "
                "VALUES (?, ?, ?, ?)",
                (project.project_id, project.name, removed.created_ms, dump(removed.words)),
            )
            connection.executemany(
                "UPDATE transcripts SET project_id = ? "
                "WHERE transcript_id = ? AND project_id = ''",
                [(project.project_id, one) for one in removed.members],
            )

    def move(
        self, transcript_ids: Iterable[TranscriptId], project_id: ProjectId
    ) -> dict[TranscriptId, ProjectId]:
        """Put transcripts into a project, or into none.

        Returns:
            Where each that was elsewhere had been; nothing of those that were there.

        Raises:
            StorageError: The project is gone, or that could not be written.
        """
        with self._database.writing() as connection:
            is_there = connection.execute(
                "SELECT 1 FROM projects WHERE project_id = ?", (project_id,)
            ).fetchone()
            if project_id != NO_PROJECT and is_there is None:
                raise StorageError(message("This project is no longer in the library."))
            before: dict[TranscriptId, ProjectId] = {}
            for one in transcript_ids:
                row = connection.execute(
                    "SELECT project_id FROM transcripts WHERE transcript_id = ?", (one,)
                ).fetchone()
                if row is not None and row[0] != project_id:
                    before[one] = ProjectId(row[0])
            connection.executemany(
                "UPDATE transcripts SET project_id = ? WHERE transcript_id = ?",
                [(project_id, one) for one in before],
            )
        return before

    def move_back(self, before: dict[TranscriptId, ProjectId]) -> None:
        """Put transcripts where they had been, as far as that is still there."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE transcripts SET project_id = ? WHERE transcript_id = ? "
                "AND (? = '' OR EXISTS (SELECT 1 FROM projects WHERE project_id = ?))",
                [(project, one, project, project) for one, project in before.items()],
            )

    def words(self, project_id: ProjectId) -> tuple[ListedWord, ...]:
        """Give a project's word list."""
        rows = self._database.read(
            "SELECT word_list FROM projects WHERE project_id = ?", (project_id,)
        )
        return _words(rows[0][0]) if rows else ()

    def words_for(self, transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        """Give the word list of the project a transcript is in; empty where it is in none."""
        rows = self._database.read(
            "SELECT word_list FROM projects JOIN transcripts USING (project_id) "
            "WHERE transcript_id = ?",
            (transcript_id,),
        )
        return _words(rows[0][0]) if rows else ()

    def save_words(self, project_id: ProjectId, words: Sequence[ListedWord]) -> None:
        """Keep a project's word list."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE projects SET word_list = ? WHERE project_id = ?",
                (dump(tuple(words)), project_id),
            )


def _called(connection: sqlite3.Connection, name: str) -> Project | None:
    """Give the project of a name, however it is written."""
    for project_id, known in connection.execute("SELECT project_id, name FROM projects"):
        if known.casefold() == name.casefold():
            return Project(ProjectId(project_id), known)
    return None


def _clean(name: str) -> str:
    return printable(" ".join(name.split()))


def _words(text: str) -> tuple[ListedWord, ...]:
    """Read a word list; what makes no sense is passed over."""
    try:
        plain: object = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(plain, list):
        return ()
    return tuple(
        from_plain(ListedWord, one)
        for one in cast("list[Any]", plain)
        if isinstance(one, dict) and isinstance(cast("dict[str, Any]", one).get("right"), str)
    )
