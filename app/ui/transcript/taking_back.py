"""What was done is said with a button that takes just that back, whatever came after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from app.core.document import Change, Document
from app.jobs.open_transcript import OpenTranscript
from app.ui.stage import Stage


def say_undoable(
    stage: Stage, text: str, opened: OpenTranscript, change: Change | None
) -> None:
    """Say what a step did, and offer to undo it; ``None`` is no step, and offers nothing."""
    if change is None:
        stage.say(text)
        return
    button = QCoreApplication.translate("Transcript", "Undo")
    stage.say(text, button=button, answer=taking_back(stage, opened, change))


def taking_back(stage: Stage, opened: OpenTranscript, step: Change) -> Callable[[], None]:
    """Give what undoes this step in the transcript as it is then, or says that it cannot."""
    return partial(_take, stage, opened, step, Document.take_back)


def taking_again(stage: Stage, opened: OpenTranscript, step: Change) -> Callable[[], None]:
    """Give what redoes this step in the transcript as it is then, or says that it cannot."""
    return partial(_take, stage, opened, step, Document.take_again)


def _take(
    stage: Stage,
    opened: OpenTranscript,
    step: Change,
    take: Callable[[Document, Change], bool],
) -> None:
    now = opened.latest
    # A recording stands in a step by its number, which is another in each copy.
    is_other = step.recording is not None and now is not opened
    if is_other or not take(now.document, step):
        stage.say(
            QCoreApplication.translate(
                "Transcript",
                "The text has changed in the meantime, so this is no longer possible.",
            )
        )
