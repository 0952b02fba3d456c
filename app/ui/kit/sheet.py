"""A dialog that never blocks: opened, answered through signals, gone when closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.letters import give_letters
from app.ui.kit.long_button import LongButton
from app.ui.kit.margins import read_from_here
from app.ui.kit.menu_key import ask_for_menu
from app.ui.kit.mnemonics import escaped
from app.ui.kit.room import Held, Scrolled, room_for
from app.ui.kit.tab_order import follow_layout
from app.ui.kit.tall import Tall
from app.ui.kit.tokens import (
    HIT_SIZE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    TEXT_BASE,
)


class _Contents(Tall):
    """What is in a sheet: where there is little room, lists in it scroll before all of it."""

    @override
    def heightForWidth(self, arg__1: int) -> int:
        layout = self.layout()
        return (
            super().heightForWidth(arg__1)
            if layout is None
            else self.least_height(layout, arg__1)
        )


class Sheet(QDialog):
    """A window-modal dialog with a heading, a body and a row of buttons.

    It is as large as it needs and its screen allows; what does not fit scrolls, and the
    buttons are always there.

    Attributes:
        body: Where the contents go.
    """

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(width)
        heading = QLabel(read_from_here(title))
        heading.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        heading.setWordWrap(True)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_12)
        contents = _Contents()
        inner = QVBoxLayout(contents)
        inner.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, 0)
        inner.setSpacing(SPACE_16)
        inner.addWidget(heading)
        inner.addLayout(self.body, 1)
        self._scrolled = Scrolled(contents)
        contents.installEventFilter(self)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(SPACE_24, 0, SPACE_24, 0)
        self._buttons.setSpacing(SPACE_8)
        self._buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_16)
        column.setSpacing(SPACE_16)
        column.addWidget(self._scrolled, 1)
        column.addLayout(self._buttons)
        self._held = Held(self)

    def add_text(self, text: str = "", *, muted: bool = False) -> QLabel:
        """Add a paragraph."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if muted:
            label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.body.addWidget(label)
        return label

    def add_field(self, label: QLabel, field: QWidget) -> None:
        """Add a field under what it is called, close enough to be seen as one."""
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(field)
        label.setWordWrap(True)
        both = QVBoxLayout()
        both.setSpacing(SPACE_4)
        both.addWidget(label)
        both.addWidget(field)
        self.body.addLayout(both)

    def add_button(self, text: str, *, is_primary: bool = False) -> LongButton:
        """Add a button at the right end of the row."""
        button = LongButton(escaped(text))
        button.setAccessibleName(text.rstrip("…"))
        button.setMinimumHeight(HIT_SIZE)
        button.setProperty("primary", is_primary)
        button.setAutoDefault(is_primary)  # Return elsewhere than on a button is its
        button.setDefault(is_primary)
        self._buttons.addWidget(button)
        return button

    def grown(self, pixels: int) -> int:
        """Give a length that grows with the text; the screen limits it, not this."""
        return round(pixels * max(1.0, self.font().pixelSize() / TEXT_BASE))

    @override
    def sizeHint(self) -> QSize:
        return self._wanted(self.grown(self.minimumWidth()))

    @override
    def showEvent(self, arg__1: QShowEvent) -> None:
        super().showEvent(arg__1)
        give_letters(self)
        follow_layout(self)
        if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(self.sizeHint())  # Qt reckoned with narrower lines, so with more
        self._grow()

    @override
    def event(self, arg__1: QEvent) -> bool:
        is_key = arg__1.type() is QEvent.Type.ShortcutOverride
        if is_key and isinstance(arg__1, QKeyEvent) and arg__1.key() == Qt.Key.Key_Alt:
            give_letters(self)  # something may have come into it
        return super().event(arg__1)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        follow_layout(self)  # something may have come into it
        return super().focusNextPrevChild(next)

    @override
    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        if arg__2.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._grow()
        return super().eventFilter(arg__1, arg__2)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if not ask_for_menu(self, arg__1):
            super().keyPressEvent(arg__1)

    @override
    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        super().resizeEvent(arg__1)
        self._arrange_buttons(self.width())

    def _arrange_buttons(self, width: int) -> None:
        """Put the buttons above each other where they are too wide to stand in a row."""
        items = [self._buttons.itemAt(place) for place in range(self._buttons.count())]
        texts = [item.sizeHint().width() for item in items if item and item.widget()]
        needed = sum(texts) + SPACE_8 * max(0, len(texts) - 1) + 2 * SPACE_24
        in_rows = needed > width
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.TopToBottom if in_rows else direction.LeftToRight)

    def _wanted(self, width: int) -> QSize:
        """Give the size at which nothing need scroll, as far as the screen allows it."""
        room = room_for(self).size()
        self._arrange_buttons(room.width())
        width = min(max(width, self._buttons.sizeHint().width()), room.width())
        contents = self._scrolled.wanted(width)
        below = self._buttons.sizeHint().height()
        if self._buttons.hasHeightForWidth():
            below = self._buttons.heightForWidth(width)
        below += 2 * SPACE_16
        return QSize(contents.width(), contents.height() + below).boundedTo(room)

    def _grow(self) -> None:
        """Make room for what has come into the contents."""
        wanted = self._wanted(self.width()).expandedTo(self.size())
        if wanted != self.size():
            self.resize(wanted)
            self._held.hold()
        self._arrange_buttons(self.width())  # it may have no more than it had
