"""Lets something lie over the lower edge of a pane, so that what it covers does not move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.ui.kit.menu_key import caret_of
from app.ui.kit.tokens import SPACE_8, SPACE_16

_MOST_WIDTH = 720


class Floating(QObject):
    """Holds a widget over another one beside it, as high as its text needs."""

    def __init__(self, widget: QWidget, pane: QWidget, *, over: QWidget | None = None) -> None:
        """Begin.

        Args:
            widget: What floats; it comes under the same parent as the pane.
            pane: What it lies over.
            over: The part of the pane it belongs to: it lies there, and is seen with it only;
                what else is said lies above it.
        """
        super().__init__(widget)
        self._above: QWidget | None = None
        self._widget = widget
        self._pane = pane
        widget.setParent(pane.parentWidget())
        widget.hide()
        widget.setProperty("floats", True)  # noqa: FBT003 - Qt's signature
        widget.installEventFilter(self)
        pane.installEventFilter(self)
        self._is_bound = over is not None
        self._is_away = False
        if over is not None:
            self.above = over

    @property
    def above(self) -> QWidget | None:
        """Where it lies instead, within the pane: above what stands under this.

        Nothing for the whole pane.
        """
        return self._above

    @above.setter
    def above(self, text: QWidget) -> None:
        self._above = text
        text.installEventFilter(self)  # it moves and grows after the pane

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._above and self._is_bound and not event.spontaneous():
            self._follow(kind)
        if watched is self._widget and kind in {QEvent.Type.Show, QEvent.Type.LayoutRequest}:
            self._place()
            self._widget.raise_()
        elif watched is self._widget and kind is QEvent.Type.Hide:
            self._make_way()
        elif watched in {self._pane, self._above} and kind in {
            QEvent.Type.Resize,
            QEvent.Type.Move,
            QEvent.Type.LayoutRequest,
        }:
            self._place()
        return False

    def _follow(self, kind: QEvent.Type) -> None:
        """Go and come with the part of the pane that it belongs to."""
        if kind is QEvent.Type.Hide and not self._widget.isHidden():
            self._is_away = True
            self._widget.hide()
        elif kind is QEvent.Type.Show and self._is_away:
            self._is_away = False
            self._widget.show()

    def _place(self) -> None:
        widget = self._widget
        if widget.isHidden():
            return
        room = self._room().adjusted(SPACE_16, SPACE_8, -SPACE_16, -SPACE_8)
        least = widget.minimumSizeHint().width()
        scale = widget.fontMetrics().averageCharWidth() / 7
        width = max(least, min(room.width(), round(_MOST_WIDTH * max(1.0, scale))))
        height = widget.sizeHint().height()
        if widget.hasHeightForWidth():
            height = max(widget.heightForWidth(width), widget.minimumSizeHint().height())
        place = QRect(0, 0, width, height)
        place.moveCenter(room.center())
        place.moveBottom(room.bottom())
        taken = [] if self._is_bound else self._taken()
        for one in taken:
            if one.intersects(place):
                place.moveBottom(one.top() - SPACE_8)
        if self._caret().intersects(place):
            place.moveTop(room.top())
            for one in taken:
                if one.intersects(place):
                    place.moveTop(one.bottom() + SPACE_8)
        if place.bottom() > room.bottom():  # too little room for it: nothing below is covered
            place.moveBottom(room.bottom())
        widget.setGeometry(place)
        self._make_way()

    def _beside(self) -> list[Floating]:
        """Give what else floats over the same pane."""
        parent = self._pane.parentWidget()
        found = [] if parent is None else parent.findChildren(Floating)
        return [one for one in found if one is not self]

    def _taken(self) -> list[QRect]:
        """Give where something lies that belongs to a part of the pane, and has the place."""
        beside = [one for one in self._beside() if one._is_bound]  # noqa: SLF001 - of its class
        return [one._widget.geometry() for one in beside if not one._widget.isHidden()]  # noqa: SLF001

    def _make_way(self) -> None:
        """Let what is said beside it lie clear of it, or come down again."""
        for one in self._beside() if self._is_bound else ():
            one._place()  # noqa: SLF001 - of its class

    def _room(self) -> QRect:
        """Give where it may lie, in the parent's coordinates."""
        room, above = self._pane.geometry(), self.above
        if above is not None and above.isVisible() and self._pane.isAncestorOf(above):
            corner = above.mapTo(self._pane.parentWidget() or self._pane, QPoint(0, 0))
            return QRect(corner, above.size())
        return room

    def _caret(self) -> QRect:
        """Give where somebody types in the pane: that is not to be covered."""
        focused = QApplication.focusWidget()
        parent = self._pane.parentWidget()
        if focused is None or parent is None or not self._pane.isAncestorOf(focused):
            return QRect()
        if not focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            return QRect()  # nobody types there, and Qt makes up a caret
        rect = caret_of(focused)
        return QRect(focused.mapTo(parent, rect.topLeft()), rect.size())
