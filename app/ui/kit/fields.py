"""Fields drawn to fit the theme: picker, switch, numbers. They know nothing of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QListView,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.mnemonics import plain
from app.ui.kit.refusing import Refused
from app.ui.kit.themes import Theme
from app.ui.kit.tokens import (
    BUTTON_ICON_SIZE,
    HIT_SIZE,
    LINE_HEIGHT,
    RADIUS,
    SPACE_4,
    SPACE_8,
)

_TRACK = QSize(32, 18)
_TEXT_FROM = 11
"""Where the text of every field begins; the style sheet has it for lines to type in."""
_BEFORE_NUMBER = _TEXT_FROM - 5
"""Qt leaves the rest free."""


def _least_size(field: QWidget) -> QSize:
    """Give a field the height of a finger, and of a line of text where that is large."""
    line = round(LINE_HEIGHT * field.font().pixelSize())
    return QSize(0, max(HIT_SIZE + 2, line + SPACE_8, field.fontMetrics().height() + SPACE_4))


class Picker(Refused, QComboBox):
    """A combo box with a quiet frame; the wheel scrolls the page, not the choice."""

    def __init__(
        self, appearance: Appearance, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._is_whole = False
        self.setAccessibleName(name)
        # Fusion's own draws rows as of a menu, past the style sheet.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.view().setAccessibleName(self.tr("Choices: {name}").replace("{name}", name))
        self._measure_rows(is_open=False)
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click opens it, and letters stay out
        self._is_heard = False

    def show_whole(self) -> None:
        """Ask for the room that the longest choice needs, so that none is cut."""
        self._is_whole = True
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint().expandedTo(_least_size(self))
        if self._is_whole:
            texts = [self.itemText(place) for place in range(self.count())]
            widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
            arrow = self._appearance.scaled(BUTTON_ICON_SIZE) + SPACE_8 + SPACE_4
            hint.setWidth(_TEXT_FROM + widest + arrow)
        return hint

    @override
    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(_least_size(self))

    @override
    def hidePopup(self) -> None:
        super().hidePopup()
        self._measure_rows(is_open=False)

    def _measure_rows(self, *, is_open: bool) -> None:
        """Measure each row of the list only while it is open.

        Qt does it whenever the picker is put into something, seen or not; for a hundred
        languages in their own scripts that takes a quarter of a second, and their fonts.
        """
        view = self.view()
        if isinstance(view, QListView):
            view.setUniformItemSizes(not is_open)

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self._place_field()

    @override
    def changeEvent(self, e: QEvent) -> None:
        super().changeEvent(e)
        self._place_field()

    def _place_field(self) -> None:
        """Leave the arrow its room, which grows with the text and Qt's does not."""
        field = self.lineEdit()
        if field is not None:
            arrow = self._appearance.scaled(BUTTON_ICON_SIZE) + SPACE_8 + SPACE_4
            room = self.rect().adjusted(2, 2, -arrow, -2)
            field.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), room))

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        # Letters and arrows choose without opening the list.
        if self.is_refused and e.key() not in {Qt.Key.Key_Space, Qt.Key.Key_F4}:
            e.ignore()
        else:
            super().keyPressEvent(e)

    @override
    def showPopup(self) -> None:
        if self.is_refused:
            self.say_why_not()
            return
        self._measure_rows(is_open=True)
        super().showPopup()
        if not self._is_heard:  # only now: few pickers are ever opened
            self._is_heard = True
            self.view().selectionModel().selectionChanged.connect(self._on_selected)

    def _on_selected(self) -> None:
        """What assistive technology selects is chosen, see ``choosing``."""
        if QAccessible.isActive():
            QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        view = self.view()
        selected = view.selectionModel().selectedIndexes()
        if len(selected) == 1 and not view.selectionModel().isSelected(view.currentIndex()):
            self.hidePopup()
            self.setCurrentIndex(selected[0].row())
            self.activated.emit(selected[0].row())

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        field = self.lineEdit()
        focused = self.hasFocus() or (field is not None and field.hasFocus())
        _draw_frame(painter, self, theme, focused=focused)
        is_offered = self.isEnabled() and not self.is_refused
        foreground = "muted" if is_offered else "faint"
        edge = self._appearance.scaled(BUTTON_ICON_SIZE)
        arrow = self._appearance.pixmap("down", edge, self.devicePixelRatioF(), foreground)
        left = (
            self.width() - edge - SPACE_8
            if self.layoutDirection() is Qt.LayoutDirection.LeftToRight
            else SPACE_8
        )
        painter.drawPixmap(QPointF(left, (self.height() - edge) / 2), arrow)
        if not self.isEditable():
            painter.setPen(QColor(theme.text if is_offered else theme.faint))
            painter.setFont(self.font())
            room = QStyle.visualRect(
                self.layoutDirection(),
                self.rect(),
                self.rect().adjusted(_TEXT_FROM, 0, -edge - SPACE_8 - SPACE_4, 0),
            )
            text = self.fontMetrics().elidedText(
                self.currentText(), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(
                room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text
            )
        painter.end()


class _Quiet(Refused, QAbstractSpinBox if TYPE_CHECKING else object):
    """What both number fields are; each is besides this a spin box of Qt's own kind.

    A style sheet with a border would leave the text blank, so the frame is painted.
    """

    def prepare(self, appearance: Appearance, name: str) -> None:
        """Look and behave so from now on."""
        self._appearance = appearance
        self.setAccessibleName(name)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(_BEFORE_NUMBER, 0, _BEFORE_NUMBER, 0)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            # A number alone would stand across from one with a unit, which has a way to run.
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        appearance.theme_changed.connect(self._lay_out_anew)

    @override
    def refuse(self, reason: str) -> None:
        super().refuse(reason)
        self.setReadOnly(bool(reason))
        self.setProperty("refused", bool(reason))
        self.style().unpolish(self)
        self.style().polish(self)

    def _lay_out_anew(self) -> None:
        # Qt does not place the text again after another style sheet.
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.PlusMinus)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    @override
    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(_least_size(self))

    @override
    def minimumSizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _TEXT_FROM
        least = _least_size(self).expandedTo(QSize(text, 0))  # Qt forgets half of the unit
        return super().minimumSizeHint().expandedTo(least)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _draw_frame(painter, self, self._appearance.theme, focused=self.hasFocus())
        painter.end()


