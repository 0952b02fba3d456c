"""How far the work is, over the program's icon in the Dock of macOS.

Qt hands the application's icon on to the Dock there, so it is painted with what it should
tell; by reading Qt's source only, since no macOS was at hand.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImageReader, QPainter, QPixmap

from app.system.resources import resource_path

_EDGE = 256
"""Pixels of the icon: as large as the Dock shows it on a sharp screen."""
_BAR = QRectF(24, 200, 208, 32)
_RIM = 4
_TRACK, _FILL, _LINE = QColor("#202124"), QColor("#ffffff"), QColor("#ffffff")


class DockIcon:
    """Paints a bar over the icon, and takes it away again."""

    def __init__(self, show: Callable[[QIcon], None] = QGuiApplication.setWindowIcon) -> None:
        """Paint nothing yet.

        Args:
            show: Shows an icon in the Dock; an empty one stands for the program's own.
        """
        self._show = show
        self._plain: QPixmap | None = None

    def show(self, share: float | None) -> None:
        """Show a share, 0 to 1; ``None`` takes it away."""
        if share is None:
            self._show(QIcon())
            return
        if self._plain is None:
            reader = QImageReader(str(resource_path("icons", "wordlight.svg")))
            reader.setScaledSize(QSize(_EDGE, _EDGE))
            self._plain = QPixmap.fromImageReader(reader)
        painted = QPixmap(self._plain)
        painter = QPainter(painted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, room in (
            (_LINE, _BAR),
            (_TRACK, _BAR.adjusted(_RIM, _RIM, -_RIM, -_RIM)),
            (_FILL, _filled(share)),
        ):
            painter.setBrush(colour)
            painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
        painter.end()
        self._show(QIcon(painted))


def _filled(share: float) -> QRectF:
    """Give what of the bar is done, from where reading begins."""
    room = _BAR.adjusted(2 * _RIM, 2 * _RIM, -2 * _RIM, -2 * _RIM)
    done = QRectF(room)
    done.setWidth(max(room.height(), room.width() * min(1.0, share)))
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        done.moveRight(room.right())
    return done
