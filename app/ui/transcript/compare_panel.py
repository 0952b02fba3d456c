"""One difference between two transcripts at a time: the words there are, and the new ones."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import Switch
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.kit.turning import turn_to_fit

_KEYS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Escape,
}


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two transcripts says at a place.

    Attributes:
        before: Some words before.
        text: The words that differ; empty where there are none.
        after: Some words after.
    """

    before: str
    text: str
    after: str


class ComparePanel(QFrame):
    """Shows a difference, and asks which side is right.

    Keys: left keeps what there is, right takes the new words, up and down go through.

    Signals:
        keep_requested: What there is stays.
        take_requested: The new words are to be taken.
        take_all_requested: All new words are to be taken.
        step_requested: The next difference, or -1 for the one before.
        minor_toggled: Whether capitals and punctuation count.
        close_requested: It is to be hidden.
    """

    keep_requested = Signal()
    take_requested = Signal()
    take_all_requested = Signal()
    step_requested = Signal(int)
    minor_toggled = Signal(bool)
    close_requested = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._can_take, self._announced = False, ""
        self._shown: tuple[Side | None, Side | None] = None, None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Compare two transcripts"))
        self._place = ElidedLabel()
        self.previous = self._tool("up", self.tr("Previous difference"))
        self.next = self._tool("down", self.tr("Next difference"))
        self.minor = Switch(appearance, self.tr("Capitals and punctuation"))
        self.take_all = Button(self.tr("Accept all changes"))
        close = self._tool("close", self.tr("Stop comparing"))
        self._head = _parts(
            (self._place,),
            (self.previous, self.next, self.minor),
            (self.take_all, close),
        )
        self._old, self._new = self._text(), self._text()
        self._old_head, self._new_head = ElidedLabel(), ElidedLabel()
        self.keep = Button(self.tr("Keep yours"))
        self.take = Button(self.tr("Use the new text"))
        show_tip(self.keep, self.tr("Keep yours (left arrow)"))
        show_tip(self.take, self.tr("Use the new text (right arrow)"))
        self._old_head.setText(self.tr("Yours"))
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(SPACE_16)
        for title, text, button in (
            (self._old_head, self._old, self.keep),
            (self._new_head, self._new, self.take),
        ):
            title.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
            button.setAccessibleName(button.text())
            button.setMinimumHeight(HIT_SIZE)
            side = QVBoxLayout()
            side.setSpacing(SPACE_4)
            side.addWidget(title)
            side.addWidget(text, 1)
            side.addWidget(button)
            self._sides.addLayout(side, 1)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, SPACE_12)
        column.setSpacing(SPACE_8)
        column.addLayout(self._head)
        column.addLayout(self._sides)
        column.addWidget(self._note)
        self.take_all.setMinimumHeight(HIT_SIZE)
        self.keep.clicked.connect(self.keep_requested)
        self.take.clicked.connect(self.take_requested)
        self.take_all.clicked.connect(self.take_all_requested)
        self.previous.clicked.connect(lambda: self.step_requested.emit(-1))
        self.next.clicked.connect(lambda: self.step_requested.emit(1))
        self.minor.toggled.connect(self.minor_toggled)
        close.clicked.connect(self.close_requested)
        appearance.theme_changed.connect(self._colour_anew)
        self.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() - 2 * SPACE_16
        turn_to_fit(self._head, width)
        # They are equally wide, whatever stands in them, so that they can be compared.
        half = (width - SPACE_16) // 2
        is_wide = max(one.sizeHint().width() for one in (self.keep, self.take)) <= half
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    def show_other(self, name: str) -> None:
        """Say which transcript the new words are of."""
        self._new_head.setText(name)

    def show_none(self, text: str) -> None:
        """Say that there is nothing to choose, or not yet."""
        self._place.setText(text)
        self._show_sides(None, None)
        self._note.hide()
        self._announce(text)
        self._allow(text, text)

    def show_difference(self, place: str, old: Side, new: Side, note: str = "") -> None:
        """Show a difference.

        Args:
            place: Which of how many it is, and when it is said.
            old: What the transcript on the page says.
            new: What the other one says.
            note: Why the new words cannot be taken; empty if they can.
        """
        self._place.setText(place)
        self._show_sides(old, new)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        sides = (
            f"{head.text()}: {text.accessibleName()}"
            for head, text in ((self._old_head, self._old), (self._new_head, self._new))
        )
        self._announce(", ".join((place, *sides, *((note,) if note else ()))))
        self._allow("", note)

    def _announce(self, text: str) -> None:
        """Say to those who hear the screen what is shown, once."""
        if text != self._announced:
            self._announced = text
            announce(self, text)

    def _allow(self, none: str, against_taking: str) -> None:
        """Offer the buttons, or say that there is nothing to choose, or not to take."""
        self._can_take = not against_taking
        for button in (self.previous, self.next, self.keep, self.take_all):
            button.refuse(none)
        self.take.refuse(against_taking)

    @override
    def event(self, event: QEvent) -> bool:
        # Its keys are its own here, also those that play and pause elsewhere.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left if self.keep.isEnabled():
                self.keep_requested.emit()
            case Qt.Key.Key_Right if self._can_take:
                self.take_requested.emit()
            case Qt.Key.Key_Up:
                self.step_requested.emit(-1)
            case Qt.Key.Key_Down:
                self.step_requested.emit(1)
            case Qt.Key.Key_Escape:
                self.close_requested.emit()
            case _:
                super().keyPressEvent(event)

    def _show_sides(self, old: Side | None, new: Side | None) -> None:
        self._shown = old, new
        for label, side in ((self._old, old), (self._new, new)):
            label.setText("" if side is None else self._marked(side))
            spoken = "" if side is None else side.text or self.tr("nothing")
            label.setAccessibleName(spoken)

    def _colour_anew(self) -> None:
        self._show_sides(*self._shown)

    def _marked(self, side: Side) -> str:
        theme = self._appearance.theme
        text = escape(side.text) if side.text else f"&nbsp;{escape(self.tr('nothing'))}&nbsp;"
        style = f"background:{theme.highlight}; color:{theme.text}; text-decoration: underline;"
        if not side.text:
            style = f"color:{theme.muted}; font-style: italic;"
        return f"{escape(side.before)} <span style='{style}'>{text}</span> {escape(side.after)}"

    def _text(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        label.setMinimumHeight(44)
        return label

    def _tool(self, icon: str, text: str) -> ToolButton:
        button = ToolButton()
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setMinimumSize(HIT_SIZE, HIT_SIZE)
        self._appearance.apply_icon(button, icon)
        return button


def _parts(*parts: tuple[QWidget, ...]) -> QHBoxLayout:
    """Lay out what stays together, so that each part can have a line of its own."""
    whole = QHBoxLayout()
    whole.setSpacing(SPACE_8)
    for place, part in enumerate(parts):
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for one in part:
            row.addWidget(one)
        whole.addLayout(row, 0 if place else 1)
    return whole
