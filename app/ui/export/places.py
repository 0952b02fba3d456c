"""Where texts go that have no place beside a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from app.export.request import ExportRequest
from app.store.stored import TranscriptRecord
from app.system.resources import resource_path


def documents_folder() -> Path:
    """Give the folder where people look for documents."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents))


def with_a_place(request: ExportRequest, record: TranscriptRecord) -> ExportRequest:
    """Lead what has no place beside its recording into the documents folder.

    That is a transcript that came from a link, and one of the sample, which lies among the
    program's own files.
    """
    if request.folder or not (
        record.link.is_url or record.link.path.parent == resource_path("sample")
    ):
        return request
    return replace(request, folder=str(documents_folder()))
