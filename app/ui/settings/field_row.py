"""One setting: what it is called and means, its control, and the way back to its default."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QSizePolicy,
    QStyle,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.long_button import LongButton
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_16
from app.ui.settings.finding import Wanted

_CONTROL_WIDTH = 240
_WIDEST = 300
_LEAST_WIDTH = 440
"""With less room than this the control stands under its name."""


class PressedLabel(QLabel):
    """A label that acts for what it names when it is pressed.

    Signals:
        pressed: By the pointer.
    """

    pressed = Signal()

    @override
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        super().mouseReleaseEvent(ev)
        if ev.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            ev.position().toPoint()
        ):
            self.pressed.emit()


class FieldRow(QWidget):
    """A setting by name, with its control at the other end.

    Attributes:
        control: The control.
        reset: Takes the default back; seen only where something else is set.
    """

    def __init__(
        self,
        appearance: Appearance,
        label: str,
        control: QWidget,
        *,
        help_text: str = "",
        also: str = "",
    ) -> None:
        """Make the row.

        Args:
            appearance: The theme.
            label: What it is called.
            control: What it is set with; it may bring a name of its own.
            help_text: What it means, where the name does not tell.
            also: Other words that people look for it by.
        """
        super().__init__()
        self._appearance = appearance
        self._texts = (label, help_text)
        self._also = also
        self.control = control
        if not control.accessibleName():
            control.setAccessibleName(label)
        if help_text and not control.accessibleDescription():
            control.setAccessibleDescription(help_text)
        self._label = PressedLabel(label)
        self._label.setWordWrap(True)
        self._label.setBuddy(control)
        self._label.pressed.connect(self._on_pressed)
        self._help = QLabel(help_text)
        self._help.setWordWrap(True)
        self._help.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.reset = QToolButton()
        self.reset.setAccessibleName(self.tr("Reset {name}").replace("{name}", label))
        self.reset.setMinimumSize(HIT_SIZE, HIT_SIZE)
        appearance.apply_icon(self.reset, "undo", "accent")
        for one in (self._label, self._help, control, self.reset):
            one.setParent(self)
        self._help.setVisible(bool(help_text))
        self.reset.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance.theme_changed.connect(self._arrange)

    def show_default(self, default: str | None) -> None:
        """Offer the way back to the default, or not where that is what is set.

        Args:
            default: The default in words; ``None`` where it is set.
        """
        if default is None:
            self.reset.hide()
            return
        tip = self.tr("Reset to the default: {value}").replace("{value}", default)
        self.reset.setToolTip(tip)
        self.reset.setAccessibleDescription(tip)
        self.reset.show()

    def on_reset(self, act: Callable[[], object]) -> None:
        """Do this when the default is taken back; the control has the keys then."""
        # First, for the button is about to go, and the keys with it.
        self.reset.clicked.connect(self._focus_control)
        self.reset.clicked.connect(act)

    def _focus_control(self) -> None:
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self, wanted: Wanted, *, is_whole_page: bool = False) -> bool:
        """Show the row if it has what is wanted, marked; gives whether it has.

        Args:
            wanted: What is looked for; the row is as usual where that is nothing.
            is_whole_page: Whether it is shown in any case.
        """
        fits = wanted.fits(*self._texts, self._also, self.control.accessibleName())
        self.setVisible(fits or is_whole_page)
        colour = self._appearance.theme.found
        for label, text in zip((self._label, self._help), self._texts, strict=True):
            label.setText(wanted.marked(text, colour) if wanted.words and fits else text)
        return fits

    # -- where it all stands; a layout of Qt's cannot put things otherwise by its width ------

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
        least = min(self._widest, self.control.minimumSizeHint().width())
        width = least + SPACE_8 + self._tool
        return QSize(width, HIT_SIZE)

    @override
    def event(self, event: QEvent) -> bool:
        kind = QEvent.Type
        if event.type() in {kind.LayoutRequest, kind.FontChange, kind.Show}:
            self._arrange()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _tool(self) -> int:
        """Edge of the button with an icon at the end, free also while it is not there."""
        return max(HIT_SIZE, self.reset.sizeHint().width())

    @property
    def _control_width(self) -> int:
        return round(_CONTROL_WIDTH * self._appearance.text_scale**0.5)

    @property
    def _widest(self) -> int:
        return round(_WIDEST * self._appearance.text_scale**0.5)

    def _places(self, width: int) -> tuple[tuple[tuple[QWidget, QRect], ...], int]:
        """Give where everything stands at a width, and how high all of it is.

        The control stands beside its name, or under it where there is too little room.
        """
        for one in (self._label, self._help, self.control):
            one.ensurePolished()  # what was hidden while the text grew does not know yet
        is_narrow = width < _LEAST_WIDTH * self._appearance.text_scale
        beside = SPACE_8 + self._tool
        wanted = self.control.sizeHint()
        control_width = wanted.width()
        if not isinstance(self.control, Switch):
            control_width = max(self._control_width, min(control_width, self._widest))
            if is_narrow:  # nothing stands beside it
                control_width = round(_WIDEST * self._appearance.text_scale)
        control_width = min(control_width, width - beside)
        text_width = width if is_narrow else width - control_width - beside - SPACE_16
        label_height = self._label.heightForWidth(text_width)
        text_height = label_height
        help_height = 0
        if self._texts[1]:
            help_height = self._help.heightForWidth(text_width)
            text_height += SPACE_4 + help_height
        control_height = wanted.height()
        if isinstance(self.control, LongButton):
            control_height = self.control.heightForWidth(control_width)
        control_height = max(HIT_SIZE, control_height)
        height = text_height + SPACE_4 + control_height
        if not is_narrow:
            height = max(text_height, control_height)
        label_top = SPACE_4 + (0 if is_narrow else (height - text_height) // 2)
        left = 0 if is_narrow else width - beside - control_width
        top = SPACE_4 + (height - control_height if is_narrow else 0)
        if not is_narrow:
            top += (height - control_height) // 2
        middle = top + (control_height - self._tool) // 2
        return (
            (self._label, QRect(0, label_top, text_width, label_height)),
            (
                self._help,
                QRect(0, label_top + label_height + SPACE_4, text_width, help_height),
            ),
            (self.control, QRect(left, top, control_width, control_height)),
            (self.reset, QRect(left + control_width + SPACE_8, middle, self._tool, self._tool)),
        ), height + 2 * SPACE_4

    def _arrange(self) -> None:
        """Take the room that is needed now."""
        self.updateGeometry()
        self._place()

    def _place(self) -> None:
        for widget, place in self._places(self.width())[0]:
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _on_pressed(self) -> None:
        if isinstance(self.control, QAbstractButton) and self.control.isCheckable():
            self.control.click()
        else:
            self.control.setFocus(Qt.FocusReason.MouseFocusReason)
