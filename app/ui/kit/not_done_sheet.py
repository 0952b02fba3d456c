"""What could not be done, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8


class NotDoneSheet(Sheet):
    """Lists once what could not be done, and why."""

    def __init__(
        self, title: str, reasons: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """List it.

        Args:
            title: What this is about.
            reasons: Pairs of name and reason.
            parent: The window.
        """
        super().__init__(title, parent, width=520)
        self.listed = QPlainTextEdit("\n".join(f"{name} – {why}" for name, why in reasons))
        self.listed.document().setDocumentMargin(SPACE_8)
        self.listed.setReadOnly(True)
        self.listed.setTabChangesFocus(True)
        self.listed.setAccessibleName(title)
        self.body.addWidget(self.listed)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)
