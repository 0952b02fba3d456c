"""A line to type in, whose caret stands where reading begins."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.ui.kit.tokens import SPACE_32

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEADING = Qt.AlignmentFlag.AlignLeft | _MIDDLE
"""As the text runs: Qt mirrors it for one that is read from the right."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | _MIDDLE


def room_for_example(field: QLineEdit) -> int:
    """Give the width in which the example in a field is not cut."""
    field.ensurePolished()
    return field.fontMetrics().horizontalAdvance(field.placeholderText()) + SPACE_32


class LineField(QLineEdit):
    """As Qt's, but an empty one has its caret beside its example, not across from it.

    Qt asks the keyboard where an empty line begins, and the window for all the rest.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.textChanged.connect(self._lean)
        self._lean()

    @override
    def event(self, arg__1: QEvent) -> bool:
        if arg__1.type() is QEvent.Type.LayoutDirectionChange:
            self._lean()
        return super().event(arg__1)

    @override
    def setText(self, arg__1: str | None) -> None:
        super().setText(arg__1)
        self._lean()  # nothing is told while signals are blocked

    def _lean(self) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        wanted = _RIGHT if is_mirrored and not self.text() else _LEADING
        if self.alignment() != wanted:
            self.setAlignment(wanted)
