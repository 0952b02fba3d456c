"""The page, and beside it the a video of a recording that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.kit.key_splitter import KeySplitter

if TYPE_CHECKING:
    from app.ui.listening.video import VideoView

_SIDE_BY_SIDE_FROM = 760
"""Narrower than this, the video stand above the text."""
_SHARE = 0.36


class ReadingPlace(KeySplitter):
    """Text, and a video beside or above it."""

    def __init__(self, text: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("ReadingPlace", "Size of the video"), parent=parent
        )
        self._video: VideoView | None = None
        self.setChildrenCollapsible(False)
        self.addWidget(text)
        self.setFocusProxy(text)
        self.setStretchFactor(0, 1)

    @property
    def is_video_shown(self) -> bool:
        """Whether there are a video to be seen."""
        return self._video is not None and not self._video.isHidden()

    def show_video(self) -> QObject:
        """Make room for a video; gives where they are to be sent."""
        if self._video is None:
            from app.ui.listening.video import VideoView  # and with it QtMultimedia

            self._video = VideoView()
            self.addWidget(self._video)
        if self._video.isHidden() or self.count() == 1:
            self._video.show()
        self._arrange()
        self._give_room()
        return self._video.sink

    def hide_video(self) -> None:
        """Leave all room to the text."""
        if self._video is not None:
            self._video.hide()
            self._video.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._arrange():
            self._give_room()

    def _arrange(self) -> bool:
        """Put the video where they fit; tells whether they moved."""
        is_wide = self.width() >= _SIDE_BY_SIDE_FROM
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._video is None or wanted is self.orientation():
            return False
        self.setOrientation(wanted)
        self.insertWidget(1 if is_wide else 0, self._video)
        return True

    def _give_room(self) -> None:
        is_wide = self.orientation() is Qt.Orientation.Horizontal
        room = self.width() if is_wide else self.height()
        picture = int(room * _SHARE)
        text = room - picture
        self.setSizes([text, picture] if is_wide else [picture, text])
