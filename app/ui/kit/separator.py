"""The thin line between two panes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame


def line() -> QFrame:
    """Make a thin line that lies between what stands above and below it."""
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.NoFrame)
    frame.setProperty("separator", True)  # noqa: FBT003 - Qt's signature
    frame.setFixedHeight(1)
    return frame
