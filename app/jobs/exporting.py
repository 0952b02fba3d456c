"""Write transcripts out: the use case that window, command line and watch folder share."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.audio.encode import encode_opus
from app.core.options import ModelId
from app.export.formats import FORMATS
from app.export.names import DEFAULT_TEMPLATE, file_name
from app.export.options import ExportOptions
from app.export.source import Audio, ExportDocument
from app.store.audio_links import is_there
from app.store.files import unused_name, write_whole
from app.store.library import StoredTranscript

OPUS = "audio/ogg; codecs=opus"
MODEL_LABELS = {
    ModelId.ON_DEVICE.value: "On this computer",
    ModelId.PULSE.value: "Pulse",
    ModelId.PULSE_PRO.value: "Pulse Pro",
}


def document_of(
    stored: StoredTranscript,
    *,
    numbered: str = "Speaker {number}",
    numbered_in_part: str = "Part {part} · Speaker {number}",
    note_label: str = "Note",
) -> ExportDocument:
    """Give what an export starts from, the present edits included.

    Args:
        stored: The transcript and what is kept beside it.
        numbered: How an unnamed speaker is called, translated.
        numbered_in_part: The same for one known only within a part.
        note_label: What a remark begins with.
    """
    created = datetime.fromtimestamp(stored.entry.created_ms / 1000, UTC).astimezone()
    model, _, package = stored.transcript.model.partition(":")
    label = MODEL_LABELS.get(model, model)
    return ExportDocument(
        stored.transcript,
        title=stored.entry.name,
        source_name=source_name(stored),
        created=created.isoformat(timespec="seconds"),
        model_label=f"{label} ({package})" if package else label,
        numbered=numbered,
        numbered_in_part=numbered_in_part,
        note_label=note_label,
    )


def source_name(stored: StoredTranscript) -> str:
    """Give the file name of the recording, or the transcript's where it came from a link."""
    return stored.entry.name if stored.link.is_url else stored.link.path.name


async def with_audio(document: ExportDocument, stored: StoredTranscript) -> ExportDocument:
    """Add the recording, as small as it can be, for a page that plays.

    A recording that is gone leaves the page silent.
    """
    recording = await asyncio.to_thread(find_recording, stored)
    if recording is None:
        return document
    with tempfile.TemporaryDirectory(prefix="wordlight-") as folder:
        target = Path(folder, "sound.ogg")
        await encode_opus(recording, target)
        content = await asyncio.to_thread(target.read_bytes)
    return replace(document, audio=Audio(OPUS, content))


def find_recording(stored: StoredTranscript) -> Path | None:
    """Give the recording where it was, or its kept copy; blocks."""
    if is_there(stored.link):
        return stored.link.path
    copy = Path(stored.copy_path) if stored.copy_path else None
    return copy if copy is not None and copy.is_file() else None


async def render(
    document: ExportDocument,
    stored: StoredTranscript,
    format_name: str,
    options: ExportOptions | None = None,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> bytes:
    """Make a file's content in a thread; cancelling stops it at the next step.

    Raises:
        AppError: It cannot be written that way, or the recording not be read.
    """
    chosen = FORMATS[format_name]
    if format_name == "html" and document.audio is None:
        document = await with_audio(document, stored)
    building = chosen.build(document, options or chosen.preset)

    def go_on() -> tuple[float, bytes | None]:
        try:
            return next(building), None
        except StopIteration as done:
            return 1.0, done.value

    while True:
        done, content = await asyncio.to_thread(go_on)
        if content is not None:
            return content
        if on_progress is not None:
            on_progress(done)


def target_path(
    document: ExportDocument,
    stored: StoredTranscript,
    format_name: str,
    folder: Path | None,
    template: str = DEFAULT_TEMPLATE,
) -> Path:
    """Say where a file goes: next to the recording, or into a folder, named after it.

    Args:
        document: What is written.
        stored: Where the recording is.
        format_name: Gives the suffix.
        folder: A chosen folder; ``None`` for beside the recording.
        template: See ``app/export/names.py``.
    """
    beside = Path.cwd() if stored.link.is_url else stored.link.path.parent
    name = file_name(
        template,
        name=Path(document.source_name).stem,
        date=document.created[:10],
        model=document.model_label,
        language=document.transcript.language,
        title=document.title,
    )
    return (folder or beside) / f"{name}{FORMATS[format_name].suffix}"


def keep(path: Path, content: bytes, *, replaces: bool) -> Path:
    """Write a file whole; blocks.

    Args:
        path: Where.
        content: What.
        replaces: Whether a person agreed that what is there goes; otherwise another
            name is found, and the same content is not written again.

    Returns:
        Where it was written.

    Raises:
        StorageError: It could not be; what was there is untouched.
    """
    if not replaces and os.path.lexists(path):
        if _holds(path, content):
            return path
        path = unused_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
