"""A dialog that never blocks: opened, answered through signals, gone when closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.kit.tokens import HIT_SIZE, SPACE_8, SPACE_12, SPACE_16, SPACE_24


class Sheet(QDialog):
    """A window-modal dialog with a heading, a body and a row of buttons.

    Attributes:
        body: Where the contents go.
    """

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(width)
        heading = QLabel(title)
        heading.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        heading.setWordWrap(True)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_12)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_8)
        self._buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_16)
        column.setSpacing(SPACE_16)
        column.addWidget(heading)
        column.addLayout(self.body, 1)
        column.addLayout(self._buttons)

    def add_text(self, text: str = "", *, muted: bool = False) -> QLabel:
        """Add a paragraph."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if muted:
            label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.body.addWidget(label)
        return label

    def add_button(self, text: str, *, is_primary: bool = False) -> QPushButton:
        """Add a button at the right end of the row."""
        button = QPushButton(text)
        button.setAccessibleName(text.rstrip("…"))
        button.setMinimumHeight(HIT_SIZE)
        button.setProperty("primary", is_primary)
        button.setAutoDefault(is_primary)
        button.setDefault(is_primary)
        self._buttons.addWidget(button)
        return button
