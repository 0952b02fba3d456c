"""Moving pictures, as large as there is room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_LEAST = QSize(200, 120)


class VideoView(QWidget):
    """Paint the frames of a video.

    Not a ``QVideoWidget``, whose native window would lie over whatever is laid over the
    window, as the invitation to drop files is.

    Attributes:
        sink: Takes the frames.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sink = QVideoSink(self)
        self._frame = QVideoFrame()
        self._image = QImage()
        self.setAccessibleName(self.tr("Video"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(_LEAST)
        self.sink.videoFrameChanged.connect(self._on_frame_changed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame.isValid():  # converted only when shown, so that late ones are left out
            self._image = self._frame.toImage()
            self._frame = QVideoFrame()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("black"))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._place(), self._image)

    def clear(self) -> None:
        """Show nothing."""
        self._frame = QVideoFrame()
        self._image = QImage()
        self.update()

    def _place(self) -> QRect:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def _on_frame_changed(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._frame = QVideoFrame(frame)
            self.update()
