"""Room on the screen: no window larger than it, and what does not fit scrolls inside."""

from __future__ import annotations

from typing import cast

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from app.ui.kit.tall import Tall
from app.ui.kit.tokens import SPACE_24

_FRAME = QMargins(4, 36, 4, 4)
"""What a window's frame takes, about; nobody knows before it is on the screen."""


def room_for(window: QWidget) -> QRect:
    """Give where the contents of a window may be, so that its frame is seen too."""
    handle = cast("QWindow | None", window.windowHandle())
    margins = QMargins() if handle is None else handle.frameMargins()
    sides = (margins.left(), margins.top(), margins.right(), margins.bottom())
    if margins.isNull() or min(sides) < 0:  # the desktop is just putting a frame around it
        margins = _FRAME
    return window.screen().availableGeometry().marginsRemoved(margins)


def hold(window: QWidget, *, is_placed: bool) -> None:
    """Make a window no larger than its screen has room for, and put it there wholly.

    Args:
        window: The window.
        is_placed: Whether it has its place; if not, Qt and the desktop see to that.
    """
    room = room_for(window)
    least = window.minimumSize().boundedTo(room.size())
    if least != window.minimumSize():
        window.setMinimumSize(least)
    if window.isMaximized() or window.isFullScreen():
        return
    size = window.size().boundedTo(room.size())
    if size != window.size():
        window.resize(size)
    if is_placed:
        at = window.geometry().topLeft()
        held = QPoint(
            max(room.left(), min(at.x(), room.right() + 1 - size.width())),
            max(room.top(), min(at.y(), room.bottom() + 1 - size.height())),
        )
        if held != at:
            window.move(window.pos() + held - at)


class Held(QObject):
    """Holds a window inside its screen whenever it is shown or comes to another screen.

    A person may still push it over the edge.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_placed = False
        window.installEventFilter(self)

    def hold(self) -> None:
        """Hold the window now: it has another size."""
        hold(self._window, is_placed=self._is_placed)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Show:
                self._is_placed = False
                self.hold()
            case QEvent.Type.WindowActivate if not self._is_placed:
                self._is_placed = True
                self.hold()  # only now its frame is known
            case QEvent.Type.ScreenChangeInternal:
                self.hold()
            case _:
                pass
        return False


class Scrolled(QScrollArea):
    """Lets contents scroll where there is less room than they need, and is not seen else."""

    def __init__(self, contents: QWidget) -> None:
        super().__init__()
        self._contents = contents
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(contents)
        contents.setAutoFillBackground(False)

    @override
    def event(self, arg__1: QEvent) -> bool:
        if arg__1.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._offer_bar()
        return super().event(arg__1)

    def _offer_bar(self) -> None:
        """Offer a scroll bar only where all does not fit without one.

        One that is there makes lines wrap sooner, and so would stay for ever.
        """
        if not isinstance(self._contents, Tall):
            return
        policy = QtCore.Qt.ScrollBarPolicy
        fits = self.wanted(self.width()).height() <= self.height()
        wanted = policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() != wanted:
            self.setVerticalScrollBarPolicy(wanted)

    def wanted(self, width: int) -> QSize:
        """Give the size at which nothing need scroll, for this width or more."""
        contents = self._contents
        least = contents.minimumSizeHint()
        width = max(width, least.width())
        if isinstance(contents, Tall) and contents.hasHeightForWidth():
            return QSize(width, contents.wanted_height(width))
        if contents.hasHeightForWidth():
            return QSize(width, contents.heightForWidth(width))
        return QSize(width, max(contents.sizeHint().height(), least.height()))

    @override
    def minimumSizeHint(self) -> QSize:
        # The buttons below are never cut, on the smallest screen with the largest text.
        return QSize(super().minimumSizeHint().width(), SPACE_24)

    @override
    def sizeHint(self) -> QSize:
        return self.wanted(self._contents.sizeHint().width())
