"""Every action by its name: type some letters, press Return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.ui.actions import ActionId
from app.ui.guide.matching import matching
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.in_steps import Between, Steps
from app.ui.kit.line_field import LineField
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8, SPACE_12
from app.ui.wording import by_itself

_KEYS_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_WHY_NOT_ROLE = _KEYS_ROLE + 1
_ROWS = 9
_ROW_HEIGHT = 32
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_ROWS,
    Qt.Key.Key_PageDown: _ROWS,
}
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


@dataclass(frozen=True, slots=True)
class Command:
    """An action as it is offered.

    Attributes:
        action_id: Which.
        label: What it is called.
        group: Under which heading the list of keys has it.
        keys: Its keys as people write them; empty for none.
        why_not: Why it cannot be done now; empty if it can.
    """

    action_id: ActionId
    label: str
    group: str
    keys: str = ""
    why_not: str = ""


class CommandModel(QAbstractListModel):
    """The commands that fit what was typed."""

    def __init__(self, commands: Sequence[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = tuple(commands)
        self._names = [f"{one.label} {one.group}" for one in commands]
        self._shown = list(self._commands)

    def narrow(self, typed: str) -> None:
        """List what fits, what can be done now before what cannot."""
        self.beginResetModel()
        found = [self._commands[place] for place in matching(typed, self._names)]
        self._shown = sorted(found, key=lambda one: bool(one.why_not))
        self.endResetModel()

    def command(self, row: int) -> Command:
        """Give the command of a row."""
        return self._shown[row]

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.label
        if role == _KEYS_ROLE:
            return one.keys
        if role == _WHY_NOT_ROLE:
            return one.why_not
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (one.label, one.group, one.keys, one.why_not)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return one.why_not or None
        return None


class _Rows(QStyledItemDelegate):
    """The name of a command, and its keys at the other end."""

    def __init__(self, parent: QWidget, appearance: Appearance) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        # Grey, but a row to come to: else nobody who hears the list learns why.
        super().initStyleOption(option, index)
        keys, room = index.data(_KEYS_ROLE), option.rect.width() - 3 * SPACE_12
        if keys and room > 0:  # a long name ends before them
            room -= option.fontMetrics.horizontalAdvance(by_itself(keys))
            right = Qt.TextElideMode.ElideRight
            option.text = option.fontMetrics.elidedText(option.text, right, room)
        if index.data(_WHY_NOT_ROLE):
            option.state &= ~QStyle.StateFlag.State_Enabled

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        keys = index.data(_KEYS_ROLE)
        if keys:
            room = QRect(option.rect).adjusted(SPACE_12, 0, -SPACE_12, 0)
            side = Qt.AlignmentFlag.AlignRight  # or left, as the painter mirrors it
            painter.save()
            painter.setPen(self._appearance.theme.muted)
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, by_itself(keys))
            painter.restore()


class _Field(LineField):
    """A line to type in that leaves the keys of a list to the list.

    Signals:
        stepped: So many rows on, or back.
    """

    stepped = Signal(int)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(arg__1.key()))
        if step is None:
            super().keyPressEvent(arg__1)
        else:
            self.stepped.emit(step)


class Palette(Sheet):
    """Finds an action by its name and asks for it.

    Signals:
        chosen: Do this: an ``ActionId``.
    """

    chosen = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        commands: Sequence[Command],
        parent: QWidget | None = None,
        *,
        is_gradual: bool = False,
    ) -> None:
        """Make it.

        Args:
            appearance: Colours the keys.
            commands: What is offered.
            parent: The program's window.
            is_gradual: Whether it opens without its rows, which come once it is seen.
        """
        super().__init__(self.tr("Find a command"), parent, width=520)
        self._model = CommandModel(commands, self)
        self.field = _Field()
        self.field.setAccessibleName(self.tr("Command name"))
        self.field.setPlaceholderText(self.tr("Type part of its name"))
        self.field.setClearButtonEnabled(True)
        for clear in self.field.findChildren(QToolButton):  # Qt gives it no name
            clear.setAccessibleName(self.tr("Clear the search"))
        self.field.textChanged.connect(self._on_typed)
        self.field.stepped.connect(self._move)
        self.field.returnPressed.connect(self.finish)  # before the button has it
        self.list = ChoosingList()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self.list.setFrameShape(ChoosingList.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(_ROWS * _ROW_HEIGHT)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_Rows(self.list, appearance))
        self.list.clicked.connect(self._do)
        self.list.activated.connect(self._do)
        self._none = self.add_text(self.tr("No command has that name."), muted=True)
        self.body.insertWidget(0, self.field)
        self.body.insertWidget(1, self.list)
        self.body.setSpacing(SPACE_8)
        close = self.add_button(self.tr("Close"))
        close.clicked.connect(self.reject)
        self._go = self.add_button(self.tr("Do it"), is_primary=True)
        self._go.refuse(self._none.text())
        self._go.clicked.connect(lambda: self._do(self.list.currentIndex()))
        self._none.hide()
        self.field.setFocus()
        self._coming = Between(self, self._fill())
        if not is_gradual:
            self.finish()

    def _fill(self) -> Steps[None]:
        """List what there is; somebody may have typed already."""
        yield
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._narrow(self.field.text())

    def finish(self) -> None:
        """Have all rows now, for one of them is about to be chosen."""
        self._coming.finish()

    def _move(self, step: int) -> None:
        self.finish()
        last = self._model.rowCount() - 1
        if last >= 0:
            row = self.list.currentIndex().row()
            self.list.setCurrentIndex(self._model.index(min(last, max(0, row + step))))

    def _on_typed(self, typed: str) -> None:
        if self._coming.is_done:
            self._narrow(typed)
        else:
            self.finish()

    def _narrow(self, typed: str) -> None:
        self._model.narrow(typed)
        has_any = self._model.rowCount() > 0
        self.list.setVisible(has_any)
        self._none.setVisible(not has_any)
        if has_any:
            self.list.setCurrentIndex(self._model.index(0))
        else:
            self._go.refuse(self._none.text())
            announce(self.field, self._none.text())

    def _on_current_changed(self, now: QModelIndex) -> None:
        if now.isValid():
            self._go.refuse(self._model.command(now.row()).why_not)
            if self.field.hasFocus():
                announce(self.field, now.data(Qt.ItemDataRole.AccessibleTextRole))

    def _do(self, index: QModelIndex) -> None:
        if index.isValid() and not self._model.command(index.row()).why_not:
            action_id = self._model.command(index.row()).action_id
            self.accept()
            self.chosen.emit(action_id)
