"""What the steps of the history and the reasons of versions are called in the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.document import Change
from app.core.history import brief
from app.ui.translate import QT_TRANSLATE_NOOP
from app.ui.wording import spoken_change

_N = QT_TRANSLATE_NOOP
NAMES = (
    _N("Step", "Typing"),
    _N("Step", "Correct words"),
    _N("Step", "Replace"),
    _N("Step", "Replace all"),
    _N("Step", "Replace in all transcripts"),
    _N("Step", "Correct all"),
    _N("Step", "Apply the word list"),
    _N("Step", "Rename speaker"),
    _N("Step", "Change speaker"),
    _N("Step", "Merge speakers"),
    _N("Step", "Remove speaker"),
    _N("Step", "Add speaker"),
    _N("Step", "Move the start of a turn"),
    _N("Step", "Identify speakers"),
    _N("Step", "Mark paragraph"),
    _N("Step", "Approve paragraph"),
    _N("Step", "Take back the approval"),
    _N("Step", "Merge paragraphs"),
    _N("Step", "Redo paragraphs"),
    _N("Step", "Mark as no speech"),
    _N("Step", "Shift times"),
    _N("Step", "Change recording"),
    _N("Step", "Restore a version"),
    _N("Step", "Changed elsewhere"),
    _N("Step", "Align words"),
    _N("Step", "Use the new words"),
    _N("Step", "Use the final words"),
    _N("Step", "Accept words"),
    _N("Step", "Accept speaker"),
    _N("Step", "Add note"),
    _N("Step", "Add bookmark"),
    _N("Step", "Highlight"),
    _N("Step", "Change note"),
    _N("Step", "Remove marker"),
    _N("Step", "Split a speaker"),
    _N("Step", "Move a word's edge"),
    _N("Step", "Snap to speech"),
    _N("Step", "Delete words"),
    _N("Step", "Strike through"),
    _N("Step", "Restore words"),
    _N("Step", "Correct the spelling"),
)
"""Labels of changes, as ``core`` writes them; others are shown as they are."""
FORMER = {
    "Make speakers one": "Merge speakers",
    "Make two speakers of one": "Split a speaker",
    "Strike out": "Strike through",
    "Take the new words": "Use the new words",
    "Take the final words": "Use the final words",
}
"""Labels that versions of earlier days were saved with; *Mark paragraph* is one as well."""


def step_name(label: str) -> str:
    """Give what a step is called, by its label."""
    return QCoreApplication.translate("Step", FORMER.get(label, label))


def step_text(change: Change) -> str:
    """Give what a step is called, with the first words it made others."""
    name = step_name(change.label)
    old, new = brief(change)
    if not old and not new:
        return name
    if not new:
        return f"{name} · − {old}"
    return f"{name} · {old} → {new}" if old else f"{name} · + {new}"


def spoken_step(change: Change) -> str:
    """Give the same as it is said; for those who hear it."""
    name = step_name(change.label)
    old, new = brief(change)
    return f"{name}: {spoken_change(old, new)}" if old or new else name
