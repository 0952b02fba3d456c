"""Every format together, PDF too, and what writes them for window and terminal."""

from __future__ import annotations

from app.jobs.documents import Labels
from app.jobs.exporting import Exporter
from app.jobs.formats import all_formats
from app.paper.format import PDF
from app.store.library import Library

FORMATS = all_formats(PDF)
"""Every format there is, by name."""


def make_exporter(library: Library, labels: Labels | None = None) -> Exporter:
    """Make what writes transcripts out, in every format.

    Args:
        library: Where they are.
        labels: What documents say in the reader's language; English if left out.
    """
    return Exporter(library, FORMATS, labels)
