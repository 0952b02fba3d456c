"""Every format together, PDF too, and what writes them for window and terminal."""

from __future__ import annotations

from pathlib import Path

from app.audio.probe import probe
from app.core.recording import Look
from app.jobs.documents import Labels
from app.jobs.exporting import Exporter
from app.jobs.formats import all_formats
from app.paper.format import PAGES, PDF
from app.store.library import Library

FORMATS = all_formats(PDF, *PAGES)
"""Every format there is, by name."""


def make_exporter(
    library: Library,
    labels: Labels | None = None,
    elsewhere: Path | None = None,
    *,
    look: Look = probe,
) -> Exporter:
    """Make what writes transcripts out, in every format.

    Args:
        library: Where they are.
        labels: What documents say in the reader's language; English if left out.
        elsewhere: The folder for what came from a link, which has nothing beside it; where
            the program was started if left out.
        look: Looks at a recording that goes into a page.
    """
    return Exporter(library, FORMATS, labels, elsewhere, look=look)
