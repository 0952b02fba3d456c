"""Write transcripts out by themselves when they are done."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.job import Job
from app.export.formats import FORMATS
from app.jobs.exporting import document_of, keep, render, target_path
from app.jobs.watching import folder_of
from app.store.library import Library
from app.store.settings import Settings


def wanted_for(job: Job, settings: Settings) -> tuple[str, Path | None] | None:
    """Say in which format and folder a done job's transcript is to be written out.

    A watched folder's own wish comes before the one for all recordings.

    Returns:
        The format's name, and a folder or ``None`` for beside the recording; nothing if
        no file is wanted.
    """
    watched = None if job.is_url else folder_of(job.path, settings.watch_folders)
    if watched is not None and watched.export_format:
        folder = Path(watched.export_folder) if watched.export_folder else None
        return _known(watched.export_format, folder)
    folder = Path(settings.export_folder) if settings.export_folder else None
    if job.is_url and folder is None:
        return None  # a link has no place beside it
    return _known(settings.auto_export_format, folder)


async def write_out(
    job: Job, library: Library, format_name: str, folder: Path | None
) -> Path | None:
    """Write a done job's transcript; what lies there already stays.

    Returns:
        The file, or nothing if the job gave no transcript.

    Raises:
        AppError: It could not be written.
    """
    if job.transcript_id is None:
        return None
    stored = await asyncio.to_thread(library.load, job.transcript_id)
    document = document_of(stored)
    content = await render(document, stored, format_name)
    path = target_path(document, stored, format_name, folder)
    return await asyncio.to_thread(keep, path, content, replaces=False)


def _known(format_name: str, folder: Path | None) -> tuple[str, Path | None] | None:
    return (format_name, folder) if format_name in FORMATS else None