class NumberField(_Quiet, QSpinBox):
    """A whole number in a quiet frame; the arrow keys count, the wheel scrolls the page."""

    def __init__(
        self, appearance: Appearance, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.prepare(appearance, name)


class DecimalField(_Quiet, QDoubleSpinBox):
    """A number with decimals, else as ``NumberField``."""

    def __init__(
        self, appearance: Appearance, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.prepare(appearance, name)


class Switch(Refused, QCheckBox):
    """A check box drawn as a switch; one that is refused can be come to, and says why.

    A click leaves the focus where it is, so that Space does not switch it by and by.
    """

    def __init__(
        self, appearance: Appearance, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._appearance = appearance
        self.setAccessibleName(plain(text))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)  # it may wrap
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def _track(self) -> QSize:
        """How large it is drawn, without its text."""
        return QSize(*(self._appearance.scaled(one) for one in _TRACK.toTuple()))

    @property
    def _beside(self) -> int:
        """Where its text begins; the same room on both sides where it has none."""
        return self._track.width() + (SPACE_8 + 2 if self.text() else 0)

    @override
    def nextCheckState(self) -> None:
        if self.is_refused:
            self.say_why_not()
        else:
            super().nextCheckState()

    @override
    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(plain(self.text()))
        return QSize(self._beside + text + SPACE_4, self.heightForWidth(1 << 20))

    @override
    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = plain(self.text()).split()
        word = max((metrics.horizontalAdvance(one) for one in words), default=0)
        return QSize(self._beside + word + SPACE_4, self._high(metrics.height()))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        room = QRect(0, 0, max(1, arg__1 - self._beside), 1 << 20)
        wraps = Qt.TextFlag.TextWordWrap
        text = self.fontMetrics().boundingRect(room, wraps, plain(self.text()))
        return self._high(text.height())

    def _high(self, text: int) -> int:
        """Give how high it is with a text so high: with room for its ring, too."""
        return max(HIT_SIZE, text + SPACE_4, self._track.height() + SPACE_8)

    @override
    def hitButton(self, pos: object) -> bool:
        return True

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self._track
        top = (self.height() - size.height()) // 2
        is_ltr = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        track = QRect(2 if is_ltr else self.width() - size.width() - 2, top, *size.toTuple())
        is_on = self.isChecked()
        is_offered = self.isEnabled() and not self.is_refused
        if not is_offered:
            edge, fill, knob = theme.faint, theme.panel, theme.faint
        elif is_on:
            edge, fill, knob = theme.accent, theme.accent, theme.on_accent
        else:
            edge, fill, knob = theme.muted, theme.surface, theme.muted
        painter.setPen(QPen(QColor(edge), 1.4))
        painter.setBrush(QColor(fill))
        half = size.height() / 2
        painter.drawRoundedRect(QRectF(track).adjusted(0.7, 0.7, -0.7, -0.7), half, half)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(knob))
        is_right = is_on == is_ltr
        centre = track.right() - half + 1 if is_right else track.left() + half
        painter.drawEllipse(QPointF(centre, top + half), half - 4.5, half - 4.5)
        painter.setPen(QColor(theme.text if is_offered else theme.muted))
        gap = self._beside
        room = self.rect().adjusted(gap if is_ltr else 0, 0, 0 if is_ltr else -gap, 0)
        side = Qt.AlignmentFlag.AlignLeft  # or right, as the painter mirrors it
        flags = int(Qt.AlignmentFlag.AlignVCenter | side) | int(Qt.TextFlag.TextWordWrap)
        flags |= int(Qt.TextFlag.TextShowMnemonic)
        if not self.style().styleHint(QStyle.StyleHint.SH_UnderlineShortcut, None, self):
            flags |= int(Qt.TextFlag.TextHideMnemonic)
        painter.drawText(room, flags, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            ring = QRectF(track).adjusted(-1, -3, 1, 3)
            painter.drawRoundedRect(ring, half + 3, half + 3)
        painter.end()


def _draw_frame(painter: QPainter, field: QWidget, theme: Theme, *, focused: bool) -> None:
    """Draw the frame of a field, thicker and in the accent while it has the focus."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    thick = 2 if focused else 1
    painter.setPen(QPen(QColor(theme.accent if focused else theme.edge), thick))
    painter.setBrush(QColor(theme.surface))
    inset = thick / 2
    frame = QRectF(field.rect()).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(frame, RADIUS, RADIUS)
