"""One action among the keys: its name, its keys, and what can be done about them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QToolButton, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_16
from app.ui.settings.key_button import KeyButton

_KEYS_WIDTH = 180
_LEAST_WIDTH = 400
"""With less room than this the keys stand under the name."""


class KeyRow(QWidget):
    """Places its parts itself: there are a hundred of them, and a grid measures all anew."""

    def __init__(
        self, appearance: Appearance, label: QLabel, keys: KeyButton, clear: QToolButton
    ) -> None:
        """Make the row.

        Args:
            appearance: How large the text is.
            label: What the action is called.
            keys: Its keys.
            clear: Takes them from it.
        """
        super().__init__()
        self._appearance = appearance
        self._label, self._keys, self._clear = label, keys, clear
        self._reset: QToolButton | None = None
        for one in (label, keys, clear):
            one.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_reset(self, reset: QToolButton) -> None:
        """Take in what gives the default keys back; its place was free until now."""
        self._reset = reset
        reset.setParent(self)
        self._place()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        return self._places(arg__1)[1]

    @override
    def sizeHint(self) -> QSize:
        width = round(_LEAST_WIDTH * self._appearance.text_scale)
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        least = self._keys.minimumSizeHint().width() + 2 * (SPACE_4 + self._tool)
        return QSize(least, HIT_SIZE)

    @override
    def event(self, event: QEvent) -> bool:
        kind = QEvent.Type
        if event.type() in {kind.LayoutRequest, kind.FontChange, kind.Show}:
            self.updateGeometry()
            self._place()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _tool(self) -> int:
        """How wide a button with an icon is."""
        return max(HIT_SIZE, self._clear.sizeHint().width())

    def _places(self, width: int) -> tuple[tuple[tuple[QWidget, QRect], ...], int]:
        scale = self._appearance.text_scale
        tool = self._tool
        tools = 2 * (SPACE_4 + tool)
        is_narrow = width < _LEAST_WIDTH * scale
        keys_width = max(round(_KEYS_WIDTH * scale**0.5), self._keys.sizeHint().width())
        if is_narrow:
            keys_width = min(keys_width, width - tools)
        else:
            keys_width = min(keys_width, width // 2)
        text_width = width if is_narrow else width - keys_width - tools - SPACE_16
        text_height = self._label.heightForWidth(text_width)
        high = max(self._keys.heightForWidth(keys_width), tool)
        height = text_height + SPACE_4 + high if is_narrow else max(text_height, high)
        left = 0 if is_narrow else width - tools - keys_width
        top = height - high if is_narrow else (height - high) // 2
        text_top = 0 if is_narrow else (height - text_height) // 2
        places: list[tuple[QWidget, QRect]] = [
            (self._label, QRect(0, text_top, text_width, text_height)),
            (self._keys, QRect(left, top, keys_width, high)),
        ]
        left += keys_width + SPACE_4
        middle = top + (high - tool) // 2
        places.append((self._clear, QRect(left, middle, tool, tool)))
        if self._reset is not None:
            places.append((self._reset, QRect(left + tool + SPACE_4, middle, tool, tool)))
        return tuple(places), height

    def _place(self) -> None:
        for widget, place in self._places(self.width())[0]:
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
