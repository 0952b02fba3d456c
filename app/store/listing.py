"""Which transcripts are listed, in which order, and what a list shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.projects import NO_PROJECT, ProjectId
from app.core.transcript import TranscriptId
from app.store.audio_links import AudioLink
from app.store.database import Row
from app.store.records import plain_text, plain_texts
from app.system.files import printable

COLUMNS = (
    "number, transcript_id, name, created_ms, changed_ms, deleted_ms, duration_ms, model, "
    "language, word_count, speakers, tags, source, is_url, size_bytes, listened_ms, "
    "reviewed, project_id"
)
"""What ``entry_of`` reads; other columns may follow."""


class SortBy(StrEnum):
    """What a list of transcripts can be sorted by; the value is the column."""

    NAME = "name COLLATE NOCASE"
    CREATED = "created_ms"
    CHANGED = "changed_ms"
    LENGTH = "duration_ms"
    MODEL = "model"
    LANGUAGE = "language"
    SPEAKERS = "json_array_length(speakers)"
    SIZE = "size_bytes"
    LISTENED = "listened_ms * 1.0 / max(duration_ms, 1)"
    REVIEWED = "coalesce(reviewed, min(1.0, listened_ms * 1.0 / max(duration_ms, 1)))"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which transcripts are listed; what is not said does not matter.

    Attributes:
        name: Part of the name.
        tag: A tag it must have.
        language: Its language.
        model: Its model; ``on-device`` stands for every package.
        since_ms: Made at or after.
        until_ms: Made before.
        is_deleted: Those in the bin instead of those in the library.
    """

    name: str = ""
    tag: str = ""
    language: str = ""
    model: str = ""
    since_ms: int | None = None
    until_ms: int | None = None
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """What a list shows of a transcript.

    Attributes:
        transcript_id: Its id.
        name: Its name.
        created_ms: When it was made, milliseconds since 1970.
        changed_ms: When it was last changed.
        deleted_ms: When it went to the bin; ``None`` if it did not.
        duration_ms: Length of the recording.
        model: Recogniser, as in ``Transcript.model``.
        language: Its language.
        word_count: How many words it has.
        speakers: Names as typed, empty text for those without.
        tags: A person's tags, sorted.
        source: Path or link of the recording.
        is_url: Whether that is a link.
        size_bytes: Size of the recording.
        listened_ms: How much of it was listened to.
        reviewed: How much of its words was heard or approved, 0 to 1; ``None`` if it was
            not opened since that is counted.
        project_id: The project it is in; ``NO_PROJECT`` for none.
    """

    transcript_id: TranscriptId
    name: str
    created_ms: int
    changed_ms: int
    deleted_ms: int | None
    duration_ms: int
    model: str
    language: str
    word_count: int
    speakers: tuple[str, ...]
    tags: tuple[str, ...]
    source: str
    is_url: bool
    size_bytes: int
    listened_ms: int
    reviewed: float | None = None
    project_id: ProjectId = NO_PROJECT

    @property
    def is_dictated(self) -> bool:
        """Whether there was sound, of which only the words were to stay."""
        return AudioLink(self.source, self.is_url, self.size_bytes).is_dictated

    @property
    def listened_fraction(self) -> float:
        """Share that was listened to, 0 to 1."""
        return min(1.0, self.listened_ms / self.duration_ms) if self.duration_ms > 0 else 0.0

    @property
    def reviewed_fraction(self) -> float:
        """Share that was reviewed, 0 to 1; what was listened to until that is counted."""
        return self.listened_fraction if self.reviewed is None else self.reviewed


def conditions(wanted: Filter) -> tuple[str, tuple[Any, ...]]:
    """Give a filter as SQL and its values."""
    tests = ["deleted_ms IS NOT NULL" if wanted.is_deleted else "deleted_ms IS NULL"]
    values: list[Any] = []

    def demand(test: str, *given: Any) -> None:
        tests.append(test)
        values.extend(given)

    if wanted.name:
        like = printable(wanted.name)
        for character in "!%_":
            like = like.replace(character, f"!{character}")
        demand("name LIKE ? ESCAPE '!'", f"%{like}%")
    if wanted.tag:
        demand(
            "EXISTS (SELECT 1 FROM json_each(transcripts.tags) WHERE value = ?)",
            printable(wanted.tag),
        )
    if wanted.language:
        demand("language = ?", printable(wanted.language))
    if wanted.model:
        demand("(model = ? OR substr(model, 1, ?) = ?)", *_model_values(wanted.model))
    if wanted.since_ms is not None:
        demand("created_ms >= ?", wanted.since_ms)
    if wanted.until_ms is not None:
        demand("created_ms < ?", wanted.until_ms)
    return " AND ".join(tests), tuple(values)


def _model_values(model: str) -> tuple[str, int, str]:
    return model, len(model) + 1, f"{model}:"


def entry_of(row: Row) -> TranscriptEntry:
    """Read a row that begins with ``COLUMNS``."""
    return TranscriptEntry(
        TranscriptId(row[1]),
        name=row[2],
        created_ms=row[3],
        changed_ms=row[4],
        deleted_ms=row[5],
        duration_ms=row[6],
        model=row[7],
        language=row[8],
        word_count=row[9],
        speakers=plain_texts(row[10]),
        tags=plain_texts(row[11]),
        source=plain_text(row[12]),
        is_url=bool(row[13]),
        size_bytes=row[14],
        listened_ms=row[15],
        reviewed=row[16],
        project_id=ProjectId(row[17]),
    )
