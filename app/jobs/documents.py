"""What an export starts from: a transcript of the library as a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.core.messages import Message, message, translatable
from app.core.options import MODEL_NAMES, ModelId
from app.export.source import ExportDocument, PageLabels
from app.store.audio_links import SOUND_NOT_KEPT, AudioLink, is_there
from app.store.stored import StoredTranscript, TranscriptRecord
from app.system.files import is_file


def _english_models() -> dict[ModelId, str]:
    return {model: name.text for model, name in MODEL_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Labels:
    """What a document says in the reader's language.

    Attributes:
        numbered: How an unnamed speaker is called.
        numbered_in_part: The same for one known only within a part.
        note_label: What a remark begins with.
        page: What the interactive page says besides.
        models: How the recognisers are called.
    """

    numbered: str = translatable("Speaker {number}")
    numbered_in_part: str = translatable("Part {part} · Speaker {number}")
    note_label: str = translatable("Note")
    page: PageLabels = field(default_factory=PageLabels)
    models: Mapping[ModelId, str] = field(default_factory=_english_models)

    @classmethod
    def through(cls, translate: Callable[[str], str], language: str) -> Labels:
        """Give the words in a language.

        Args:
            translate: Gives an English text in it.
            language: Its code.
        """
        page = PageLabels()
        said = {name: translate(getattr(page, name)) for name in PageLabels.__slots__}
        labels = cls()
        return cls(
            translate(labels.numbered),
            translate(labels.numbered_in_part),
            translate(labels.note_label),
            PageLabels(**{**said, "language": language}),
            {model: translate(name) for model, name in labels.models.items()},
        )


def document_of(stored: StoredTranscript, labels: Labels | None = None) -> ExportDocument:
    """Give what an export starts from, the present edits included.

    Args:
        stored: The transcript and what is kept beside it.
        labels: What it says besides the words; English if left out.
    """
    labels = labels or Labels()
    created = datetime.fromtimestamp(stored.entry.created_ms / 1000, UTC).astimezone()
    model, _, package = stored.transcript.model.partition(":")
    label = labels.models[ModelId(model)] if model in set(ModelId) else model
    return ExportDocument(
        stored.transcript,
        title=stored.entry.name,
        source_name=source_name(stored),
        created=created.isoformat(timespec="seconds"),
        model_label=f"{label} ({package})" if package else label,
        numbered=labels.numbered,
        numbered_in_part=labels.numbered_in_part,
        note_label=labels.note_label,
        recording="" if stored.link.is_url else stored.link.path.absolute().as_uri(),
        page=labels.page,
    )


def source_name(stored: TranscriptRecord) -> str:
    """Give the file name of the recording, or the transcript's where it came from a link."""
    return stored.entry.name if stored.link.is_url else stored.link.path.name


def find_recording(stored: TranscriptRecord) -> Path | None:
    """Give the recording where it was, or its kept copy; blocks."""
    if is_there(stored.link):
        return stored.link.path
    copy = Path(stored.copy_path) if stored.copy_path else None
    return copy if copy is not None and is_file(copy) else None


def why_soundless(link: AudioLink) -> Message:
    """Say why a file cannot hold the recording of a transcript, where it is not found."""
    if link.is_dictated:
        return SOUND_NOT_KEPT
    if not link.has_recording:
        return message("This transcript has no recording.")
    return message(
        "The recording has been moved, so it is left out. Open the transcript to find it."
    )
