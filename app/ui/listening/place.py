"""The page, and beside it the moving pictures of a recording that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from app.ui.listening.picture import Picture

_SIDE_BY_SIDE_FROM = 760
"""Narrower than this, the pictures stand above the text."""
_SHARE = 0.36


class ReadingPlace(QSplitter):
    """Text, and a video beside or above it."""

    def __init__(self, text: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._picture: Picture | None = None
        self.setChildrenCollapsible(False)
        self.addWidget(text)
        self.setFocusProxy(text)
        self.setStretchFactor(0, 1)

    @property
    def is_video_shown(self) -> bool:
        """Whether there are moving pictures to be seen."""
        return self._picture is not None and not self._picture.isHidden()

    def show_video(self) -> QObject:
        """Make room for moving pictures; gives where they are to be sent."""
        if self._picture is None:
            from app.ui.listening.picture import Picture  # and with it QtMultimedia

            self._picture = Picture()
            self.addWidget(self._picture)
        if self._picture.isHidden() or self.count() == 1:
            self._picture.show()
        self._arrange()
        self._give_room()
        return self._picture.sink

    def hide_video(self) -> None:
        """Leave all room to the text."""
        if self._picture is not None:
            self._picture.hide()
            self._picture.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._arrange():
            self._give_room()

    def _arrange(self) -> bool:
        """Put the pictures where they fit; tells whether they moved."""
        is_wide = self.width() >= _SIDE_BY_SIDE_FROM
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._picture is None or wanted is self.orientation():
            return False
        self.setOrientation(wanted)
        self.insertWidget(1 if is_wide else 0, self._picture)
        return True

    def _give_room(self) -> None:
        is_wide = self.orientation() is Qt.Orientation.Horizontal
        room = self.width() if is_wide else self.height()
        picture = int(room * _SHARE)
        text = room - picture
        self.setSizes([text, picture] if is_wide else [picture, text])
