"""Write transcripts out by themselves when they are done."""

from __future__ import annotations

from pathlib import Path

from app.core.job import Job
from app.core.preferences import Settings
from app.export.names import DEFAULT_TEMPLATE
from app.export.request import ExportRequest
from app.jobs.exporting import Exporter
from app.jobs.formats import usual_options
from app.jobs.watching import folder_of

OFFERED = ("txt", "md", "docx", "odt", "pdf", "html", "srt", "vtt", "json", "csv", "wordlight")
"""Names of the formats that people are offered for this."""

_DEFAULTS = Settings()


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
        return watched.export_format, folder
    folder = Path(settings.export_folder) if settings.export_folder else None
    if job.is_url and folder is None:
        return None  # a link has no place beside it
    wanted = settings.auto_export_format
    return (wanted, folder) if wanted else None


async def auto_export(
    job: Job,
    exporter: Exporter,
    format_name: str,
    folder: Path | None,
    settings: Settings = _DEFAULTS,
) -> Path | None:
    """Write a done job's transcript; what lies there already stays.

    Args:
        job: The job.
        exporter: Writes it.
        format_name: In which format.
        folder: Where to; ``None`` for beside the recording.
        settings: Its options and its name are those that were chosen last in the window.

    Returns:
        The file, or nothing if the job gave no transcript or there is no such format.

    Raises:
        AppError: It could not be written.
    """
    kind = exporter.formats.get(format_name)
    if job.transcript_id is None or kind is None:
        return None
    stored = await exporter.load(job.transcript_id)
    request = ExportRequest(
        format_name,
        usual_options(settings, kind, stored),
        str(folder) if folder else "",
        settings.export_template or DEFAULT_TEMPLATE,
    )
    return await exporter.write(stored, request, remembers=False)
