"""What is said of how far a person is with a transcript."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.progress import ReviewState
from app.core.wordless import seconds
from app.ui.translate import QT_TRANSLATE_NOOP, counted
from app.ui.wording import clock

_STATES = {
    ReviewState.UNHEARD: QT_TRANSLATE_NOOP("Review", "Not heard yet"),
    ReviewState.HEARD: QT_TRANSLATE_NOOP("Review", "Heard, not approved yet"),
    ReviewState.APPROVED: QT_TRANSLATE_NOOP("Review", "Approved"),
}


def translate_state(state: ReviewState) -> str:
    """Say how far a person is with a paragraph."""
    return QCoreApplication.translate("Review", _STATES[state])


def tell_wordless(span: tuple[int, int]) -> str:
    """Say that somebody speaks and no words were heard, from when and how long."""
    text = counted(
        "Review",
        seconds(span),
        "Speech without words: 1 second at {time}",
        "Speech without words: {count} seconds at {time}",
    )
    return text.replace("{time}", clock(span[0]))
