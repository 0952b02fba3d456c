"""What exported documents say besides the transcript, in the reader's language."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from app.jobs.documents import Labels
from app.ui.translate import window_language


def reader_labels() -> Labels:
    """Give the words of documents in the language of the window."""
    return Labels.through(
        partial(QCoreApplication.translate, "PageLabels"), window_language().replace("_", "-")
    )
