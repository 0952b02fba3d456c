"""Opens the pages about the program itself."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.ui.actions import ActionId, Actions
from app.ui.guide.help_sheets import AboutSheet, PrivacySheet
from app.ui.stage import Stage


class HelpController(QObject):
    """Shows what Wordlight is, and what leaves the computer.

    Signals:
        check_requested: Somebody wants to know whether there is a newer version.
    """

    check_requested = Signal()

    def __init__(self, *, stage: Stage, actions: Actions, offers_check: bool = False) -> None:
        """Answer the actions.

        Args:
            stage: Where the pages are shown.
            actions: What opens them.
            offers_check: Whether it can be found out if there is a newer version.
        """
        super().__init__()
        self._stage = stage
        self._offers_check = offers_check
        self._about: AboutSheet | None = None
        actions[ActionId.ABOUT].triggered.connect(self.open_about)
        actions[ActionId.PRIVACY].triggered.connect(
            lambda: PrivacySheet(self._stage.dialog_parent).open()
        )

    def open_about(self) -> AboutSheet:
        """Show what Wordlight is; gives the page."""
        sheet = AboutSheet(self._stage.dialog_parent, offers_check=self._offers_check)
        sheet.check_requested.connect(self.check_requested)
        self._about = sheet
        sheet.open()
        return sheet

    def show_check(self, told: str) -> None:
        """Show what came of looking for a newer version, if the page is still open."""
        if self._about is not None and shiboken6.isValid(self._about):
            self._about.show_check(told)
