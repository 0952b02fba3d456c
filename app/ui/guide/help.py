"""Opens the pages about the program itself."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.actions import ActionId, Actions
from app.ui.guide.help_sheets import AboutSheet, PrivacySheet
from app.ui.stage import Stage


class HelpController(QObject):
    """Shows what Wordlight is, and what leaves the computer."""

    def __init__(self, *, stage: Stage, actions: Actions) -> None:
        super().__init__()
        self._stage = stage
        actions[ActionId.ABOUT].triggered.connect(
            lambda: AboutSheet(self._stage.dialog_parent).open()
        )
        actions[ActionId.PRIVACY].triggered.connect(
            lambda: PrivacySheet(self._stage.dialog_parent).open()
        )
