"""What exported documents say besides the transcript, in the reader's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.export.source import PageLabels
from app.jobs.documents import Labels


def reader_labels() -> Labels:
    """Give the words of documents in the language of the window."""
    translate = QCoreApplication.translate
    page = PageLabels(
        # Translators: the code of your language, such as de.
        language=translate("PageLabels", "en"),
        transcript=translate("PageLabels", "Transcript"),
        player=translate("PageLabels", "Player"),
        search=translate("PageLabels", "Search"),
        previous=translate("PageLabels", "Previous match"),
        following=translate("PageLabels", "Next match"),
        found=translate("PageLabels", "{count} found"),
        place=translate("PageLabels", "{place} of {count}"),
        follow=translate("PageLabels", "Follow along"),
        play_from=translate("PageLabels", "Play from {time}"),
        speed=translate("PageLabels", "Speed"),
        keys=translate(
            "PageLabels",
            "Space: play · ← →: 5 seconds · J K L · /: search · Click a word to hear it",
        ),
        no_recording=translate("PageLabels", "This page does not include the recording."),
    )
    return Labels(
        translate("ExportController", "Speaker {number}"),
        translate("ExportController", "Part {part} · Speaker {number}"),
        translate("ExportController", "Note"),
        page,
    )
