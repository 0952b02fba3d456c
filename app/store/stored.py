"""What is kept of a transcript: its record, and the record with the words.

Words are a hundred thousand values to unpack; most questions (where is the recording,
what was it made with) do not need them. So there are two values, and the one with the
words will do wherever the other is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import StorageError
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript
from app.store.audio_links import AudioLink
from app.store.database import Row
from app.store.kept_options import read_options
from app.store.listing import COLUMNS, TranscriptEntry, entry_of
from app.store.records import parse, plain_object, plain_text

RECORD_COLUMNS = (
    f"{COLUMNS}, options, modified_ns, content_hash, copy_path, place, export_options, "
    "original IS NOT NULL"
)
"""What ``record_of`` reads, of transcripts joined with their bodies."""
_OWN = COLUMNS.count(",") + 1


@dataclass(frozen=True, slots=True)
class ReadingPosition:
    """Where a person was in a transcript.

    Attributes:
        position_ms: Of the playback.
        scroll: Of the view, 0 to 1.
        listened: Spans that were listened to, start and end in milliseconds.
        reviewed: How much of the words was heard or approved, 0 to 1; ``None`` if nobody
            has counted yet.
        doubt_below: Words the recogniser was less sure of than this are in doubt; ``None``
            while nobody chose.
    """

    position_ms: int = 0
    scroll: float = 0.0
    listened: tuple[tuple[int, int], ...] = ()
    reviewed: float | None = None
    doubt_below: float | None = None

    def moved_by(self, by_ms: int) -> ReadingPosition:
        """Give it, and what was heard, once all is said later."""
        listened = [(max(0, start + by_ms), end + by_ms) for start, end in self.listened]
        return replace(
            self,
            position_ms=max(0, self.position_ms + by_ms),
            listened=tuple((start, end) for start, end in listened if end > start),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptRecord:
    """What is known of a transcript without its words.

    Attributes:
        entry: What lists show.
        options: What it was made with.
        link: Its recording.
        copy_path: A kept copy of the recording; empty if there is none.
        place: Where the person was.
        export_options: How it was last exported.
        is_edited: Whether it differs from what was recognised.
    """

    entry: TranscriptEntry
    options: TranscriptionOptions
    link: AudioLink
    copy_path: str = ""
    place: ReadingPosition = field(default_factory=ReadingPosition)
    export_options: dict[str, Any] = field(default_factory=dict[str, Any])
    is_edited: bool = False

    def with_words(self, transcript: Transcript) -> StoredTranscript:
        """Give the whole of it, with these words."""
        return StoredTranscript(
            entry=self.entry,
            options=self.options,
            link=self.link,
            copy_path=self.copy_path,
            place=self.place,
            export_options=self.export_options,
            is_edited=self.is_edited,
            transcript=transcript,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTranscript(TranscriptRecord):
    """A transcript with all that is kept beside it.

    Attributes:
        transcript: The words.
    """

    transcript: Transcript


def record_of(row: Row) -> TranscriptRecord:
    """Read a row of ``RECORD_COLUMNS``."""
    entry = entry_of(row)
    options, modified_ns, content_hash, copy_path, place, export_options, edited = row[_OWN:]
    return TranscriptRecord(
        entry=entry,
        options=read_options(options)[0],
        link=AudioLink(
            entry.source,
            is_url=entry.is_url,
            size_bytes=entry.size_bytes,
            modified_ns=modified_ns,
            content_hash=content_hash,
        ),
        copy_path=plain_text(copy_path),
        place=parse(ReadingPosition, place),
        export_options=plain_object(export_options),
        is_edited=bool(edited),
    )


def gone() -> StorageError:
    """Give the error for a transcript that is not there any more."""
    return StorageError(message("This transcript is no longer in the library."))
