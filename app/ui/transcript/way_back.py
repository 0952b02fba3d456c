"""The button that leads back to where the page would be if nobody had scrolled away."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.kit.tokens import SPACE_16


class WayBack(QPushButton):
    """Stand over the lower end of a page, in the middle, while it is wanted."""

    def __init__(self, text: str, page: QWidget, parent: QWidget) -> None:
        """Make it; it is not seen yet.

        Args:
            text: Where it leads.
            page: What it stands over; within ``parent``.
            parent: Whose it is.
        """
        super().__init__(text, parent)
        self._page = page
        self._parent = parent
        self.setProperty("primary", True)  # noqa: FBT003 – Qt's signature
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def place(self, *, is_wanted: bool) -> None:
        """Show it where it belongs, or hide it."""
        if not is_wanted and self.hasFocus():  # else the keys would go to some other button
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(is_wanted)
        if not is_wanted:
            return
        size = self.sizeHint()
        page = self._page.rect().translated(self._page.mapTo(self._parent, QPoint()))
        self.resize(size)
        self.move(
            page.center().x() - size.width() // 2, page.bottom() - size.height() - SPACE_16
        )
        self.raise_()
